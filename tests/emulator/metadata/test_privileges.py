"""The privileges that come with the standard tables: names and depths as role files of real environments have them."""

from __future__ import annotations

import pytest


@pytest.fixture
def found(web):
    """Looks a privilege up by name."""

    def look(name):
        rows = web.get(f"privileges?$filter=name eq '{name}'").json()["value"]
        return rows[0] if rows else None

    return look


def depths(row):
    return [depth for depth in ("basic", "local", "deep", "global") if row[f"canbe{depth}"]]


@pytest.mark.parametrize(
    ("name", "possible"),
    [
        ("prvReadActivity", ["basic", "local", "deep", "global"]),
        ("prvReadNote", ["basic", "local", "deep", "global"]),
        ("prvReadEnvironmentVariableDefinition", ["basic", "local", "deep", "global"]),
        ("prvReadAppNotification", ["basic", "local", "deep", "global"]),
        ("prvAppendToUser", ["local", "deep", "global"]),
        ("prvReadTeam", ["local", "deep", "global"]),
        ("prvReadBusinessUnit", ["local", "deep", "global"]),
        ("prvAssignRole", ["local", "deep", "global"]),
        ("prvReadTransactionCurrency", ["global"]),
        ("prvReadQuery", ["global"]),
        ("prvReadOrganization", ["global"]),
        ("prvReadSettingDefinition", ["global"]),
        ("prvWriteAppUserSetting", ["global"]),
        ("prvSendAppNotification", ["global"]),
    ],
)
def test_a_privilege_and_how_far_it_can_reach(found, name, possible):
    assert depths(found(name)) == possible


@pytest.mark.parametrize(
    "name",
    [
        *("prvReadSystemUser", "prvAssignUser", "prvShareTeam", "prvReadSavedQuery", "prvReadCurrency"),
        *("prvReadEnvironmentVariableValue", "prvReadPrivilege", "prvReadPhoneCall", "prvReadRolePrivileges"),
    ],
)
def test_what_is_no_privilege(found, name):
    assert found(name) is None


def test_the_value_of_an_environment_variable_is_as_open_as_its_definition(web, say):
    seller = web.as_user(web.user("Seller", role=say.salesperson))
    definition = web.create("environmentvariabledefinitions", {"schemaname": "new_open", "displayname": "Open"})
    bound = {"EnvironmentVariableDefinitionId@odata.bind": f"/environmentvariabledefinitions({definition})"}
    value = web.create("environmentvariablevalues", {"schemaname": "new_open", "value": "1", **bound})
    assert seller.get(f"environmentvariablevalues({value})").json()["value"] == "1"
    assert seller.patch(f"environmentvariablevalues({value})", {"value": "2"}).status_code == 403
