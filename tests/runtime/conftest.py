"""Function apps in the real worker of Azure Functions."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROCESS = Path(__file__).with_name("worker_process.py")


class Worker:
    """One app in a worker process of its own: the worker knows one app for as long as it lives."""

    def __init__(self, folder, settings) -> None:
        environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "SYSTEMROOT"}}
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, str(PROCESS), str(folder)],
            env=environment | settings,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )
        loaded = self._read()
        self.error = loaded.get("error")
        self.bindings = dict(loaded["functions"])

    @property
    def index(self):
        """The functions as Azure sees them: name → everything that its trigger says, without the parameter's name."""
        triggers = {
            name: next(each for each in bindings if _is_trigger(each)) for name, bindings in self.bindings.items()
        }
        return {name: _told(trigger) for name, trigger in triggers.items()}

    def http(self, function, method="GET", url="http://localhost/", *, headers=None, query=None, route=None, body=b""):
        """Call an HTTP function with the raw `url` and `body`; the answer's body is bytes."""
        request = {
            "method": method,
            "url": url,
            "headers": headers or {},
            "query": query or {},
            "route": route or {},
            "body": base64.b64encode(body).decode(),
        }
        answer = self._call(function, "http", request)
        return answer | {"body": base64.b64decode(answer["body"])} if "body" in answer else answer

    def queue(self, function, body, *, dequeue_count=1):
        """Call a queue function; `ok` in the answer says whether the message would be deleted."""
        return self._call(function, "queue", {"body": body, "dequeue_count": dequeue_count})

    def close(self):
        """End the process."""
        self._process.communicate()
        self._log.close()

    def _read(self):
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            pytest.fail(f"the worker process ended:\n{self._log.read()}")
        return json.loads(line)

    def _call(self, function, trigger, request):
        parameter = next(each["name"] for each in self.bindings[function] if _is_trigger(each))
        line = {"function": function, "trigger": trigger, "parameter": parameter, "with": request}
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        return self._read()


def _told(trigger):
    told = {key: value for key, value in trigger.items() if key not in {"name", "direction", "dataType"}}
    return told | {"methods": sorted(told["methods"])} if "methods" in told else told


def _is_trigger(binding):
    return binding["type"].endswith("Trigger")


@pytest.fixture(scope="session")
def start_worker():
    """Starts a worker with the app in a folder and app settings, of which PYTHON_SCRIPT_FILE_NAME is one."""
    with ExitStack() as running:

        def start(folder, **settings):
            worker = Worker(folder, settings)
            running.callback(worker.close)
            return worker

        yield start


@pytest.fixture(scope="session")
def textverse(start_worker):
    """The function app of Textverse, with the settings of local.settings.example.json."""
    example = json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]
    return start_worker(ROOT, **example)
