"""Provider accounts as Dataverse shows them: rows of `txv_smsprovider`, without any secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from uuid import UUID

from dataverse.store.queries import get
from dataverse.store.rows import Row
from dataverse.webapi.client import Client
from dataverse.webapi.errors import RowNotFound
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from messaging.errors import AlreadyExists

_COLUMNS = {
    "type": "txv_type",
    "inbound_url": "txv_inboundurl",
    "status_url": "txv_statusurl",
    "two_way": "txv_twoway",
    "delivery_reports": "txv_deliveryreports",
    "media": "txv_media",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAccount:
    """What Dataverse shows of a provider account: its provider's `type`, where that calls us, and what it can do.

    None where it is not known, and then it is left as it stands.
    """

    type: str
    inbound_url: str | None
    status_url: str | None
    two_way: bool | None
    delivery_reports: bool | None
    media: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAccount:
    """A row: `name` is what administrators call the account."""

    id: UUID
    callback_id: str
    name: str
    active: bool
    shown: ShownAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What a row lacks: `stored` is None where there is none, `columns` are the fields that differ."""

    callback_id: str
    wanted: ShownAccount
    stored: StoredAccount | None
    columns: tuple[str, ...]


def stored_accounts(client: Client) -> tuple[StoredAccount, ...]:
    """All rows, by callback id; none where the table is not there yet. Raises what `Client.send` raises."""
    try:
        # Without a selection: there may be a table by now, and not yet all of its columns.
        found = [_stored(row) for row in client.rows(get("txv_smsproviders?$orderby=txv_smsproviderid").path)]
    except RowNotFound:
        return ()
    return tuple(sorted(found, key=lambda each: each.callback_id))


def changes(wanted: Mapping[str, ShownAccount], stored: Iterable[StoredAccount]) -> Iterator[AccountChange]:
    """What differs, account by account. Pure. Rows of accounts that are not wanted stay: numbers hang on them."""
    there = {each.callback_id: each for each in stored}
    for callback_id, account in wanted.items():
        row = there.get(callback_id)
        differing = tuple(
            field.name
            for field in fields(account)
            if (value := getattr(account, field.name)) is not None
            and (row is None or getattr(row.shown, field.name) != value)
        )
        if row is None or differing:
            yield AccountChange(callback_id=callback_id, wanted=account, stored=row, columns=differing)


def carry_out(client: Client, change: AccountChange) -> None:
    """Make or mend a row, safe to repeat. Its name is only given to a new one. Raises what `Client.send` raises."""
    body: dict[str, object] = {_COLUMNS[name]: getattr(change.wanted, name) for name in change.columns}
    if change.stored is None:
        target = f"txv_smsproviders(txv_callbackid={quote_literal(change.callback_id)})"
        made = Request(
            method="PATCH",
            path=target,
            headers={"If-None-Match": "*"},
            body={"txv_name": change.callback_id, **body},
            repeatable=True,
        )
        try:
            client.send(made)
        except AlreadyExists:  # another run was faster
            client.send(Request(method="PATCH", path=target, headers={"If-Match": "*"}, body=body, repeatable=True))
        return
    target = f"txv_smsproviders({change.stored.id})"
    client.send(Request(method="PATCH", path=target, headers={"If-Match": "*"}, body=body, repeatable=True))


def _stored(row: Row) -> StoredAccount:
    return StoredAccount(
        id=UUID(str(row["txv_smsproviderid"])),
        callback_id=str(row.get("txv_callbackid") or ""),
        name=str(row["txv_name"] or ""),
        active=row["statecode"] == 0,
        shown=ShownAccount(
            type=str(row.get("txv_type") or ""),
            inbound_url=str(row.get("txv_inboundurl") or ""),
            status_url=str(row.get("txv_statusurl") or ""),
            two_way=row.get("txv_twoway") is True,
            delivery_reports=row.get("txv_deliveryreports") is True,
            media=row.get("txv_media") is True,
        ),
    )
