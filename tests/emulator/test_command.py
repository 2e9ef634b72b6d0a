"""`python -m emulator`, as a person starts and stops it."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys

import pytest
import requests


def run(*arguments):
    command = [sys.executable, "-m", "emulator", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def start():
    started = []

    def begin(*arguments):
        command = [sys.executable, "-m", "emulator", *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        lines = [process.stdout.readline() for _ in range(5)]
        return process, lines[0].split()[-1], lines

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_help_teaches():
    answer = run("--help")
    assert answer.returncode == 0
    for word in ("--port", "--data", "7072", "Authorization: Bearer", "curl", "/_emulator/requests"):
        assert word in answer.stdout
    for option in ("--load", "--fault", "--behaviour"):
        assert answer.stdout.count(option) >= 2 or option == "--behaviour"
    assert max(len(line) for line in answer.stdout.splitlines()) <= 140


def test_the_examples_of_the_help_work(start):
    text = run("--help").stdout
    rules = re.findall(r"--fault (\w+:\S+)", text)
    assert len(rules) >= 3
    words = [word for rule in rules for word in ("--fault", rule)]
    _, root, _ = start("--port", 0, "--behaviour", "parallelism=6", *words)
    there = root.partition("/api/")[0] + "/_emulator/"
    assert len(requests.get(there + "faults", timeout=60).json()) == len(rules)
    assert requests.get(there + "behaviour", timeout=60).json()["parallelism"] == 6
    commands = re.findall(
        r"curl(?: -X (\w+))? http://127.0.0.1:7072/_emulator/(\w+)(?: -d '(.*)')?$", text, re.MULTILINE
    )
    assert len(commands) >= 4
    for method, path, body in commands:
        answer = requests.request(method or ("POST" if body else "GET"), there + path, data=body or None, timeout=60)
        assert answer.ok, answer.text


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--fault", "430", "There is no fault '430'. There are: 429, 503"),
        ("--fault", "429:sometimes", "reason is one of burst, time, concurrency, not 'sometimes'."),
        ("--fault", "429:pth=x", "'pth=x' says nothing to the fault 429. It takes: reason, retry_after, method, path"),
        ("--fault", "reset:now", "'now' says nothing to the fault reset. It takes: method, path"),
        ("--fault", "delay", "the fault delay needs seconds"),
        ("--fault", "delay:soon", "seconds is a number of seconds from 0 to 3600, not 'soon'."),
        ("--fault", "429:next=x", "next is a whole number from 1 on, not 'x'."),
        ("--behaviour", "limit=1", "There is no switch 'limit'. There are: webhooks_dropped"),
        ("--behaviour", "limits=maybe", "limits is true or false, not 'maybe'."),
        ("--behaviour", "limits", "limits is true or false, not ''."),
        ("--load", "nowhere.jsonl", "nowhere.jsonl cannot be read: No such file or directory."),
    ],
)
def test_what_it_cannot_do_it_says(option, value, words):
    answer = run("--port", 0, option, value)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_rows_are_loaded_before_it_answers(start, tmp_path):
    file = tmp_path / "rows.jsonl"
    contact = "0b000000-0000-4000-8000-000000000001"
    row = {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": contact, "lastname": "A"}
    file.write_text(json.dumps(row))
    process, root, _ = start("--port", 0, "--load", file, "--fault", "503:target=operation:method=POST")
    answer = requests.get(f"{root}contacts({contact})", headers={"Authorization": "Bearer x"}, timeout=60)
    assert answer.json()["lastname"] == "A"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[1].startswith("Loaded 1 contact in 0.0 s")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_load_that_is_interrupted_leaves_nothing(tmp_path, how):
    file, data = tmp_path / "rows.jsonl", tmp_path / "data.sqlite"
    row = '{"@odata.type": "contact", "lastname": "A", "contactid": "0b000000-0000-4000-8000-%012d"}\n'
    file.write_text("".join(row % number for number in range(300_000)))
    command = [sys.executable, "-m", "emulator", "--port", "0", "--data", str(data), "--load", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert "rows/s" in process.stderr.readline()
        process.send_signal(how)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "Interrupted: nothing was loaded."
    with contextlib.closing(sqlite3.connect(data)) as db:
        assert db.execute("SELECT count(*) FROM contact").fetchone() == (0,)


def test_a_file_that_another_has(start, tmp_path):
    start("--port", 0, "--data", tmp_path / "data.sqlite")
    answer = run("--port", 0, "--data", tmp_path / "data.sqlite")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.endswith("data.sqlite is in use by another emulator. Stop that one, or choose another file.\n")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_says_where_and_stops_on_a_signal(start, tmp_path, how):
    process, root, lines = start("--port", 0, "--data", tmp_path / "data.sqlite")
    assert lines[0].startswith("Dataverse emulator at http://127.0.0.1:")
    answer = requests.get(root + "WhoAmI", headers={"Authorization": "Bearer x"}, timeout=60)
    assert answer.status_code == 200
    process.send_signal(how)
    assert (process.communicate(timeout=60), process.returncode) == (("", ""), 0)
    for identity in ("0a000000-0000-4000-8000-00000000000a", answer.json()["UserId"], answer.json()["BusinessUnitId"]):
        assert identity in "".join(lines)
    assert not list(tmp_path.glob("*-wal"))


def test_it_can_end_with_whoever_started_it():
    command = [sys.executable, "-m", "emulator", "--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        root = process.stdout.readline().split()[-1]
        process.stdin.write("this is not the end\n")
        process.stdin.flush()
        assert requests.get(root, headers={"Authorization": "Bearer x"}, timeout=60).status_code == 200
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_a_fresh_environment_has_standard_tables_and_nothing_else(start):
    _, root, _ = start("--port", 0)
    headers = {"Authorization": "Bearer x"}
    custom = requests.get(f"{root}EntityDefinitions?$filter=IsCustomEntity eq true", headers=headers, timeout=60)
    assert custom.json()["value"] == []
    users = requests.get(f"{root}systemusers?$select=fullname", headers=headers, timeout=60).json()["value"]
    assert {user["fullname"] for user in users} == {"System Administrator", "# application"}
    assert len(requests.get(f"{root}businessunits", headers=headers, timeout=60).json()["value"]) == 1
    roles = requests.get(f"{root}roles?$select=name", headers=headers, timeout=60).json()["value"]
    assert {role["name"] for role in roles} == {"System Administrator", "Salesperson", "Delegate"}


def test_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("--port", port)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith(f"Port {port} cannot be used: Address already in use.")
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("port", [65536, -1])
def test_a_port_that_cannot_be(port):
    answer = run("--port", port)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"Port {port} cannot be used: " in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_file_that_is_not_ours(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("precious " * 100)
    answer = run("--port", 0, "--data", file)
    assert answer.returncode == 2
    assert "is not a database of the emulator" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_file_in_a_folder_that_is_not_there(tmp_path):
    answer = run("--port", 0, "--data", tmp_path / "nowhere" / "data.sqlite")
    assert answer.returncode == 2
    assert "nowhere" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "example.com"])
def test_another_address_is_refused(host):
    answer = run("--port", 0, "--host", host)
    assert answer.returncode == 2
    assert "serves this machine only" in answer.stderr
