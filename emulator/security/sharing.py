"""Sharing rows with users and teams. Payloads: Microsoft Learn, GrantAccess, ModifyAccess, RevokeAccess,
RetrievePrincipalAccess and RetrieveSharedPrincipalsAndAccess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from emulator.context import Context
from emulator.errors import DataverseError
from emulator.metadata.model import Table
from emulator.odata.sql import fetch
from emulator.security.checks import caller, check_can_hold
from emulator.security.inheritance import SHARE, UNSHARE, Share, refresh, shares, write_share
from emulator.security.references import referenced, referenced_principal
from emulator.security.rights import RIGHTS, read_mask, write_mask
from emulator.security.row_security import RowSecurity

Json = dict[str, object]
Parameters = Mapping[str, object]


class Bound(Protocol):
    """What a bound operation is called on."""

    @property
    def table(self) -> Table: ...
    @property
    def row_id(self) -> str | None: ...


def grant_access(context: Context, _bound: Bound | None, parameters: Parameters) -> None:
    """Give a principal rights on a row, beside those that it has been given before."""
    table, row_id = shareable(context, parameters, "Target")
    principal, mask = _principal_access(context, parameters)
    check_grant(context, table, row_id, principal, mask)
    give(context, table, row_id, principal, mask)


def modify_access(context: Context, _bound: Bound | None, parameters: Parameters) -> None:
    """Give a principal these rights on a row, in place of those that it has been given before."""
    table, row_id = shareable(context, parameters, "Target")
    principal, mask = _principal_access(context, parameters)
    check_grant(context, table, row_id, principal, mask)
    before = shares(context.db, row_id).get(principal, Share(principal, 0, 0))
    _change(context, table, row_id, before, mask)


def revoke_access(context: Context, _bound: Bound | None, parameters: Parameters) -> None:
    """Take from a principal what it has been given on a row; what it inherits there stays."""
    table, row_id = shareable(context, parameters, "Target")
    principal = referenced_principal(context, parameters, "Revokee")
    before = shares(context.db, row_id).get(principal)
    if before is not None:
        _change(context, table, row_id, before, 0)


def retrieve_principal_access(context: Context, bound: Bound | None, parameters: Parameters) -> Json:
    """What a user or team may do with a row, whichever way it came by it.

    A disabled user may do nothing: each request of it is refused. Learn does not say how this function answers then.
    Only who may read the row may ask (Learn, RetrievePrincipalAccessRequest).
    """
    table, row_id = referenced(context, parameters, "Target")
    caller(context).check(table, row_id, "Read")
    principal_id, kind = bound_principal(bound)
    if kind == "systemuser" and _is_disabled(context, principal_id):
        return {"AccessRights": write_mask(0)}
    rights = RowSecurity(context.db, context.schema, principal_id, kind).rights(table, row_id)
    return {"AccessRights": write_mask(sum(RIGHTS[right] for right in rights))}


def _is_disabled(context: Context, user_id: str) -> bool:
    found = fetch(context.db, ("select isdisabled from systemuser where systemuserid = ?", (user_id,)))
    return any(row["isdisabled"] for row in found)


def retrieve_shared_principals_and_access(context: Context, _bound: Bound | None, parameters: Parameters) -> Json:
    """With whom a row has been shared."""
    table, row_id = referenced(context, parameters, "Target")
    caller(context).check(table, row_id, "Read")
    found = [share for share in shares(context.db, row_id).values() if share.direct]
    return {"PrincipalAccesses": [_shown(share) for share in found]}


def bound_principal(bound: Bound | None) -> tuple[str, str]:
    """The id and table of the user or team that an operation is bound to."""
    if bound is None or bound.row_id is None or bound.table.logical_name not in {"systemuser", "team"}:
        raise DataverseError(400, "0x80060888", "The operation is bound to a user or a team.")
    return bound.row_id, bound.table.logical_name


def shareable(context: Context, parameters: Parameters, name: str) -> tuple[Table, str]:
    """The row that a parameter names, which the caller may share. Raises `DataverseError` 400 and 403."""
    table, row_id = referenced(context, parameters, name)
    if table.ownership != "UserOwned":
        raise DataverseError(
            400, "0x80040203", f"Rows of {table.logical_name} cannot be shared: users do not own them."
        )
    caller(context).check(table, row_id, "Share")
    return table, row_id


def _principal_access(context: Context, parameters: Parameters) -> tuple[tuple[str, str], int]:
    access = parameters.get("PrincipalAccess")
    if not isinstance(access, Mapping):
        raise DataverseError(400, "0x80048d19", "The parameter PrincipalAccess is missing.")
    return referenced_principal(context, access, "Principal"), read_mask(access.get("AccessMask"))


def give(context: Context, table: Table, row_id: str, principal: tuple[str, str], mask: int) -> None:
    """Gives a principal rights on a row, beside those that it has, without asking who may give them."""
    before = shares(context.db, row_id).get(principal, Share(principal, 0, 0))
    _change(context, table, row_id, before, before.direct | mask)


def check_grant(context: Context, table: Table, row_id: str, principal: tuple[str, str], mask: int) -> None:
    """Raises `DataverseError` 403: nobody gives what they don't have, or to whom the table is closed."""
    owned = caller(context).rights(table, row_id)
    for right, bit in RIGHTS.items():
        if mask & bit and right not in owned:
            raise caller(context).missing(table, right, row_id)
    check_can_hold(context, table, *principal)


def _change(context: Context, table: Table, row_id: str, before: Share, direct: int) -> None:
    """Keeps what a principal has been given now; those below hear of what it lost and of what it gained."""
    write_share(context.db, table, row_id, replace(before, direct=direct))
    if before.direct & ~direct:
        refresh(context.db, context.schema, table, row_id, UNSHARE)
    if direct & ~before.direct:
        refresh(context.db, context.schema, table, row_id, SHARE)


def _shown(share: Share) -> Json:
    principal_id, kind = share.principal
    return {
        "AccessMask": write_mask(share.direct),
        "Principal": {
            "@odata.type": f"#Microsoft.Dynamics.CRM.{kind}",
            f"{kind}id": principal_id,
            "ownerid": principal_id,
        },
    }
