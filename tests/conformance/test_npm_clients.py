"""Clients from npm, dynamics-web-api and dataverse-webapi, in one Node process: each case in node/cases is a test."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "node"
ROOT = HERE.parents[2]
CASES = [
    name
    for path in sorted((HERE / "cases").glob("*.mjs"))
    for name in re.findall(r'^  "(.+)": async', path.read_text(encoding="utf-8"), re.MULTILINE)
]
pytestmark = pytest.mark.npm


@pytest.fixture(scope="module")
def outcomes(emulator):
    """What went wrong in each case; None where nothing did."""
    command = [shutil.which("node"), HERE / "run.mjs", installed(), emulator.url]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return {line["name"]: line["trouble"] for line in lines}


def installed():
    """The folder of the packages, installed once for each lock; two runs at once do not disturb each other."""
    files = [HERE / "package.json", HERE / "package-lock.json"]
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()
    home = ROOT / ".npm-clients" / digest[:16]
    if not home.exists():
        home.parent.mkdir(exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix="installing-", dir=home.parent))
        for each in files:
            shutil.copy(each, scratch)
        npm = [shutil.which("npm"), "ci", "--prefix", scratch, "--no-audit", "--no-fund", "--ignore-scripts"]
        result = subprocess.run(npm, capture_output=True, text=True, check=False)
        if result.returncode:
            pytest.fail(f"npm could not install the clients:\n{result.stderr}")
        try:
            scratch.rename(home)
        except OSError:  # another run was faster
            shutil.rmtree(scratch)
    return home


@pytest.mark.parametrize("name", CASES)
def test_the_client_finds_that(outcomes, name):
    assert outcomes[name] is None, outcomes[name]


def test_every_case_was_run(outcomes):
    assert sorted(outcomes) == sorted(CASES)
