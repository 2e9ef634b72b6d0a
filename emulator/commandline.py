"""The command line of `python -m emulator`: its options, and a help that teaches."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from emulator.control.kinds import KINDS
from emulator.control.switches import switches
from emulator.seeds import ADMINISTRATOR, APPLICATION_USER

_FAULTS = "\n".join(
    f"  {name:<11}{kind.meaning}{' Takes ' + ', '.join(kind.fields) + '.' if kind.fields else ''}"
    for name, kind in KINDS.items()
)
_SWITCHES = "\n".join(f"  {name:<28}{each.meaning}" for name, each in switches().items())
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


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, what it is for, and how argparse reads it."""

    name: str
    meaning: str
    reading: Mapping[str, object] = field(default_factory=dict)

    @property
    def written(self) -> str:
        """As one writes it, with what it takes."""
        return " ".join(filter(None, (self.name, str(self.reading.get("metavar", "")))))


_REPEATED: Mapping[str, object] = {"action": "append", "default": []}
OPTIONS = (
    Option("--port", "port on 127.0.0.1 (default 7072; 0 takes a free one)",
           {"type": int, "default": 7072, "metavar": "N"}),
    Option("--data", "keep the data in this file (default: not kept)", {"type": Path, "metavar": "FILE"}),
    Option("--load", "load the rows of this file first, those that are not there yet",
           {"type": Path, "metavar": "FILE"}),
    Option("--fault", "trouble from the start; repeatable", {**_REPEATED, "metavar": "RULE"}),
    Option("--behaviour", "set a switch; repeatable", {**_REPEATED, "metavar": "NAME=VALUE"}),
    Option("--host", "loopback address to bind to; others are refused", {"default": "127.0.0.1", "metavar": "HOST"}),
    Option("--until-stdin-closes", "end when the program that started it has ended or been killed",
           {"action": "store_true"}),
)  # fmt: skip


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The options of a command line; ends the program for `--help` and for what cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator",
        description="A Dataverse Web API on this machine, for development and tests.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for each in OPTIONS:
        parser.add_argument(each.name, help=each.meaning, **each.reading)  # type: ignore[arg-type]  # as argparse takes them
    return parser.parse_args(arguments)
