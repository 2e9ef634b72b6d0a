"""`dev.py` in a folder of its own: requirement files that need no network, and a demo that says how it was called."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "requirements.txt",
    "requirements-admin.txt",
    "requirements-demo.txt",
    "requirements-dev.txt",
    "constraints.txt",
)
DEMO = """\
import sys, time
try:
    print("demo in", sys.prefix, "with", *sys.argv[1:], flush=True)
    while "--wait" in sys.argv:
        time.sleep(0.01)  # a signal just before a long sleep would be heeded after it
except KeyboardInterrupt:
    sys.exit("ended tidily")
sys.exit(3 if "--fail" in sys.argv else 0)
"""
ADMIN = """\
import os, sys
print("admin in", os.getcwd(), "with", *sys.argv[1:])
sys.exit(3)
"""


@pytest.fixture
def folder(tmp_path):
    """A project with nothing to install."""
    shutil.copy(ROOT / "dev.py", tmp_path)
    for name in FILES:
        (tmp_path / name).write_text("# nothing\n")
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "__main__.py").write_text(DEMO)
    return tmp_path


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """A virtual environment, for tests that are not about making one."""
    folder = tmp_path_factory.mktemp("made") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def ready(folder, made_once):
    """The project with its virtual environment."""
    (folder / ".venv").symlink_to(made_once)
    (made_once / "textverse-installed.txt").unlink(missing_ok=True)
    return folder


def start(folder, *arguments):
    command = [sys.executable, str(folder / "dev.py"), *arguments]
    environment = os.environ | {"PIP_NO_INDEX": "1"}
    return subprocess.Popen(
        command, cwd="/", env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def dev(folder, *arguments):
    process = start(folder, *arguments)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


def test_old_pythons_can_read_it_and_check_the_version_before_anything_newer():
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 7))

    assert [type(node).__name__ for node in tree.body[:3]] == ["Expr", "Import", "If"]
    assert ast.unparse(tree.body[2].test) == "sys.version_info < (3, 11)"


def test_it_prints_nothing_that_a_console_of_another_code_page_cannot_show():
    assert (ROOT / "dev.py").read_text(encoding="utf-8").isascii()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_names_every_command(folder, arguments):
    code, output = dev(folder, *arguments)

    assert code == 0
    assert all(f"  {name} " in output for name in ("demo", "admin", "test", "lint", "bench"))


@pytest.mark.parametrize("name", ["demo", "admin", "test", "lint", "bench"])
def test_every_command_explains_itself_without_setting_anything_up(folder, name):
    code, output = dev(folder, name, "--help")

    assert code == 0
    assert f"usage: python3 dev.py {name}" in output
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize("arguments", [["tset"], ["lint", "everything"]])
def test_a_misspelt_command_line_is_refused_with_a_pointer_to_help(folder, arguments):
    code, output = dev(folder, *arguments)

    assert code == 2
    assert "python3 dev.py --help" in output


def test_two_at_once_set_up_one_environment_and_both_work(folder):
    processes = [start(folder, "demo", "--once") for _ in range(2)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert sum("Setting up .venv" in output for output in outputs) == 1
    assert sum("waiting until it is done" in output for output in outputs) == 1
    assert all(f"demo in {folder / '.venv'} with --once" in output for output in outputs)


def test_what_is_installed_is_not_installed_again(ready):
    first, second = dev(ready, "demo"), dev(ready, "demo")

    assert "Setting up .venv" in first[1]
    assert "Setting up" not in second[1]


def test_a_changed_requirement_file_is_installed(ready):
    dev(ready, "demo")
    (ready / "requirements-demo.txt").write_text("# something else\n")

    assert "Setting up .venv" in dev(ready, "demo")[1]


def test_a_failed_install_shows_what_pip_said_and_is_repeated_next_time(ready):
    (ready / "requirements.txt").write_text("no-such-package-of-textverse==1.0\n")
    code, output = dev(ready, "demo")

    assert code == 1
    assert "No matching distribution found for no-such-package-of-textverse" in output
    assert "demo in" not in output

    (ready / "requirements.txt").write_text("# nothing\n")
    assert dev(ready, "demo")[0] == 0


def test_a_failed_install_for_the_tests_leaves_the_demo_as_it_was(ready):
    dev(ready, "demo")
    (ready / "requirements-dev.txt").write_text("no-such-package-of-textverse==1.0\n")

    assert dev(ready, "test")[0] == 1
    assert "Setting up" not in dev(ready, "demo")[1]


def test_the_administrators_commands_are_handed_their_arguments_and_their_exit_code_is_kept(ready):
    (ready / "admin").mkdir()
    (ready / "admin" / "__main__.py").write_text(ADMIN)
    code, output = dev(ready, "admin", "numbers", "list", "--settings", "settings.json")

    assert code == 3
    assert output.endswith("admin in / with numbers list --settings settings.json\n")


def test_the_packages_of_the_administrators_commands_and_those_of_the_demo_do_not_disturb_each_other(ready):
    (ready / "admin").mkdir()
    (ready / "admin" / "__main__.py").touch()
    first, second = dev(ready, "admin", "numbers"), dev(ready, "demo")

    assert "Setting up" in first[1]
    assert "Setting up" in second[1]
    assert "Setting up" not in dev(ready, "admin", "numbers")[1]


def test_an_environment_of_another_python_is_left_alone(folder):
    (folder / ".venv").mkdir()
    (folder / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.9.2\n")
    code, output = dev(folder, "demo")

    assert code == 0
    assert "demo in {}".format(folder / ".venv-{}.{}".format(*sys.version_info)) in output
    assert [path.name for path in (folder / ".venv").iterdir()] == ["pyvenv.cfg"]


def test_an_environment_that_was_left_half_made_is_made_again(folder):
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to("/nowhere/python")
    code, output = dev(folder, "demo")

    assert code == 0, output


def test_the_exit_code_is_that_of_the_program(ready):
    assert dev(ready, "demo", "--fail")[0] == 3


def test_an_interrupt_reaches_the_program_and_leaves_no_traceback(ready):
    dev(ready, "demo")
    # Jobs in the background of a shell ignore interrupts, and hand that down.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = start(ready, "demo", "--wait")
    signal.signal(signal.SIGINT, before)
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)

    assert "demo in" in line
    assert rest == "ended tidily\n"
