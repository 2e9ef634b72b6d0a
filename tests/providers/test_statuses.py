"""Every status and code that a table knows, held against a second list: `outcomes.json` beside the golden callbacks."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from messaging.accounts import ProviderAccount
from messaging.events import DeliveryReported, OptOutSeen
from messaging.status import FAILURES, FailureReason, Status
from messaging.web import HttpRequest
from providers.base import Provider

FIXTURES = Path(__file__).parents[1] / "fixtures" / "providers"
FORM = "application/x-www-form-urlencoded"
TABLES = {"twilio": ("STATUSES", "REASONS"), "acs": ("STATUSES", "CODES"), "telesign": ("STATUSES",)}


def _twilio(account: ProviderAccount, word: str, code: str) -> HttpRequest:
    form = {"AccountSid": account.account, "MessageSid": f"SM{7:032x}", "MessageStatus": word, "ErrorCode": code}
    body = urlencode({**form, "From": "+12065550123", "To": "+12065550187"}).encode()
    return HttpRequest(method="POST", url="https://textverse.example.com/", headers={"Content-Type": FORM}, body=body)


def _acs(account: ProviderAccount, word: str, code: str) -> HttpRequest:
    data = {"messageId": "Outgoing_1", "to": "+12065550187", "deliveryStatus": word, "deliveryStatusDetails": code}
    event = {"eventType": "Microsoft.Communication.SMSDeliveryReportReceived", "data": data}
    return HttpRequest(method="POST", url="https://textverse.example.com/", body=json.dumps([event]).encode())


def _telesign(account: ProviderAccount, word: str, code: str) -> HttpRequest:
    body = json.dumps({"reference_id": f"{7:032X}", "status": {"code": int(word), "description": ""}}).encode()
    return HttpRequest(method="POST", url="https://textverse.example.com/", body=body)


BUILD = {"twilio": _twilio, "acs": _acs, "telesign": _telesign}


def _listed(provider_type: str, table: str) -> Iterator[tuple[str, str]]:
    listed = json.loads((FIXTURES / provider_type / "outcomes.json").read_text())[table]
    for outcome, natives in listed.items():
        for native in natives:
            yield native, outcome


def _read(
    registry: Mapping[str, Provider], account: ProviderAccount, now: datetime, word: str, code: str = ""
) -> tuple[DeliveryReported, tuple[object, ...]]:
    request = BUILD[account.type](account, word, code)
    report, *others = registry[account.type].read(request, account, now).events
    assert isinstance(report, DeliveryReported)
    return report, tuple(others)


def _outcome(report: DeliveryReported) -> str:
    return " ".join(word for word in (report.status, report.failure) if word)


@pytest.mark.parametrize(("type_", "table"), [(type_, table) for type_ in TABLES for table in TABLES[type_]])
def test_the_second_list_knows_every_key_of_the_table(type_: str, table: str) -> None:
    keys = getattr(importlib.import_module(f"providers.{type_}.statuses"), table).keys()

    listed = [native for native, _ in _listed(type_, table)]
    assert sorted(listed) == sorted(keys)


@pytest.mark.parametrize("spelling", [str, str.upper, str.title], ids=["as documented", "upper case", "title case"])
def test_every_status_is_read_in_any_case(
    provider_type: str,
    spelling: type[str],
    registry: Mapping[str, Provider],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
) -> None:
    for native, outcome in _listed(provider_type, "STATUSES"):
        report, _ = _read(registry, accounts[provider_type], now, spelling(native))
        assert (_outcome(report), report.native_status) == (outcome, spelling(native))


def test_every_code_of_twilio_gives_its_reason_and_a_sentence(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    for code, reason in _listed("twilio", "REASONS"):
        for word in ("failed", "undelivered"):
            report, others = _read(registry, accounts["twilio"], now, word, code)
            assert report.failure == reason
            assert report.detail.startswith(f"twilio:{code} ") and report.detail.endswith(".")
            assert any(isinstance(other, OptOutSeen) for other in others) == (reason == FailureReason.OPTED_OUT)


def test_a_code_beside_a_success_is_no_failure(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    report, others = _read(registry, accounts["twilio"], now, "delivered", "21610")

    assert (report.status, report.failure, others) == (Status.DELIVERED, None, ())
    report, others = _read(registry, accounts["acs"], now, "Delivered", "4007: opted out")
    assert (report.status, report.failure, others) == (Status.DELIVERED, None, ())


@pytest.mark.parametrize("form", ["{}", " {}: What it means.", "{} - what it means", "{}\nWhat it means"])
def test_every_code_of_communication_services_is_found_in_the_details(
    form: str, registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    for code, outcome in _listed("acs", "CODES"):
        report, others = _read(registry, accounts["acs"], now, "Failed", form.format(code))
        assert _outcome(report) == outcome
        assert report.detail.startswith(f"acs:{code}")
        assert len(others) == (1 if code == "4007" else 0)


@pytest.mark.parametrize("details", ["40071: longer", "Error 4007", "", "No error.", "٤٠٠٧: other digits"])
def test_what_only_looks_like_a_code_is_none(
    details: str, registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    report, _ = _read(registry, accounts["acs"], now, "Failed", details)

    assert (report.status, report.failure) == (Status.UNDELIVERED, FailureReason.UNKNOWN)


def test_a_failure_has_a_reason_and_nothing_else_has(provider_type: str) -> None:
    for table in TABLES[provider_type]:
        for outcome in getattr(importlib.import_module(f"providers.{provider_type}.statuses"), table).values():
            if isinstance(outcome[0], Status):
                assert (outcome[0] in FAILURES) == (outcome[1] is not None)
