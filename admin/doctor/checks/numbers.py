"""Can each number be answered?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation
from admin.roles import TITLES, RoleName
from dataverse.store.numbers import HeldNumber
from dataverse.store.people import Holder
from messaging.numbers import AddressKind, read_address
from messaging.records import Principal, PrincipalKind

_LACKS = f"who lacks the privileges of {TITLES[RoleName.USER]}"
_USERS_PAGE = "Power Platform admin center › the environment › Settings › Users + permissions › Users"


def numbers(situation: Situation) -> Iterator[Finding]:
    """Each of our numbers: its digits, its account, and who answers it."""
    if not situation.numbers:
        fix = "python -m admin numbers add NUMBER --provider ID --owner NAME"
        yield warning("There is no number to text from", fix)
    for number in situation.numbers:
        found = [*_digits(number), *_provider(number, situation), *_people(number, situation.able)]
        yield from found or [ok(f"{_shown(number)} is answered by {number.owner.name}")]


def _digits(number: HeldNumber) -> Iterator[Finding]:
    fix = f"Correct it in Dynamics: Phone numbers › {number.name or number.number} › Digits"
    try:
        address = read_address(f"+{number.digits}" if len(number.digits) > 8 else number.digits)
    except ValueError:
        yield problem(f"{_shown(number)}: {number.digits or 'nothing'} are not the digits of a number", fix)
        return
    if address.kind is AddressKind.ALPHANUMERIC or address.digits != number.digits:
        yield problem(f"{_shown(number)}: {number.digits} are not the digits of a number", fix)


def _provider(number: HeldNumber, situation: Situation) -> Iterator[Finding]:
    if not number.provider:
        fix = f"Choose it in Dynamics: Phone numbers › {number.name or number.number} › SMS provider"
        yield problem(f"{_shown(number)} belongs to no provider account", fix)
    elif situation.accounts and number.provider not in situation.accounts:
        fix = (
            f"Add the account {number.provider} to PROVIDERS, or choose another in Dynamics: Phone numbers › "
            f"{number.name or number.number} › SMS provider"
        )
        yield problem(f"{_shown(number)} belongs to the account {number.provider}, which PROVIDERS does not have", fix)


def _people(number: HeldNumber, able: Collection[Principal]) -> Iterator[Finding]:
    owner = number.owner
    assign = f"give it to somebody else: python -m admin numbers assign {number.number or number.digits} --owner NAME"
    if not owner.enabled:
        yield problem(f"{_shown(number)} belongs to {owner.name}, who is disabled", f"Enable the user, or {assign}")
    if owner.principal not in able:
        # Dataverse gives rows only to those who may read them: to a team by a role of its own.
        what = f"{_shown(number)} belongs to {owner.name}, {_LACKS}"
        yield problem(what, _grant(owner))
    if owner.principal.kind is PrincipalKind.TEAM:
        yield from _members(number, able, assign)


def _members(number: HeldNumber, able: Collection[Principal], assign: str) -> Iterator[Finding]:
    team, people = number.owner.name, [each.holder for each in number.answerers]
    hearing = [one for one in people if one.enabled and one.principal in able]
    if not people:
        yield problem(f"{_shown(number)} belongs to the team {team}, which has no members", f"Add some, or {assign}")
    elif not hearing:
        what = f"{_shown(number)} belongs to the team {team}, no member of which is enabled and may have texts"
        yield problem(what, f"Enable one, and {_grant(people[0])}; or {assign}")
    for one in people if hearing else ():
        if not one.enabled:
            what = f"{_shown(number)}: {one.name} of the team {team} is disabled"
            yield warning(what, f"{_USERS_PAGE} › {one.name} › Enable, or take the user out of the team")
        elif one.principal not in able:
            yield warning(f"{_shown(number)}: {one.name} of the team {team} {_LACKS}", _grant(one))


def _grant(holder: Holder) -> str:
    return f'python -m admin users grant "{holder.email or holder.principal.id}"'


def _shown(number: HeldNumber) -> str:
    number_itself = number.number or number.digits
    return f"{number_itself} ({number.name})" if number.name not in ("", number_itself) else number_itself
