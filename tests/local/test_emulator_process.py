"""The demo's Dataverse is its own: nobody else's is used in its place, and it ends with the demo."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from local.emulator_process import EmulatorProcess, StartError

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from local.emulator_process import EmulatorProcess
EmulatorProcess(int(sys.argv[1]), Path(sys.argv[2])).start()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _subjects(emulator: EmulatorProcess) -> list[str]:
    url = f"{emulator.url}/api/data/v9.2/tasks?$select=subject"
    found = requests.get(url, headers={"Authorization": "Bearer x"}, timeout=5).json()["value"]
    return [row["subject"] for row in found]


def test_it_does_not_take_another_one_for_its_own(port: int, tmp_path: Path) -> None:
    other, ours = EmulatorProcess(port, tmp_path / "other.sqlite"), EmulatorProcess(port, tmp_path / "ours.sqlite")
    other.start()
    try:
        with pytest.raises(StartError, match=f"port {port}"):
            ours.start()
    finally:
        other.stop()
        ours.stop()


def test_it_ends_with_a_demo_that_is_killed_and_the_next_one_has_its_own_data(port: int, tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(port), str(tmp_path / "killed.sqlite")], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL

    emulator = EmulatorProcess(port, tmp_path / "next.sqlite")
    emulator.start()
    try:
        body = {"subject": "Polish the lamp"}
        url = f"{emulator.url}/api/data/v9.2/tasks"
        assert requests.post(url, json=body, headers={"Authorization": "Bearer x"}, timeout=5).status_code == 204
        emulator.stop()
        emulator.start()
        assert _subjects(emulator) == ["Polish the lamp"]
    finally:
        emulator.stop()
    assert (tmp_path / "next.sqlite").exists()
