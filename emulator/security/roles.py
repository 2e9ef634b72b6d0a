"""Operations on roles and on what they give. Payloads: Microsoft Learn, AddPrivilegesRole, ReplacePrivilegesRole,
RetrieveRolePrivilegesRole, RetrieveUserPrivileges and their like (RolePrivilege ComplexType)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_URL, UUID, uuid5

from emulator.context import Context
from emulator.errors import DataverseError, does_not_exist
from emulator.odata.sql import fetch
from emulator.security.checks import caller
from emulator.security.inherited_roles import check_own, spread_privileges
from emulator.security.privileges import Depth, deepest, role_privileges
from emulator.security.row_security import RowSecurity
from emulator.security.sharing import Bound, Json, Parameters, bound_principal

_NO_ID = str(UUID(int=0))


def add_privileges_role(context: Context, bound: Bound | None, parameters: Parameters) -> None:
    """Give a role more privileges, or the same ones another depth."""
    role_id = _role(context, bound)
    for privilege_id, depth in _privileges(context, parameters):
        context.db.execute(
            "delete from roleprivileges where roleid = ? and privilegeid = ?",
            (role_id, privilege_id),
        )
        context.db.execute(
            "insert into roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) "
            "values (?, ?, ?, ?, 1)",
            (str(uuid5(NAMESPACE_URL, f"roleprivileges/{role_id}/{privilege_id}")), role_id, privilege_id, depth.value),
        )
    spread_privileges(context.db, role_id)


def remove_privilege_role(context: Context, bound: Bound | None, parameters: Parameters) -> None:
    """Take a privilege from a role."""
    role_id = _role(context, bound)
    privilege_id = str(parameters.get("PrivilegeId", "")).lower()
    context.db.execute("delete from roleprivileges where roleid = ? and privilegeid = ?", (role_id, privilege_id))
    spread_privileges(context.db, role_id)


def replace_privileges_role(context: Context, bound: Bound | None, parameters: Parameters) -> None:
    """Give a role these privileges and no others."""
    role_id = _role(context, bound)
    _privileges(context, parameters)
    context.db.execute("delete from roleprivileges where roleid = ?", (role_id,))
    add_privileges_role(context, bound, parameters)


def retrieve_role_privileges_role(context: Context, _bound: Bound | None, parameters: Parameters) -> Json:
    """The privileges of a role."""
    role_id = str(parameters.get("RoleId", "")).lower()
    found = fetch(context.db, ("select businessunitid as unit from role where roleid = ?", (role_id,)))
    if not found:
        raise does_not_exist("role", role_id)
    rows = role_privileges(context.db, [role_id])
    return {"RolePrivileges": [_shown(row, deepest(row["depth"]), found[0]["unit"]) for row in rows]}


def retrieve_privileges(context: Context, bound: Bound | None, _parameters: Parameters) -> Json:
    """The privileges that a user or a team holds itself, each at its deepest; those that a user inherits from its teams
    are among them, at Basic, however deep the teams hold them."""
    return {"RolePrivileges": _held(context, bound)}


def retrieve_user_privilege_by_privilege_name(context: Context, bound: Bound | None, parameters: Parameters) -> Json:
    """One privilege as a user holds it; nothing if it does not."""
    name = parameters.get("PrivilegeName")
    if not isinstance(name, str):
        raise DataverseError(400, "0x80048d19", "The parameter PrivilegeName is missing.")
    return {"RolePrivileges": _held(context, bound, "name", [name])}


def retrieve_user_set_of_privileges_by_names(context: Context, bound: Bound | None, parameters: Parameters) -> Json:
    """Several privileges as a user holds them; those that it does not hold are left out."""
    return {"RolePrivileges": _held(context, bound, "name", _listed(parameters, "PrivilegeNames"))}


def retrieve_user_set_of_privileges_by_ids(context: Context, bound: Bound | None, parameters: Parameters) -> Json:
    """The same by the ids of the privileges."""
    return {"RolePrivileges": _held(context, bound, "privilegeid", _listed(parameters, "PrivilegeIds"))}


def _listed(parameters: Parameters, name: str) -> list[str]:
    given = parameters.get(name)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise DataverseError(400, "0x80048d19", f"The parameter {name} is not a list of texts.")
    return given


def _held(context: Context, bound: Bound | None, column: str = "", wanted: Sequence[str] | None = None) -> list[Json]:
    """The privileges that a principal holds; if some are wanted, those with one of these values.

    Who asks needs Read on the user and on the organization, or on the team (Learn, "RetrieveUserPrivileges message
    privileges", "RetrieveTeamPrivileges message privileges").
    """
    principal_id, kind = bound_principal(bound)
    caller(context).check(context.schema.tables[kind], principal_id, "Read")
    if kind == "systemuser":
        caller(context).check(context.schema.tables["organization"], None, "Read")
    principal = RowSecurity(context.db, context.schema, principal_id, kind)
    unit = principal.holders.get(principal.principal_id)
    rows = fetch(context.db, ("select privilegeid, name from privilege order by name, privilegeid", ()))
    if wanted is not None:
        values = {each.lower() for each in wanted}
        rows = [row for row in rows if str(row[column]).lower() in values]
    held = [(row, principal.own_depth(str(row["name"]))) for row in rows]
    return [_shown(row, depth, unit) for row, depth in held if depth is not None]


def _shown(row: Mapping[str, object], depth: Depth | None, unit: object) -> Json:
    return {
        "Depth": depth.name if depth is not None else "None",
        "PrivilegeId": row["privilegeid"],
        "BusinessUnitId": unit,
        "PrivilegeName": row["name"],
        "RecordFilterId": _NO_ID,
        "RecordFilterUniqueName": "",
    }


def _role(context: Context, bound: Bound | None) -> str:
    if bound is None or bound.row_id is None:
        raise DataverseError(400, "0x80060888", "The operation is bound to a role.")
    caller(context).check(bound.table, bound.row_id, "Write")
    check_own(context.db, bound.row_id)
    return bound.row_id


def _privileges(context: Context, parameters: Parameters) -> list[tuple[str, Depth]]:
    given = parameters.get("Privileges")
    if not isinstance(given, list):
        raise DataverseError(400, "0x80048d19", "The parameter Privileges is not a list.")
    known = {str(row["privilegeid"]): row for row in fetch(context.db, ("select * from privilege", ()))}
    return [_privilege(each, known) for each in given]


def _privilege(given: object, known: Mapping[str, Mapping[str, object]]) -> tuple[str, Depth]:
    """Refuses a depth that the privilege does not have: nobody owns users, for instance (privilege table, Learn)."""
    entry = given if isinstance(given, Mapping) else {}
    depth, privilege_id = entry.get("Depth"), str(entry.get("PrivilegeId", "")).lower()
    if not isinstance(depth, str) or depth not in Depth.__members__:
        raise DataverseError(400, "0x80048d19", "A privilege's Depth is Basic, Local, Deep or Global.")
    if privilege_id not in known:
        raise does_not_exist("privilege", privilege_id)
    if not known[privilege_id][f"canbe{depth.lower()}"]:
        name = known[privilege_id]["name"]
        raise DataverseError(400, "0x80040203", f"The privilege {name} cannot be given at the depth {depth}.")
    return privilege_id, Depth[depth]
