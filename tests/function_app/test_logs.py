"""Logs can be searched and tell nobody's number."""

from __future__ import annotations

import json
import logging

import pytest

from function_app.logs import JsonFormatter, redact, set_up


@pytest.mark.parametrize(
    "text", ["+12065550187", "12065550187", "(206) 555-0187 called", "from +49 171 1234567.", "0171-1234567"]
)
def test_what_looks_like_a_number_is_masked(text: str) -> None:
    assert not any(run in redact(text) for run in ("5550187", "555-0187", "1234567"))


@pytest.mark.parametrize(
    "text",
    [
        "427cd0a0-453b-543a-8dd8-62381dee2ceb",
        "SM9d2a4b6c8e0f1a3b5c7d9e1f2a4b6c8d",
        "2026-11-20T09:22:45.320+00:00",
        "HTTP 404 after 12 ms",
    ],
)
def test_ids_times_and_counts_stay_readable(text: str) -> None:
    assert redact(text) == text


def test_a_record_is_one_line_of_json_with_its_fields() -> None:
    record = logging.LogRecord(
        "textverse.x", logging.INFO, __file__, 1, "text from %s\nstored", ("+12065550187",), None
    )
    record.account = "twilio-demo"
    record.note = "call +12065550187"

    line = JsonFormatter().format(record)

    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"], told["account"]) == ("info", "textverse.x", "twilio-demo")
    assert "5550187" not in line


def test_an_exception_is_told_in_the_same_line() -> None:
    try:
        int("boom +12065550187")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "failed", (), (type(error), error, error.__traceback__)
        )

    told = json.loads(JsonFormatter().format(record))

    assert "ValueError: invalid literal" in told["exception"]
    assert "5550187" not in told["exception"]


def test_the_handlers_that_are_there_are_used_and_one_is_made_where_there_is_none() -> None:
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    try:
        set_up()
        set_up()
        assert len(root.handlers) == 1
        assert isinstance(root.handlers[0].formatter, JsonFormatter)
    finally:
        root.handlers = before
