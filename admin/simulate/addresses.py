"""The two ends of a text that nobody sent, as an administrator types them."""

from __future__ import annotations

from dataclasses import dataclass

from admin.exits import Exit, Stopped
from admin.roles import RoleName, role_id
from dataverse.store.numbers import HeldNumber, numbers
from dataverse.store.running_settings import DEFAULT_REGION
from dataverse.webapi.client import Client
from messaging.numbers import Address, AddressKind, read_address, read_number

KINDS = {
    AddressKind.PHONE: "a phone number",
    AddressKind.SHORT_CODE: "a short code",
    AddressKind.ALPHANUMERIC: "an alphanumeric sender",
}


@dataclass(frozen=True, slots=True)
class Ours:
    """The number that is texted; `held` is its row, None where it is none of ours."""

    address: Address
    held: HeldNumber | None


def typed(text: str, region: str) -> Address:
    """A phone number as a person types it, a short code or a name. `region` (ISO 3166, or empty) is where a number
    without a country code is read. Raises Stopped for what is none of these."""
    try:
        plain = read_address(text)
    except ValueError:
        plain = None
    if plain is not None and plain.kind is not AddressKind.PHONE:
        return plain
    number = read_number(text, [region or None])
    if number is None:
        where = f" in {region}" if region else ""
        raise Stopped(
            f"{text} cannot be read: it is no phone number{where}, no short code and no name.",
            _how_to_write(text, region),
            exit_code=Exit.USAGE,
        )
    return number


def _how_to_write(text: str, region: str) -> str:
    if text.lstrip().startswith("+"):
        return "Check its digits: no country has such a number."
    write = "Write it with + and its country code, such as +12065550187"
    return (
        f"{write}."
        if region
        else f"{write}, or say where numbers are: python -m admin settings set {DEFAULT_REGION} US"
    )


def texted(client: Client, to: str, region: str) -> Ours:
    """The number of ours that is texted: the one that is named, else the only one there is. Raises Stopped where that
    does not tell which."""
    there = numbers(client, role_id(RoleName.USER))
    if to:
        address = typed(to, region)
        return Ours(address, next((each for each in there if each.digits == address.key), None))
    active = [each for each in there if each.active]
    if not active:
        raise Stopped(
            "There is no number of yours that could be texted.",
            "Add one: python -m admin numbers add. Or name any number with --to.",
        )
    if len(active) > 1:
        listed = "".join(f"\n  --to {each.number}  {each.owner.name}" for each in active)
        raise Stopped(
            f"Which of your numbers is texted? What is decided depends on it:{listed}",
            f"Name one of them: --to {active[0].number}",
            exit_code=Exit.USAGE,
        )
    return Ours(typed(active[0].number, region), active[0])
