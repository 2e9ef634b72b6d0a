"""`python -m emulator`: starts the emulator alone."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from emulator.seeds import ADMINISTRATOR, APPLICATION_USER, BUSINESS_UNIT
from emulator.server import NotLoopback, Server
from emulator.store import ForeignFile

_EPILOG = f"""\
The service root is http://127.0.0.1:PORT/api/data/v9.2/. Every request needs a bearer token:

  Authorization: Bearer anything                     the application user  {APPLICATION_USER}
  Authorization: Bearer user:{ADMINISTRATOR}   that user, with that user's rights: here the administrator

A fresh environment has the standard tables, one business unit, these two users and the roles System Administrator and
Salesperson. Try it:

  curl -H "Authorization: Bearer x" http://127.0.0.1:7072/api/data/v9.2/WhoAmI

What the emulator does not support it refuses with 501 and a sentence. GET /_emulator/requests shows what was asked of
it, DELETE forgets it; GET /_emulator/health tells that it runs. It serves this machine only.
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator",
        description="A Dataverse Web API on this machine, for development and tests.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=7072, help="port on 127.0.0.1 (default 7072; 0 takes a free one)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the data in this file (default: not kept)")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to bind to; others are refused")
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end when the program that started it has ended or been killed",
    )
    options = parser.parse_args(arguments)
    try:
        server = Server(options.port, options.data, options.host)
    except (NotLoopback, ForeignFile) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Port {options.port} cannot be used: {error.strerror}. Choose another with --port.", file=sys.stderr)
        return 2
    print(f"Dataverse emulator at {server.url}/api/data/v9.2/", flush=True)
    print(f"  administrator     user:{ADMINISTRATOR}")
    print(f"  application user  {APPLICATION_USER} (any other bearer token)")
    print(f"  business unit     {BUSINESS_UNIT}")
    print(f"  data              {options.data or 'not kept'}", flush=True)
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    server.run()
    return 0


def _end_with_stdin() -> None:
    while os.read(0, 1024):  # not sys.stdin: whoever waits in there holds a lock that the interpreter needs at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
