"""The function app of Textverse as Azure sees it: exactly these functions, and no other."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.runtime


def test_azure_finds_exactly_these_functions(textverse):
    assert textverse.error is None
    assert textverse.index == {
        "provider_callback": {
            "type": "httpTrigger",
            "route": "callbacks/{account}/{kind}",
            "methods": ["GET", "OPTIONS", "POST"],
            "authLevel": "ANONYMOUS",
        },
        "dataverse_event": {
            "type": "httpTrigger",
            "route": "dataverse/events",
            "methods": ["POST"],
            "authLevel": "ANONYMOUS",
        },
        "health": {"type": "httpTrigger", "route": "health", "methods": ["GET"], "authLevel": "ANONYMOUS"},
        "follow_record": {
            "type": "queueTrigger",
            "queueName": "record-changes",
            "connection": "AzureWebJobsStorage",
        },
        "repair_phone_index": {
            "type": "timerTrigger",
            "schedule": "0 30 2 * * *",
            "runOnStartup": False,
            "useMonitor": True,
        },
        "repair_visibility": {
            "type": "timerTrigger",
            "schedule": "0 0 3 * * *",
            "runOnStartup": False,
            "useMonitor": True,
        },
        "sweep": {
            "type": "timerTrigger",
            "schedule": "0 */5 * * * *",
            "runOnStartup": False,
            "useMonitor": True,
        },
        "process_event": {
            "type": "queueTrigger",
            "queueName": "provider-events",
            "connection": "AzureWebJobsStorage",
        },
    }


def test_the_app_says_that_it_is_there(textverse):
    assert textverse.http("health", url="http://localhost/api/health")["status"] == 200


def test_a_callback_for_an_account_that_nobody_has_is_not_found(textverse):
    answer = textverse.http(
        "provider_callback",
        "POST",
        "http://localhost/api/callbacks/nobody/inbound",
        route={"account": "nobody", "kind": "inbound"},
        body=b"{}",
    )

    assert answer["status"] == 404
