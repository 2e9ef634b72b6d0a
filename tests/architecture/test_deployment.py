"""What Azure reads agrees with itself, wherever it is written down."""

from __future__ import annotations

import ast
import json
import re

ENTRY = "PYTHON_SCRIPT_FILE_NAME"


def test_the_entry_script_has_one_name_wherever_it_stands(root, files):
    # Without it Azure finds no functions, and says nothing (a worker with a missing script starts without an error).
    stated = {
        name: found[1]
        for name, text in files.items()
        if not name.startswith("tests/")
        for found in re.finditer(ENTRY + r"""['"`]?\s*[=:,]\s*(?:value:\s*)?['"`]?([\w./-]+?\.py)\b""", text)
    }

    assert "local.settings.example.json" in stated
    assert {*stated.values()} == {"azure_entry.py"}
    assert (root / "azure_entry.py").is_file()


def test_the_entry_script_is_one_import_of_the_app(root):
    entry = ast.parse((root / "azure_entry.py").read_text(encoding="utf-8"))
    imports = [node for node in entry.body if isinstance(node, ast.Import | ast.ImportFrom)]

    assert [ast.unparse(node) for node in imports] == ["from function_app.app import app"]


def test_nothing_of_development_is_sent_to_azure(root, packages):
    ignored = {line.strip("/\n") for line in (root / ".funcignore").read_text(encoding="utf-8").splitlines()}

    assert {"admin", "emulator", "local", "tests", "local.settings*.json", ".*"} <= ignored
    assert (
        ignored & {"messaging", "routing", "notifications", "pipeline", "providers", "dataverse", "function_app"}
        == set()
    )
    assert set(packages) >= {"function_app", "messaging"}


def test_a_failing_text_is_tried_five_times_half_a_minute_apart(root):
    queues = json.loads((root / "host.json").read_text(encoding="utf-8"))["extensions"]["queues"]

    assert queues["maxDequeueCount"] == 5
    assert queues["visibilityTimeout"] == "00:00:30"
    assert queues["messageEncoding"] == "base64"


def test_the_threads_of_the_worker_suffice_for_a_full_batch(root):
    queues = json.loads((root / "host.json").read_text(encoding="utf-8"))["extensions"]["queues"]
    example = json.loads((root / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]

    assert int(example["PYTHON_THREADPOOL_THREAD_COUNT"]) >= queues["batchSize"]


def test_constraints_pin_what_the_requirements_pull_in_and_nothing_twice(root):
    pinned = [
        re.split(r"[=\[;]", line)[0].lower()
        for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]

    assert len(pinned) == len(set(pinned))


def test_every_requirement_is_pinned_to_one_version(root):
    loose = [
        line
        for path in root.glob("requirements*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r ")) and not re.match(r"[\w.\-\[\]]+==[\w.]+(;|\s|$)", line)
    ]

    assert loose == []
