"""`python -m emulator`: starts the emulator alone."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from emulator.commandline import read_arguments
from emulator.control.fields import Misunderstood
from emulator.control.rules import read_word
from emulator.control.switches import change_by_word
from emulator.loading.lines import Unloadable
from emulator.loading.load import Stopped, load
from emulator.seeds import ADMINISTRATOR, APPLICATION_USER, BUSINESS_UNIT
from emulator.server import NotLoopback, Server
from emulator.store import ForeignFile


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = read_arguments(arguments)
    try:
        server = Server(options.port, options.data, options.host)
    except (NotLoopback, ForeignFile) as error:
        return _refused(error)
    except OSError as error:
        return _refused(f"Port {options.port} cannot be used: {error.strerror}. Choose another with --port.")
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        _prepare(server, options)
        _announce(server, options)
    except (Misunderstood, Unloadable) as error:
        server.stop()
        return _refused(error)
    except Stopped:
        server.stop()
        print("Interrupted: nothing was loaded.", file=sys.stderr)
        return 130
    server.run()
    return 0


def _prepare(server: Server, options: argparse.Namespace) -> None:
    for word in options.behaviour:
        change_by_word(server.service.behaviour, word)
    rules = [read_word(word) for word in options.fault]
    if options.load:
        _load(server, options.load)
    for rule in rules:
        server.panel.faults.add(rule)


def _load(server: Server, file: Path) -> None:
    # An exception out of a signal could come up within SQLite, which would call it an error of its own.
    unwanted = threading.Event()
    before = {number: signal.signal(number, lambda *_: unwanted.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    tell = partial(print, file=sys.stderr, flush=True)
    tell(load(server.service, file, tell, unwanted.is_set))
    for number, handler in before.items():
        signal.signal(number, handler)


def _announce(server: Server, options: argparse.Namespace) -> None:
    print(f"Dataverse emulator at {server.url}/api/data/v9.2/", flush=True)
    print(f"  administrator     user:{ADMINISTRATOR}")
    print(f"  application user  {APPLICATION_USER} (any other bearer token)")
    print(f"  business unit     {BUSINESS_UNIT}")
    print(f"  data              {options.data or 'not kept'}", flush=True)


def _refused(why: object) -> int:
    print(why, file=sys.stderr)
    return 2


def _end_with_stdin() -> None:
    while os.read(0, 1024):  # not sys.stdin: whoever waits in there holds a lock that the interpreter needs at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
