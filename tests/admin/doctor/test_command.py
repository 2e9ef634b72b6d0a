"""The doctor as an administrator calls it."""

from __future__ import annotations

import pytest

from admin.doctor.table import CHECKS
from emulator import seeds
from tests.admin.doctor.healthy import APP


@pytest.fixture
def console(well, admin):
    """Typed where all is well, by an administrator who is the function app too. The queues are not looked at."""
    roles = f"systemusers({seeds.APPLICATION_USER})/systemuserroles_association"
    role = {"@odata.id": f"{well.client.service_url}roles({seeds.SYSTEM_ADMINISTRATOR})"}
    well.send("POST", f"{roles}/$ref", role)
    values = {name: value for name, value in well.values.items() if name != "AzureWebJobsStorage"}
    admin.environment = values | {"DATAVERSE_URL": well.url}
    return admin


def test_every_finding_is_told_with_its_fix_below_it_and_they_are_counted(console):
    ran = console("doctor", "--app", APP)

    assert ran.code == 0
    lines = ran.out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("skipped  queues: "))
    assert lines[place + 1].startswith("      →  ")
    assert lines[-1].endswith("not looked at")
    assert [name for name in (check.name for check in CHECKS) if name not in ran.err] == []


def test_the_document_has_every_finding(console):
    ran = console("doctor", "--json", "--app", APP)
    document = ran.document

    assert ran.code == document["exit"] == 0
    assert {finding["check"] for finding in document["findings"]} == {check.name for check in CHECKS}
    assert all(set(finding) == {"check", "verdict", "what", "fix"} for finding in document["findings"])
    assert sum(document["counts"].values()) == len(document["findings"])


def test_an_environment_that_cannot_be_reached_ends_with_3(console):
    ran = console("doctor", "--json", "--url", "http://127.0.0.1:9")

    assert ran.code == 3
    assert ran.document["findings"][1]["verdict"] == "problem"


def test_settings_that_cannot_be_understood_do_not_silence_the_rest(console):
    console.environment["PROVIDERS"] = "{"
    findings = console("doctor", "--json").document["findings"]

    assert [(each["check"], each["verdict"]) for each in findings[:2]] == [
        ("app settings", "problem"),
        ("sign-in", "ok"),
    ]
    assert "PROVIDERS: Value error, not JSON" in findings[0]["what"]


def test_whoever_may_not_look_is_told_so_and_nothing_is_silenced(console, well):
    roles = f"systemusers({seeds.APPLICATION_USER})/systemuserroles_association"
    well.send("DELETE", f"{roles}({seeds.SYSTEM_ADMINISTRATOR})/$ref")
    ran = console("doctor", "--json")
    findings = ran.document["findings"]
    refused = [each for each in findings if "You lack a privilege" in each["what"]]

    assert ran.code == 1
    assert {each["check"] for each in findings} == {check.name for check in CHECKS}
    assert {each["check"] for each in refused} >= {"webhook"}
    assert {each["fix"] for each in refused} == {"Sign in as somebody with the role System Administrator there."}


def test_without_a_url_the_command_line_is_at_fault(admin):
    assert admin("doctor").code == 2


def test_the_check_of_the_providers_is_the_part_that_is_about_them(console, well):
    ran = console("providers", "check", "--json")

    assert ran.code == 0
    assert {finding["check"] for finding in ran.document["findings"]} == {
        "sign-in",
        "accounts",
        "providers in Dynamics",
        "credentials",
        "configuration at the provider",
    }
