"""`provision` as a process that is killed, again and again, and in the end finishes what it began."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

from tests.admin.conftest import Console

ROOT = Path(__file__).parents[2]


def killed_after(lines, fresh, settings):
    """Run it until it has begun so many steps, and kill it; what it said, and whether it came to its end first."""
    command = [sys.executable, "-m", "admin", "provision", "--url", fresh.url, "--settings", str(settings)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        said = list(islice(process.stderr, lines))
        process.kill()
    return said


def test_killed_at_any_point_and_run_again_it_ends_with_everything_in_place(fresh, settings):
    begun = [killed_after(lines, fresh, settings) for lines in (1, 13, 52, 41, 26)]
    last = Console()("provision", "--url", fresh.url, "--settings", str(settings))
    plan = Console()("provision", "--url", fresh.url, "--settings", str(settings), "--plan", "--json").document

    assert all(begun)
    assert last.code == 0
    assert (plan["plan"]["create"], plan["plan"]["change"], plan["plan"]["cannot"]) == ([], [], [])
    assert {row["txv_callbackid"] for row in fresh.rows("txv_smsproviders")} == {
        "twilio-demo",
        "acs-demo",
        "telesign-demo",
    }
