"""What is told of a number."""

from __future__ import annotations

from admin import people
from dataverse.store.numbers import HeldNumber
from messaging.records import PrincipalKind

HEADINGS = {
    "number": "Number",
    "name": "Name",
    "provider": "Provider",
    "owner_name": "Owner",
    "owner_enabled": "Enabled",
    "owner_has_role": "Has role",
    "answered_by": "Answered by",
    "new_leads": "New leads",
}
_LEADS = {None: "as the organization says", True: "always", False: "never"}


def row(number: HeldNumber) -> dict[str, object]:
    """A number with its owner and those who answer it."""
    answering = [each.holder for each in number.answerers if each.holder.enabled and each.has_role]
    return {
        "id": str(number.id),
        "number": number.number,
        "name": "" if number.name == number.number else number.name,
        "provider": number.provider,
        "active": number.active,
        "owner": people.row(number.owner),
        "owner_name": f"{number.owner.name}{' (team)' if number.owner.principal.kind is PrincipalKind.TEAM else ''}",
        "owner_enabled": number.owner.enabled,
        "owner_has_role": number.owner_has_role,
        "answered_by": [holder.name for holder in answering] or "nobody",
        "is_answered": number.is_answered,
        "new_leads": _LEADS[number.new_leads],
    }


def unanswered(number: HeldNumber) -> str:
    """Why nobody hears of texts to a number, and what to do."""
    if not number.answerers:
        return f"Nobody answers {number.number}: put somebody into the team {number.owner.name}."
    if not any(each.holder.enabled for each in number.answerers):
        return (
            f"Nobody answers {number.number}: {number.owner.name} is disabled. Give the number to somebody else: "
            f"python -m admin numbers assign {number.number} --owner NAME"
        )
    return (
        f"Nobody answers {number.number}: its owner lacks the role. "
        f'Run: python -m admin users grant "{number.owner.email or number.owner.name}"'
    )
