"""All checks together: in order where all is well, and each for itself where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from admin.app_settings import AppSettings
from admin.doctor import document
from admin.doctor.check import Check, Need, examine
from admin.doctor.finding import ok, problem
from admin.doctor.table import CHECKS, markdown, rows
from admin.exits import Exit, Stopped

ROOT = Path(__file__).parents[3]
NOT_READ = ("skipped", "telesign-demo: TeleSign does not show where it calls")
NO_STORAGE = ("warning", "AzureWebJobsStorage is not set in settings.json.")
NO_QUEUES = ("skipped", "Not looked at: it needs AzureWebJobsStorage")


def test_where_all_is_well_nothing_is_found(well):
    examination = well.examination()

    assert [(str(one.verdict), one.what) for one in examination.findings if one.verdict != "ok"] == [
        NO_STORAGE,
        NO_QUEUES,
        NOT_READ,
    ]
    assert examination.exit_code == Exit.FINE
    assert {finding.check for finding in examination.findings} == {check.name for check in CHECKS}


def test_a_check_that_breaks_does_not_silence_the_others(well):
    def breaks(situation):
        yield ok("so far")
        raise ZeroDivisionError("the secret")

    checks = [
        Check(name="first", looks_at="", run=breaks),
        Check(name="second", looks_at="", run=lambda situation: [ok("looked at")]),
    ]
    found = examine(well.situation(), checks).findings

    assert [(each.check, str(each.verdict)) for each in found] == [
        ("first", "ok"),
        ("first", "problem"),
        ("second", "ok"),
    ]
    assert "ZeroDivisionError" in found[1].what
    assert "the secret" not in repr(found)


def test_what_stands_on_something_that_is_not_there_is_not_looked_at(well):
    checks = [
        Check(name="sign-in", looks_at="", opens=Need.DATAVERSE, run=lambda situation: [problem("no", "mend")]),
        Check(name="rest", looks_at="", needs=frozenset({Need.DATAVERSE, Need.TABLES}), run=lambda situation: 1 / 0),
    ]
    found = examine(well.situation(), checks).findings

    assert [(str(each.verdict), each.what) for each in found] == [
        ("problem", "no"),
        ("skipped", "Not looked at: it needs Dataverse"),
    ]


def test_an_error_that_can_be_explained_is_told_with_what_to_do(well):
    def stops(situation):
        raise Stopped("It is locked.", "Unlock it.")

    (found,) = examine(well.situation(), [Check(name="a", looks_at="", run=stops)]).findings

    assert (str(found.verdict), found.what, found.fix) == ("problem", "It is locked.", "Unlock it.")


@pytest.mark.parametrize(("checks", "code"), [("sign-in", Exit.FINE), ("solution", Exit.FOUND)])
def test_only_a_problem_makes_the_exit_code(well, checks, code):
    well.send("PATCH", "solutions(adfb62d0-645b-5863-ae2a-c3427d7f076e)", {"version": "0.9.0.0"})

    assert well.examination(checks).exit_code == code


def test_without_settings_dataverse_is_looked_at_all_the_same(well):
    well.values.clear()
    found = well.findings()

    assert {each.check for each in found if each.verdict == "skipped"} == {
        "webhook",
        "webhook secret",
        "queues",
        "function app",
        "accounts",
        "providers in Dynamics",
        "credentials",
        "configuration at the provider",
    }
    assert {each.check for each in found if each.verdict == "warning"} == {"app settings"}
    assert not [each for each in found if each.verdict == "problem"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL is not set in settings.json."),
        ({"PROVIDERS": "[]"}, "PROVIDERS is not set in settings.json."),
        ({"DATAVERSE_EVENTS_SECRETS": "[]"}, "DATAVERSE_EVENTS_SECRETS is not set in settings.json."),
    ],
)
def test_a_setting_that_the_function_app_lacks_is_named_with_where_to_set_it(well, changed, said):
    well.values |= changed
    found = next(each for each in well.findings("app settings") if each.what == said)

    assert str(found.verdict) == "warning"
    assert found.fix.startswith("Set it in the function app (Azure portal › ")


def test_a_reference_to_key_vault_is_named_with_how_to_get_its_secret(well):
    del well.values["PROVIDERS"]
    well.seen["app_settings"] = AppSettings(
        values=well.values, unresolved=frozenset({"PROVIDERS"}), source="settings.json"
    )
    found = well.findings("app settings")[0]

    assert (str(found.verdict), "az keyvault secret show" in found.fix) == ("warning", True)


def test_settings_that_cannot_be_understood_are_a_problem_and_the_rest_is_looked_at(well):
    well.values.clear()
    well.seen["misread"] = Stopped("In settings.json: PROVIDERS: not JSON, at character 3", "Mend the setting.")
    found = well.findings("app settings", "sign-in")

    assert [(each.check, str(each.verdict)) for each in found] == [("app settings", "problem"), ("sign-in", "ok")]


def test_each_check_has_a_name_of_its_own_and_says_what_it_looks_at():
    names = [check.name for check in CHECKS]

    assert len({*names}) == len(names)
    assert all(check.looks_at for check in CHECKS)


def test_what_a_check_needs_is_looked_at_before_it():
    openers = {check.opens: place for place, check in enumerate(CHECKS) if check.opens}

    for place, check in enumerate(CHECKS):
        assert all(openers[need] < place for need in check.needs & set(openers))


def test_the_table_in_the_manual_is_that_of_the_checks(tmp_path):
    manual = ROOT / "docs/administration.md"
    copy = tmp_path / "manual.md"
    copy.write_text(manual.read_text())

    assert document.main([str(copy)]) == 0
    assert copy.read_text() == manual.read_text(), "renew it: python -m admin.doctor.document docs/administration.md"


def test_a_page_without_a_place_for_the_table_is_left_alone():
    with pytest.raises(ValueError, match="generated: checks"):
        document.renewed("# A page")
    assert document.main([]) == 2


def test_the_table_for_the_manual_has_every_check():
    table = markdown().splitlines()

    assert len(table) == len(CHECKS) + 2
    assert [line.split(" | ")[0].removeprefix("| ") for line in table[2:]] == [name for name, _, _ in rows()]
