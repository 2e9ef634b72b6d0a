"""Queue triggers of the local host: what fails is tried again, what keeps failing is set aside, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import azure.functions as func
import pytest

from local import pump
from local.pump import QueueOptions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def seen():
    """Texts that the function was called with."""
    return []


@pytest.fixture
def fails():
    """The texts that the function fails on."""
    return set()


@pytest.fixture
def app(app, seen, fails):
    @app.queue_trigger(arg_name="message", queue_name="events", connection="AzureWebJobsStorage")
    def process(message: func.QueueMessage) -> None:
        text = message.get_body().decode()
        seen.append(text)
        if text in fails:
            raise RuntimeError("this one fails")

    return app


def test_a_message_reaches_the_function_once_and_is_gone(serve, queues, seen, eventually):
    serve()
    queues.send("events", "grüße 🎟️")
    eventually(lambda: queues.count("events") == 0)

    assert seen == ["grüße 🎟️"]


def test_what_waited_before_the_start_is_taken_up(serve, queues, seen, eventually):
    queues.send("events", "early")
    serve()
    eventually(lambda: seen == ["early"])


def test_a_failing_message_is_tried_five_times_and_then_set_aside(serve, queues, seen, fails, eventually, caplog):
    fails.add("bad")
    serve()
    queues.send("events", "bad")
    queues.send("events", "good")
    eventually(lambda: queues.count("events-poison") == 1 and queues.count("events") == 0)

    assert Counter(seen) == {"bad": 5, "good": 1}
    assert [message.text for message in queues.peek("events-poison")] == ["bad"]
    assert "Executed 'process' (Failed, attempt 5)" in caplog.text


def test_a_failed_message_waits_as_long_as_host_json_says(serve, queues, seen, fails, host_json, eventually):
    host_json.write_text(json.dumps({"extensions": {"queues": {"visibilityTimeout": "00:10:00"}}}))
    fails.add("bad")
    serve()
    queues.send("events", "bad")
    eventually(lambda: seen)
    time.sleep(0.3)

    assert seen == ["bad"]
    assert queues.count("events") == 1


def test_a_message_that_was_begun_too_often_is_set_aside_without_being_tried_again(serve, queues, seen, eventually):
    queues.send("events", "it takes the host down")
    for _ in range(5):
        queues.receive("events", lease_s=0)
    serve()
    eventually(lambda: queues.count("events-poison") == 1)

    assert seen == []


def test_a_message_that_succeeds_at_last_is_done_and_the_function_knew_how_often_it_was_tried(
    serve, queues, eventually
):
    counts = []
    other = func.FunctionApp()

    @other.queue_trigger(arg_name="message", queue_name="events", connection="AzureWebJobsStorage")
    def process(message: func.QueueMessage) -> None:
        counts.append((message.dequeue_count, message.insertion_time.tzinfo is not None, message.id))
        if len(counts) < 3:
            raise RuntimeError("not yet")

    serve(app=other)
    queues.send("events", "text")
    eventually(lambda: queues.count("events") == 0)

    assert queues.count("events-poison") == 0
    assert [count for count, _, _ in counts] == [1, 2, 3]
    assert len({(aware, id_) for _, aware, id_ in counts}) == 1


def test_messages_are_processed_side_by_side(queues, serve, eventually):
    met, other = threading.Barrier(3), func.FunctionApp()

    @other.queue_trigger(arg_name="message", queue_name="events", connection="AzureWebJobsStorage")
    def process(message: func.QueueMessage) -> None:
        met.wait(timeout=60)

    serve(app=other, workers=3)
    for number in range(3):
        queues.send("events", str(number))
    eventually(lambda: queues.count("events") == 0)


def test_a_long_function_keeps_its_message(monkeypatch, queues, serve, eventually):
    monkeypatch.setattr(pump, "LEASE_S", 0.3)
    calls, other = [], func.FunctionApp()

    @other.queue_trigger(arg_name="message", queue_name="events", connection="AzureWebJobsStorage")
    def process(message: func.QueueMessage) -> None:
        calls.append(message.id)
        time.sleep(1)

    serve(app=other)
    queues.send("events", "long")
    eventually(lambda: queues.count("events") == 0)

    assert len(calls) == 1


def test_nothing_is_lost_when_the_host_is_stopped_and_started_again(serve, queues, seen, eventually):
    texts = [str(number) for number in range(100)]
    for text in texts:
        queues.send("events", text)
    first = serve()
    eventually(lambda: len(seen) > 5)
    first.stop()
    done = len(seen)

    assert queues.count("events") == len(texts) - done  # what was begun was also ended

    serve()
    eventually(lambda: queues.count("events") == 0)

    assert sorted(seen, key=int) == texts


PROGRAM = """\
import sys, time
from pathlib import Path
import azure.functions as func
from local import pump
from local.host import FunctionsHost
from local.queues import SqliteQueues

pump.LEASE_S = 0.5
folder = Path(sys.argv[1])
app = func.FunctionApp()

@app.queue_trigger(arg_name="message", queue_name="events", connection="AzureWebJobsStorage")
def process(message: func.QueueMessage) -> None:
    time.sleep(0.02)
    with (folder / "seen").open("a") as seen:
        seen.write(message.get_body().decode() + "\\n")

FunctionsHost(app, queues=SqliteQueues(folder / "queues.sqlite"), host_json=folder / "host.json", port=0).start()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_nothing_is_lost_when_the_host_is_killed(tmp_path, queues, host_json, eventually):
    texts = [str(number) for number in range(40)]
    for text in texts:
        queues.send("events", text)
    seen = tmp_path / "seen"
    seen.touch()
    for enough in (5, 15):
        with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT) as host:
            eventually(lambda enough=enough: len(seen.read_text().splitlines()) > enough)
            host.send_signal(signal.SIGKILL)
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT) as host:
        eventually(lambda: queues.count("events") == 0, timeout_s=20)
        host.kill()

    assert sorted(set(seen.read_text().split()), key=int) == texts


def test_a_queue_file_that_is_locked_for_a_while_stops_nothing(serve, queues, seen, eventually, tmp_path, caplog):
    queues._db.execute("PRAGMA busy_timeout = 10")
    serve()
    with closing(sqlite3.connect(tmp_path / "queues.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        eventually(lambda: "The queue events cannot be read" in caplog.text)
        other.execute("ROLLBACK")
    queues.send("events", "late")
    eventually(lambda: seen == ["late"])


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ({}, QueueOptions(max_dequeue_count=5, visibility_timeout_s=0)),
        ({"extensions": {"queues": {"visibilityTimeout": "01:02:30", "maxDequeueCount": 3}}}, QueueOptions(3, 3750)),
    ],
)
def test_host_json_is_read_with_the_defaults_of_azure(tmp_path, content, options):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(content))

    assert QueueOptions.read(path) == options
