"""The app as Azure loads it: with nothing set, without waiting, and without what only later calls need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = ("azure.storage.queue", "azure.identity", "msal")


def _in_an_empty_environment(program: str) -> object:
    done = subprocess.run(
        [sys.executable, "-c", program], env={}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_app_imports_with_an_empty_environment_and_has_its_functions() -> None:
    names = _in_an_empty_environment(
        "import json, azure_entry; print(json.dumps(sorted(f.get_function_name() for f in"
        " azure_entry.app.get_functions())))"
    )

    assert names == [
        "dataverse_event",
        "follow_record",
        "health",
        "process_event",
        "provider_callback",
        "repair_phone_index",
        "repair_visibility",
        "sweep",
    ]


def test_importing_the_app_leaves_for_later_what_is_needed_later() -> None:
    loaded = _in_an_empty_environment(
        f"import json, sys, azure_entry; print(json.dumps([name for name in {LATER!r} if name in sys.modules]))"
    )

    assert loaded == []
