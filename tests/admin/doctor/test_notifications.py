"""Faults of in-app notifications."""

from __future__ import annotations

import pytest

from tests.admin.doctor.healthy import APP, APP_ID

SETTING = "AllowNotificationsEarlyAccess"


@pytest.mark.parametrize("app", [APP, ""])
def test_an_app_without_notifications_is_found(well, app):
    well.seen["app"] = app
    well.send("POST", "SaveSettingValue", {"AppUniqueName": APP, "SettingName": SETTING, "Value": "false"})
    publish = f"<importexportxml><appmodules><appmodule>{APP_ID}</appmodule></appmodules></importexportxml>"
    well.send("POST", "PublishXml", {"ParameterXml": publish})

    ((verdict, what),) = well.found("notifications")
    assert (verdict, "In-app notifications are o" in what) == ("problem", True)


def test_an_app_that_there_is_not_is_found(well):
    well.seen["app"] = "msdynce_saleshub"

    assert well.found("notifications") == [("problem", "There is no app with the unique name msdynce_saleshub")]


def test_without_an_app_any_that_has_them_will_do(well):
    well.seen["app"] = ""
    (found,) = well.findings("notifications")

    assert (str(found.verdict), APP in found.what) == ("ok", True)
