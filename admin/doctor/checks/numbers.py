"""Can each number be answered?"""

from __future__ import annotations

from collections.abc import Iterator

from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation
from admin.roles import TITLES, RoleName
from dataverse.store.numbers import Answerer, HeldNumber
from messaging.numbers import AddressKind, read_address
from messaging.records import PrincipalKind

USER = TITLES[RoleName.USER]
_USERS_PAGE = "Power Platform admin center › the environment › Settings › Users + permissions › Users"


def numbers(situation: Situation) -> Iterator[Finding]:
    """Each of our numbers: its digits, its account, and who answers it."""
    if not situation.numbers:
        fix = "python -m admin numbers add NUMBER --provider ID --owner NAME"
        yield warning("There is no number to text from", fix)
    for number in situation.numbers:
        found = [*_digits(number), *_provider(number, situation), *_people(number)]
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


def _people(number: HeldNumber) -> Iterator[Finding]:
    owner = number.owner
    is_team = owner.principal.kind is PrincipalKind.TEAM
    assign = f"give it to somebody else: python -m admin numbers assign {number.number or number.digits} --owner NAME"
    if not owner.enabled:
        yield problem(f"{_shown(number)} belongs to {owner.name}, who is disabled", f"Enable the user, or {assign}")
    if not number.owner_has_role:
        # Dataverse gives rows only to those who may read them: to a team by a role of its own.
        what = f"{_shown(number)} belongs to {owner.name}, {'which' if is_team else 'who'} does not hold {USER}"
        yield problem(what, f"python -m admin users grant {_address(owner.email, owner.principal.id)}")
    if is_team:
        yield from _members(number, assign)


def _members(number: HeldNumber, assign: str) -> Iterator[Finding]:
    team = number.owner.name
    if not number.answerers:
        yield problem(f"{_shown(number)} belongs to the team {team}, which has no members", f"Add some, or {assign}")
    elif not number.is_answered:
        what = f"{_shown(number)} belongs to the team {team}, no member of which is enabled and holds {USER}"
        yield problem(what, f"python -m admin users grant NAME; or {assign}")
    for each in _left_out(number):
        why = "is disabled" if not each.holder.enabled else f"does not hold {USER}"
        fix = f"{_USERS_PAGE} › {each.holder.name} › Enable" if not each.holder.enabled else _grant(each)
        yield warning(f"{_shown(number)}: {each.holder.name} of the team {team} {why}", fix)


def _left_out(number: HeldNumber) -> list[Answerer]:
    """Members of a team that others answer for."""
    if not number.is_answered:
        return []
    return [each for each in number.answerers if not (each.holder.enabled and each.has_role)]


def _grant(each: Answerer) -> str:
    return f"python -m admin users grant {_address(each.holder.email, each.holder.principal.id)}"


def _address(email: str, otherwise: object) -> str:
    return email or str(otherwise)


def _shown(number: HeldNumber) -> str:
    number_itself = number.number or number.digits
    return f"{number_itself} ({number.name})" if number.name not in ("", number_itself) else number_itself
