"""`python -m local`, which `python3 dev.py demo` calls: all of Textverse on this machine."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from function_app.logs import JsonFormatter
from local.emulator_process import StartError
from local.server import PortInUse
from local.stack import Stack
from local.tour.play import play
from local.tour.steps import SHORT, STEPS
from messaging.errors import Unavailable

_ABOUT = """All of Textverse on this machine: the real function app, a Dataverse of its own with a small company in it,
and a phone to text from. No account at a provider, no Azure and no Dynamics needed."""
_LAST_PORT = 65_535
_NEXT = """
Try it yourself:
  a phone and what the sellers see   {phone}
  the function app                   {app}/api/health
  the Dataverse Web API              {dataverse}/api/data/v9.2/  (Authorization: Bearer anything)
  logs and data                      {data}
Ctrl+C ends it."""


def main(arguments: list[str]) -> int:
    """Carry out one command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        with _data_folder(options.data) as data:
            _log_to(data / "functions.log")
            with _stack(options.port, data) as stack:
                return _run(stack, options, data)
    except (StartError, PortInUse, Unavailable) as error:
        print(f"dev.py demo: {error}", file=sys.stderr)
        return 1


@contextmanager
def _stack(port: int, data: Path) -> Iterator[Stack]:
    """The demo's parts, stopped in the end whatever happens."""
    stack = Stack(port, data)
    try:
        yield stack
    finally:
        stack.stop()


def _run(stack: Stack, options: argparse.Namespace, data: Path) -> int:
    print("Starting Dataverse, its tables, a small company and the function app ...", flush=True)
    stack.start()
    if options.once:
        return 0 if play(stack, STEPS) else 1
    if not options.headless:
        play(stack, SHORT)
    urls = {"phone": stack.phone.url, "app": stack.host.url, "dataverse": stack.emulator.url, "data": data}
    print(_NEXT.format(**urls), flush=True)
    if not options.headless:
        webbrowser.open(stack.phone.url)
    _wait_for_the_end()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py demo", description=_ABOUT)
    parser.add_argument(
        "--port",
        type=_port,
        default=7071,
        metavar="N",
        help="the function app on N, Dataverse on N+1, the phone on N+2",
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="keep all data in this folder; without it, it is gone at the end"
    )
    parser.add_argument("--headless", action="store_true", help="open no browser and play no tour")
    parser.add_argument("--once", action="store_true", help="play the tour and end: exit code 0 if every step held")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= _LAST_PORT - 2:
        raise argparse.ArgumentTypeError(f"three ports in a row are needed: choose 1 to {_LAST_PORT - 2}")
    return port


@contextmanager
def _data_folder(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        try:
            chosen.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StartError(f"{chosen} cannot be used as a folder: {error.strerror}") from None
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="textverse-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _log_to(file: Path) -> None:
    handler = logging.FileHandler(file)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("textverse").setLevel(logging.INFO)


def _wait_for_the_end() -> None:
    """Until Ctrl+C or a polite request to end."""
    ended = threading.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: ended.set())
    while not ended.wait(1):
        pass
    print("\nStopping ...", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
