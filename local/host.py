"""The Functions host of this machine: runs the app that Azure runs, with its routes, retries and poison queues."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import azure.functions as func

from local.functions import read_functions
from local.http import Application
from local.pump import Pump, QueueOptions
from local.queues import SqliteQueues
from local.server import Server
from local.timers import Timers


class FunctionsHost:
    """Serves the HTTP functions of `app` on 127.0.0.1 and feeds its queue and timer functions, between `start` and
    `stop`.

    `host_json` says how, as it does in Azure; port 0 takes any that is free. Raises UnsupportedFunction for an app
    with other triggers, and PortInUse.
    """

    def __init__(
        self, app: func.FunctionApp, *, queues: SqliteQueues, host_json: Path, port: int, workers: int = 4
    ) -> None:
        settings = json.loads(host_json.read_text(encoding="utf-8")).get("extensions", {})
        self.functions = read_functions(app, settings.get("http", {}).get("routePrefix", "api"))
        self._executor = ThreadPoolExecutor(max_workers=16, thread_name_prefix="http")
        self._server = Server(Application(self.functions.http, self._executor), port)
        self._pump = Pump(self.functions.queue, queues, QueueOptions.read(host_json), workers)
        self._timers = Timers(self.functions.timer)
        self.url = self._server.url

    def start(self) -> None:
        """Returns as soon as requests are answered; messages that wait in the queues are taken up."""
        self._pump.start()
        self._timers.start()
        self._server.start()

    def stop(self) -> None:
        """Returns when everything that was begun has ended and no thread is left. A host is not started again."""
        self._server.stop()
        self._executor.shutdown()
        self._pump.stop()
        self._timers.stop()
