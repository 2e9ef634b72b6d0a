"""The small values: requests, accounts, errors."""

from __future__ import annotations

from dataclasses import is_dataclass
from importlib import import_module
from pkgutil import iter_modules

import pytest

import messaging
from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import CallbackRejected, ConfigurationError, Refused, TextverseError, Throttled
from messaging.web import HttpRequest, HttpResponse

MODULES = [f"messaging.{module.name}" for module in iter_modules(messaging.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_no_value_of_this_floor_can_be_changed(name: str) -> None:
    values = [each for each in vars(import_module(name)).values() if isinstance(each, type) and is_dataclass(each)]

    assert [value for value in values if value.__setattr__ is object.__setattr__] == []


def test_header_names_are_found_in_lower_case_whatever_was_sent() -> None:
    request = HttpRequest(method="POST", url="https://x/y", headers={"X-Twilio-Signature": "s"}, body=b"secret")

    assert request.headers["x-twilio-signature"] == "s"
    assert "secret" not in repr(request)
    assert "'s'" not in repr(request)


def test_an_answers_header_names_are_in_lower_case_too() -> None:
    assert dict(HttpResponse(status=200, headers={"Content-Type": "text/xml"}).headers) == {"content-type": "text/xml"}


def test_no_secret_shows_in_an_accounts_repr() -> None:
    account = ProviderAccount(
        id="a", type="twilio", callback_secrets=(CallbackSecret("hush"),), credentials={"auth_token": "hush"}
    )

    assert "hush" not in repr(account) + repr(account.callback_secrets)


@pytest.mark.parametrize(
    ("account", "on"),
    [
        (ProviderAccount(id="a", type="acs"), False),
        (ProviderAccount(id="a", type="acs", callback_secrets=(CallbackSecret("s"),)), True),
        (ProviderAccount(id="a", type="acs", options={"entra": {"tenant": "t"}}), True),
    ],
)
def test_callbacks_are_on_where_something_can_prove_their_origin(account: ProviderAccount, *, on: bool) -> None:
    assert account.callbacks_on is on


def test_a_wrong_setting_cannot_be_swallowed_with_the_other_errors() -> None:
    assert not issubclass(ConfigurationError, TextverseError)


def test_every_rejection_has_an_http_status_of_its_own_kind() -> None:
    leaves = CallbackRejected.__subclasses__()

    assert {leaf.__name__: leaf.status for leaf in leaves} == {
        "UnknownAccount": 404,
        "CallbacksOff": 404,
        "MethodNotAllowed": 405,
        "SignatureMissing": 403,
        "SignatureInvalid": 403,
        "TooLarge": 413,
        "Malformed": 400,
    }


def test_throttling_says_how_long_to_wait() -> None:
    assert Throttled("slow down", retry_after=7).retry_after == 7


def test_a_permanent_error_keeps_the_other_sides_word_for_the_reason() -> None:
    assert Refused("no", code="0x80040220").code == "0x80040220"
