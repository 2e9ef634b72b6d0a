"""What is Twilio's own in reading: forms and queries, mixed-up URLs, channels, consent, our id in the URL."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.accounts import ProviderAccount
from messaging.errors import Malformed
from messaging.events import DeliveryReported, MessageReceived, OptOutSeen, UnknownEvent
from messaging.web import HttpRequest
from providers.base import Provider, Reading
from providers.payload import MAX_BODY
from providers.twilio.base64_text import readable

FORM = "application/x-www-form-urlencoded"
URL = "https://textverse.example.com/api/callbacks/twilio-demo/status"
TEXT = {
    "AccountSid": "AC00112233445566778899aabbccddeeff",
    "MessageSid": f"SM{1:032x}",
    "From": "+12065550187",
    "To": "+12065550123",
    "Body": "Hello",
}
REPORT = {**TEXT, "MessageStatus": "delivered", "From": "+12065550123", "To": "+12065550187"}

Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def read(registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime) -> Read:
    def reading(form: Mapping[str, object], url: str = URL, content_type: str = FORM, **options: object) -> Reading:
        body = urlencode({name: value for name, value in form.items() if value is not None}, doseq=True).encode()
        request = HttpRequest(method="POST", url=url, headers={"Content-Type": content_type}, body=body)
        return registry["twilio"].read(request, replace(accounts["twilio"], **options), now)  # type: ignore[arg-type] # any option

    return reading


@pytest.mark.parametrize("name", TEXT)
def test_a_text_needs_every_one_of_these(read: Read, name: str) -> None:
    with pytest.raises(Malformed, match=f"^{name} is missing$"):
        read({**TEXT, name: None})


@pytest.mark.parametrize("name", ["AccountSid", "MessageSid"])
def test_a_report_needs_these_alone(read: Read, name: str) -> None:
    with pytest.raises(Malformed, match=f"^{name} is missing$"):
        read({**REPORT, name: None})
    reading = read({**REPORT, "From": None, "To": None})
    assert isinstance(reading.events[0], DeliveryReported)


def test_another_account_s_callback_is_refused(read: Read) -> None:
    other = "AC99999999999999999999999999999999"

    for form in (TEXT, REPORT):
        with pytest.raises(Malformed, match="AccountSid is not that of the account") as error:
            read({**form, "AccountSid": other})
        assert other not in str(error.value)
    assert read({**TEXT, "AccountSid": other}, account="").events


@pytest.mark.parametrize("status", ["received", "receiving", "Received", ""])
def test_a_message_status_of_an_incoming_text_makes_no_report(read: Read, status: str) -> None:
    reading = read({**TEXT, "MessageStatus": status})

    assert isinstance(reading.events[0], MessageReceived)
    assert reading.answer.headers["content-type"] == "text/xml"


def test_no_answer_is_plain_text(read: Read) -> None:
    forms = [
        TEXT,
        REPORT,
        {**TEXT, "From": "whatsapp:+12065550187"},
        {"AccountSid": TEXT["AccountSid"], "CallSid": "CA1"},
    ]

    for form in forms:
        answer = read(form).answer
        assert answer.headers.get("Content-Type", "text/xml") == "text/xml"
        assert bool(answer.body) == ("content-type" in answer.headers)


@pytest.mark.parametrize("form", [TEXT, REPORT])
@pytest.mark.parametrize("channel", ["whatsapp", "rcs", "messenger"])
def test_other_channels_are_kept_and_not_read(read: Read, form: Mapping[str, str], channel: str) -> None:
    for end in ("From", "To"):
        (event,) = read({**form, end: f"{channel}:{form[end]}"}).events
        assert isinstance(event, UnknownEvent)
        assert event.native_type == f"{channel} {'status' if form is REPORT else 'message'}"


def test_our_id_in_the_url_makes_a_report_ours_whatever_carried_it_but_no_message(read: Read) -> None:
    url = f"{URL}?m=0193a1b2"

    (report,) = read({**REPORT, "To": "rcs:+12065550187"}, url=url).events
    assert isinstance(report, DeliveryReported)
    (message,) = read({**TEXT, "From": "whatsapp:+12065550187"}, url=url).events
    assert isinstance(message, UnknownEvent)


def test_a_fallback_request_is_a_text_all_the_same(read: Read) -> None:
    (event,) = read({**TEXT, "ErrorCode": "11200", "ErrorUrl": "https://textverse.example.com/"}).events

    assert isinstance(event, MessageReceived)


def test_every_picture_is_kept(read: Read) -> None:
    media = {f"MediaUrl{number}": f"https://api.twilio.com/ME{number}" for number in range(10)}
    (event,) = read({**TEXT, **media, "NumMedia": "10", "MediaContentType3": "image/png", "Body": ""}).events

    assert isinstance(event, MessageReceived)
    assert [one.url for one in event.media] == list(media.values())
    assert [one.content_type for one in event.media if one.content_type] == ["image/png"]


@pytest.mark.parametrize(("word", "choice"), [("STOP", "OptedOut"), ("start", "OptedIn"), ("HELP", None), ("", None)])
def test_consent_is_twilio_s_word_for_it(read: Read, word: str, choice: str | None) -> None:
    text, *others = read({**TEXT, "OptOutType": word}).events

    assert isinstance(text, MessageReceived)
    assert [other.choice for other in others if isinstance(other, OptOutSeen)] == ([choice] if choice else [])


def test_a_number_that_opted_out_is_read_from_a_report(read: Read) -> None:
    _, seen = read({**REPORT, "MessageStatus": "failed", "ErrorCode": "21610", "From": ""}).events
    assert isinstance(seen, OptOutSeen)
    assert (seen.customer.value, seen.recipient) == ("+12065550187", None)

    (report,) = read({**REPORT, "MessageStatus": "failed", "ErrorCode": "21610", "To": ""}).events
    assert isinstance(report, DeliveryReported)


@pytest.mark.parametrize(
    ("query", "reference"),
    [("m=0193a1b2", "0193a1b2"), ("code=x&m=a%2Db", "a-b"), ("m=", None), ("", None), ("M=x", None)],
)
def test_our_id_is_in_the_url(read: Read, query: str, reference: str | None) -> None:
    (report,) = read(REPORT, url=f"{URL}?{query}").events

    assert isinstance(report, DeliveryReported)
    assert report.reference == reference


@pytest.mark.parametrize(
    ("done", "moment"),
    [
        ("2611200931", datetime(2026, 11, 20, 9, 31, tzinfo=UTC)),
        ("2402292359", datetime(2024, 2, 29, 23, 59, tzinfo=UTC)),
        ("2502292359", None),
        ("2613200931", None),
        ("261120093", None),
        ("26112009310", None),
        ("26-11-2009", None),
        ("٢٦١١٢٠٠٩٣١", None),
        ("", None),
    ],
)
def test_the_done_date_counts_where_it_is_one(read: Read, done: str, moment: datetime | None) -> None:
    (report,) = read({**REPORT, "RawDlrDoneDate": done}).events

    assert isinstance(report, DeliveryReported)
    assert report.occurred_at == moment


def test_raw_is_the_parameters_with_repeated_ones_in_order(read: Read) -> None:
    (event,) = read({**TEXT, "AddOns": ["b", "a", "b"], "ToCity": ""}, url=f"{URL}?code=secret&m=1").events

    assert event.raw == {**TEXT, "AddOns": ["b", "a", "b"], "ToCity": ""}


def test_of_repeated_parameters_the_first_counts(read: Read) -> None:
    (event,) = read({**TEXT, "Body": ["first", "second"]}).events

    assert isinstance(event, MessageReceived)
    assert event.body == "first"


def test_of_a_get_our_own_parameters_stay_out(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    url = f"{URL}?code=function-key&m=1&{urlencode(REPORT)}"
    (event,) = registry["twilio"].read(HttpRequest(method="GET", url=url), accounts["twilio"], now).events

    assert isinstance(event, DeliveryReported)
    assert (event.raw, event.reference) == (REPORT, "1")


def test_json_is_another_product_s(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    for body, raw in ((b'{"a": 1}', {"a": 1}), (b"[1]", {"body": [1]})):
        request = HttpRequest(method="POST", url=URL, headers={"Content-Type": "Application/JSON; a=b"}, body=body)
        (event,) = registry["twilio"].read(request, accounts["twilio"], now).events
        assert isinstance(event, UnknownEvent)
        assert (event.native_type, event.raw) == ("application/json", raw)


def test_the_body_has_a_limit(read: Read) -> None:
    (event,) = read({**TEXT, "Body": "👍" * (MAX_BODY // 2)}).events
    assert isinstance(event, MessageReceived)
    with pytest.raises(Malformed, match="^Body is longer than 10000 UTF-16 code units$"):
        read({**TEXT, "Body": "👍" * (MAX_BODY // 2) + "x"})
    with pytest.raises(Malformed, match="^the body is longer than 1024 KiB$"):
        read({**TEXT, "Padding": "x" * 1024 * 1024})


def test_nul_characters_go(read: Read) -> None:
    (event,) = read({**TEXT, "Body": "a\0b", "Odd\0": "\0"}).events

    assert isinstance(event, MessageReceived)
    assert (event.body, event.raw["Odd"]) == ("ab", "")


def test_a_form_is_read_in_its_charset(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    body = urlencode({**TEXT, "Body": "Grüße"}, encoding="iso-8859-1").encode()
    headers = {"Content-Type": f"{FORM}; charset=ISO-8859-1"}
    request = HttpRequest(method="POST", url=URL, headers=headers, body=body)

    (event,) = registry["twilio"].read(request, accounts["twilio"], now).events
    assert isinstance(event, MessageReceived)
    assert event.body == "Grüße"


@given(st.text(st.characters(exclude_categories=["C"]), min_size=60))
@example("👩\u200d👩\u200d👧\u200d👦 and another line\r\n\t" * 3)
def test_a_text_in_base64_is_decoded(text: str) -> None:
    packed = base64.b64encode(text.encode()).decode()
    folded = "\r\n".join(packed[start : start + 76] for start in range(0, len(packed), 76))

    assert readable(packed) == text
    assert readable(folded) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A" * 64,
        "a" * 4000,
        "https://www.example.com/a/rather/long/address/that/is/one/word/only/a",
        "Lopadotemachoselachogaleokranioleipsanodrimhypotrimmatosilphiokarabomelito",
        base64.b64encode(b"too short").decode(),
        base64.b64encode(bytes(range(128, 200))).decode(),
        base64.b64encode(b"\x00" * 60).decode(),
        base64.b64encode(b"a perfectly fine text, but with something behind its end" * 2).decode() + " !",
        "是" * 64,
    ],
)
def test_what_a_customer_wrote_stays_as_it_is(text: str) -> None:
    assert readable(text) == text
