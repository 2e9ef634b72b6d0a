"""What Twilio's REST API tells about an account, its numbers and its messaging services; nothing here changes them.

https://www.twilio.com/docs/iam/api/account, …/phone-numbers/api/incomingphonenumber-resource,
…/messaging/api/service-resource, …/usage/api/applications
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from messaging.accounts import ProviderAccount
from providers.inspection import Failed, Json, Question, Steps, inner, objects, text, understood

API = "https://api.twilio.com"
MESSAGING = "https://messaging.twilio.com"
_PAGES = 50  # of 50 services each: nobody has as many, and a list that never ends is a fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of the account, as far as texts to it are concerned."""

    sid: str
    number: str
    sms_url: str
    sms_method: str
    application: str
    takes_sms: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A messaging service. With `defers` each of its numbers is called as its own page says."""

    sid: str
    name: str
    inbound_url: str
    inbound_method: str
    status_url: str
    defers: bool


def sign_in(account: ProviderAccount) -> tuple[str, str] | None:
    """Name and password for Twilio: an API key with its secret, the auth token, or that of the callbacks; None without
    any (https://www.twilio.com/docs/usage/requests-to-twilio)."""
    key, secret = account.credentials.get("api_key", ""), account.credentials.get("api_key_secret", "")
    if key and secret:
        return key, secret
    tokens = (one.secret for one in account.callback_secrets if one.key is None)
    token = account.credentials.get("auth_token", "") or next(tokens, "")
    return (account.account, token) if token else None


def authorization(account: ProviderAccount) -> str | None:
    """Name and password as a header has them (RFC 7617); None without any."""
    proof = sign_in(account)
    return None if proof is None else "Basic " + b64encode(":".join(proof).encode()).decode()


def account_page(account: ProviderAccount) -> Question:
    """The account itself; standard API keys may not read it."""
    return _get(account, f"{API}/2010-04-01/Accounts/{account.account}.json")


def any_number(account: ProviderAccount) -> Question:
    """One number of the account, whichever: what every kind of key may read."""
    return _numbers(account, {"PageSize": "1"})


def find_number(account: ProviderAccount, digits: str) -> Steps[Number | Failed | None]:
    """The number with these digits; None if the account has none. Twilio finds parts of numbers too."""
    answer = yield _numbers(account, {"PhoneNumber": f"+{digits}"})
    if not understood(answer):
        return Failed(answer)
    found = objects(answer.json(), "incoming_phone_numbers")
    return next((_number(one) for one in found if text(one, "phone_number") == f"+{digits}"), None)


def application_of(account: ProviderAccount, number: Number) -> Steps[tuple[str, str] | Failed]:
    """URL and method of the application that takes the texts to a number."""
    answer = yield _get(account, f"{API}/2010-04-01/Accounts/{account.account}/Applications/{number.application}.json")
    if not understood(answer):
        return Failed(answer)
    return text(answer.json(), "sms_url"), text(answer.json(), "sms_method")


def services_by_number(account: ProviderAccount) -> Steps[Mapping[str, Service] | Failed]:
    """The messaging service that each number of the account is in, by its digits."""
    services = yield from _pages(account, "/v1/Services", "services")
    if isinstance(services, Failed):
        return services
    found: dict[str, Service] = {}
    for service in map(_service, services):
        numbers = yield from _pages(account, f"/v1/Services/{service.sid}/PhoneNumbers", "phone_numbers")
        if isinstance(numbers, Failed):
            return numbers
        found |= {text(one, "phone_number").removeprefix("+"): service for one in numbers}
    return found


def _pages(account: ProviderAccount, path: str, name: str) -> Steps[list[Json] | Failed]:
    """All entries of a list of the Messaging API. A next page elsewhere is not asked for: it would be sent the key."""
    found: list[Json] = []
    url = f"{MESSAGING}{path}"
    for _ in range(_PAGES):
        answer = yield _get(account, url)
        if not understood(answer):
            return Failed(answer)
        page = answer.json()
        found += objects(page, name)
        url = text(inner(page, "meta"), "next_page_url")
        if not url.startswith(f"{MESSAGING}/"):
            break
    return found


def _numbers(account: ProviderAccount, query: Mapping[str, str]) -> Question:
    path = f"/2010-04-01/Accounts/{account.account}/IncomingPhoneNumbers.json"
    return _get(account, f"{API}{path}?{urlencode(query)}")


def _get(account: ProviderAccount, url: str) -> Question:
    return Question(url=url, headers=dict(_headers(account)))


def _headers(account: ProviderAccount) -> Iterator[tuple[str, str]]:
    yield "Accept", "application/json"
    proof = authorization(account)
    if proof is not None:
        yield "Authorization", proof


def _number(values: Json) -> Number:
    return Number(
        sid=text(values, "sid"),
        number=text(values, "phone_number"),
        sms_url=text(values, "sms_url"),
        sms_method=text(values, "sms_method"),
        application=text(values, "sms_application_sid"),
        takes_sms=inner(values, "capabilities").get("sms") is not False,
    )


def _service(values: Json) -> Service:
    return Service(
        sid=text(values, "sid"),
        name=text(values, "friendly_name"),
        inbound_url=text(values, "inbound_request_url"),
        inbound_method=text(values, "inbound_method"),
        status_url=text(values, "status_callback"),
        defers=values.get("use_inbound_webhook_on_number") is True,
    )
