"""Who is told of a text."""

from __future__ import annotations

from messaging.records import OurNumber, Person, Principal, PrincipalKind


def recipients(number: OurNumber | None, record_owner: Principal | None) -> tuple[Person, ...]:
    """The sellers to tell: the number's owner; for a team's number the member who owns the record, else every member.

    Who is disabled is passed over. Where that leaves nobody (or the number is not ours to know), the record's owner is
    told, if that is a user.
    """
    people = tuple(person for person in (number.people if number else ()) if person.enabled)
    in_charge = tuple(person for person in people if person.principal == record_owner)
    if in_charge or people:
        return in_charge or people
    if record_owner is not None and record_owner.kind is PrincipalKind.USER:
        return (Person(record_owner.id, ""),)
    return ()
