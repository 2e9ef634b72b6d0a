#!/usr/bin/env python3
"""The one command for everyone who works on Textverse: it sets itself up, then runs the demo, the tests or the linters.

Standard library only. Old Pythons (3.7) can read it too, so that they say what is missing.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"Textverse needs Python 3.11 or newer, and this is Python {sys.version_info[0]}.{sys.version_info[1]}.\n"
        "Start it with a newer one, for example: python3.13 dev.py demo"
    )

import hashlib
import inspect
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import IO

ROOT = Path(__file__).resolve().parent
DEMO, ADMIN = (("requirements.txt", f"requirements-{purpose}.txt") for purpose in ("demo", "admin"))
DEVELOPMENT = (*DEMO, "requirements-admin.txt", "requirements-dev.txt")
CONSTRAINTS = "constraints.txt"
INSTALL = ("install", "--no-input", "--disable-pip-version-check", "--progress-bar=off", "-c", CONSTRAINTS)
STAMP = "textverse-installed.txt"  # inside the virtual environment: what was installed there, completely
THIS_PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
TOOLS = {"Node.js with npm": ("node", "npm"), "Chromium with chromedriver": ("chromium", "chromedriver")}  # of tests
WORKER_PYTHON = "3.13"  # the first Python for which Azure publishes its worker, azure-functions-runtime


def demo(arguments: list[str]) -> int:
    """Run all of Textverse on this machine: no account at a provider, no Azure and no Dynamics needed.

    usage: python3 dev.py demo [--port N] [--data DIR] [--headless] [--once]

    It serves the function app on port N (7071), a Dataverse of its own on N+1, and on N+2 a Dynamics-like page with
    a phone to text from. --once plays a short tour, prints what happened and exits 0 only if every step succeeded.
    """
    return hand_over([prepare(DEMO), "-m", "local", *arguments])


def admin(arguments: list[str]) -> int:
    """Look after Textverse in an environment of Dynamics 365: set it up, see what is wrong.

    usage: python3 dev.py admin                 show what there is to do
           python3 dev.py admin [argument ...]  python -m admin, with everything that it needs
    """
    # Files are named from where the administrator is; an `admin` that happens to be there is not ours.
    os.environ |= {"PYTHONPATH": str(ROOT), "TEXTVERSE_ADMIN": "python3 dev.py admin"}
    return hand_over([prepare(ADMIN), "-P", "-m", "admin", *arguments], Path.cwd())


def test(arguments: list[str]) -> int:
    """Run the tests.

    usage: python3 dev.py test                          everything, as continuous integration does
           python3 dev.py test tests/routing -k newest  what you name, with the options of pytest

    Everything means: all tests on this Python, all branches of the pure floors, and the function app in the real Azure
    Functions worker (Python 3.13, if found). What lacks its tools is said at the end, and with CI set it is a failure.
    """
    python = prepare(DEVELOPMENT)
    if arguments:
        return hand_over([python, "-m", "pytest", *arguments])
    steps = {"tests": [python, "-m", "pytest", "--cov", "-n", "auto", "--dist", "loadfile"]}
    missing = [what for what, tools in TOOLS.items() if not all(map(shutil.which, tools))]
    if sys.version_info < (3, 13):
        steps["tests"] += ["-m", "not runtime"]
        other = find_python(WORKER_PYTHON)
        if other is None:
            missing.append(f"Python {WORKER_PYTHON} (from python.org, or: pyenv install {WORKER_PYTHON})")
        else:
            there = prepare(DEVELOPMENT, other, WORKER_PYTHON)
            steps["tests in the Azure worker"] = [there, "-m", "pytest", "-m", "runtime"]
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["COVERAGE_FILE"] = str(Path(scratch) / "coverage")  # so that two runs at once do not mix
        code = run_all(steps)
    for what in missing:
        say(f"Left out, for this machine has no {what}.")
    return code or int(bool(missing) and "CI" in os.environ)


def lint(arguments: list[str]) -> int:
    """Check style, types and who may import whom: ruff, mypy, import-linter.

    usage: python3 dev.py lint          change nothing, exit 1 if anything is found
           python3 dev.py lint --fix    first repair what ruff can repair, and format
    """
    if arguments not in ([], ["--fix"]):
        return misunderstood("lint takes nothing but --fix")
    python = prepare(DEVELOPMENT)
    steps = {
        "ruff": [python, "-m", "ruff", "check", *arguments],
        "ruff format": [python, "-m", "ruff", "format", *([] if arguments else ["--check"])],
        "mypy": [python, "-m", "mypy"],
        "import-linter": [python, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    }
    return run_all(steps)


def bench(arguments: list[str]) -> int:
    """Run a benchmark: it prints ratios measured in one run, so that a slow machine does not matter.

    usage: python3 dev.py bench                      list them
           python3 dev.py bench NAME [argument ...]  run benchmarks/NAME.py
    """
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        say("\n".join(["Benchmarks:", *(f"  python3 dev.py bench {name}" for name in names)]))
        return int(bool(arguments))
    return hand_over([prepare(DEVELOPMENT), "-m", f"benchmarks.{arguments[0]}", *arguments[1:]])


COMMANDS: dict[str, Callable[[list[str]], int]] = {each.__name__: each for each in (demo, admin, test, lint, bench)}
OVERVIEW = f"""usage: python3 dev.py COMMAND [argument ...]

{chr(10).join(f"  {name:<7}{(run.__doc__ or '').splitlines()[0]}" for name, run in COMMANDS.items())}

New here? Start with: python3 dev.py demo
The first run makes the virtual environment .venv with pinned packages; delete it to start afresh.
More about one command: python3 dev.py COMMAND --help"""


def main(arguments: list[str]) -> int:
    """Carry out one command line; returns the exit code."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if name in {"-h", "--help", "help"}:
        say(OVERVIEW)
        return 0
    if name not in COMMANDS:
        return misunderstood(f"there is no command {name}")
    if rest in (["-h"], ["--help"]):
        say(inspect.cleandoc(COMMANDS[name].__doc__ or ""))
        return 0
    return COMMANDS[name](rest)


def misunderstood(why: str) -> int:
    """Say what is wrong with the command line; returns the exit code for it."""
    print(f"dev.py: {why}. See: python3 dev.py --help", file=sys.stderr)
    return 2


def prepare(files: Sequence[str], base: str = sys.executable, version: str = THIS_PYTHON) -> str:
    """The interpreter of the virtual environment for `base`, with the requirement `files` installed in it."""
    with one_at_a_time():
        folder = folder_for(version)
        python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        now = {(name, fingerprint(name)) for name in DEVELOPMENT}
        wanted = {(name, digest) for name, digest in now if name in files}
        installed = read_stamp(folder) & now if Path(python).exists() else set()
        if wanted <= installed:
            return python
        started = time.monotonic()
        say(f"Setting up {folder.name} for Python {version}: once, about a minute.")
        pip, venv = [python, "-m", "pip"], [base, "-m", "venv", str(folder)]
        if answer([*pip, "-V"]) is None and (answer(venv) is None or answer([*pip, "-V"]) is None):
            run_quietly([*venv, "--clear"])  # it is broken, or what is wrong shows now
        write_stamp(folder, installed)  # what is about to change is not vouched for until it has changed completely
        run_quietly([*pip, *INSTALL, *(word for name in files for word in ("-r", name))])
        write_stamp(folder, installed | wanted)
        say(f"  done in {time.monotonic() - started:.0f} s")
    return python


def folder_for(version: str) -> Path:
    """`.venv`; where another minor version of Python made that one, `.venv-3.12` and so on."""
    settings = ROOT / ".venv" / "pyvenv.cfg"
    made_by = re.search(r"^version\w* = (\d+\.\d+)", settings.read_text() if settings.exists() else "", re.MULTILINE)
    return ROOT / (".venv" if made_by is None or made_by[1] == version else f".venv-{version}")


def fingerprint(name: str) -> str:
    """Changes whenever a requirement file or the constraints do."""
    return hashlib.sha256((ROOT / CONSTRAINTS).read_bytes() + (ROOT / name).read_bytes()).hexdigest()


def read_stamp(folder: Path) -> set[tuple[str, str]]:
    """What has been installed completely: requirement files, each with its fingerprint at that time."""
    stamp = folder / STAMP
    lines = stamp.read_text().splitlines() if stamp.exists() else []
    return {(name, digest) for name, _, digest in (line.partition(" ") for line in lines)}


def write_stamp(folder: Path, installed: set[tuple[str, str]]) -> None:
    """Remember what is installed completely."""
    (folder / STAMP).write_text("".join(f"{name} {digest}\n" for name, digest in sorted(installed)))


def find_python(version: str) -> str | None:
    """A working interpreter of this minor version: on the PATH, from the Windows launcher, or from pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [[f"python{version}"], ["py", f"-{version}"]]
    candidates += [[str(path)] for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)]
    ask = f"import sys, ensurepip; assert '%d.%d' % sys.version_info[:2] == '{version}'; print(sys.executable)"
    # A candidate that fails is not there, or is only pyenv's placeholder.
    return next(filter(None, (answer([*candidate, "-c", ask]) for candidate in candidates)), None)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Held while the environment is set up. The system lets go of the lock when we end, however we end."""
    with (ROOT / ".dev.lock").open("w") as handle:
        if not try_lock(handle):
            say("Another dev.py is setting up the environment; waiting until it is done ...")
            while not try_lock(handle):
                time.sleep(0.5)
        yield


def try_lock(handle: IO[str]) -> bool:
    """Lock the open file, unless another process has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def run_all(steps: dict[str, list[str]]) -> int:
    """Run every step, whether or not one before it failed, and say at the end which did."""
    failed = []
    for name, command in steps.items():
        say(f"\n== {name}")
        if run(command):
            failed.append(name)
    say(f"\nFailed: {', '.join(failed)}" if failed else f"\nAll well: {', '.join(steps)}")
    return int(bool(failed))


def run(command: list[str], folder: Path = ROOT) -> int:
    """Run a program and wait for it, after a Ctrl+C too, which it gets as well; returns its exit code, as shells do."""
    child = subprocess.Popen(command, cwd=folder)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        code = child.wait()
    except KeyboardInterrupt:
        with suppress(subprocess.TimeoutExpired):
            child.wait(10)
        child.terminate()
        raise
    return code if code >= 0 else 128 - code


def hand_over(command: list[str], folder: Path = ROOT) -> int:
    """Let a program take our place, so that signals and exit codes are its own; Windows cannot, so there we wait."""
    if os.name != "nt":
        sys.stdout.flush()
        os.chdir(folder)
        os.execv(command[0], command)
    return run(command, folder)


def run_quietly(command: list[str]) -> None:
    """Run pip or venv with a dot per package; what it printed is shown only if it fails. Raises SystemExit then."""
    output, news = [], {"Collecting": ".", "Installing": "\n  installing\n"}
    with subprocess.Popen(command, cwd=ROOT, stdout=PIPE, stderr=STDOUT, text=True, errors="replace") as child:
        for line in child.stdout or ():
            output.append(line)
            print(news.get(line.partition(" ")[0], ""), end="", flush=True)
    if child.returncode:
        sys.exit(f"\n{''.join(output)}\nThis did not work: {' '.join(command)}\nRun dev.py again to repeat it.")


def answer(command: list[str]) -> str | None:
    """What a program prints; None where it cannot be run or fails."""
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def say(text: str) -> None:
    """Print at once, so that our lines and those of the programs that we run keep their order."""
    print(text, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\nInterrupted.")
        sys.exit(130)
