"""A refusal becomes the error that says what to do about it, and its text is fit for a log."""

from __future__ import annotations

import json

import pytest

from dataverse.webapi import errors
from dataverse.webapi.request import Response
from messaging.errors import Conflict, NotFound, Refused, Throttled, TransientError, Unavailable

SECRET = "+12065550187 wrote: my name is Kim"


def refusal(status: int, code: str = "", **headers: str) -> Response:
    body = json.dumps({"error": {"code": code, "message": f"A record with '{SECRET}' already exists."}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers=named, body=body.encode())


def error(response: Response, path: str = "contacts(1)") -> errors.TransientFault | errors.PermanentFault:
    operation = errors.operation_of("PATCH", path)
    return errors.error_for(errors.fault_of(response, operation=operation, request_id="r1"))


@pytest.mark.parametrize(
    ("status", "code", "kind", "leaf"),
    [
        (429, "0x80072322", errors.TooManyRequests, Throttled),
        (429, "0x80072321", errors.TooManyRequests, Throttled),
        (429, "0x80072326", errors.TooManyRequests, Throttled),
        (429, "0x8005F103", errors.TooManyRequests, Throttled),
        (429, "", errors.TooManyRequests, Throttled),
        (502, "", errors.ServiceDown, Unavailable),
        (503, "0x0", errors.ServiceDown, Unavailable),
        (504, "", errors.ServiceDown, Unavailable),
        (500, "0x80040216", errors.ServiceDown, Unavailable),
        (412, "0x80060882", errors.VersionChanged, Conflict),
        (412, "0x80040237", errors.AlreadyExists, Conflict),
        (412, "0x80060892", errors.AlreadyExists, Conflict),
        (412, "0x80040333", errors.RequestRefused, Refused),
        (404, "0x80040217", errors.RowNotFound, NotFound),
        (404, "0x80060891", errors.RowNotFound, NotFound),
        (404, "0x80060888", errors.RowNotFound, NotFound),
        (403, "0x80040220", errors.PrivilegeMissing, Refused),
        (403, "0x80040225", errors.RequestRefused, Refused),
        (400, "0x80048d19", errors.RequestRefused, Refused),
        (400, "0x80044331", errors.RequestRefused, Refused),
        (400, "0x80044363", errors.AlreadyExists, Conflict),
        (400, "0x80047013", errors.AlreadyExists, Conflict),
        (400, "0x80071151", errors.CustomizationLocked, TransientError),
        (429, "0x80071151", errors.CustomizationLocked, TransientError),
        (400, "0x80044150", errors.Deadlocked, TransientError),
        (500, "0x80044151", errors.Deadlocked, TransientError),
        (413, "", errors.RequestRefused, Refused),
        (302, "", errors.RequestRefused, Refused),
        (501, "0x80040800", errors.RequestRefused, Refused),
    ],
)
def test_every_refusal_has_its_error(status: int, code: str, kind: type, leaf: type) -> None:
    raised = error(refusal(status, code))
    assert type(raised) is kind
    assert isinstance(raised, leaf)


def test_an_error_carries_what_a_support_case_needs() -> None:
    raised = error(refusal(403, "0x80040220", x_ms_service_request_id="s1"))
    assert str(raised) == "PATCH contacts: 403 0x80040220 (request r1, service request s1)"
    assert isinstance(raised, errors.PermanentFault)
    assert raised.code == raised.fault.code == "0x80040220"
    assert raised.fault.status == 403
    assert error(Response(status=400, headers={"req_id": "s2"})).fault.service_request_id == "s2"


def test_what_is_in_a_row_is_in_no_text_and_no_repr() -> None:
    raised = error(refusal(412, "0x80060892"), path=f"contacts(mobilephone='{SECRET}')?$select={SECRET}")
    for text in (str(raised), repr(raised), repr(raised.fault), str(raised.fault)):
        assert SECRET not in text
        assert "Kim" not in text
    assert SECRET in raised.fault.message


@pytest.mark.parametrize("code", [SECRET, "0x8004", "-2147015902", "0xzz"])
def test_only_a_real_code_gets_into_the_text(code: str) -> None:
    raised = error(refusal(400, code))
    assert raised.fault.code == ("0x8004" if code == "0x8004" else "")
    assert SECRET not in str(raised)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": 1}', b'{"error": {}}', b"\xff\xfe", b'{"error":'])
def test_an_unreadable_body_is_no_obstacle(body: bytes) -> None:
    raised = errors.error_for(errors.fault_of(Response(status=503, body=body), operation="GET x", request_id="r"))
    assert isinstance(raised, errors.ServiceDown)


def test_the_time_to_wait_is_on_the_error() -> None:
    raised = error(refusal(429, "0x80072322", retry_after="17"))
    assert isinstance(raised, errors.TooManyRequests)
    assert raised.retry_after == 17.0


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("contacts?$filter=mobilephone eq '1'", "GET contacts"),
        ("/contacts(1)/parentcustomerid_account", "GET contacts"),
        ("$batch", "GET $batch"),
        ("$1/ownerid/$ref", "GET $1"),
        ("EntityDefinitions(LogicalName='x')", "GET EntityDefinitions"),
        ("?x", "GET"),
    ],
)
def test_an_operation_is_named_by_its_table(path: str, operation: str) -> None:
    assert errors.operation_of("GET", path) == operation
