"""The running settings in the emulator: read, changed, remembered; and what is wrong stops nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from dataverse.schema.roles.administrator import ADMINISTRATOR
from dataverse.schema.variables import VARIABLES
from dataverse.store.running_settings import (
    AMBIGUOUS_TEXTS,
    KINDS,
    LEADS_PER_HOUR,
    NOTIFICATION_TEXT,
    TIER_ORDER,
    Origin,
    RunningSettings,
    Setting,
    WrongSetting,
    change_setting,
    read_settings,
    running,
    settings_of,
)
from dataverse.store.running_settings import DEFAULT_REGION as REGION
from dataverse.store.settings_in_force import LIFETIME, SettingsInForce
from dataverse.webapi.auth import StaticToken
from function_app.dataverse_client import connect
from messaging.errors import NotFound, TransientError
from routing.outcome import AmbiguousTexts
from routing.tiers import DEFAULT_ORDER

ORDER = ("active", *(name for name in DEFAULT_ORDER if name != "active"))


@pytest.fixture
def org(in_the_emulator):
    """An organization with the variables and no value of theirs."""
    in_the_emulator.begin()
    in_the_emulator.define_settings()
    yield in_the_emulator
    requests.delete(_control(in_the_emulator, "faults"), timeout=5)
    in_the_emulator.define_settings()


@pytest.fixture
def setting(org) -> Callable[[str], Setting]:
    return lambda name: next(one for one in read_settings(org.client) if one.name == name)


def _control(org, what: str) -> str:
    return org.client.service_url.replace("/api/data/v9.2/", f"/_emulator/{what}")


BUSY = {"fault": "429", "retry_after": 3600}
REFUSED = {"fault": "error", "status": 403, "code": "0x80040220"}


def _refuse(org, fault: dict[str, object]) -> None:
    rule = {**fault, "path": "environmentvariabledefinitions"}
    assert requests.post(_control(org, "faults"), json=rule, timeout=5).ok


def _round_trips(org) -> int:
    log = requests.get(_control(org, "requests"), timeout=5).json()
    requests.delete(_control(org, "requests"), timeout=5)
    return len(log)


def test_the_variables_are_the_settings_and_their_defaults_what_is_built_in() -> None:
    assert [variable.name for variable in VARIABLES] == list(KINDS)
    assert {variable.name: variable.default for variable in VARIABLES} == {
        name: kind.built_in for name, kind in KINDS.items()
    }
    assert running(settings_of([])) == RunningSettings()


def test_without_a_value_the_default_holds(org, setting) -> None:
    assert running(read_settings(org.client)) == RunningSettings()
    assert setting(NOTIFICATION_TEXT) == Setting(
        name=NOTIFICATION_TEXT,
        display="Text in notifications",
        description="Whether notifications show what a text says. No: they only say from whom there is one.",
        value="yes",
        default="yes",
        origin=Origin.DEFAULT,
    )


def test_where_the_variables_are_missing_what_is_built_in_holds() -> None:
    assert {one.origin for one in settings_of([])} == {Origin.MISSING}


def test_settings_are_read_in_one_request(org) -> None:
    _round_trips(org)

    read_settings(org.client)

    assert _round_trips(org) == 1


@pytest.mark.parametrize(
    ("name", "text", "stored", "held"),
    [
        (REGION, "de", "DE", {"default_region": "DE"}),
        (TIER_ORDER, ",".join(ORDER), json.dumps(ORDER), {"tier_order": ORDER}),
        (NOTIFICATION_TEXT, "FALSE", "no", {"notification_text": False}),
        (LEADS_PER_HOUR, " 007", "7", {"leads_per_hour": 7}),
        (AMBIGUOUS_TEXTS, "Ask", "ask", {"ambiguous_texts": AmbiguousTexts.ASK}),
    ],
)
def test_a_value_that_is_written_holds_and_writing_it_again_changes_nothing(
    org, setting, name: str, text: str, stored: str, held: dict[str, object]
) -> None:
    for _ in range(2):
        changed = change_setting(org.client, name, text)

        assert (changed.value, changed.origin, changed.problem) == (stored, Origin.SET, "")
        assert setting(name) == changed
    assert running(read_settings(org.client)) == RunningSettings(**held)
    assert len(org.rows(f"environmentvariablevalues?$select=value&$filter=value eq '{stored}'")) == 1


def test_an_empty_text_goes_back_to_the_default_however_often(org, setting) -> None:
    change_setting(org.client, NOTIFICATION_TEXT, "no")

    for _ in range(2):
        assert change_setting(org.client, NOTIFICATION_TEXT, "").origin is Origin.DEFAULT
    assert running(read_settings(org.client)) == RunningSettings()
    assert setting(NOTIFICATION_TEXT).value == "yes"


def test_a_value_that_someone_made_in_power_apps_is_changed_and_not_doubled(org, setting) -> None:
    (definition,) = org.rows(f"environmentvariabledefinitions?$filter=schemaname eq '{REGION}'")
    bind = f"/environmentvariabledefinitions({definition['environmentvariabledefinitionid']})"
    row = "environmentvariablevalues(0b000000-0000-4000-8000-0000000000e1)"
    org.create(row, {"value": "FR", "EnvironmentVariableDefinitionId@odata.bind": bind})
    assert (setting(REGION).value, setting(REGION).origin) == ("FR", Origin.SET)

    change_setting(org.client, REGION, "IT")

    assert [each["value"] for each in org.rows("environmentvariablevalues?$select=value")] == ["IT"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (REGION, "XX", "txv_defaultregion: write a country as ISO 3166 has it"),
        (TIER_ORDER, "table,tables", "txv_tierorder: there is no tier tables; the tiers are latest_conversation, "),
        (NOTIFICATION_TEXT, "maybe", "txv_notificationtext: write yes or no"),
        ("txv_quiethours", "8", "there is no setting txv_quiethours; the settings are txv_defaultregion, "),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_written(org, name: str, text: str, said: str) -> None:
    with pytest.raises(WrongSetting, match=said):
        change_setting(org.client, name, text)

    assert org.rows("environmentvariablevalues?$select=value&$filter=value ne null") == []


def test_a_setting_whose_variable_is_missing_asks_for_provisioning(org) -> None:
    org.delete(f"environmentvariabledefinitions({VARIABLES[0].id})")

    with pytest.raises(NotFound, match="no variable txv_defaultregion: provision it first"):
        change_setting(org.client, REGION, "DE")


@pytest.mark.parametrize("name", KINDS)
def test_a_value_that_cannot_be_understood_is_told_and_its_default_holds(org, setting, caplog, name: str) -> None:
    change_setting(org.client, name, KINDS[name].built_in or "US")
    (row,) = org.rows("environmentvariablevalues?$select=environmentvariablevalueid")
    org.update(f"environmentvariablevalues({row['environmentvariablevalueid']})", {"value": "???"})

    assert running(read_settings(org.client)) == RunningSettings()
    assert (setting(name).value, setting(name).origin) == ("???", Origin.SET)
    assert setting(name).problem
    assert f"{name} is passed over, its default holds" in caplog.text


def test_a_default_that_cannot_be_understood_is_told_and_what_is_built_in_holds(org, setting) -> None:
    org.update(f"environmentvariabledefinitions({VARIABLES[1].id})", {"defaultvalue": "table"})

    assert running(read_settings(org.client)) == RunningSettings()
    assert "is missing" in setting(TIER_ORDER).problem


def test_another_default_holds_until_a_value_is_written(org, setting) -> None:
    org.update(f"environmentvariabledefinitions({VARIABLES[0].id})", {"defaultvalue": "GB"})

    assert (setting(REGION).value, setting(REGION).origin) == ("GB", Origin.DEFAULT)
    assert running(read_settings(org.client)).default_region == "GB"


def test_the_administrators_role_is_enough_to_change_them(org, setting) -> None:
    administrator = org.employ(ADMINISTRATOR, lastname="Administrator")
    base = org.client.service_url.partition("/api/")[0]

    with connect(base, StaticToken(base, f"user:{administrator}")) as client:
        for text in ("no", "yes", ""):
            change_setting(client, NOTIFICATION_TEXT, text)

    assert setting(NOTIFICATION_TEXT).origin is Origin.DEFAULT


def test_settings_are_remembered_for_five_minutes(org) -> None:
    in_force = SettingsInForce(org.client, org.now)
    assert in_force().notification_text
    change_setting(org.client, NOTIFICATION_TEXT, "no")
    _round_trips(org)

    org.clock_shift = LIFETIME - timedelta(seconds=30)
    assert (in_force().notification_text, _round_trips(org)) == (True, 0)
    org.clock_shift = LIFETIME
    assert (in_force().notification_text, _round_trips(org)) == (False, 1)


def test_many_texts_at_once_ask_once(org) -> None:
    in_force = SettingsInForce(org.client, org.now)
    _round_trips(org)

    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda _: in_force(), range(32)))

    assert (held, _round_trips(org)) == ([RunningSettings()] * 32, 1)


def test_the_region_of_the_app_setting_holds_where_the_environment_names_none(org) -> None:
    assert SettingsInForce(org.client, org.now, default_region="US").region() == "US"
    assert SettingsInForce(org.client, org.now).region() is None
    change_setting(org.client, REGION, "DE")

    assert SettingsInForce(org.client, org.now, default_region="US").region() == "DE"


def test_what_was_read_holds_on_while_dataverse_does_not_answer(org) -> None:
    change_setting(org.client, NOTIFICATION_TEXT, "no")
    in_force = SettingsInForce(org.client, org.now)
    in_force()
    _refuse(org, BUSY)
    org.clock_shift = LIFETIME

    assert not in_force().notification_text


def test_a_text_waits_where_nothing_has_been_read_yet_and_dataverse_does_not_answer(org) -> None:
    in_force = SettingsInForce(org.client, org.now)
    _refuse(org, BUSY)

    with pytest.raises(TransientError):
        in_force()
    requests.delete(_control(org, "faults"), timeout=5)
    assert in_force() == RunningSettings()


def test_where_dataverse_refuses_to_tell_the_defaults_hold_and_it_is_logged(org, caplog) -> None:
    _refuse(org, REFUSED)

    assert SettingsInForce(org.client, org.now, default_region="US")() == RunningSettings(default_region="US")
    assert "the settings cannot be read" in caplog.text
