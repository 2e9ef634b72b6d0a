"""Whatever is there already, the plan adds exactly the rest, in an order that works."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataverse.schema import definitions, model
from dataverse.schema.actual import Actual, ActualPublisher, ActualTable, read
from dataverse.schema.apply import apply
from dataverse.schema.components import Components
from dataverse.schema.definitions import label
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Schema, Table
from dataverse.schema.plan import plan
from dataverse.schema.steps import Mark, Step
from dataverse.webapi.client import Client

Environment = Any  # of conftest.py
TABLES = replace(TEXTVERSE, components=Components())
EMPTY = Actual(others=frozenset(TABLES.others()))
ALL = plan(TABLES, EMPTY).steps


def do(environment: Environment, steps: tuple[Step, ...]) -> None:
    """Carry out steps, one after the other, with nothing that could hide a wrong order."""
    for step in steps:
        request = step.request
        body = json.loads(request.content())
        if step.definition:
            there = environment("GET", step.definition)
            body = {**there, "CascadeConfiguration": {**there["CascadeConfiguration"], **body["CascadeConfiguration"]}}
        environment(request.method, request.path, body, **request.headers)


@st.composite
def parts_of_the_schema(draw: st.DrawFn) -> Schema:
    """Any part of the schema that can exist by itself."""
    tables = draw(st.sets(st.sampled_from([table.name for table in TABLES.tables])))
    choices = {choice.name for choice in TABLES.choices if draw(st.booleans())}
    return replace(
        TABLES,
        choices=tuple(choice for choice in TABLES.choices if choice.name in choices),
        tables=tuple(_part(draw, table, tables, choices) for table in TABLES.tables if table.name in tables),
    )


def _part(draw: st.DrawFn, table: Table, tables: set[str], choices: set[str]) -> Table:
    possible = [column for column in table.columns if column.choice is None or column.choice in choices]
    columns = tuple(column for column in possible if draw(st.booleans()))
    reachable = tables | set(TABLES.others())
    lookups = tuple(lookup for lookup in table.lookups if lookup.target in reachable and draw(st.booleans()))
    names = {column.name for column in columns}
    keys = tuple(key for key in table.keys if names >= set(key.columns) and draw(st.booleans()))
    return replace(table, columns=columns, lookups=lookups, keys=keys)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(there=parts_of_the_schema())
def test_the_plan_adds_exactly_the_rest_and_a_second_plan_is_empty(
    there: Schema, another: Callable[[], Environment], client_of: Callable[[Environment], Client]
) -> None:
    environment = another()
    client = client_of(environment)
    before = plan(there, EMPTY).steps
    do(environment, before)
    missing = plan(TABLES, read(client, TABLES))
    assert missing.conflicts == ()
    assert sorted(step.what for step in missing.steps) == sorted(
        {step.what for step in ALL} - {step.what for step in before}
    )
    do(environment, missing.steps)
    assert plan(TABLES, read(client, TABLES)).steps == ()


def test_a_run_that_was_cut_off_anywhere_is_finished_by_the_next(environment: Environment, client: Client) -> None:
    for done, step in enumerate(ALL):
        left = plan(TABLES, read(client, TABLES)).steps
        assert [each.what for each in left] == [each.what for each in ALL[done:]]
        do(environment, (step,))
    assert plan(TABLES, read(client, TABLES)).steps == ()


def test_an_empty_environment_gets_everything() -> None:
    kinds = [" ".join(str(step).split()[:2]) for step in ALL]
    columns = sum(len(table.columns) for table in TABLES.tables)
    lookups = sum(len(table.lookups) for table in TABLES.tables)
    keys = sum(len(table.keys) for table in TABLES.tables)
    assert kinds == (
        ["+ publisher", "+ solution", "+ choice", "+ choice"]
        + ["+ table"] * 7
        + ["+ column"] * columns
        + ["+ lookup"] * lookups
        + ["+ key"] * keys
        + ["~ relationship"] * 4
    )


def test_every_step_may_be_sent_again_and_goes_into_the_solution() -> None:
    assert all(step.request.repeatable for step in ALL)
    assert {step.request.headers.get("MSCRM.SolutionUniqueName") for step in ALL[2:]} == {"Textverse"}


def test_nothing_is_ever_dropped() -> None:
    assert {(step.mark, step.request.method) for step in ALL} == {(Mark.CREATE, "POST"), (Mark.CHANGE, "PUT")}
    extra = ActualTable(set_name="txv_textmessages", ownership="UserOwned", is_activity=False)
    found = plan(replace(TABLES, tables=(), choices=()), replace_actual(tables={"txv_textmessage": extra}))
    assert [step.what for step in found.steps if "delete" in step.what.lower()] == []


def replace_actual(**changes: Any) -> Actual:
    return replace(EMPTY, **changes)


def column(table: str, name: str) -> str:
    return f"EntityDefinitions(LogicalName='{table}')/Attributes(LogicalName='{name}')"


@pytest.fixture
def complete(environment: Environment) -> Environment:
    """An environment that has everything."""
    do(environment, ALL)
    return environment


Found = Callable[[], list[str]]


@pytest.fixture
def steps(client: Client) -> Found:
    """What the plan says for the environment as it is now."""
    return lambda: [str(step) for step in plan(TABLES, read(client, TABLES)).steps]


@pytest.fixture
def conflicts(client: Client) -> Found:
    return lambda: list(plan(TABLES, read(client, TABLES)).conflicts)


def resize(environment: Environment, kind: str, name: str, length: int) -> None:
    path = column("txv_textmessage", name)
    definition = environment("GET", f"{path}/Microsoft.Dynamics.CRM.{kind}AttributeMetadata")
    environment("PUT", path, {**definition, "MaxLength": length})


def test_a_column_that_is_too_short_is_lengthened(complete: Environment, steps: Found) -> None:
    resize(complete, "Memo", "txv_body", 2_000)
    resize(complete, "String", "txv_name", 100)
    assert steps() == [
        "~ column txv_textmessage.txv_name: 200 characters instead of 100",
        "~ column txv_textmessage.txv_body: 10000 characters instead of 2000",
    ]


def test_a_column_that_is_longer_is_left_alone(complete: Environment, steps: Found) -> None:
    resize(complete, "Memo", "txv_body", 20_000)
    assert steps() == []


def test_missing_options_are_added_and_others_left_alone(complete: Environment, steps: Found) -> None:
    status = {"OptionSetName": "txv_status"}
    choice = {"EntityLogicalName": "txv_consent", "AttributeLogicalName": "txv_choice"}
    complete("POST", "DeleteOptionValue", {**status, "Value": 471100008})
    complete("POST", "InsertOptionValue", {**status, "Value": 471100099, "Label": label("Ours no more")})
    complete("POST", "DeleteOptionValue", {**choice, "Value": 471100001})
    assert steps() == ["+ option Unconfirmed of txv_status", "+ option Opted in of txv_consent.txv_choice"]


def test_another_name_in_paths_is_mended(complete: Environment, steps: Found) -> None:
    path = "EntityDefinitions(LogicalName='txv_phonekey')"
    complete("PUT", path, {**complete("GET", path), "EntitySetName": "txv_phonekeies"})
    assert steps() == ["~ table txv_phonekey: its rows are txv_phonekeys in paths"]


def test_a_conversation_outlives_its_record_and_the_rest_of_the_relationship_is_left_alone(
    environment: Environment, client: Client, steps: Found
) -> None:
    """Dataverse deletes activities with what they are about, unless it is told otherwise."""
    apply(client, TABLES, sleep=lambda _: None)
    path = "RelationshipDefinitions(SchemaName='contact_txv_textconversations')"
    link = environment("GET", path)
    assert link["CascadeConfiguration"]["Delete"] == "RemoveLink"
    # An administrator has his own idea of what happens where a contact is assigned.
    own = {**link["CascadeConfiguration"], "Assign": "NoCascade", "Delete": "Cascade"}
    environment("PUT", path, {**link, "CascadeConfiguration": own})
    assert steps() == ["~ relationship contact_txv_textconversations: txv_textconversation outlives contact"]

    apply(client, TABLES, sleep=lambda _: None)

    assert environment("GET", path)["CascadeConfiguration"] == {**own, "Delete": "RemoveLink"}
    assert steps() == []


@pytest.mark.parametrize("rule", ["Restrict", "RemoveLink"])
def test_a_record_that_cannot_be_deleted_while_it_has_texts_is_left_so(
    complete: Environment, steps: Found, rule: str
) -> None:
    path = "RelationshipDefinitions(SchemaName='lead_txv_textconversations')"
    link = complete("GET", path)
    complete("PUT", path, {**link, "CascadeConfiguration": {**link["CascadeConfiguration"], "Delete": rule}})
    assert steps() == []


def test_a_table_of_an_earlier_version_gets_notes(environment: Environment, steps: Found) -> None:
    earlier = replace(TABLES, tables=tuple(replace(table, notes=False) for table in TABLES.tables))
    do(environment, plan(earlier, EMPTY).steps)
    assert steps() == ["~ table txv_textmessage: its rows can have notes"]


def test_a_key_that_failed_is_built_again(environment: Environment, steps: Found) -> None:
    [failing] = [step for step in ALL if step.what == "key txv_consent_digits"]
    do(environment, tuple(step for step in ALL if step is not failing))
    for _ in range(2):
        environment("POST", "txv_consents", {"txv_digits": "12065550187"})
    do(environment, (failing,))
    assert steps() == ["~ key txv_consent_digits, whose index could not be built"]


def test_a_solution_is_created_under_the_publisher_that_is_there() -> None:
    publisher = ActualPublisher(id="11111111-2222-3333-4444-555555555555", prefix="txv", option_prefix=47110)
    first = plan(TABLES, replace_actual(publisher=publisher)).steps[0]
    assert first.request.body is not None
    assert first.request.body["publisherid@odata.bind"] == "/publishers(11111111-2222-3333-4444-555555555555)"


def test_a_publisher_with_another_prefix_is_a_conflict() -> None:
    publisher = ActualPublisher(id="1", prefix="new", option_prefix=10000)
    [conflict] = plan(TABLES, replace_actual(publisher=publisher)).conflicts
    assert re.search("prefix new and the option prefix 10000 instead of txv and 47110", conflict)


def test_an_environment_without_leads_is_told_to_install_sales() -> None:
    found = plan(TABLES, Actual(others=frozenset({"account", "contact", "systemuser"})))
    assert found.conflicts == ("There is no table lead: install Dynamics 365 Sales in this environment first.",)


def test_a_column_of_another_type_is_a_conflict(complete: Environment, conflicts: Found) -> None:
    for name in ("txv_segments", "txv_sentbyid"):
        complete("DELETE", column("txv_textmessage", name))
        text = definitions.column(model.text(name, 100, "Text", "Text instead."))
        complete("POST", "EntityDefinitions(LogicalName='txv_textmessage')/Attributes", text)
    assert conflicts() == [
        "The column txv_textmessage.txv_segments is of the type String instead of Integer.",
        "The column txv_textmessage.txv_sentbyid is of the type String instead of Lookup.",
    ]


def test_a_lookup_to_another_table_is_a_conflict(complete: Environment, conflicts: Found) -> None:
    consent = next(table for table in TABLES.tables if table.name == "txv_consent")
    evidence = next(lookup for lookup in consent.lookups if lookup.name == "txv_evidenceid")
    complete("DELETE", f"RelationshipDefinitions(SchemaName='{evidence.relationship}')")
    other = definitions.relationship(replace(evidence, target="task", to_activity=True), "txv_consent")
    complete("POST", "RelationshipDefinitions", other)
    assert conflicts() == ["The lookup txv_consent.txv_evidenceid points to task, not to txv_textmessage."]


def test_a_table_of_another_nature_is_a_conflict(environment: Environment, conflicts: Found) -> None:
    conversation = next(table for table in TABLES.tables if table.is_activity)
    primary = replace(conversation.primary, name="txv_subject")
    plain = replace(conversation, is_activity=False, primary=primary, columns=(), lookups=(), keys=())
    do(environment, plan(replace(TABLES, tables=(plain,)), EMPTY).steps)
    assert conflicts() == [
        "The table txv_textconversation is UserOwned and no activity instead of UserOwned and an activity."
    ]


def test_a_key_over_other_columns_is_a_conflict(complete: Environment, conflicts: Found) -> None:
    keys = "EntityDefinitions(LogicalName='txv_consent')/Keys"
    complete("DELETE", f"{keys}(LogicalName='txv_consent_digits')")
    complete("POST", keys, definitions.key(model.Key("txv_consent_digits", "Digits", ("txv_name",))))
    assert conflicts() == ["The key txv_consent_digits is over txv_name instead of txv_digits."]


def test_what_is_there_is_told_part_by_part(complete: Environment, client: Client) -> None:
    complete("DELETE", column("txv_smsprovider", "txv_media"))
    complete("POST", "DeleteOptionValue", {"OptionSetName": "txv_status", "Value": 471100008})
    same = plan(TABLES, read(client, TABLES)).same
    assert same[:4] == (
        "publisher textverse",
        "solution Textverse",
        "choice txv_direction (2 options)",
        "table txv_smsprovider (7 of 8 columns, 1 key)",
    )
    assert "table txv_texttemplate (6 columns)" in same
    assert plan(TABLES, EMPTY).same == ()
