"""The emulator as a process of its own: it can be stopped while texts arrive, as a real Dataverse can be away."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import requests

_START_S = 20.0
_FREE_S = 5.0  # for the emulator of a demo that was killed, to notice that and end
_STOP_S = 10.0


class StartError(Exception):
    """A part of the demo does not start; the message says why, for a person."""


class EmulatorProcess:
    """The Dataverse emulator on one port of this machine, over one file."""

    def __init__(self, port: int, data: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._command = [sys.executable, "-m", "emulator", "--port", str(port), "--data", str(data)]
        self._log = data.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers. Raises StartError with what it said if it ends instead.

        It ends with this process, however that ends: the pipe to it is closed then.
        """
        self._wait_for_the_port()
        command = [*self._command, "--until-stdin-closes"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.PIPE)  # noqa: S603  # ours
        until = time.monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise StartError(f"The Dataverse emulator does not start: {self._last_words()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it; what was committed stays."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _wait_for_the_port(self) -> None:
        # Whatever answers there is not ours, and has other data.
        until = time.monotonic() + _FREE_S
        while self._answers():
            if time.monotonic() > until:
                raise StartError(f"another Dataverse emulator has port {self._port}: end that, or choose another port")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/_emulator/health", timeout=1).ok
        except requests.RequestException:
            return False

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines() if self._log.exists() else []
        return lines[-1] if lines else "it said nothing"
