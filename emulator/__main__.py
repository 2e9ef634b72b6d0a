"""`python -m emulator`: starts the emulator alone."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from emulator.control.fields import Misunderstood
from emulator.control.kinds import KINDS
from emulator.control.rules import read_word
from emulator.control.switches import change_by_word, switches
from emulator.loading.lines import Unloadable
from emulator.loading.load import load
from emulator.seeds import ADMINISTRATOR, APPLICATION_USER, BUSINESS_UNIT
from emulator.server import NotLoopback, Server
from emulator.store import ForeignFile

_FAULTS = "\n".join(
    f"  {name:<11}{kind.meaning}{' Takes ' + ', '.join(kind.fields) + '.' if kind.fields else ''}"
    for name, kind in KINDS.items()
)
_SWITCHES = "\n".join(f"  {name:<28}{field.meaning}" for name, field in switches().items())
_EPILOG = f"""\
The service root is http://127.0.0.1:PORT/api/data/v9.2/. Every request needs a bearer token:

  Authorization: Bearer anything                     the application user  {APPLICATION_USER}
  Authorization: Bearer user:{ADMINISTRATOR}   that user, with that user's rights: here the administrator

A fresh environment has the standard tables, one business unit, these two users and the roles System Administrator and
Salesperson. Try it:

  curl -H "Authorization: Bearer x" http://127.0.0.1:7072/api/data/v9.2/WhoAmI

What the emulator does not support it refuses with 501 and a sentence. It serves this machine only.

rows from a file
  --load takes JSON Lines: one row a line, as in a POST, with its table and its id:

  {{"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": "5f1c…", "lastname": "Marsh", "telephone1": "…",
   "parentcustomerid_account@odata.bind": "/accounts(0c2e…)"}}        (on one line)

  What a row links to comes before it. All rows are loaded or, if a line is wrong, none. Rows whose id is there already
  are left as they are, so the same file can be loaded again. Webhooks are not told.

trouble on demand
  --fault takes a fault and which requests it hits, with colons between: the fault, what it takes, then method=…,
  path=<regular expression>, target=operation (one of a batch), and nth=N, every=N, next=N or probability=P.

  --fault 429:burst:next=3:path=contacts    the next three requests on contacts are too many
  --fault lost:method=PATCH:every=10        every tenth PATCH is done, but its answer is lost
  --fault delay:2:path=batch                every batch takes two seconds longer

{_FAULTS}

switches
{_SWITCHES}

while it runs
  http://127.0.0.1:PORT/_emulator/… has requests (what was asked), faults, behaviour, reset, snapshot, restore, health.

  curl http://127.0.0.1:7072/_emulator/requests
  curl http://127.0.0.1:7072/_emulator/faults -d '{{"fault": "503", "retry_after": 2, "next": 1}}'
  curl -X DELETE http://127.0.0.1:7072/_emulator/faults
  curl -X PATCH http://127.0.0.1:7072/_emulator/behaviour -d '{{"limits": true, "limit_requests": 10}}'
  curl -X POST http://127.0.0.1:7072/_emulator/reset
"""


def make_parser() -> argparse.ArgumentParser:
    """The command line, with all its help."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator",
        description="A Dataverse Web API on this machine, for development and tests.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=7072, help="port on 127.0.0.1 (default 7072; 0 takes a free one)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the data in this file (default: not kept)")
    parser.add_argument(
        "--load", type=Path, metavar="FILE", help="load the rows of this file first, if they are not there"
    )
    parser.add_argument(
        "--fault", action="append", default=[], metavar="RULE", help="trouble from the start; repeatable"
    )
    parser.add_argument(
        "--behaviour", action="append", default=[], metavar="NAME=VALUE", help="set a switch; repeatable"
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to bind to; others are refused")
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end when the program that started it has ended or been killed",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = make_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
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
    except (Misunderstood, Unloadable) as error:
        server.stop()
        return _refused(error)
    except KeyboardInterrupt:
        server.stop()
        print("Interrupted: nothing was loaded.", file=sys.stderr)
        return 130
    print(f"Dataverse emulator at {server.url}/api/data/v9.2/", flush=True)
    print(f"  administrator     user:{ADMINISTRATOR}")
    print(f"  application user  {APPLICATION_USER} (any other bearer token)")
    print(f"  business unit     {BUSINESS_UNIT}")
    print(f"  data              {options.data or 'not kept'}", flush=True)
    server.run()
    return 0


def _prepare(server: Server, options: argparse.Namespace) -> None:
    for word in options.behaviour:
        change_by_word(server.service.behaviour, word)
    rules = [read_word(word) for word in options.fault]
    if options.load:
        tell = partial(print, file=sys.stderr, flush=True)
        tell(load(server.service, options.load, tell))
    for rule in rules:
        server.panel.faults.add(rule)


def _refused(why: object) -> int:
    print(why, file=sys.stderr)
    return 2


def _end_with_stdin() -> None:
    while os.read(0, 1024):  # not sys.stdin: whoever waits in there holds a lock that the interpreter needs at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
