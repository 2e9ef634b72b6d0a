"""An ASGI application, served on the loopback address from a thread."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable

import uvicorn

GRACE_S = 10  # for requests that are being answered when the server is stopped


class PortInUse(Exception):
    """Something else listens on the port; the message says what to do."""


class Server:
    """Serves an application on 127.0.0.1 between `start` and `stop`; port 0 takes any that is free.

    The port is taken at once: raises PortInUse where that is not possible.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], port: int) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=GRACE_S)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name=f"server-{self.port}")

    def start(self) -> None:
        """Returns as soon as requests are answered."""
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.005)

    def stop(self) -> None:
        """Returns when the requests that had come in are answered, the thread has ended and the port is free."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    if sys.platform != "win32":  # there it would let two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortInUse(f"port {port} is taken by another program: end that, or choose another port") from None
    return listener
