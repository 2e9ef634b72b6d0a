"""Getters of payloads and the characters of bodies: errors name the field and never quote it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from messaging.errors import Malformed
from messaging.numbers import AddressKind
from messaging.web import HttpRequest
from providers.body import MAX_BYTES, MAX_DEPTH, plain, read_json
from providers.detail import detail
from providers.payload import MAX_BODY, MAX_IDENTIFIER, Payload, read_time

UNFIT = "unfit-value-7"


def _json(body: bytes) -> object:
    return read_json(HttpRequest(method="POST", url="https://textverse.example.com/", body=body))


@pytest.mark.parametrize(
    ("get", "values"),
    [
        (Payload.text, [None, 5, ["x"], {"a": "b"}, True]),
        (Payload.optional_text, [5, ["x"], {"a": "b"}, False]),
        (Payload.identifier, [None, 5, "", "  ", "a\nb", "a\tb", "x" * (MAX_IDENTIFIER + 1), "👍" * 101, "\u202ex"]),
        (Payload.code, [None, "", "x", True, 1.5, [1], "1" * 10, "٣"]),
        (Payload.object, [None, "x", [], 5]),
        (Payload.address, [None, 5, "", "+", "@", "a" * 12, "x" * 100]),
        (Payload.sender, [None, 5, "", "  ", "a\nb", "x" * 65, "👍" * 33]),
        (Payload.body, [None, 5, "x" * (MAX_BODY + 1), "👍" * (MAX_BODY // 2) + "x"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_does_not_fit_names_the_field_and_not_the_value(
    get: Callable[[Payload, str], object], values: list[object]
) -> None:
    for value in values:
        with pytest.raises(Malformed, match=r"^data\.field is ") as error:
            get(Payload({"field": value}, "data"), "field")
        assert not value or str(value) not in str(error.value).removeprefix("data.field is ")


def test_a_field_that_is_not_there_is_missing() -> None:
    for get in (Payload.text, Payload.identifier, Payload.code, Payload.object, Payload.address, Payload.body):
        with pytest.raises(Malformed, match=r"^field is missing$"):
            get(Payload({}), "field")


def test_what_fits_is_given() -> None:
    payload = Payload({"a": "x", "b": "", "c": None, "n": 3, "s": "-40007", "o": {"p": "q"}})

    assert (payload.text("a"), payload.text("b"), payload.optional_text("c")) == ("x", "", None)
    assert (payload.code("n"), payload.code("s")) == ("3", "-40007")
    assert payload.object("o").identifier("p") == "q"
    assert ("b" in payload, "c" in payload, "z" in payload) == (True, False, False)


def test_names_are_read_in_either_case_where_asked_for() -> None:
    payload = Payload({"MessageId": "1", "Data": {"TO": "x"}}, fold=True)

    assert (payload.text("messageId"), payload.object("data").text("to")) == ("1", "x")
    with pytest.raises(Malformed):
        Payload({"MessageId": "1"}).text("messageId")


@pytest.mark.parametrize(("value", "count"), [(2, 2), ("2", 2), ("", None), ("two", None), (True, None), (-1, None)])
def test_a_count_that_is_none_is_absent(value: object, count: int | None) -> None:
    assert Payload({"n": value}).count("n") == count
    assert Payload({"n": 10**4000}).count("n") is None


@pytest.mark.parametrize("value", ["", "x" * 201, "a\0b", 5, None, ["x"], "a\nb"])
def test_an_id_given_back_that_cannot_be_ours_is_absent(value: object) -> None:
    assert Payload({"tag": value}).optional_identifier("tag") is None
    assert Payload({"tag": "0193a1b2"}).optional_identifier("tag") == "0193a1b2"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T09:22:20.2855749Z", datetime(2026, 11, 20, 9, 22, 20, 285574, UTC)),
        ("2026-11-20T09:22:45.32Z", datetime(2026, 11, 20, 9, 22, 45, 320000, UTC)),
        ("2026-11-20T10:22:45+01:00", datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)),
        ("2026-11-20T09:22:45", datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)),
    ],
)
def test_a_time_is_in_utc(text: str, moment: datetime) -> None:
    read = read_time(text)

    assert read == moment
    assert read is not None and read.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-45T09:22:20Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "2026-11-20T09:22:20\ud800",
        "1" * 5000,
    ],
)
def test_a_time_that_cannot_be_is_absent(text: str) -> None:
    assert read_time(text) is None
    assert Payload({"at": text}).time("at") is None
    assert Payload({"at": 1795166565}).time("at") is None


def test_a_body_is_counted_in_utf_16_code_units() -> None:
    for body in ("x" * MAX_BODY, "👍" * (MAX_BODY // 2), "é" * MAX_BODY):
        assert Payload({"Body": body}).body("Body") == body


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("12065550187", AddressKind.PHONE, "+12065550187"),
        ("24273", AddressKind.SHORT_CODE, "24273"),
        ("CONTOSO", AddressKind.ALPHANUMERIC, "CONTOSO"),
        ("avery@mail.example.com", AddressKind.ALPHANUMERIC, "avery@mail.example.com"),
        (" ContosoCourierService ", AddressKind.ALPHANUMERIC, "ContosoCourierService"),
    ],
)
def test_a_text_is_not_lost_for_its_sender(text: str, kind: AddressKind, value: str) -> None:
    sender = Payload({"From": text}).sender("From")

    assert (sender.kind, sender.value) == (kind, value)


def test_a_payload_shows_nothing_in_its_repr() -> None:
    assert UNFIT not in repr(Payload({"a": UNFIT}, "data"))


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "👩‍👩‍👧‍👦 \u202eabc", "a\r\nb\tc", "\ufffe\uffff", " x "])
def test_unusual_characters_stay_as_they_are(text: str) -> None:
    assert plain(text) == text
    assert _json(json.dumps([text]).encode()) == [text]


def test_nul_goes_and_half_a_pair_is_replaced() -> None:
    assert plain("a\0b\ud83dc\udc4d") == "ab\ufffdc\ufffd"
    assert _json(b'{"a\\u0000": "\\ud83d", "b": "\\ud83d\\udc4d"}') == {"a": "\ufffd", "b": "👍"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"{}x",
        b"[NaN]",
        b"[Infinity]",
        b"[1e999]",
        b"[" + b"9" * 5000 + b"]",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
        b" " * (MAX_BYTES + 1),
    ],
    ids=range(12),
)
def test_what_is_no_json_of_a_callback_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed) as error:
        _json(body)
    assert error.value.__context__ is None or error.value.__suppress_context__


def test_as_deep_and_as_long_as_allowed() -> None:
    assert _json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert _json(b"[1]".ljust(MAX_BYTES)) == [1]


def test_a_detail_is_one_line_without_numbers() -> None:
    assert detail("acs", "4007", "opted\nout  ") == "acs:4007 opted out"
    assert detail("telesign", "3101", "Invalid: +12065550187") == "telesign:3101 Invalid: +12…87"
    assert detail("acs", "", "No error.") == "acs: No error."
    assert detail("acs", "", "") == ""
    assert len(detail("acs", "9999", "x" * 5000)) == 300
