"""TeleSign's signature, with the official package `telesign` as the oracle, both ways."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telesign.util import verify_telesign_callback_signature

from local.carriers import CARRIERS
from local.carriers.values import CustomerText
from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import ConfigurationError, SignatureInvalid, SignatureMissing
from messaging.web import HttpRequest
from providers.telesign.signature import sign, signing_key, verify

API_KEY = "dGVsZXNpZ24tdGVzdC1hcGkta2V5LTAxMjM0NTY3ODk="
CUSTOMER = "11111111-2222-3333-4444-555555555555"
ACCOUNT = ProviderAccount(id="t", type="telesign", account=CUSTOMER, callback_secrets=(CallbackSecret(API_KEY),))
BODY = (
    b'{"status":{"updated_on":"2026-11-20T09:22:45.787464Z","code":1500,"description":"Delivered to customer"},'
    b'"submit_timestamp":"2026-11-20T09:22:45.778000Z","errors":[],"user_response":{"phone_number":"12065550187",'
    b'"sender_id":"12065550123","mo_message":"STOP"},"sub_resource":"mo_sms",'
    b'"reference_id":"35C1F2A4B6D8E00F1A2B3C4D5E6F7081"}'
)
SIGNATURE = "M7+RWKcYlV4cLIA+DvZgRW7YX/vWgr1nJrUawCqSIVM="  # accepted by the official package


def _accepts(body: bytes, headers: Mapping[str, str], account: ProviderAccount = ACCOUNT) -> bool:
    request = HttpRequest(method="POST", url="https://textverse.example.com/", headers=headers, body=body)
    try:
        verify(request, account)
    except SignatureInvalid:
        return False
    return True


def test_check_value() -> None:
    assert _accepts(BODY, {"Authorization": f"TSA {CUSTOMER}:{SIGNATURE}", "X-TS-Authorization": SIGNATURE})
    assert _accepts(BODY, {"Authorization": f"TSA {CUSTOMER}:{SIGNATURE}"})
    assert _accepts(BODY, {"X-TS-Authorization": SIGNATURE})


def test_the_example_of_the_official_package() -> None:
    # Its key has hyphens, which a lenient decoder skips; ours refuses such a key as a setting.
    example = "EXAMPLE----TE8sTgg45yusumoN6BYsBVkh+yRJ5czgsnCehZaOYldPJdmFh6NeX8kunZ2zU1YWaUw/0wV6xfw=="

    assert sign(base64.b64decode(example), b"{'test': 123}") == "B97g3N9lPdVaptvifxRau7bzVAC5hhRBZ6HKXABN744="
    with pytest.raises(ConfigurationError):
        signing_key(ACCOUNT, CallbackSecret(example))


@given(st.binary(min_size=1, max_size=64), st.text(st.characters(exclude_categories=["Cs"])))
def test_the_official_package_accepts_what_we_take_for_valid(key: bytes, body: str) -> None:
    api_key = base64.b64encode(key).decode()
    signature = sign(signing_key(ACCOUNT, CallbackSecret(api_key)), body.encode())

    assert verify_telesign_callback_signature(api_key, signature, body)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(max_size=40), st.booleans(), st.integers(0, 43))
def test_both_judge_alike(body: str, other: bytes, by_key: bool, position: int) -> None:
    signature = sign(base64.b64decode(API_KEY), body.encode()) if by_key else base64.b64encode(other).decode()
    for candidate in (signature, signature[:position] + "A" + signature[position + 1 :]):
        if candidate:
            judged = verify_telesign_callback_signature(API_KEY, candidate, body)
            assert _accepts(body.encode(), {"X-TS-Authorization": candidate}) == judged


@pytest.mark.parametrize(
    "authorization",
    [
        f"TSA {CUSTOMER}:",
        f"TSA {SIGNATURE}",
        f"TSA 99999999-2222-3333-4444-555555555555:{SIGNATURE}",
        f"TSA :{SIGNATURE}",
        f"Bearer {SIGNATURE}",
        f"{CUSTOMER}:{SIGNATURE}",
        SIGNATURE,
        "TSA",
    ],
)
def test_an_authorization_of_another_form_or_customer_is_refused(authorization: str) -> None:
    assert not _accepts(BODY, {"Authorization": authorization})
    assert not _accepts(BODY, {"Authorization": authorization, "X-TS-Authorization": SIGNATURE})


def test_one_wrong_header_is_not_made_good_by_the_other() -> None:
    right = {"Authorization": f"TSA {CUSTOMER}:{SIGNATURE}", "X-TS-Authorization": SIGNATURE}

    for name, value in right.items():
        assert not _accepts(BODY, {**right, name: value.replace("M7+", "M7-")})


def test_a_blank_header_is_none() -> None:
    assert _accepts(BODY, {"Authorization": "", "X-TS-Authorization": SIGNATURE})
    with pytest.raises(SignatureMissing):
        _accepts(BODY, {"Authorization": "", "X-TS-Authorization": ""})


def test_the_customer_id_is_read_in_any_case_and_only_where_it_is_configured() -> None:
    anyone = ProviderAccount(id="t", type="telesign", callback_secrets=ACCOUNT.callback_secrets)
    letters = ProviderAccount(
        id="t",
        type="telesign",
        account="ABCDEF00-2222-3333-4444-555555555555",
        callback_secrets=ACCOUNT.callback_secrets,
    )

    assert _accepts(BODY, {"Authorization": f"TSA someone:{SIGNATURE}"}, anyone)
    assert _accepts(BODY, {"Authorization": f"tsa {letters.account.lower()}:{SIGNATURE}"}, letters)


def test_the_demo_s_carrier_convinces_the_official_package(
    accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    text = {"message_id": f"{1:032X}", "sender": "+12065550187", "recipient": "+12065550123", "text": "Grüße 👍"}
    written = CustomerText(at=now, **text)
    request = CARRIERS["telesign"].inbound(accounts["telesign"], "https://textverse.example.com/", written)

    api_key = accounts["telesign"].callback_secrets[0].secret
    assert verify_telesign_callback_signature(api_key, request.headers["x-ts-authorization"], request.body.decode())
