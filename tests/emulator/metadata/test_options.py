"""Options of choices: added, renamed, taken away, moved."""

from __future__ import annotations

import pytest

COLUMNS = "EntityDefinitions(LogicalName='new_thing')/Attributes"
KIND = {"EntityLogicalName": "new_thing", "AttributeLogicalName": "new_kind"}
SHADE = {"OptionSetName": "new_shade"}
STATUS = {"EntityLogicalName": "new_thing", "AttributeLogicalName": "statuscode"}


def option(say, value, text):
    return {"Value": value, "Label": say.label(text)}


@pytest.fixture
def things(fresh, say):
    """A table with a choice of its own, and two columns that share a global one."""
    two = [option(say, 1, "One"), option(say, 2, "Two")]
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.post(COLUMNS, say.column("Picklist", "new_Kind", OptionSet={"Options": two}))
    fresh.post(COLUMNS, say.column("Boolean", "new_Flag"))
    fresh.post("GlobalOptionSetDefinitions", {"Name": "new_shade", "Options": two})
    shared = {"GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='new_shade')"}
    fresh.post(COLUMNS, say.column("Picklist", "new_Top", **shared))
    fresh.post(COLUMNS, say.column("Picklist", "new_Bottom", **shared))
    return fresh


def options(web, column="new_kind", kind="Picklist"):
    path = f"{COLUMNS}(LogicalName='{column}')/Microsoft.Dynamics.CRM.{kind}AttributeMetadata?$expand=OptionSet"
    found = web.row(path)["OptionSet"]
    listed = found["Options"] if "Options" in found else [found["FalseOption"], found["TrueOption"]]
    return [(each["Value"], each["Label"]["UserLocalizedLabel"]["Label"]) for each in listed]


def test_an_option_is_added_and_can_be_used(things, say):
    answer = things.post("InsertOptionValue", {**KIND, **option(say, 7, "Seven")})
    assert (answer.status_code, answer.json()["NewOptionValue"]) == (200, 7)
    assert options(things) == [(1, "One"), (2, "Two"), (7, "Seven")]
    assert things.create("new_things", {"new_kind": 7})
    assert things.post("new_things", {"new_kind": 8}).status_code == 400


@pytest.mark.parametrize("named", [SHADE, {"EntityLogicalName": "new_thing", "AttributeLogicalName": "new_top"}])
def test_an_option_of_a_global_choice_reaches_every_column(things, say, named):
    assert things.post("InsertOptionValue", {**named, **option(say, 3, "Three")}).status_code == 200
    assert options(things, "new_top") == options(things, "new_bottom") == [(1, "One"), (2, "Two"), (3, "Three")]
    shared = things.row("GlobalOptionSetDefinitions(Name='new_shade')")["Options"]
    assert [each["Value"] for each in shared] == [1, 2, 3]


def test_values_are_numbered_by_the_publisher_of_the_solution(things, say):
    publisher = things.create("publishers", {
        "uniquename": "demo", "friendlyname": "Demo", "customizationprefix": "demo",
        "customizationoptionvalueprefix": 47110,
    })  # fmt: skip
    solution = {"uniquename": "DemoSolution", "friendlyname": "D", "version": "1.0"}
    things.create("solutions", {**solution, "publisherid@odata.bind": f"/publishers({publisher})"})
    new = {**KIND, "Label": say.label("New")}
    values = [things.post("InsertOptionValue", new).json()["NewOptionValue"] for _ in range(2)]
    assert values == [100000000, 100000001]
    ours = things.post("InsertOptionValue", {**new, "SolutionUniqueName": "DemoSolution"}).json()
    assert ours["NewOptionValue"] == 471100000
    found = things.row("solutioncomponents?$select=componenttype,_solutionid_value")["value"]
    assert [row["componenttype"] for row in found] == [2]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**KIND, "Value": 1}, "0x80044310"),
        ({"EntityLogicalName": "new_thing", "AttributeLogicalName": "new_name", "Value": 9}, "0x80044320"),
        ({"EntityLogicalName": "new_thing", "AttributeLogicalName": "statecode", "Value": 9}, "0x8004431e"),
        ({**KIND, "Value": "nine"}, "0x80040203"),
    ],
)
def test_what_cannot_be_added(things, say, body, code):
    answer = things.post("InsertOptionValue", {"Label": say.label("New"), **body})
    assert (answer.status_code, say.code(answer)) == (400, code)


@pytest.mark.parametrize("named", [{"OptionSetName": "new_no"}, {**KIND, "AttributeLogicalName": "new_no"}, {}])
def test_a_choice_that_is_not_there(things, say, named):
    assert things.post("InsertOptionValue", {**named, **option(say, 9, "Nine")}).status_code == 404


def test_an_option_gets_another_label(things, say):
    body = {**KIND, **option(say, 2, "Second"), "MergeLabels": True}
    assert things.post("UpdateOptionValue", body).status_code == 204
    assert options(things) == [(1, "One"), (2, "Second")]
    assert things.post("UpdateOptionValue", {**body, "Value": 9}).status_code == 400
    del body["MergeLabels"]
    assert things.post("UpdateOptionValue", body).status_code == 400


def test_yes_gets_another_label(things, say):
    named = {"EntityLogicalName": "new_thing", "AttributeLogicalName": "new_flag"}
    body = {**named, **option(say, 1, "Up"), "MergeLabels": True}
    assert things.post("UpdateOptionValue", body).status_code == 204
    assert options(things, "new_flag", "Boolean") == [(0, "No"), (1, "Up")]


def test_an_option_is_deleted_and_rows_keep_it(things):
    row = things.create("new_things", {"new_kind": 2})
    assert things.post("DeleteOptionValue", {**KIND, "Value": 2}).status_code == 204
    assert options(things) == [(1, "One")]
    assert things.row(f"new_things({row})")["new_kind"] == 2
    assert things.post("new_things", {"new_kind": 2}).status_code == 400


def test_options_are_put_in_order(things):
    assert things.post("OrderOption", {**SHADE, "Values": [2, 1]}).status_code == 204
    assert options(things, "new_top") == [(2, "Two"), (1, "One")]
    for values in ([2], [1, 2, 3], [1, 1], [None, 1], None, {}):
        assert things.post("OrderOption", {**SHADE, "Values": values}).status_code == 400


def test_a_status_belongs_to_its_state(things, say):
    new = {**STATUS, "Label": say.label("Waiting"), "StateCode": 0}
    value = things.post("InsertStatusValue", new).json()["NewOptionValue"]
    row = things.create("new_things", {"statuscode": value})
    shown = things.row(f"new_things({row})")
    assert (shown["statecode"], shown["statuscode"]) == (0, value)
    assert things.patch(f"new_things({row})", {"statecode": 1, "statuscode": value}).status_code == 400
    for state, code in ((None, "0x80044321"), (9, "0x80044322")):
        assert say.code(things.post("InsertStatusValue", {**new, "StateCode": state})) == code


def test_the_status_that_a_state_starts_with_stays_until_it_has_another(things, say):
    value = things.post("InsertStatusValue", {**STATUS, "Label": say.label("New"), "StateCode": 0}).json()
    assert say.code(things.post("DeleteOptionValue", {**STATUS, "Value": 1})) == "0x80044341"
    state = {"EntityLogicalName": "new_thing", "AttributeLogicalName": "statecode", "Value": 0, "MergeLabels": True}
    other = {**state, "Label": say.label("Running"), "DefaultStatusCode": value["NewOptionValue"]}
    assert things.post("UpdateStateValue", other).status_code == 204
    assert things.post("UpdateStateValue", {**other, "DefaultStatusCode": 2}).status_code == 400
    assert things.post("DeleteOptionValue", {**STATUS, "Value": 1}).status_code == 204
    assert things.row(f"new_things({things.create('new_things', {})})")["statuscode"] == value["NewOptionValue"]
    assert options(things, "statecode", "State") == [(0, "Running"), (1, "Inactive")]


def test_a_global_choice_has_no_states(things, say):
    named = {"OptionSetName": "new_shade", "Label": say.label("x"), "Value": 1, "StateCode": 0, "MergeLabels": True}
    assert things.post("UpdateStateValue", named).status_code == 404
    assert things.post("InsertStatusValue", named).status_code == 404


def test_a_global_choice_gets_other_texts_and_keeps_its_options(things, say):
    body = {"@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata", "Name": "new_shade", "Options": []}
    path = "GlobalOptionSetDefinitions(Name='new_shade')"
    assert things.put(path, {**body, "DisplayName": say.label("Shade")}).status_code == 204
    found = things.row(path)
    assert found["DisplayName"]["UserLocalizedLabel"]["Label"] == "Shade"
    assert [each["Value"] for each in found["Options"]] == [1, 2]


def test_a_column_that_is_put_keeps_its_options(things, say):
    path = f"{COLUMNS}(LogicalName='new_kind')"
    assert things.put(path, say.column("Picklist", "new_Kind", OptionSet={"Options": []})).status_code == 204
    assert options(things) == [(1, "One"), (2, "Two")]


def test_sellers_do_not_change_options(things, say):
    seller = things.as_user(things.user("Kim", role=say.salesperson))
    assert seller.post("InsertOptionValue", {**SHADE, **option(say, 3, "Three")}).status_code == 403
