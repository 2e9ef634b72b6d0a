"""Applying components where answers are lost, somebody else is faster, or Dataverse takes its time."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import requests
from urllib3 import HTTPResponse

from dataverse.schema.apply import apply
from dataverse.schema.model import Schema
from dataverse.schema.steps import Step
from dataverse.schema.watcher import Silent
from dataverse.webapi.client import Client

Environment = Any  # of conftest.py
Notes = Any
Planned = Callable[..., Any]
Send = Callable[[], requests.Response]


def test_changes_whose_answers_were_lost_count(
    environment: Environment, client: Client, sample: Schema, planned: Planned
) -> None:
    def lost(carry_out: Send) -> requests.Response:
        carry_out()
        raise requests.ConnectionError("Connection aborted.")

    environment.trouble = [lost, lambda carry_out: carry_out()] * 100
    apply(client, sample, sleep=environment.pass_by)
    assert planned().steps == ()


def test_what_another_run_made_first_counts(
    environment: Environment, client: Client, sample: Schema, planned: Planned
) -> None:
    def someone_else(carry_out: Send) -> requests.Response:
        carry_out()
        return carry_out()

    environment.trouble = [someone_else] * 100
    apply(client, sample, sleep=environment.pass_by)
    assert planned().steps == ()


def test_a_lock_is_waited_for_at_any_step(
    environment: Environment, client: Client, sample: Schema, planned: Planned, notes: Notes
) -> None:
    def locked(carry_out: Send) -> requests.Response:
        answer = requests.Response()
        answer.status_code = 429
        body = json.dumps({"error": {"code": "0x80071151", "message": "Another customization is running."}}).encode()
        answer.headers["Retry-After"] = "3"
        answer.raw = HTTPResponse(BytesIO(body), status=429, preload_content=False)
        return answer

    slept: list[float] = []
    often = 6  # as often as the client tries by itself, and once more
    for _ in range(23):
        environment.trouble += [locked] * often + [lambda carry_out: carry_out()]
    apply(client, sample, sleep=slept.append, watch=notes)
    assert set(slept) == {10.0}
    assert set(notes.waits) == {"Another import, publish or change of tables is running in this environment."}
    assert planned().steps == ()


def test_what_shows_late_is_waited_for(
    environment: Environment, client: Client, sample: Schema, planned: Planned
) -> None:
    """A privilege of a new table is not found until the role waits for it."""
    store = environment.server.service.store
    hidden: list[tuple[object, ...]] = []
    waited: list[str] = []

    class Late(Silent):
        def started(self, step: Step) -> None:
            if step.what == "view Parcels of txv_parcel":
                with store.writing() as db:
                    hidden.extend(db.execute("DELETE FROM privilege WHERE name = 'prvReadtxv_parcel' RETURNING *"))

        def waiting(self, why: str) -> None:
            waited.append(why)

    def sleep(seconds: float) -> None:
        if len(waited) == 2 and hidden:
            with store.writing() as db:
                row = hidden.pop()
                db.execute(f"INSERT INTO privilege VALUES ({', '.join('?' * len(row))})", row)

    apply(client, sample, sleep=sleep, watch=Late())
    assert waited == ["Dataverse does not know yet what was just made."] * 2
    assert planned().steps == ()


def test_it_costs_two_calls_to_read_and_one_for_each_step(
    environment: Environment, client: Client, sample: Schema
) -> None:
    done = apply(client, sample, sleep=environment.pass_by)
    asked = requests.get(f"{environment.server.url}/_emulator/requests", timeout=10).json()
    calls = [each["path"].rpartition("/")[2] for each in asked if not each.get("batch")]
    publishing, keys, placeholders = 2, 1, 1
    assert calls.count("$batch") == 1 + keys + placeholders + 2  # of nothing one knows more with the first call
    assert len(environment.changes()) == len(done) + publishing
