"""Faults of what is installed in Dataverse."""

from __future__ import annotations

import pytest

from dataverse.schema.desired import TEXTVERSE, VERSION
from tests.admin.doctor.healthy import behave

MESSAGES = "EntityDefinitions(LogicalName='txv_textmessage')/Attributes"
SOLUTION = f"solutions({TEXTVERSE.solution.id})"


def test_an_environment_without_anything_of_ours_is_told_to_be_provisioned(well, fresh):
    # `fresh` is the same emulator, now without our tables.
    found = well.findings("solution", "tables", "components", "alternate keys", "numbers", "providers in Dynamics")

    assert [(each.check, str(each.verdict)) for each in found] == [
        ("solution", "problem"),
        ("tables", "problem"),
        ("components", "skipped"),
        ("alternate keys", "skipped"),
        ("numbers", "skipped"),
        ("providers in Dynamics", "skipped"),
    ]
    assert {each.fix for each in found if each.verdict == "problem"} == {"python -m admin provision"}
    assert "table txv_" in found[1].what or "more" in found[1].what


@pytest.mark.parametrize(
    ("version", "verdict", "fix"),
    [
        ("0.9.9.9", "problem", "python -m admin provision"),
        ("10.0.0.0", "warning", "Use the release of Textverse that is installed"),
    ],
)
def test_a_solution_of_another_version_is_found(well, version, verdict, fix):
    well.send("PATCH", SOLUTION, {"version": version})
    (found,) = well.findings("solution")

    assert (str(found.verdict), found.fix) == (verdict, fix)
    assert version in found.what
    assert VERSION in found.what


@pytest.fixture
def without_raw(well):
    """Takes the column txv_raw away, with the form that shows it."""
    (form,) = well.organization.rows("systemforms?$select=formid&$filter=name eq 'Text message'")
    well.send("DELETE", f"systemforms({form['formid']})")
    well.send("DELETE", f"{MESSAGES}(LogicalName='txv_raw')")


def test_a_column_that_is_missing_is_found(well, without_raw):
    (found,) = well.findings("tables")

    assert (str(found.verdict), "txv_raw" in found.what) == ("problem", True)


def test_a_column_of_another_type_stands_in_the_way(well, without_raw):
    label = {"LocalizedLabels": [{"Label": "Raw", "LanguageCode": 1033}]}
    kind = {"@odata.type": "Microsoft.Dynamics.CRM.IntegerAttributeMetadata", "MinValue": 0, "MaxValue": 9}
    well.send("POST", MESSAGES, {**kind, "SchemaName": "txv_raw", "DisplayName": label})
    (found, *_) = well.findings("tables")

    assert str(found.verdict) == "problem"
    assert "txv_raw" in found.what
    assert found.fix == "Change or remove what is in the way, then: python -m admin provision"


def test_a_form_that_is_missing_is_found(well):
    (form,) = well.organization.rows("systemforms?$select=formid&$filter=name eq 'Text message'")
    well.send("DELETE", f"systemforms({form['formid']})")

    ((verdict, what),) = well.found("tables", "components")
    assert (verdict, "Text message" in what) == ("problem", True)


@pytest.fixture
def new_key(well):
    """Makes the alternate key of consents anew."""

    def make(**behaviour):
        keys = "EntityDefinitions(LogicalName='txv_consent')/Keys"
        (present,) = well.client.rows(f"{keys}?$select=MetadataId")
        well.send("DELETE", f"{keys}({present['MetadataId']})")
        behave(well.url, **behaviour)
        label = {"LocalizedLabels": [{"Label": "Digits", "LanguageCode": 1033}]}
        key = {"SchemaName": "txv_consent_digits", "KeyAttributes": ["txv_digits"], "DisplayName": label}
        well.send("POST", keys, key)

    return make


def test_a_key_that_is_missing_is_found(well):
    keys = "EntityDefinitions(LogicalName='txv_consent')/Keys"
    (present,) = well.client.rows(f"{keys}?$select=MetadataId")
    well.send("DELETE", f"{keys}({present['MetadataId']})")

    assert well.found("alternate keys") == [("problem", "The alternate key txv_consent_digits is missing")]


def test_a_key_that_is_being_built_is_doubtful(well, new_key):
    new_key(keys_pending_seconds=3600)

    ((verdict, what),) = well.found("alternate keys")
    assert (verdict, "txv_consent_digits is being built (Pending)" in what) == ("warning", True)


def test_a_key_that_cannot_be_built_is_found_with_the_columns_that_are_the_same(well, new_key):
    keys = "EntityDefinitions(LogicalName='txv_consent')/Keys"
    (present,) = well.client.rows(f"{keys}?$select=MetadataId")
    well.send("DELETE", f"{keys}({present['MetadataId']})")
    for _ in range(2):
        well.send("POST", "txv_consents", {"txv_name": "The same", "txv_digits": "12065550199"})
    label = {"LocalizedLabels": [{"Label": "Digits", "LanguageCode": 1033}]}
    key = {"SchemaName": "txv_consent_digits", "KeyAttributes": ["txv_digits"], "DisplayName": label}
    well.send("POST", keys, key)

    ((verdict, what),) = well.found("alternate keys")
    assert (verdict, what) == (
        "problem",
        "Dataverse could not build the alternate key txv_consent_digits: rows of txv_consent have the same txv_digits",
    )
