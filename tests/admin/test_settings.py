"""`settings`: what can be changed while it runs."""

from __future__ import annotations

import pytest


def test_all_settings_are_shown_with_where_their_value_comes_from(here):
    ran, document = here("settings", "get"), here("settings", "get", "--json").document

    assert ran.code == 0
    assert "txv_tierorder" in ran.out
    assert "The tiers that decide whose text it is" in ran.out
    assert {row["name"]: row["origin"] for row in document["settings"]} == {
        "txv_defaultregion": "default",
        "txv_tierorder": "default",
        "txv_notificationtext": "default",
        "txv_newleads": "default",
        "txv_leadsperhour": "default",
        "txv_ambiguoustexts": "default",
    }


def test_a_setting_is_changed_and_goes_back_to_its_default(here):
    changed = here("settings", "set", "txv_defaultregion", "de")
    held = here("settings", "get", "txv_defaultregion", "--json").document["settings"]
    back = here("settings", "set", "txv_defaultregion", "", "--json").document["setting"]

    assert "Default region is now DE" in changed.out
    assert [(row["value"], row["origin"]) for row in held] == [("DE", "set")]
    assert (back["value"], back["origin"]) == ("", "default")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("txv_defaultregion", "Narnia", "Txv_defaultregion: write a country as ISO 3166 has it"),
        ("txv_tierorder", "table, active", "is missing"),
        ("txv_notificationtext", "perhaps", "write yes or no"),
        ("txv_colour", "blue", "There is no setting txv_colour; the settings are txv_defaultregion,"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(here, name, value, said):
    ran = here("settings", "set", name, value)

    assert ran.code == 2
    assert said.lower() in ran.err.lower()


def test_a_setting_that_there_is_not_is_refused_with_those_that_there_are(here):
    ran = here("settings", "get", "txv_colour")

    assert ran.code == 1
    assert "txv_tierorder" in ran.err


def test_a_value_that_somebody_wrote_otherwise_and_cannot_be_understood_is_pointed_out(here, org):
    (row,) = org.rows("environmentvariabledefinitions?$filter=schemaname eq 'txv_defaultregion'")
    target = f"environmentvariabledefinitions({row['environmentvariabledefinitionid']})"
    org.organization.update(target, {"defaultvalue": "Narnia"})
    ran = here("settings", "get")

    assert ran.code == 1
    assert "Narnia cannot be understood" in ran.out


def test_without_the_variables_it_says_to_provision(fresh, admin):
    shown = admin("settings", "get", "--url", fresh.url, "--json")
    refused = admin("settings", "set", "txv_defaultregion", "DE", "--url", fresh.url)

    assert shown.code == 0
    assert {row["origin"] for row in shown.document["settings"]} == {"missing"}
    assert refused.code == 1
    assert "python -m admin provision" in refused.err
