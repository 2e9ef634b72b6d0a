"""Add a number, or find that it is there already."""

from __future__ import annotations

from dataclasses import dataclass

from admin.exits import Stopped
from admin.numbers.number import kind_of
from admin.roles import RoleName, role_id
from dataverse.store.choices import NumberType
from dataverse.store.new_number import NewNumber, create_number, set_provider
from dataverse.store.numbers import HeldNumber, numbers
from dataverse.store.people import Holder
from dataverse.store.provider_accounts import stored_accounts
from dataverse.webapi.client import Client
from dataverse.webapi.errors import PermanentFault
from messaging.errors import PrivilegeMissing
from messaging.numbers import Address


@dataclass(frozen=True, slots=True)
class Added:
    """The number as it stands now, and whether it was made just now."""

    number: HeldNumber
    is_new: bool


def add(client: Client, address: Address, *, kind: NumberType | None, name: str, provider: str, owner: Holder) -> Added:
    """Make the number unless it is there as it was asked for. Raises Stopped where it is somebody else's, where there
    is no such provider account, and where the owner may not own it."""
    _check_provider(client, provider)
    _check_enabled(owner)
    there = held(client, address)
    if there is not None:
        _check_same(there, provider, owner)
        if not there.provider:
            set_provider(client, there.id, provider)
        return Added(_present(client, address), is_new=False)
    new = NewNumber(
        address=address,
        type=kind or kind_of(address),
        name=name or address.value,
        provider=provider,
        owner=owner.principal,
    )
    try:
        is_new = create_number(client, new)
    except PrivilegeMissing as error:
        if lacks_it(owner, error):
            raise may_not_own(owner) from error
        raise
    made = _present(client, address)
    _check_same(made, provider, owner)  # another run may have been faster, for somebody else
    return Added(made, is_new=is_new)


def held(client: Client, address: Address) -> HeldNumber | None:
    """The number, if it is there."""
    found = numbers(client, role_id(RoleName.USER))
    return next((each for each in found if each.digits == address.key), None)


def lacks_it(owner: Holder, error: PrivilegeMissing) -> bool:
    """Whether it is the owner who lacks a privilege, and not whoever runs the command: Dataverse says whom it means."""
    return not isinstance(error, PermanentFault) or str(owner.principal.id) in error.fault.message


def may_not_own(owner: Holder) -> Stopped:
    """The error for somebody whom Dataverse gives no number, for they could not even see it."""
    return Stopped(
        f"{owner} lacks the privileges that go with owning a number.",
        f'Give them the role first: python -m admin users grant "{owner.email or owner.name}"',
    )


def _check_provider(client: Client, provider: str) -> None:
    known = [each.callback_id for each in stored_accounts(client)]
    if provider not in known:
        raise Stopped(
            f"There is no provider account {provider} in this environment; "
            + (f"there are {', '.join(known)}." if known else "there is none at all."),
            "Accounts come from the app setting PROVIDERS: add it there, then run python -m admin provision.",
        )


def _check_enabled(owner: Holder) -> None:
    if not owner.enabled:
        raise Stopped(f"{owner} cannot answer a number.", "Enable the user, or name somebody else.")


def _check_same(there: HeldNumber, provider: str, owner: Holder) -> None:
    if there.provider not in ("", provider):
        raise Stopped(
            f"{there.number} is there already, under the provider account {there.provider}.",
            f"To move it to {provider}, choose that account in the number's form in Dynamics (SMS provider).",
        )
    if there.owner.principal != owner.principal:
        raise Stopped(
            f"{there.number} is there already, and {there.owner} answers it.",
            f'To give it to {owner.name}: python -m admin numbers assign {there.number} --owner "{owner.name}"',
        )
    if not there.active:
        raise Stopped(f"{there.number} is there already, but deactivated.", "Activate it in Dynamics.")


def _present(client: Client, address: Address) -> HeldNumber:
    found = held(client, address)
    if found is None:
        raise Stopped("The number was deleted at this moment.", "Run the same command again.")
    return found
