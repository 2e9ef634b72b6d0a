"""Applying the schema: once, twice, cut off, locked, at the same time as someone else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from dataverse.schema.apply import apply, preview
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.plan import Step
from dataverse.webapi import errors
from dataverse.webapi.client import Client
from messaging.errors import ConfigurationError, Refused, Unavailable

Environment = Any  # of conftest.py


@pytest.fixture
def steps() -> list[str]:
    return []


@pytest.fixture
def run(client: Client, slept: list[float], steps: list[str]) -> Any:
    """Apply the schema, keeping what was slept and announced."""
    return lambda: apply(client, sleep=slept.append, on_step=lambda step: steps.append(step.what))


@pytest.fixture
def locked() -> Callable[[Callable[[], Any]], Any]:
    """Trouble: another customization is running."""
    error = '{"error": {"code": "0x80071151", "message": "Cannot start another [PublishAll]"}}'
    return lambda carry_out: (400, {"Retry-After": "25"}, error)


@pytest.fixture
def lost() -> Callable[[Callable[[], Any]], Any]:
    """Trouble: the change is made, and its answer lost."""

    def lose(carry_out: Callable[[], Any]) -> Any:
        carry_out()
        return requests.ConnectionError("Connection aborted.")

    return lose


@pytest.fixture
def down() -> Callable[[Callable[[], Any]], Any]:
    """Trouble: the service is down before the change is made."""
    return lambda carry_out: (503, {}, "")


def test_an_empty_environment_gets_everything_and_is_published_once(
    environment: Environment, run: Any, steps: list[str]
) -> None:
    done = run()
    assert all(isinstance(step, Step) for step in done)
    assert steps == [*(step.what for step in done), "publish"]
    assert environment.log.count("POST PublishXml") == 1
    assert environment.log[-1] == "POST PublishXml"
    assert len(environment.log) == len(done) + 1
    assert environment.choices["txv_direction"] == {471100000: "Incoming", 471100001: "Outgoing"}
    assert environment.tables["txv_textmessage"]["lookups"]["txv_conversationid"] == "txv_textconversation"


def test_a_second_run_changes_nothing(environment: Environment, run: Any, steps: list[str]) -> None:
    run()
    environment.log.clear()
    steps.clear()
    assert run() == ()
    assert environment.log == ["POST PublishXml"]
    assert steps == ["publish"]


def test_a_preview_changes_nothing(environment: Environment, client: Client) -> None:
    assert len(preview(client).steps) > 60
    assert environment.log == []


def test_a_conflict_stops_before_anything_is_changed(environment: Environment, run: Any) -> None:
    del environment.tables["lead"]
    with pytest.raises(ConfigurationError, match=r"no table lead: install Dynamics 365 Sales"):
        run()
    assert environment.log == []


def test_a_run_that_breaks_off_is_finished_by_the_next(environment: Environment, run: Any, down: Any) -> None:
    environment.trouble = [lambda carry_out: carry_out()] * 8 + [down] * 5
    with pytest.raises(errors.ServiceDown):
        run()
    before = set(environment.tables)
    run()
    assert before < set(environment.tables)
    assert run() == ()


def test_another_customization_is_waited_for(
    environment: Environment, run: Any, slept: list[float], locked: Any
) -> None:
    environment.trouble = [locked, locked]
    run()
    assert slept[:2] == [25.0, 25.0]
    assert environment.log[0] == "POST publishers"


def test_a_lock_that_stays_is_an_error(environment: Environment, run: Any, locked: Any) -> None:
    environment.trouble = [locked] * 60
    with pytest.raises(errors.CustomizationLocked):
        run()


def test_a_change_whose_answer_was_lost_counts(environment: Environment, run: Any, lost: Any) -> None:
    environment.trouble = [lost, lambda carry_out: carry_out()] * 200
    run()
    assert run() == ()


def test_what_another_run_made_first_counts(environment: Environment, run: Any, client: Client) -> None:
    def someone_else(carry_out: Any) -> Any:
        carry_out()
        return carry_out()

    environment.trouble = [someone_else] * 200
    run()
    assert preview(client).steps == ()


def test_a_change_that_shows_late_is_waited_for(environment: Environment, client: Client) -> None:
    hidden = {}
    slept = []

    def made_before_and_not_shown_yet(carry_out: Any) -> Any:
        carry_out()
        hidden["txv_consent"] = environment.tables.pop("txv_consent")
        return 400, {}, '{"error": {"code": "0x80044363", "message": "exists"}}'

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            environment.tables |= hidden

    last_table = 4 + len(TEXTVERSE.tables) - 1
    environment.trouble = [lambda carry_out: carry_out()] * last_table + [made_before_and_not_shown_yet]
    apply(client, sleep=sleep)
    assert slept == [2.0, 2.0]


def test_a_refusal_that_means_it_is_raised(environment: Environment, run: Any) -> None:
    error = '{"error": {"code": "0x80040220", "message": "missing prvCreateEntity"}}'
    environment.trouble = [lambda carry_out: carry_out()] * 5 + [lambda carry_out: (403, {}, error)]
    with pytest.raises(errors.PrivilegeMissing, match=r"^POST EntityDefinitions: 403 0x80040220"):
        run()


def test_keys_are_waited_for(environment: Environment, run: Any, slept: list[float]) -> None:
    environment.key_polls = 40
    run()
    assert slept
    assert set(slept) == {5.0}
    keys = [key for table in environment.tables.values() for key in table["keys"].values()]
    assert {key["EntityKeyIndexStatus"] for key in keys} == {"Active"}
    assert environment.log[-1] == "POST PublishXml"


def test_keys_that_are_never_ready_are_an_error_after_ten_minutes(
    environment: Environment, run: Any, slept: list[float]
) -> None:
    environment.key_polls = 10**6
    with pytest.raises(Unavailable, match="still being built"):
        run()
    assert sum(slept) == 600


def test_a_key_over_rows_that_are_not_unique_is_named_and_mended_by_the_next_run(
    environment: Environment, run: Any, steps: list[str]
) -> None:
    environment.keys_that_fail = {"txv_consent_digits"}
    environment.key_polls = len(TEXTVERSE.tables)
    with pytest.raises(Refused, match="could not build txv_consent_digits: rows have the same values"):
        run()
    assert "POST PublishXml" not in environment.log
    environment.keys_that_fail.clear()
    steps.clear()
    run()
    assert steps == ["build key txv_consent_digits again", "publish"]


def test_a_column_is_lengthened_within_its_whole_definition(environment: Environment, run: Any) -> None:
    run()
    attribute = environment.tables["txv_textmessage"]["attributes"]["txv_body"]
    attribute |= {"MaxLength": 2_000, "IsSearchable": True}
    environment.log.clear()
    run()
    written = environment.tables["txv_textmessage"]["attributes"]["txv_body"]
    assert written == {**attribute, "MaxLength": 10_000}
    path = "EntityDefinitions(LogicalName='txv_textmessage')/Attributes(LogicalName='txv_body')"
    assert environment.log == [f"PUT {path}", "POST PublishXml"]


def test_names_in_paths_are_ours_even_where_dataverse_makes_its_own(environment: Environment, run: Any) -> None:
    environment.ignores_set_names = True
    run()
    assert {environment.tables[table.name]["set_name"] for table in TEXTVERSE.tables} == {
        table.set_name for table in TEXTVERSE.tables
    }


def test_changes_that_never_show_are_an_error(environment: Environment, run: Any) -> None:
    environment.trouble = [lambda carry_out: (204, {}, "")] * 1000
    with pytest.raises(Refused, match="still lacks: create publisher textverse"):
        run()
