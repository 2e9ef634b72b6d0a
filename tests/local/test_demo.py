"""The demo as newcomers and continuous integration run it: the tour holds, and its log tells nobody's secrets."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from function_app import dataverse_client
from function_app.logs import JsonFormatter
from local.company.cast import CARDS, NUMBERS, SELLERS
from local.company.founding import found
from local.stack import Stack
from local.tour.play import play
from local.tour.steps import SHORT, STEPS
from messaging.web import HttpRequest
from tests.free_ports import three_free_ports
from tests.stores.organization import Organization

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demo, whose function app signs in as a user that holds the role of the service and no other."""
    stack = Stack(three_free_ports(), tmp_path_factory.mktemp("demo"))
    stack.start()
    with pytest.MonkeyPatch.context() as patch:
        service = Organization(stack.client(), iter(())).employ()
        patch.setattr(dataverse_client, "_DEVELOPMENT_TOKEN", f"user:{service}")
        yield stack
    stack.stop()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """What the function app logs, as the demo writes it."""
    file = tmp_path / "functions.log"
    handler = logging.FileHandler(file)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("textverse")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield file
    logger.removeHandler(handler)
    logger.setLevel(before)
    handler.close()


def test_every_step_of_the_tour_holds_also_a_second_time(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        held = play(stack, SHORT)
        assert held, capsys.readouterr().out


def test_the_log_says_what_happened_and_neither_numbers_nor_texts_nor_secrets(
    stack: Stack, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    play(stack, SHORT)

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"callback taken", "text stored", "report noted", "text was stored before"} <= {
        line["message"] for line in lines
    }
    refusal = next(line for line in lines if line.get("refusal") == "SignatureInvalid")
    assert refusal["account"] == "twilio-demo"
    told = log.read_text()
    texts = re.findall(r"“(.+?)”", capsys.readouterr().out)
    secrets = [secret.secret for account in stack.settings.accounts().values() for secret in account.callback_secrets]
    assert len(texts) > 5
    for private in (*texts, *secrets, "Quist", *(number.e164[1:] for number in NUMBERS), "12065550187", "555-0187"):
        assert private not in told


def test_a_step_that_does_not_hold_is_told_and_the_others_are_played_all_the_same(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    def impossible(stage) -> None:
        """Water flows uphill"""
        # A text would still be on its way when the next test counts notifications.
        stage.call(HttpRequest(method="GET", url=f"{stage.stack.host.url}/api/health"), expect=418)

    def possible(stage) -> None:
        """Water flows downhill"""

    assert not play(stack, (impossible, possible))

    told = capsys.readouterr().out
    assert "✗ the callback answers 200, not 418" in told
    assert "1 of 2 steps did not hold" in told
    assert "2. Water flows downhill\n   ✓ held" in told


def test_the_whole_tour_ends_with_the_outage(capsys: pytest.CaptureFixture[str]) -> None:
    assert STEPS[: len(SHORT)] == SHORT
    assert [step.__name__ for step in STEPS[len(SHORT) :]] == ["dataverse_down"]
    assert all(step.__doc__ for step in STEPS)


def test_founding_the_company_again_changes_nothing(stack: Stack) -> None:

    client = stack.client()
    before = {
        table: len(list(client.rows(table))) for table in ("systemusers", "contacts", "leads", "txv_phonenumbers")
    }

    found(client, stack.settings.accounts().values(), stack.host.url)

    assert before == {table: len(list(client.rows(table))) for table in before}
    assert before["systemusers"] == len(SELLERS) + 3  # an administrator, and the two whom the service signs in as
    assert before["contacts"] == sum(card.table == "contact" for card in CARDS)


def test_the_command_explains_itself_and_says_which_port_is_taken() -> None:
    command = [sys.executable, "-m", "local"]
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, cwd=ROOT, check=True)
    assert all(option in told.stdout for option in ("--port", "--data", "--headless", "--once"))

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = subprocess.run(
            [*command, "--once", "--port", port], capture_output=True, text=True, cwd=ROOT, check=False
        )
    assert refused.returncode == 1
    assert f"port {port}" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--port", "70000"], 2, "choose 1 to 65533"),
        (["--port", "65534"], 2, "choose 1 to 65533"),
        (["--port", "0"], 2, "choose 1 to 65533"),
        (["--port", "seven"], 2, "seven"),
        (["--data", "a file"], 1, "a file cannot be used as a folder"),
        (["--data", "a file/below"], 1, "below cannot be used as a folder"),
        (["--data", "a folder"], 1, "queues.sqlite cannot be used for queues"),
    ],
)
def test_a_port_or_a_folder_that_cannot_be_used_is_told_in_a_sentence(
    tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "queues.sqlite").write_text("something else entirely")
    command = [sys.executable, "-m", "local", "--once", *arguments]

    refused = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )

    assert (refused.returncode, refused.stdout) == (code, "")
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr
