"""The declared roles name privileges that Dataverse has, at depths that they can have, and open nothing by the way."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from dataverse.schema.components import Depth, Privilege, Role, Verb
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Ownership
from dataverse.schema.roles import ADMINISTRATOR, ROLES, SERVICE, USER

FACTS = json.loads(Path(__file__).with_name("privileges.json").read_text(encoding="utf-8"))["privileges"]
ALL_DEPTHS = [depth.value for depth in Depth]
# Tables of Dynamics 365 Sales, which the organization of the facts does not have; users own their rows as contacts.
SALES = dict.fromkeys(("Lead", "Opportunity"), FACTS["Contact"])
# The facts leave out notes, whose rows users own as well (facts/annotation.json): all verbs at all depths, as in
# listings of the role System Administrator that are published elsewhere.
NOTES = {"Note": FACTS["Contact"]}
UNSEEN = {
    # Learn, "Send in-app notifications within model-driven apps"; it belongs to no table.
    "prvSendAppNotification": ["Global"],
    # Published roles of other solutions name it at these depths (RolePrivilege in their Role.xml).
    "prvReadUserSettings": ["Basic", "Global"],
}
OURS = {table.name: table for table in TEXTVERSE.tables}

EACH = [(role, privilege) for role in ROLES for privilege in role.privileges]
NAMES = [f"{role.name}: {privilege.name}" for role, privilege in EACH]


def _possible(privilege: Privilege) -> list[str]:
    """The depths at which a privilege can be given; none where there is no such privilege."""
    if privilege.name in UNSEEN:
        return UNSEEN[privilege.name]
    verb, table = _parts(privilege)
    if table in OURS:
        return _of_ours(verb, table)
    return {**FACTS, **SALES, **NOTES}.get(table, {}).get(verb, [])


def _of_ours(verb: str, name: str) -> list[str]:
    table = OURS[name]
    if table.is_activity:  # has those of Activity
        return []
    if table.ownership is Ownership.USER:
        return ALL_DEPTHS
    return [] if verb in (Verb.ASSIGN, Verb.SHARE) else [Depth.ORGANIZATION]


def _parts(privilege: Privilege) -> tuple[str, str]:
    found = re.fullmatch(r"prv(AppendTo|Append|Assign|Create|Delete|Read|Share|Write)(\w+)", privilege.name)
    assert found, privilege.name
    return found[1], found[2]


@pytest.mark.parametrize(("role", "privilege"), EACH, ids=NAMES)
def test_a_privilege_is_one_that_dataverse_has_at_a_depth_that_it_can_have(role: Role, privilege: Privilege) -> None:
    assert privilege.depth in _possible(privilege), role.name
    assert privilege.why


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_names_each_privilege_once_and_says_what_it_is_for(role: Role) -> None:
    assert Counter(privilege.name for privilege in role.privileges).most_common(1)[0][1] == 1
    assert role.description.endswith(".")
    assert (len(role.name) <= 100, len(role.description) <= 2000) == (True, True)


def test_the_roles_are_three_with_ids_of_their_own() -> None:
    assert ROLES == (USER, ADMINISTRATOR, SERVICE)
    assert len({role.id for role in ROLES}) == 3


def test_sellers_reach_nothing_that_holds_texts_or_customers_beyond_their_own_rows() -> None:
    opened = {
        _parts(privilege)[1]: privilege.depth for privilege in USER.privileges if privilege.depth is Depth.ORGANIZATION
    }

    # Templates, what providers can do, settings: no customer in any of them.
    assert set(opened) == {
        "txv_texttemplate",
        "txv_smsprovider",
        "EnvironmentVariableDefinition",
        "AppUserSetting",
        "SettingDefinition",
    }


def test_sellers_delete_nothing_but_their_templates() -> None:
    assert [each.name for each in USER.privileges if "Delete" in each.name] == ["prvDeletetxv_texttemplate"]


def test_administrators_delete_no_activities_and_the_service_nothing_that_anybody_wrote() -> None:
    names = [each.name for each in SERVICE.privileges if "Delete" in each.name or "Assign" in each.name]
    assert names == ["prvDeletetxv_phonekey"]
    assert "prvDeleteActivity" not in {each.name for each in ADMINISTRATOR.privileges}
