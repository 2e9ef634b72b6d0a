"""What roles give: privileges with a depth, held by a user or by a team that the user is in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from emulator.odata.sql import fetch

ADMINISTRATOR = "System Administrator"


class Depth(IntEnum):
    """How far a privilege reaches; the values are the bits of `privilegedepthmask`."""

    Basic = 1
    Local = 2
    Deep = 4
    Global = 8


@dataclass(frozen=True, slots=True)
class Grant:
    """A privilege as one holder has it, the user or a team that the user is in, from a role of a business unit."""

    depth: Depth
    holder: str
    unit: str


def holders(db: sqlite3.Connection, principal_id: str, kind: str) -> dict[str, str]:
    """A principal and, for a user, its teams: who holds privileges for it, each with its business unit."""
    if kind == "team":
        found = fetch(db, ("select teamid as id, businessunitid as unit from team where teamid = ?", (principal_id,)))
    else:
        statement = """
            select systemuserid as id, businessunitid as unit from systemuser where systemuserid = ?1
            union all
            select t.teamid, t.businessunitid from teammembership m join team t on t.teamid = m.teamid
            where m.systemuserid = ?1"""
        found = fetch(db, (statement, (principal_id,)))
    return {str(row["id"]): str(row["unit"]) for row in found}


def roles(db: sqlite3.Connection, holder_ids: list[str]) -> list[Mapping[str, object]]:
    """The roles of users and teams: holder, roleid, name, business unit, and whether the members of a team hold it
    themselves."""
    statement = """
        select a.holder, r.roleid, r.name, r.businessunitid as unit, r.isinherited from role r join (
            select systemuserid as holder, roleid from systemuserroles
            where systemuserid in (select value from json_each(?1))
            union all
            select teamid, roleid from teamroles where teamid in (select value from json_each(?1))
        ) a on a.roleid = r.roleid"""
    return fetch(db, (statement, (json.dumps(holder_ids),)))


def role_privileges(db: sqlite3.Connection, role_ids: list[str]) -> list[Mapping[str, object]]:
    """The privileges in roles: roleid, privilegeid, name and depth."""
    statement = """
        select rp.roleid, p.privilegeid, p.name, rp.privilegedepthmask as depth
        from roleprivileges rp join privilege p on p.privilegeid = rp.privilegeid
        where rp.roleid in (select value from json_each(?)) order by p.name, p.privilegeid"""
    return fetch(db, (statement, (json.dumps(sorted(set(role_ids))),)))


def deepest(mask: object) -> Depth | None:
    """The deepest level of a `privilegedepthmask`; None for an empty one."""
    return next((depth for depth in reversed(Depth) if isinstance(mask, int) and mask & depth), None)


def units_below(db: sqlite3.Connection, unit: str) -> set[str]:
    """A business unit and all those under it."""
    statement = """
        with recursive below(id) as (
            select ? union
            select b.businessunitid from businessunit b join below on b.parentbusinessunitid = below.id
        ) select id from below"""
    return {str(row["id"]) for row in fetch(db, (statement, (unit,)))}
