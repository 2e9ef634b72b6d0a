"""Row-level security for one principal: which rows it may read, and what it may do with a row.

Rules: Microsoft Learn, "How access to a record is determined". A privilege reaches, by its depth, the holder's own rows
(Basic), those of the role's business unit (Local), of the units below too (Deep), or all (Global). The role is one of
the holder's unit as a rule; of another unit it opens that one (Learn, "Matrix data access structure"; the environment
has that switched on). What a user holds through a team reaches from the team: Basic then means the team's rows. Unless
the role says "team privileges only", each member holds its privileges at Basic as well, as if the role were the
member's own (Learn, "Team member's privilege inheritance"). A share counts where the principal holds the privilege at
all. Tables that users do not own take Global. The role System Administrator may do everything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from functools import cached_property

from emulator.context import Sql
from emulator.errors import DataverseError, does_not_exist
from emulator.metadata.model import Schema, Table
from emulator.metadata.privileges import privilege_name
from emulator.odata.sql import ALWAYS, NEVER, concatenated, fetch, one_of, quoted, some
from emulator.security.privileges import (
    ADMINISTRATOR,
    Depth,
    Grant,
    deepest,
    holders,
    role_privileges,
    roles,
    units_below,
)
from emulator.security.rights import RIGHTS

_READABLE_BY_ALL = frozenset({"organization", "publisher", "solution", "transactioncurrency"})
_SHARED = "in (select objectid from principalobjectaccess where principalid"
_MASK = "(coalesce(accessrightsmask, 0) | coalesce(inheritedaccessrightsmask, 0))"


class RowSecurity:
    """One principal (`systemuser` or `team`) as it stands when it is first asked; make a new one for each request."""

    def __init__(self, db: sqlite3.Connection, schema: Schema, principal_id: str, kind: str = "systemuser") -> None:
        self.db = db
        self.schema = schema
        self.principal_id = principal_id
        self.kind = kind
        self._others: dict[str, RowSecurity] = {}

    def other(self, principal_id: str, kind: str) -> RowSecurity:
        """Another principal, as it stands when it is first asked."""
        if principal_id not in self._others:
            self._others[principal_id] = RowSecurity(self.db, self.schema, principal_id, kind)
        return self._others[principal_id]

    @cached_property
    def holders(self) -> dict[str, str]:
        """The principal and its teams, each with its business unit."""
        return holders(self.db, self.principal_id, self.kind)

    @cached_property
    def is_administrator(self) -> bool:
        """Whether one of its roles is System Administrator."""
        return any(str(role["name"]).casefold() == ADMINISTRATOR.casefold() for role in self._roles)

    @cached_property
    def grants(self) -> dict[str, list[Grant]]:
        """What its roles give, by the privilege's name in lower case."""
        found: dict[str, list[Grant]] = {}
        for privilege in role_privileges(self.db, [str(role["roleid"]) for role in self._roles]):
            depth = deepest(privilege["depth"])
            held = [role for role in self._roles if role["roleid"] == privilege["roleid"]]
            if depth is not None:
                grants = [grant for role in held for grant in self._granted(role, depth)]
                found.setdefault(str(privilege["name"]).lower(), []).extend(grants)
        return found

    def _granted(self, role: Mapping[str, object], depth: Depth) -> Iterator[Grant]:
        """What a role gives of a privilege: to its holder, and to the member of a team that holds it."""
        holder, unit = str(role["holder"]), str(role["unit"])
        yield Grant(depth, holder, unit)
        if holder != self.principal_id and role["isinherited"]:
            yield Grant(Depth.Basic, self.principal_id, unit)

    @cached_property
    def _roles(self) -> list[dict[str, object]]:
        return [dict(role) for role in roles(self.db, list(self.holders))]

    def privilege_depth(self, name: str) -> Depth | None:
        """How far the principal holds a privilege, its teams' roles included; None if it does not."""
        if self.is_administrator:
            return Depth.Global
        return max((grant.depth for grant in self.grants.get(name.lower(), ())), default=None)

    def own_depth(self, name: str) -> Depth | None:
        """How far the principal holds a privilege itself: by its own roles, and at Basic by those of its teams that
        their members inherit."""
        if self.is_administrator:
            return Depth.Global
        own = (grant.depth for grant in self.grants.get(name.lower(), ()) if grant.holder == self.principal_id)
        return max(own, default=None)

    def can_own(self, table: Table) -> bool:
        """Whether rows can be given to the principal: it holds Read itself, or by a team everywhere (Learn, "Record
        ownership")."""
        name = privilege_name("Read", table)
        return self.own_depth(name) is not None or self.privilege_depth(name) is Depth.Global

    def visible(self, table: Table, alias: str) -> Sql:
        """The condition that the principal may read a row of `table` under `alias`.

        Raises `DataverseError` 403 where it cannot read the table at all.
        """
        condition = self.allowed(table, alias, "Read")
        if condition == NEVER:
            raise self.missing(table, "Read")
        return condition

    def allowed(self, table: Table, alias: str, right: str) -> Sql:
        """The condition that the principal has a right on a row of `table` under `alias`."""
        if self.is_administrator:
            return ALWAYS
        if table.logical_name == "activityparty":
            return self._with_activity(alias, right)
        if right == "Read" and is_readable_by_all(table):
            return ALWAYS
        grants = self.grants.get(privilege_name(right, table).lower(), [])
        if any(grant.depth is Depth.Global for grant in grants):
            return ALWAYS
        if not grants or table.ownership not in {"UserOwned", "BusinessOwned"}:
            return NEVER
        return some([*self._by_owner(table, alias, grants), *self._shared(table, alias, right)])

    def _with_activity(self, alias: str, right: str) -> Sql:
        """A party is as open as the activity that it takes part in."""
        activity = self.schema.tables["activitypointer"]
        return concatenated(
            f"{alias}.activityid in (select a.activityid from activitypointer a where",
            self.allowed(activity, "a", right),
            ")",
        )

    def _by_owner(self, table: Table, alias: str, grants: list[Grant]) -> list[Sql]:
        """Through who owns the row, or the business unit that it belongs to."""
        owner, unit = _owner_columns(table)
        conditions = []
        if owner is not None:
            conditions.append(one_of(f"{alias}.{quoted(owner)}", self._owners(grants)))
        if unit is not None and (units := self._units(grants)):
            conditions.append(one_of(f"{alias}.{quoted(unit)}", units))
        return conditions

    def _owners(self, grants: list[Grant]) -> set[str]:
        """Whose rows any depth reaches: the user's and its teams', or those of the team that holds the privilege."""
        ids = {grant.holder for grant in grants}
        return set(self.holders) if self.principal_id in ids and self.kind == "systemuser" else ids

    def _units(self, grants: list[Grant]) -> set[str]:
        units: set[str] = set()
        for grant in grants:
            if grant.depth is Depth.Deep:
                units |= units_below(self.db, grant.unit)
            elif grant.depth is Depth.Local:
                units.add(grant.unit)
        return units

    def _shared(self, table: Table, alias: str, right: str) -> list[Sql]:
        if table.ownership != "UserOwned":
            return []
        principals, ids = one_of(_SHARED, self.holders)
        row_id = f"{alias}.{quoted(table.primary_id)}"
        return [(f"{row_id} {principals} and {_MASK} & {RIGHTS[right]} <> 0)", ids)]

    def rights(self, table: Table, row_id: str) -> frozenset[str]:
        """What the principal may do with a row; raises `DataverseError` 404 for a row that is not there."""
        conditions = {right: self.allowed(table, "t0", right) for right in RIGHTS}
        shown = ", ".join(f"({sql}) as {quoted(right)}" for right, (sql, _) in conditions.items())
        values = [value for _, parameters in conditions.values() for value in parameters]
        tables = f"from {quoted(table.logical_name)} t0 where t0.{quoted(table.primary_id)} = ?"
        rows = fetch(self.db, (f"select {shown} {tables}", (*values, row_id.lower())))
        if not rows:
            raise does_not_exist(table.logical_name, row_id)
        return frozenset(right for right, holds in rows[0].items() if holds)

    def check(self, table: Table, row_id: str | None, right: str) -> None:
        """Raise `DataverseError` 403 unless the principal has a right: on a row, or on the table at all (None)."""
        if row_id is None:
            if self.privilege_depth(privilege_name(right, table)) is None:
                raise self.missing(table, right)
        elif not self._has(table, row_id, right):
            raise self.missing(table, right, row_id)

    def _has(self, table: Table, row_id: str, right: str) -> bool:
        """One of the `rights`: asked for each row that is written, and for each that it links to."""
        condition, values = self.allowed(table, "t0", right)
        statement = f'select {condition} from "{table.logical_name}" t0 where t0."{table.primary_id}" = ?'
        found = self.db.execute(statement, (*values, row_id.lower())).fetchone()
        if found is None:
            raise does_not_exist(table.logical_name, row_id)
        return bool(found[0])

    def check_named(self, name: str) -> None:
        """Raise `DataverseError` 403 unless the principal holds a privilege, at whatever depth."""
        if self.privilege_depth(name) is None:
            raise self._lacks(name, "")

    def missing(self, table: Table, right: str, row_id: str | None = None) -> DataverseError:
        """The refusal that names what the principal lacks."""
        row = f", row {row_id}" if row_id is not None else ""
        where = f" on OTC={table.object_type_code} for entity '{table.logical_name}'{row}"
        return self._lacks(privilege_name(right, table), where)

    def _lacks(self, name: str, where: str) -> DataverseError:
        found = fetch(self.db, ("select privilegeid from privilege where name = ? collate nocase", (name,)))
        privilege = f" (Id={found[0]['privilegeid']})" if found else ""
        type_code, kind = (8, "user") if self.kind == "systemuser" else (9, "team")
        counts = f"roleCount={len(self._roles)}, privilegeCount={len(self.grants)}"
        return DataverseError(
            403,
            "0x80040220",
            f"Principal {kind} (Id={self.principal_id}, type={type_code}, {counts}) is missing {name} privilege"
            f"{privilege}{where}.",
        )


def is_readable_by_all(table: Table) -> bool:
    """Tables that everybody may read: what every client needs, and N:N intersects."""
    return table.ownership == "None" or table.is_intersect or table.logical_name in _READABLE_BY_ALL


def _owner_columns(table: Table) -> tuple[str | None, str | None]:
    """The columns that say to whom and to which business unit a row belongs."""
    if table.ownership == "UserOwned":
        return "ownerid", "owningbusinessunit"
    owner = table.primary_id if table.logical_name == "systemuser" else None
    return owner, "businessunitid" if "businessunitid" in table.columns else None
