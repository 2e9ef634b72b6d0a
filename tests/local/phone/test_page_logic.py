"""The pure modules of the page, in Node's own test runner."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.node
def test_the_modules_do_what_their_tests_say():
    tests = sorted(Path(__file__).parent.glob("*.test.mjs"))
    result = subprocess.run(
        [shutil.which("node"), "--test", *map(str, tests)], capture_output=True, text=True, timeout=120, check=False
    )

    assert len(tests) >= 4
    assert result.returncode == 0, result.stdout + result.stderr
