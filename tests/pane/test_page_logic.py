"""The pure modules of the pages, in Node's own test runner, and what they have in common with Python."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from dataverse.schema.choices import DIRECTION, STATUS
from dataverse.schema.commands import COMMANDS
from local.pane.setup_steps import FILE, script
from local.pane.site import PANE
from local.phone.sentences import sentences
from messaging.numbers import read_address
from messaging.records import OurNumber, Person, Principal, PrincipalKind, Record, Table
from messaging.status import FailureReason
from routing.candidate import Candidate
from routing.explain import explanation
from routing.rank import decide

SELLER = Principal(PrincipalKind.USER, UUID(int=1))
TEAM = Principal(PrincipalKind.TEAM, UUID(int=2))
SAY = """
import {{ sentences }} from "{0}/explanation.js";
const given = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(given.map(([stored, names]) => sentences(stored, new Map(names)))));
"""
TELL = """
import {{ DIRECTIONS, STATUSES }} from "{0}/messages.js";
import {{ problem, statusWord }} from "{0}/words.js";
const reasons = JSON.parse(await new Response(process.stdin).text());
const told = reasons.map((reason) => problem({{ status: "Failed", reason }}));
console.log(JSON.stringify([DIRECTIONS, STATUSES, STATUSES.map(statusWord), told]));
"""
CALL = """
import vm from "node:vm";
const [source, names] = JSON.parse(await new Response(process.stdin).text());
const globals = vm.createContext({});
vm.runInContext(source, globals);
console.log(JSON.stringify(names.map((name) => vm.runInContext(`typeof ${name}`, globals))));
"""


def node(code: str, given: object) -> object:
    """What a script in Node.js prints, as JSON, about what it is given."""
    command = [shutil.which("node"), "--input-type=module", "--eval", code]
    run = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.node
def test_the_modules_do_what_their_tests_say():
    tests = sorted(Path(__file__).parent.glob("*.test.mjs"))
    result = subprocess.run(
        [shutil.which("node"), "--test", *map(str, tests)], capture_output=True, text=True, timeout=120, check=False
    )

    assert len(tests) >= 8
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.node
def test_why_a_text_is_where_it_is_reads_the_same_in_the_pane_as_in_the_demo():
    chance = random.Random(20261120)
    asked, expected = [], []
    for _ in range(600):
        candidates = [_candidate(chance, number) for number in range(chance.randrange(8))]
        number = OurNumber(id=UUID(int=9), owner=chance.choice([SELLER, TEAM]), people=(Person(SELLER.id, ""),))
        sender = read_address(chance.choice(["+12065550187", "24273"] if not candidates else ["+12065550187"]))
        stored = json.dumps({**explanation(decide(candidates, number), sender), **_additions(chance)})
        names = {each.record: f"N{each.record.id.int}" for each in candidates if chance.random() < 0.7}
        people = {UUID(int=each): f"P{each}" for each in range(200, 204) if chance.random() < 0.7}
        asked.append([stored, [[str(each), name] for each, name in (*_ids(names), *people.items())]])
        expected.append(sentences(stored, names, people))

    assert node(SAY.format(PANE.as_uri()), asked) == expected
    assert len({len(each) for each in expected}) > 5


def _ids(names: Mapping[Record, str]) -> Iterator[tuple[UUID, str]]:
    return ((record.id, name) for record, name in names.items())


def _additions(chance: random.Random) -> dict[str, object]:
    """What a decision may say besides; rows of earlier releases say none of it."""
    passed = [
        {"id": str(UUID(int=each)), "because": chance.choice(["disabled", "no licence"])}
        for each in range(200, 200 + chance.randrange(5))
    ]
    cut = {"table": chance.choice([*Table]), "carry_it": "more than 5000", "compared": 5000, "rule": "the newest"}
    possible = {
        "ambiguous": True,
        "outcome": chance.choice(["record", "asked", "lead", "waits"]),
        "waits_because": "new leads are turned off for this number",
        "told": {"line": chance.choice(["number", "record", "administrators", None]), "passed_over": passed},
        "cut": [cut],
        "not_shown": chance.randrange(3),
    }
    return {name: value for name, value in possible.items() if chance.random() < 0.6}


def _candidate(chance: random.Random, number: int) -> Candidate:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    last = start + timedelta(days=chance.randrange(3)) if chance.random() < 0.4 else None
    return Candidate(
        record=Record(chance.choice([*Table]), UUID(int=number + 100)),
        owner=chance.choice([SELLER, TEAM, None]),
        active=chance.random() < 0.7,
        modified_on=start + timedelta(days=chance.randrange(2)),
        found_by=("mobilephone",),
        last_conversation_on=last,
    )


@pytest.mark.node
def test_every_status_and_every_reason_for_a_failure_has_words():
    reasons = [reason.value for reason in FailureReason]
    directions, statuses, words, told = node(TELL.format(PANE.as_uri()), [*reasons, "Unheard"])

    assert directions == [option.label for option in DIRECTION.options]
    assert statuses == [option.label for option in STATUS.options]
    assert all(word[:1].isupper() for word in words)
    assert [len(sentences) for sentences in told] == [2] * len(told)
    assert all(re.fullmatch(r"[A-Z].+\.", sentence) for sentences in told for sentence in sentences)
    assert len({sentences[0] for sentences in told}) == len(told)


@pytest.mark.node
def test_every_button_calls_a_function_that_is_there():
    functions = [command.function for command in COMMANDS]

    assert node(CALL, [(PANE / "commands.js").read_text("utf-8"), functions]) == ["function"] * len(functions)


def test_what_to_enter_at_the_providers_is_current():
    assert FILE.read_text("utf-8") == script(), "run: python -m local.pane.setup_steps"
