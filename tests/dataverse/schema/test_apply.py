"""Applying the schema: once, twice, cut off, locked, at the same time as someone else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import requests
from urllib3 import HTTPResponse

from dataverse.schema.apply import apply, preview
from dataverse.schema.components import Components
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.steps import Step
from dataverse.webapi import errors
from dataverse.webapi.client import Client
from messaging.errors import ConfigurationError, Refused, Unavailable

Environment = Any  # of conftest.py
Notes = Any
Trouble = Callable[[Callable[[], requests.Response]], requests.Response]
TABLES = replace(TEXTVERSE, components=Components())
BODY = "EntityDefinitions(LogicalName='txv_textmessage')/Attributes(LogicalName='txv_body')"
MEMO = f"{BODY}/Microsoft.Dynamics.CRM.MemoAttributeMetadata"


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def run(environment: Environment, client: Client, slept: list[float], notes: Notes) -> Any:
    """Apply the schema, keeping what was slept and announced; while it sleeps, the environment's time goes by."""

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        environment.pass_by(seconds)

    return lambda: apply(client, TABLES, sleep=sleep, watch=notes)


def answered(status: int, body: str = "") -> requests.Response:
    """An answer that somebody on the way gives."""
    answer = requests.Response()
    answer.status_code = status
    answer.raw = HTTPResponse(BytesIO(body.encode()), status=status, preload_content=False)
    return answer


@pytest.fixture
def fine() -> Trouble:
    """No trouble."""
    return lambda carry_out: carry_out()


@pytest.fixture
def lost() -> Trouble:
    """The change is made, and its answer lost."""

    def lose(carry_out: Callable[[], requests.Response]) -> requests.Response:
        carry_out()
        raise requests.ConnectionError("Connection aborted.")

    return lose


@pytest.fixture
def down() -> Trouble:
    """The service is down before the change is made."""
    return lambda carry_out: answered(503)


def test_an_empty_environment_gets_everything_and_is_published_once(
    environment: Environment, run: Any, notes: Notes
) -> None:
    done = run()
    assert all(isinstance(step, Step) for step in done)
    assert notes.steps == [*map(str, done), "~ publish"]
    assert notes.planned_steps == [notes.steps]
    assert notes.waits == []
    changes = environment.changes()
    assert changes.count("POST PublishXml") == 1
    assert changes[-1] == "POST PublishXml"
    assert len(changes) == len(done) + 1
    options = environment("GET", "GlobalOptionSetDefinitions(Name='txv_direction')")["Options"]
    labels = {each["Value"]: each["Label"]["UserLocalizedLabel"]["Label"] for each in options}
    assert labels == {471100000: "Incoming", 471100001: "Outgoing"}


def test_everything_is_in_the_solution(environment: Environment, run: Any) -> None:
    run()
    [solution] = environment("GET", "solutions?$filter=uniquename eq 'Textverse'")["value"]
    found = environment("GET", f"solutioncomponents?$filter=_solutionid_value eq {solution['solutionid']}")["value"]
    kinds = [row["componenttype"] for row in found]
    tables, choices = len(TABLES.tables), len(TABLES.choices)
    keys = sum(len(table.keys) for table in TABLES.tables)
    assert (kinds.count(1), kinds.count(9), kinds.count(14)) == (tables, choices, keys)


def test_a_second_run_changes_nothing(environment: Environment, run: Any, notes: Notes) -> None:
    run()
    environment.forget()
    notes.steps.clear()
    assert run() == ()
    assert environment.changes() == ["POST PublishXml"]
    assert notes.steps == ["~ publish"]


def test_a_preview_changes_nothing(environment: Environment, client: Client) -> None:
    assert len(preview(client, TABLES).steps) > 60
    assert environment.changes() == []


def test_a_conflict_stops_before_anything_is_changed(environment: Environment, client: Client) -> None:
    table = TABLES.tables[0]
    lookup = replace(TABLES.tables[-1].lookups[0], target="incident")
    schema = replace(TABLES, tables=(replace(table, lookups=(lookup,)),))
    with pytest.raises(ConfigurationError, match=r"no table incident: install Dynamics 365"):
        apply(client, schema, sleep=environment.pass_by)
    assert environment.changes() == []


def test_a_run_that_breaks_off_is_finished_by_the_next(
    environment: Environment, run: Any, fine: Trouble, down: Trouble, client: Client
) -> None:
    environment.trouble = [fine] * 8 + [down] * 5
    with pytest.raises(errors.ServiceDown):
        run()
    left = [step.what for step in preview(client, TABLES).steps]
    assert [step.what for step in run()] == left
    assert run() == ()


def test_another_customization_is_waited_for(environment: Environment, client: Client, notes: Notes) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        environment.behaviour.customization_locked = len(slept) < 2

    def asked_to_wait(carry_out: Callable[[], requests.Response]) -> requests.Response:
        answer = carry_out()
        answer.headers["Retry-After"] = "25"
        return answer

    environment.behaviour.customization_locked = True
    environment.trouble = [asked_to_wait] * 3
    apply(client, TABLES, sleep=sleep, watch=notes)
    assert slept == [25.0, 10.0]
    assert notes.waits == ["Another import, publish or change of tables is running in this environment."] * 2
    assert preview(client, TABLES).steps == ()


def test_a_lock_that_stays_is_an_error(environment: Environment, run: Any, slept: list[float]) -> None:
    environment.behaviour.customization_locked = True
    with pytest.raises(errors.CustomizationLocked):
        run()
    assert sum(slept) == 590


def test_a_change_whose_answer_was_lost_counts(
    environment: Environment, run: Any, lost: Trouble, fine: Trouble
) -> None:
    environment.trouble = [lost, fine] * 200
    run()
    assert run() == ()


def test_what_another_run_made_first_counts(environment: Environment, run: Any, client: Client) -> None:
    def someone_else(carry_out: Callable[[], requests.Response]) -> requests.Response:
        carry_out()
        return carry_out()

    environment.trouble = [someone_else] * 200
    run()
    assert preview(client, TABLES).steps == ()


def test_a_change_that_shows_late_is_waited_for(environment: Environment, client: Client, fine: Trouble) -> None:
    catalog = environment.server.service.catalog
    hidden: list[Any] = []
    slept: list[float] = []

    def made_before_and_not_shown_yet(carry_out: Callable[[], requests.Response]) -> requests.Response:
        shown = catalog.schema
        carry_out()
        refusal = carry_out()
        hidden.append(catalog.schema)
        catalog.schema = shown
        return refusal

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            catalog.schema = hidden[0]

    last_table = 4 + len(TABLES.tables) - 1
    environment.trouble = [fine] * last_table + [made_before_and_not_shown_yet]
    apply(client, TABLES, sleep=sleep)
    assert slept == [2.0, 2.0]


def test_a_refusal_that_means_it_is_raised(
    environment: Environment, client_of: Callable[..., Client], maker_without: Callable[[Environment, str], str]
) -> None:
    client = client_of(environment, f"user:{maker_without(environment, 'prvCreateEntity')}")
    with pytest.raises(errors.PrivilegeMissing, match=r"^POST EntityDefinitions: 403 0x80040220"):
        apply(client, TABLES, sleep=environment.pass_by)


def test_keys_are_waited_for(environment: Environment, run: Any, slept: list[float], notes: Notes) -> None:
    environment.behaviour.keys_pending_seconds = 200
    run()
    assert set(slept) == {5.0}
    assert sum(slept) == 200
    [wait] = set(notes.waits)
    assert wait.startswith(
        "Dataverse is building the index of txv_consent_digits, txv_phonekey_digits, txv_phonenumber_digits, "
    )
    assert set(environment.keys().values()) == {"Active"}
    assert environment.changes()[-1] == "POST PublishXml"


def test_keys_that_are_never_ready_are_an_error_after_ten_minutes(
    environment: Environment, run: Any, slept: list[float]
) -> None:
    environment.behaviour.keys_pending_seconds = 10**6
    with pytest.raises(Unavailable, match="still being built"):
        run()
    assert sum(slept) == 600


def test_a_key_over_rows_that_are_not_unique_is_named_and_mended_by_the_next_run(
    environment: Environment, client: Client, run: Any, notes: Notes
) -> None:
    rows: list[str] = []

    def meanwhile(seconds: float) -> None:
        if not rows:
            rows.extend(environment("POST", "txv_consents", {"txv_digits": "12065550187"}) for _ in range(2))
        environment.pass_by(seconds)

    environment.behaviour.keys_pending_seconds = 60
    with pytest.raises(Refused, match="could not build txv_consent_digits: rows have the same values"):
        apply(client, TABLES, sleep=meanwhile)
    assert "POST PublishXml" not in environment.changes()
    environment("DELETE", f"txv_consents{rows[0].rpartition('txv_consents')[2]}")
    notes.steps.clear()
    run()
    assert notes.steps == ["~ key txv_consent_digits, whose index could not be built", "~ publish"]
    assert environment.keys()["txv_consent_digits"] == "Active"


def test_a_column_is_lengthened_within_its_whole_definition(environment: Environment, run: Any) -> None:
    run()
    shorter = {**environment("GET", MEMO), "MaxLength": 2_000}
    shorter["Description"] = {"LocalizedLabels": [{"Label": "As worded by an administrator", "LanguageCode": 1033}]}
    environment("PUT", BODY, shorter)
    before = environment("GET", MEMO)
    environment.forget()
    run()
    assert environment.changes() == [f"PUT {BODY}", "POST PublishXml"]
    assert environment("GET", MEMO) == {**before, "MaxLength": 10_000}


def test_names_in_paths_are_ours_even_where_dataverse_makes_its_own(environment: Environment, run: Any) -> None:
    run()
    path = "EntityDefinitions(LogicalName='txv_phonekey')"
    environment("PUT", path, {**environment("GET", path), "EntitySetName": "txv_phonekeies"})
    before = environment("GET", path)
    run()
    assert environment("GET", path) == {**before, "EntitySetName": "txv_phonekeys"}


def test_changes_that_never_show_are_an_error(environment: Environment, run: Any) -> None:
    environment.trouble = [lambda carry_out: answered(204)] * 1000
    with pytest.raises(Refused, match=r"still lacks: \+ publisher textverse"):
        run()


def test_an_option_that_a_later_version_brings_is_added(environment: Environment, run: Any) -> None:
    run()
    environment("POST", "DeleteOptionValue", {"OptionSetName": "txv_status", "Value": 471100008})
    environment.forget()
    assert list(map(str, run())) == ["+ option Unconfirmed of txv_status"]
    assert environment.changes() == ["POST InsertOptionValue", "POST PublishXml"]
    options = environment("GET", "GlobalOptionSetDefinitions(Name='txv_status')")["Options"]
    assert options[-1]["Value"] == 471100008
    columns = "EntityDefinitions(LogicalName='txv_textmessage')/Attributes(LogicalName='txv_status')"
    path = f"{columns}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet"
    assert environment("GET", path)["OptionSet"]["Options"][-1]["Value"] == 471100008
