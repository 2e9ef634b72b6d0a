"""Query functions about who asks: the user, their teams, business unit, roles and language, and who reports to them."""

from __future__ import annotations

from emulator.context import Sql
from emulator.errors import bad_query
from emulator.odata.functions.operands import Function, identifier
from emulator.odata.joins import Operand
from emulator.odata.properties import NUMBERS, edm_type
from emulator.odata.sql import fetch, some

_ANY_LANGUAGE = -1
_ENGLISH = 1033
_DEPTH = 3
_TEAMS = 'select "teamid" from "teammembership" where "systemuserid" in ({})'
_UNIT = 'select "businessunitid" from "systemuser" where "systemuserid" = ?'
_REPORTS = (
    "with recursive reports(id, level) as (select ?, 0 union "
    'select u."systemuserid", level + 1 from "systemuser" u join reports on u."parentsystemuserid" = reports.id '
    "where level < ?) select id from reports"
)
_ROLE_UNITS = (
    'select r."businessunitid" from "role" r join "systemuserroles" h on h."roleid" = r."roleid" '
    'where h."systemuserid" = ? union all select r."businessunitid" from "role" r '
    'join "teamroles" h on h."roleid" = r."roleid" where h."teamid" in (' + _TEAMS.format("?") + ")"
)


def _one_of(operand: Operand, query: str, *parameters: object) -> Sql:
    return f"{identifier(operand)} in ({query})", parameters


def _user(operand: Operand) -> Sql:
    return f"{identifier(operand)} = ?", (operand.source.context.user_id,)


def _teams(operand: Operand) -> Sql:
    return _one_of(operand, _TEAMS.format("?"), operand.source.context.user_id)


def _user_or_teams(operand: Operand) -> Sql:
    return some([_user(operand), _teams(operand)])


def _hierarchy(operand: Operand) -> Sql:
    """The user and whom they manage, directly and through others, as deep as the organization's hierarchy security
    reaches (`maxdepthforhierarchicalsecuritymodel`, 3 where it is not set)."""
    return _one_of(operand, _REPORTS, operand.source.context.user_id, _depth(operand))


def _hierarchy_and_teams(operand: Operand) -> Sql:
    teams = _TEAMS.format(_REPORTS)
    return some([_hierarchy(operand), _one_of(operand, teams, operand.source.context.user_id, _depth(operand))])


def _business_unit(operand: Operand) -> Sql:
    return f"{identifier(operand)} = ({_UNIT})", (operand.source.context.user_id,)


def _role_business_unit(operand: Operand) -> Sql:
    """The business unit of one of the roles that the user holds, also through a team."""
    user = operand.source.context.user_id
    return _one_of(operand, _ROLE_UNITS, user, user)


def _language(operand: Operand) -> Sql:
    """The language of the user, here the organization's; -1 stands for every language."""
    if edm_type(operand.column) not in NUMBERS:
        raise bad_query(f"The property '{operand.column.logical_name}' is no language.")
    language = _setting(operand, "languagecode") or _ENGLISH
    return f"{operand.sql} in (?, ?)", (language, _ANY_LANGUAGE)


def _depth(operand: Operand) -> int:
    return _setting(operand, "maxdepthforhierarchicalsecuritymodel") or _DEPTH


def _setting(operand: Operand, name: str) -> int | None:
    rows = fetch(operand.source.context.db, ("select * from organization limit 1", ()))
    value = rows[0].get(name) if rows else None
    return value if isinstance(value, int) else None


FUNCTIONS = {
    "EqualUserId": Function(_user),
    "NotEqualUserId": Function(_user).negated(),
    "EqualUserTeams": Function(_teams),
    "EqualUserOrUserTeams": Function(_user_or_teams),
    "EqualUserOrUserHierarchy": Function(_hierarchy),
    "EqualUserOrUserHierarchyAndTeams": Function(_hierarchy_and_teams),
    "EqualBusinessId": Function(_business_unit),
    "NotEqualBusinessId": Function(_business_unit).negated(),
    "EqualRoleBusinessId": Function(_role_business_unit),
    "EqualUserLanguage": Function(_language),
}
