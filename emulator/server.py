"""The emulator as a server on the loopback interface: in a thread for tests, or until a signal for the command."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
import threading
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import uvicorn

from emulator.app import make_app
from emulator.control.connection import Connection
from emulator.control.panel import Panel
from emulator.parts import standard_parts
from emulator.service import Service

LOOPBACK = "127.0.0.1"
_LONGEST_HEAD = 256 * 1024


class NotLoopback(ValueError):
    """The emulator has no real authentication, so it serves this machine only."""


def bind(port: int, host: str = LOOPBACK) -> socket.socket:
    """A listening socket. Raises `NotLoopback` for any address but this machine's own, `OSError` for a port that
    is taken or cannot be."""
    if not _is_loopback(host):
        raise NotLoopback(f"The emulator serves this machine only; it does not bind to {host}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol given, asyncio turns Nagle's algorithm off; otherwise every answer takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except OverflowError:
        listener.close()
        raise OSError(errno.EINVAL, "Ports go from 0 to 65535") from None
    except OSError:
        listener.close()
        raise
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _nothing_more(number: int, frame: FrameType | None) -> None:
    return None


class Server:
    """An emulator on a port of its own choice. `data` is a file to keep the data in; without it nothing is kept.

    >>> with Server() as server: requests.get(server.url + "/api/data/v9.2/WhoAmI", headers=...)
    """

    def __init__(self, port: int = 0, data: Path | str | None = None, host: str = LOOPBACK) -> None:
        self._listener = bind(port, host)
        self.port: int = self._listener.getsockname()[1]
        name = LOOPBACK if host == "localhost" else host
        self.url = f"http://[{name}]:{self.port}" if ":" in name else f"http://{name}:{self.port}"
        try:
            self.service = Service(standard_parts(), Path(data) if data else None)
        except BaseException:
            self._listener.close()
            raise
        self.panel = Panel(self.service)
        config = uvicorn.Config(
            make_app(self.panel),
            log_config=None,
            access_log=False,
            lifespan="off",
            http=Connection,
            loop="asyncio",
            ws="none",
            h11_max_incomplete_event_size=_LONGEST_HEAD,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=75,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serves until SIGINT or SIGTERM; for the main thread."""
        # uvicorn stops at these signals and then raises them again: here that is to mean nothing more.
        before = {number: signal.signal(number, _nothing_more) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._close()
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self) -> Self:
        """Serves in a thread; returns when it answers."""
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        """Stops serving and closes the data."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
        self._close()

    def _close(self) -> None:
        self._listener.close()
        self.panel.close()
        self.service.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
