"""Make a number that we text from, and say which provider account it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from dataverse.store.choices import NUMBER_TYPES, NumberType
from dataverse.store.tables import owner_path
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from messaging.errors import AlreadyExists
from messaging.numbers import Address
from messaging.records import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNumber:
    """A number to be made: at the provider account with this callback id, answered by `owner`."""

    address: Address = field(repr=False)
    type: NumberType
    name: str = field(repr=False)
    provider: str
    owner: Principal


def create_number(client: Client, number: NewNumber) -> bool:
    """Make the number unless one with its digits is there; whether it was not. Safe to repeat.

    Raises PrivilegeMissing where the owner may not own it, and what `Client.send` raises.
    """
    body: Mapping[str, object] = {
        "txv_name": number.name,
        "txv_number": number.address.value,
        "txv_numbertype": NUMBER_TYPES[number.type],
        **_at(number.provider),
        "ownerid@odata.bind": f"/{owner_path(number.owner)}",
    }
    target = f"txv_phonenumbers(txv_digits={quote_literal(number.address.key)})"
    with suppress(AlreadyExists):
        client.send(Request(method="PATCH", path=target, headers={"If-None-Match": "*"}, body=body, repeatable=True))
        return True
    return False


def set_provider(client: Client, number_id: UUID, provider: str) -> None:
    """Let the number belong to the provider account with this callback id."""
    target = f"txv_phonenumbers({number_id})"
    client.send(Request(method="PATCH", path=target, headers={"If-Match": "*"}, body=_at(provider), repeatable=True))


def _at(provider: str) -> Mapping[str, object]:
    return {"txv_smsproviderid@odata.bind": f"/txv_smsproviders(txv_callbackid={quote_literal(provider)})"}
