"""Twilio's signature, with the official validator of the package `twilio` as the oracle, both ways."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from local.carriers import CARRIERS
from local.carriers.values import CustomerText
from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import Malformed, SignatureInvalid
from messaging.web import HttpRequest
from providers.base import Provider
from providers.twilio.signature import verify

TOKEN = "0123456789abcdef0123456789abcdef"
SHARED = CallbackSecret("shared secret 0123456789", key="webhooks_sharedkey_1")
ACCOUNT = ProviderAccount(id="t", type="twilio", callback_secrets=(CallbackSecret(TOKEN), SHARED))
URL = "https://crm-sms.example.net/api/sms/twilio/inbound?code=s3cr3t%2Bk"
FORM = "application/x-www-form-urlencoded"

# The check values of the two callbacks below were accepted by the official validator.
INBOUND = (
    "ToCountry=US&ToState=WA&SmsMessageSid=MM6f1c0d6b7be84b0f9a0f1d6a5c3e2b10&NumMedia=1&ToCity=&FromZip=98101"
    "&SmsSid=MM6f1c0d6b7be84b0f9a0f1d6a5c3e2b10&FromState=WA&SmsStatus=received&FromCity=SEATTLE"
    "&Body=Yes+please+%E2%80%94+2+tickets+%F0%9F%8E%9F%EF%B8%8F+%26+parking+&FromCountry=US&To=%2B12065550123"
    "&MessagingServiceSid=MG00112233445566778899aabbccddeeff&ToZip=&NumSegments=1"
    "&MessageSid=MM6f1c0d6b7be84b0f9a0f1d6a5c3e2b10&AccountSid=AC00112233445566778899aabbccddeeff"
    "&From=%2B12065550187&ApiVersion=2010-04-01&MediaContentType0=image%2Fjpeg"
    "&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FAccounts%2FAC00112233445566778899aabbccddeeff%2FMessages"
    "%2FMM6f1c0d6b7be84b0f9a0f1d6a5c3e2b10%2FMedia%2FME00112233445566778899aabbccddeeff"
)
STATUS = (
    "ErrorCode=30007&SmsSid=SM9d2a4b6c8e0f1a3b5c7d9e1f2a4b6c8d&SmsStatus=undelivered&MessageStatus=undelivered"
    "&To=%2B12065550187&MessageSid=SM9d2a4b6c8e0f1a3b5c7d9e1f2a4b6c8d&AccountSid=AC00112233445566778899aabbccddeeff"
    "&From=%2B12065550123&ApiVersion=2010-04-01&RawDlrDoneDate=2611200931"
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
parameters = st.lists(st.tuples(texts.filter(bool), texts), max_size=8)
query_text = st.text("abcXYZ019%&=+.-_~!*();:@,/?", max_size=20)
hosts = st.sampled_from(["example.com", "a-b.example.net", "127.0.0.1", "[::1]"])


@st.composite
def urls(draw: st.DrawFn) -> str:
    """URLs that the oracle can cope with: without user information, an apostrophe or a bare question mark."""
    host = draw(hosts)
    port = "" if host.startswith("[") else draw(st.sampled_from(["", "", ":443", ":80", ":8443"]))
    path = quote(draw(texts), safe="/")
    query = draw(query_text)
    return f"{draw(st.sampled_from(['http', 'https']))}://{host}{port}/{path}{'?' + query if query else ''}"


def _request(url: str, body: str | bytes, signature: str, **headers: str) -> HttpRequest:
    named = {"Content-Type": FORM, "X-Twilio-Signature": signature}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else body.encode()
    return HttpRequest(method="POST", url=url, headers=named, body=raw)


def _accepts(request: HttpRequest, account: ProviderAccount = ACCOUNT) -> bool:
    try:
        verify(request, account)
    except SignatureInvalid:
        return False
    return True


def test_check_values() -> None:
    settings = "key=webhooks_sharedkey_x,algorithm=HMAC_SHA256"
    shared = ProviderAccount(id="t", type="twilio", callback_secrets=(CallbackSecret(TOKEN, "webhooks_sharedkey_x"),))

    assert _accepts(_request(URL, INBOUND, "dMZjHwK/4t6BzwhGju2VQr2PXgM="))
    assert _accepts(_request(URL.replace("inbound", "status"), STATUS, "ZbzS7dr5qdNqQnEmQLueto3c8T8="))
    sha256 = _request(
        URL, INBOUND, "5fxOHirlJtgHdqhwaK7o1494lTfUxOPulxIIxOzrGK8=", X_Twilio_Webhooks_Signature_Settings=settings
    )
    assert _accepts(sha256, shared)


def test_the_example_of_twilio_s_documentation() -> None:
    account = ProviderAccount(id="t", type="twilio", callback_secrets=(CallbackSecret("12345"),))
    form = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"

    assert _accepts(_request(url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="), account)


@given(urls(), parameters, st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"]))
@example("https://example.com/", [("Body", ""), ("b", "2"), ("B", "1"), ("Body", " x "), ("Body", "")], "HMAC_SHA1")
def test_what_the_official_package_signs_is_accepted(url: str, pairs: list[tuple[str, str]], algorithm: str) -> None:
    body = urlencode(pairs)

    token = RequestValidator(TOKEN).compute_signature(url, MultiDict(pairs))
    assert _accepts(_request(url, body, token))

    shared = RequestValidator(SHARED.secret).compute_signature(url, MultiDict(pairs), algorithm)
    settings = f"key={SHARED.key},algorithm={algorithm}"
    assert _accepts(_request(url, body, shared, X_Twilio_Webhooks_Signature_Settings=settings))


@given(urls(), urls(), parameters, parameters, st.booleans(), st.booleans())
def test_both_judge_alike(
    url: str,
    other_url: str,
    pairs: list[tuple[str, str]],
    other_pairs: list[tuple[str, str]],
    same_url: bool,
    same_pairs: bool,
) -> None:
    signed = RequestValidator(TOKEN).compute_signature(
        url if same_url else other_url, MultiDict(pairs if same_pairs else other_pairs)
    )

    judged = RequestValidator(TOKEN).validate(url, MultiDict(pairs), signed)
    assert _accepts(_request(url, urlencode(pairs), signed)) == judged


@pytest.mark.parametrize(
    ("called", "signed"),
    [
        ("https://example.com/a", "https://example.com:443/a"),
        ("http://example.com/a", "http://example.com:80/a"),
        ("https://example.com:8443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://user:pass@example.com/a", "https://user:pass@example.com/a"),
        ("https://user:pass@example.com/a", "https://user:pass@example.com:443/a"),
        ("https://user:pass@example.com:8443/a", "https://user:pass@example.com/a"),
        ("https://user@example.com/a", "https://user@example.com/a"),
        ("https://[::1]:8443/a", "https://[::1]/a"),
        ("https://[::1]/a", "https://[::1]:443/a"),
        ("https://example.com/a?", "https://example.com/a?"),
        ("https://example.com", "https://example.com"),
        ("https://example.com?b=c", "https://example.com:443?b=c"),
        ("https://example.com/a?b=It's", "https://example.com/a?b=It%27s"),
        ("https://example.com/a?b=It's", "https://example.com/a?b=It's"),
        ("https://example.com/a?b=It's", "https://example.com:443/a?b=It%27s"),
        ("https://example.com/a?b=c#rc=5&rp=5xx", "https://example.com/a?b=c"),
        ("HTTPS://Example.com/a", "HTTPS://Example.com/a"),
        ("/api/callbacks/twilio-demo/inbound", "/api/callbacks/twilio-demo/inbound"),
    ],
)
def test_spellings_that_twilio_may_have_signed(called: str, signed: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(signed, {"Body": "x"})

    assert _accepts(_request(called, "Body=x", signature))


@pytest.mark.parametrize(
    ("called", "signed"),
    [
        ("https://example.com/a", "https://example.com:8443/a"),
        ("https://example.com/a", "http://example.com/a"),
        ("https://example.com/a", "https://example.com/a/"),
        ("https://example.com/a?b=%2B", "https://example.com/a?b=+"),
        ("https://example.com/a'", "https://example.com/a%27"),
        ("https://pass@example.com/a", "https://example.com/a"),
        ("https://example.com/a?b=c", "https://example.com/a"),
    ],
)
def test_spellings_that_are_of_another_address(called: str, signed: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(signed, {"Body": "x"})

    assert not _accepts(_request(called, "Body=x", signature))


def test_of_a_get_nothing_but_the_url_is_signed() -> None:
    url = "https://example.com/a?Body=It%27s%20me&From=%2B12065550187&Empty="
    headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, {})}

    verify(HttpRequest(method="GET", url=url, headers=headers), ACCOUNT)


def _json_request(body: bytes, hashed: bytes | None, content_type: str = "application/json") -> HttpRequest:
    url = "https://example.com/a?b=c" + (f"&bodySHA256={hashlib.sha256(hashed).hexdigest()}" if hashed else "")
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    return _request(url, body, signature, Content_Type=content_type)


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "", "text/plain"])
def test_of_any_body_but_a_form_the_hash_is_signed(content_type: str) -> None:
    body = b'{"a": "\xc3\xa4"}'

    request = _json_request(body, body, content_type)
    assert _accepts(request)
    assert RequestValidator(TOKEN).validate(request.url, body.decode(), request.headers["x-twilio-signature"])
    assert not _accepts(_json_request(b'{"a": "o"}', body, content_type))
    assert not _accepts(_json_request(body, None, content_type))


@pytest.mark.parametrize(
    "settings",
    [
        "key=webhooks_sharedkey_2,algorithm=HMAC_SHA256",
        "key=webhooks_sharedkey_1,algorithm=HMAC_MD5",
        "key=webhooks_sharedkey_1,algorithm=",
        "key=,algorithm=HMAC_SHA256",
        "algorithm=HMAC_SHA256",
        "algorithm=HMAC_SHA1",
        "nonsense",
        ",,=,",
    ],
)
def test_settings_that_name_no_known_key_and_algorithm_are_refused(settings: str) -> None:
    for secret in (TOKEN, SHARED.secret):
        for algorithm in ("HMAC_SHA1", "HMAC_SHA256"):
            signature = RequestValidator(secret).compute_signature(URL, {"Body": "x"}, algorithm)
            request = _request(URL, "Body=x", signature, X_Twilio_Webhooks_Signature_Settings=settings)
            assert not _accepts(request)


def test_settings_are_read_with_spaces_and_in_any_order() -> None:
    signature = RequestValidator(SHARED.secret).compute_signature(URL, {"Body": "x"}, "HMAC_SHA256")
    settings = f" algorithm = hmac_sha256 , key = {SHARED.key} "

    assert _accepts(_request(URL, "Body=x", signature, X_Twilio_Webhooks_Signature_Settings=settings))


def test_a_shared_key_does_not_stand_in_for_the_auth_token() -> None:
    signature = RequestValidator(SHARED.secret).compute_signature(URL, {"Body": "x"})

    assert not _accepts(_request(URL, "Body=x", signature))


@pytest.mark.parametrize(
    ("charset", "text"), [("iso-8859-1", "Grüße"), ("windows-1252", "5 €"), ("US-ASCII", "x"), ('"UTF-8"', "Grüße €")]
)
def test_a_form_is_decoded_in_its_charset(charset: str, text: str) -> None:
    body = urlencode({"Body": text}, encoding=charset.strip('"'))
    signature = RequestValidator(TOKEN).compute_signature(URL, {"Body": text})

    assert _accepts(_request(URL, body, signature, Content_Type=f"{FORM}; charset={charset}"))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (f"{FORM}; charset=utf-7", b"Body=x"),
        (f"{FORM}; charset=unicode_escape", b"Body=x"),
        (f"{FORM}; charset=zip", b"Body=x"),
        (f"{FORM}; charset=nonsense", b"Body=x"),
        (FORM, b"Body=\xff"),
        (FORM, b"Body=%FF"),
        (FORM, b"Body=x" + b"&a=b" * 1000),
    ],
)
def test_a_form_that_cannot_be_read_cannot_have_been_signed(content_type: str, body: bytes) -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, {"Body": "x"})

    assert not _accepts(_request(URL, body, signature, Content_Type=content_type))


@pytest.mark.parametrize("body", [b"Body=\xff", b"Body=%FF", b"Body=x" + b"&a=b" * 1000])
def test_a_signed_form_that_cannot_be_read_is_malformed_and_no_forgery(
    registry: Mapping[str, Provider], body: bytes, now: datetime
) -> None:
    seen = MultiDict(parse_qsl(body.decode(errors="replace"), errors="replace"))  # by a web framework, as usual
    request = _request(URL, body, RequestValidator(TOKEN).compute_signature(URL, seen))

    assert _accepts(request)
    assert not _accepts(_request(URL, body + b"&c=d", request.headers["x-twilio-signature"]))
    with pytest.raises(Malformed):
        registry["twilio"].read(request, ACCOUNT, now)


def test_the_demo_s_carrier_convinces_the_official_validator(
    accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    text = {"message_id": f"SM{1:032x}", "sender": "+12065550187", "recipient": "+12065550123", "text": "Grüße & 👍 "}
    written = CustomerText(at=now, **text)
    request = CARRIERS["twilio"].inbound(accounts["twilio"], URL, written)

    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    token = accounts["twilio"].callback_secrets[0].secret
    assert RequestValidator(token).validate(URL, form, request.headers["x-twilio-signature"])
