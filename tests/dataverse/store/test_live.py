"""How the contract would run on a live organization: against an emulator that it does not know to be one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.stores.organization import Organization

ROOT = Path(__file__).parents[3]
TABLES = (
    "accounts",
    "appnotifications",
    "contacts",
    "leads",
    "opportunities",
    "principalobjectaccessset",
    "roles",
    "systemusers",
    "teammemberships",
    "teams",
    "txv_consents",
    "txv_phonenumbers",
    "txv_textconversations",
    "txv_textmessages",
)


def _everything(organization: Organization) -> dict[str, list[str]]:
    return {table: sorted(str(row) for row in organization.rows(table)) for table in TABLES}


def test_a_live_organization_is_left_as_it_was(in_the_emulator: Organization) -> None:
    lent = ",".join(str(in_the_emulator.seller().id) for _ in range(2))
    before = _everything(in_the_emulator)
    address = in_the_emulator.client.service_url.partition("/api/")[0]
    settings = {"DATAVERSE_TEST_URL": address, "DATAVERSE_TEST_TOKEN": "service", "DATAVERSE_TEST_USERS": lent}
    command = [sys.executable, "-m", "pytest", str(Path(__file__).parent), "-k", "live and not test_live", "-q"]

    run = subprocess.run(
        [*command, "-p", "no:cacheprovider", "--no-cov"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout
    outcome = re.search(r"(\d+) passed, (\d+) skipped", run.stdout)
    assert outcome is not None
    assert int(outcome[1]) > 60
    assert int(outcome[2]) == 1, "the users that it lends are not disabled"
    assert _everything(in_the_emulator) == before
