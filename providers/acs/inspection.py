"""Whether a Communication Services resource takes the credentials, has our numbers, and tells us of its events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from providers.acs import numbers, subscriptions
from providers.acs.access_key import is_key
from providers.acs.secret import HEADER
from providers.acs.settings import entra, resource_id
from providers.acs.setup import STEPS
from providers.acs.subscriptions import Subscription
from providers.inspection import (
    Answer,
    Expected,
    Failed,
    Inspection,
    Remark,
    Steps,
    doubtful,
    failed,
    good,
    understood,
    unknown,
    wrong,
)

HOSTS = ".communication.azure.com"
"""Where every resource of the public cloud is: tokens and signatures are sent nowhere else."""
TYPES = {
    "Microsoft.Communication.SMSReceived": "texts",
    "Microsoft.Communication.SMSDeliveryReportReceived": "delivery reports",
}
KEYS_PAGE = "the page “Keys” of the Communication Services resource in the Azure portal"
EVENTS_PAGE = STEPS[0].where.removesuffix(" › Event Subscription")
_ROLE = "Sign in (az login) as somebody with the role Reader on the resource's Azure subscription"


@dataclass(frozen=True, slots=True)
class AcsInspector:
    """See Inspector."""

    def credentials(self, account: ProviderAccount, now: datetime) -> Inspection:
        """See Inspector.credentials."""
        remark = _cannot_ask(account)
        if remark is not None:
            return (remark,)
        answer = yield numbers.page(account, now)
        if not understood(answer):
            return (_failure(account, answer),)
        proof = "the access key" if account.credentials.get("access_key") else "whoever runs this command"
        return (good(f"Communication Services takes {proof}"),)

    def configuration(self, account: ProviderAccount, expected: Expected, now: datetime) -> Inspection:
        """See Inspector.configuration."""
        found: list[Remark] = []
        if _cannot_ask(account) is None:
            found += yield from _numbers(account, expected, now)
        found += yield from _events(account, expected)
        return tuple(found)


def _numbers(account: ProviderAccount, expected: Expected, now: datetime) -> Steps[list[Remark]]:
    owned = yield from numbers.read(account, now)
    if isinstance(owned, Failed):
        return [_failure(account, owned.answer)]
    return [_number(digits, owned.get(digits)) for digits in expected.numbers]


def _number(digits: str, capability: str | None) -> Remark:
    page = "Azure portal › the Communication Services resource › Phone numbers"
    if len(digits) <= 6:
        return unknown(f"{digits} is a short code, which is not listed", f"Look for it there: {page} › Short codes")
    if capability is None:
        mend = f"Get it there ({page}), or choose the account that has it in Dynamics: the number › SMS provider"
        return wrong(f"+{digits} is no number of this Communication Services resource", mend)
    if "inbound" not in capability:
        return wrong(f"+{digits} takes no texts (SMS: {capability or 'none'})", f"{page} › +{digits} › SMS: receive")
    if "outbound" not in capability:
        return doubtful(f"+{digits} sends no texts (SMS: {capability})", f"{page} › +{digits} › SMS: send and receive")
    return good(f"+{digits} sends and takes texts")


def _events(account: ProviderAccount, expected: Expected) -> Steps[list[Remark]]:
    try:
        resource = resource_id(account)
        directory = entra(account)
    except ConfigurationError as error:
        return [wrong(str(error), f"Mend it in PROVIDERS, {account.id}, options")]
    if not resource:
        mend = (
            f"Write the resource id (Azure portal › the resource › Properties) to PROVIDERS, {account.id}, "
            f"options.resource_id; or look yourself: {EVENTS_PAGE}"
        )
        return [unknown("Which event subscriptions there are cannot be asked without the resource id", mend)]
    found = yield from subscriptions.read(resource)
    if isinstance(found, Failed):
        return [_unread(found.answer, account)]
    ours = [one for one in found if expected.is_ours(one.url)]
    remarks = [*_missing(ours, expected)]
    for one in ours:
        remarks += _state(one)
        remarks += _tokens(one, directory.tenant, directory.audience) if directory else _secret(one, account)
    return remarks or [good("Event Grid calls us with texts and delivery reports")]


def _missing(ours: list[Subscription], expected: Expected) -> Iterator[Remark]:
    for kind, what in TYPES.items():
        if not any(one.types is None or kind in one.types for one in ours):
            url = expected.inbound_url if what == "texts" else expected.status_url
            mend = (
                f"{EVENTS_PAGE} › + Event Subscription: type {kind.rpartition('.')[2]}, endpoint type Web Hook, {url}"
            )
            yield wrong(f"No event subscription brings us {what}", mend)


def _state(one: Subscription) -> Iterator[Remark]:
    page = f"{EVENTS_PAGE} › {one.name}"
    if one.state == "AwaitingManualAction":
        what = f"The event subscription {one.name} waits for its endpoint to be validated"
        yield wrong(what, f"See that the function app runs (python -m admin doctor), then save it again: {page}")
    elif one.state not in ("Succeeded", "Creating", "Updating"):
        yield wrong(
            f"The event subscription {one.name} is in the state {one.state or 'unknown'}", f"Make it anew: {page}"
        )
    if one.narrowed:
        yield doubtful(f"The event subscription {one.name} filters by subject or content", f"{page} › Filters: none")
    if one.expires:
        yield doubtful(f"The event subscription {one.name} ends on {one.expires}", f"{page} › Additional features")


def _secret(one: Subscription, account: ProviderAccount) -> Iterator[Remark]:
    """Azure shows neither the value of a secret header nor the query of an endpoint: only what is there can be said."""
    page = f"{EVENTS_PAGE} › {one.name} › Delivery properties"
    header = next((each for each in one.headers if each.name.lower() == HEADER.lower()), None)
    if not account.callback_secrets:
        mend = f"Make up a secret and write it to PROVIDERS, {account.id}, callback_secrets, and there: {page}"
        yield wrong("Callbacks are off: there is no callback secret", mend)
    elif header is None:
        what = (
            f"The event subscription {one.name} brings no {HEADER}; whether its URL has ?secret=… Azure does not show"
        )
        yield doubtful(what, f"{page}: {HEADER}, type Static, with one of callback_secrets, marked as secret")
    elif not header.secret:
        what = f"Everybody who may read the event subscription {one.name} sees the callback secret"
        yield doubtful(what, f"{page}: mark {HEADER} as secret")


def _tokens(one: Subscription, tenant: str, audience: str) -> Iterator[Remark]:
    if one.tenant != tenant or one.audience.removeprefix("api://") != audience.removeprefix("api://"):
        what = f"The event subscription {one.name} brings no token for the directory and application of options.entra"
        page = f"{EVENTS_PAGE} › {one.name} › Additional features › Use Microsoft Entra authentication"
        yield wrong(what, f"{page}: directory {tenant}, application {audience}")


def _cannot_ask(account: ProviderAccount) -> Remark | None:
    parts = urlsplit(account.account)
    if parts.scheme != "https" or not (parts.hostname or "").endswith(HOSTS):
        mend = f"Write the endpoint (https://<name>{HOSTS}, {KEYS_PAGE}) to PROVIDERS, {account.id}, account"
        return unknown("Communication Services cannot be asked: account is no endpoint of the public cloud", mend)
    key = account.credentials.get("access_key", "")
    if key and not is_key(key):
        mend = f"Copy a key from {KEYS_PAGE} to PROVIDERS, {account.id}, credentials.access_key"
        return wrong("The access key of Communication Services is no base64", mend)
    return None


def _failure(account: ProviderAccount, answer: Answer) -> Remark:
    if answer.status not in (401, 403):
        return failed(answer, "Communication Services")
    if account.credentials.get("access_key"):
        what = f"Communication Services does not take the access key ({answer.status})"
        return wrong(what, f"Copy one from {KEYS_PAGE} to PROVIDERS, {account.id}, credentials.access_key")
    what = f"Communication Services does not answer whoever runs this command ({answer.why or answer.status})"
    mend = f"Write an access key to PROVIDERS, {account.id}, credentials.access_key ({KEYS_PAGE})"
    return unknown(what, f"{mend}, or sign in (az login) as somebody with the role Contributor on the resource")


def _unread(answer: Answer, account: ProviderAccount) -> Remark:
    if answer.status in (401, 403):
        why = answer.why or answer.status
        what = f"Azure does not show the event subscriptions to whoever runs this command ({why})"
        return unknown(what, f"{_ROLE}; or look yourself: {EVENTS_PAGE}")
    if answer.status == 404:
        what = "There is no Communication Services resource with the id in options.resource_id (404)"
        mend = f"Copy it from Azure portal › the resource › Properties to PROVIDERS, {account.id}, options.resource_id"
        return wrong(what, mend)
    return failed(answer, "Azure Resource Manager")
