"""Whether Twilio takes the account's credentials, and where it calls for the texts to its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from messaging.accounts import ProviderAccount
from providers.inspection import (
    Answer,
    Expected,
    Failed,
    Inspection,
    Json,
    Remark,
    Steps,
    doubtful,
    failed,
    good,
    text,
    understood,
    unknown,
    without_query,
    wrong,
)
from providers.proof import same
from providers.twilio import api
from providers.twilio.api import Number, Service
from providers.twilio.setup import RETRIES, STEPS

KEYS_PAGE = "the page “API keys & tokens” of the Twilio Console (https://console.twilio.com)"
_NUMBER_PAGE, _SERVICE_PAGE = STEPS[0].where, STEPS[1].where


@dataclass(frozen=True, slots=True)
class TwilioInspector:
    """See Inspector."""

    def credentials(self, account: ProviderAccount, now: datetime) -> Inspection:
        """See Inspector.credentials."""
        remark = _cannot_ask(account)
        if remark is not None:
            return (remark,)
        if account.credentials.get("api_key"):
            answer = yield api.any_number(account)
            return (good("Twilio takes the API key") if understood(answer) else _failure(answer),)
        answer = yield api.account_page(account)
        return tuple(_account(account, answer.json())) if understood(answer) else (_failure(answer),)

    def configuration(self, account: ProviderAccount, expected: Expected, now: datetime) -> Inspection:
        """See Inspector.configuration. In a messaging service the service's URL counts, unless it leaves that to its
        numbers; at a number its application counts before its own URL."""
        remark = _cannot_ask(account)
        if remark is not None or not expected.numbers:
            return (remark,) if remark else ()
        services = yield from api.services_by_number(account)
        if isinstance(services, Failed):
            return (_failure(services.answer),)
        remarks: list[Remark] = []
        for digits in expected.numbers:
            remarks += yield from _number(account, expected, digits, services.get(digits))
        return tuple(remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Called:
    """Where Twilio calls for a text to a number, and on which of its pages that is set."""

    number: str
    url: str
    method: str
    page: str
    by_service: bool = False


def _number(account: ProviderAccount, expected: Expected, digits: str, service: Service | None) -> Steps[list[Remark]]:
    if len(digits) <= 6:
        page = "Look at its URL in the Twilio Console: Phone Numbers › Short codes"
        return [unknown(f"{digits} is a short code, whose settings are not read", page)]
    number = yield from api.find_number(account, digits)
    if isinstance(number, Failed):
        return [_failure(number.answer)]
    if number is None:
        return [
            wrong(
                f"+{digits} is no number of this Twilio account",
                "Buy or move it there, or choose the account that has it in Dynamics: the number › SMS provider",
            )
        ]
    called = yield from _called(account, number, service)
    if isinstance(called, Failed):
        return [_failure(called.answer)]
    return [*_of_service(expected, service), *_judge(expected, called, number)]


def _called(account: ProviderAccount, number: Number, service: Service | None) -> Steps[_Called | Failed]:
    page = _NUMBER_PAGE.replace("the number", number.number)
    if service is not None and not service.defers:
        page = _SERVICE_PAGE.replace("the service", service.name)
        url, method = service.inbound_url, service.inbound_method
        return _Called(number=number.number, url=url, method=method, page=page, by_service=True)
    if not number.application:
        return _Called(number=number.number, url=number.sms_url, method=number.sms_method, page=page)
    application = yield from api.application_of(account, number)
    if isinstance(application, Failed):
        return application
    url, method = application
    page = f"{page} (now the TwiML App {number.application}: choose Webhook instead)"
    return _Called(number=number.number, url=url, method=method, page=page)


def _judge(expected: Expected, called: _Called, number: Number) -> list[Remark]:
    paste = f"{called.page}: {expected.inbound_url}{RETRIES}"
    if not number.takes_sms:
        return [wrong(f"{called.number} takes no texts (no SMS capability)", "Get a number that does, at Twilio")]
    if not called.url:
        dropped = "its messaging service drops them" if called.by_service else "Twilio has no URL for them"
        return [wrong(f"Texts to {called.number} do not reach us: {dropped}", paste)]
    if not expected.is_ours(called.url):
        shown = without_query(called.url)
        return [wrong(f"Texts to {called.number} do not reach us: Twilio calls {shown}", paste)]
    remarks = []
    if not _tries_again(called.url):
        remarks.append(doubtful(f"A text to {called.number} is lost where our answer fails once", paste))
    if called.method.upper() == "GET":
        what = f"For {called.number} Twilio calls with GET, which writes numbers and texts into the logs on the way"
        remarks.append(doubtful(what, f"{called.page}: choose HTTP POST"))
    return remarks or [good(f"Texts to {called.number} reach us")]


def _of_service(expected: Expected, service: Service | None) -> list[Remark]:
    if service is None or not service.status_url or expected.is_ours(service.status_url):
        return []
    shown = without_query(service.status_url)
    what = f"The messaging service {service.name} reports to {shown}, unless a text names another URL"
    page = _SERVICE_PAGE.replace("the service", service.name).replace("Incoming Messages", "Delivery Status Callback")
    return [doubtful(what, f"{page}: {expected.status_url}")]


def _tries_again(url: str) -> bool:
    """Whether the fragment of a URL makes Twilio try again after our 5xx."""
    options = dict(part.partition("=")[::2] for part in urlsplit(url).fragment.split("&"))
    times, causes = options.get("rc", "1"), {*options.get("rp", "").split(",")}
    return times.isdecimal() and int(times) > 0 and bool(causes & {"5xx", "all"})


def _account(account: ProviderAccount, page: Json) -> list[Remark]:
    status = text(page, "status")
    if status != "active":
        what = f"The Twilio account is {status or 'of no known status'}"
        return [wrong(what, "Ask Twilio's support to open it again (https://console.twilio.com)")]
    remarks = [good("Twilio takes the auth token, and the account is active")]
    if text(page, "type").lower() == "trial":
        what = "The Twilio account is a trial: it texts to verified numbers only"
        remarks.append(doubtful(what, "Upgrade it in the Twilio Console: Admin › Account billing"))
    return remarks + _signing_token(account, text(page, "auth_token"))


def _signing_token(account: ProviderAccount, token: str) -> list[Remark]:
    """Twilio signs callbacks with the account's primary auth token, or with a SharedKey where there is one."""
    secrets = account.callback_secrets
    if not token or any(one.key is not None or same(one.secret, token) for one in secrets) or not secrets:
        return []
    what = "The auth token that Twilio signs with is not among callback_secrets: every callback is refused"
    return [wrong(what, f"Copy it from {KEYS_PAGE} to PROVIDERS, {account.id}, callback_secrets")]


def _cannot_ask(account: ProviderAccount) -> Remark | None:
    if not account.account:
        what = "Twilio cannot be asked without the Account SID"
        return unknown(what, f"Write it to PROVIDERS, {account.id}, account, from {KEYS_PAGE}")
    if api.sign_in(account) is None:
        what = "Twilio cannot be asked without an auth token or an API key"
        mend = f"Write auth_token, or api_key and api_key_secret, to PROVIDERS, {account.id}, credentials"
        return unknown(what, f"{mend}; both are on {KEYS_PAGE}")
    return None


def _failure(answer: Answer) -> Remark:
    if answer.status in (401, 403):
        what = f"Twilio does not take the credentials ({answer.status})"
        mend = (
            f"Compare account and credentials in PROVIDERS with {KEYS_PAGE}; a restricted API key has to allow reading"
        )
        return wrong(what, mend)
    if answer.status == 404:
        return wrong("Twilio knows no such account (404)", f"Compare account in PROVIDERS with {KEYS_PAGE}")
    return failed(answer, "Twilio")
