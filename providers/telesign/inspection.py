"""Whether TeleSign takes the API key. Where it calls us cannot be read there.

The question is for the status of a message that does not exist: it costs nothing and sends nothing. A customer whose
key is taken is told so (404, or 400); everybody else 401, with a code that says why.
https://developer.telesign.com/enterprise/reference/getsmsstatus
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from providers.inspection import Answer, Expected, Inspection, Question, Remark, failed, good, inner, unknown, wrong
from providers.telesign.settings import REST_ENDPOINTS, rest_endpoint
from providers.telesign.setup import STEPS

NO_MESSAGE = "0" * 32
KEYS_PAGE = "the TeleSign portal (Customer ID and API key)"
_TAKEN = frozenset({200, 400, 404})

# status.code of a 401 → what it means, and what to do.
REFUSALS = {
    10008: ("the API key is not the one of this customer id", "key"),
    10010: ("the customer account is suspended", "support"),
    10011: ("SMS is not enabled for this customer id", "support"),
    10013: ("there is no such customer account", "customer"),
    10014: ("it takes no requests from this machine's IP address", "support"),
    10015: ("there is no such customer id", "customer"),
    10022: ("the API key is not the one of this customer id", "key"),
    10031: ("this customer id has another host", "host"),
    10035: ("this customer id has another host", "host"),
}
_REMEDIES = {
    "key": f"Copy the API key from {KEYS_PAGE} to {{account}}, credentials.api_key and callback_secrets",
    "customer": f"Copy the customer id from {KEYS_PAGE} to {{account}}, account",
    "host": f"Write {{account}}, options.rest_endpoint: {' or '.join(REST_ENDPOINTS)}",
    "support": "Ask TeleSign's support (support@telesign.com)",
}


@dataclass(frozen=True, slots=True)
class TeleSignInspector:
    """See Inspector."""

    def credentials(self, account: ProviderAccount, now: datetime) -> Inspection:
        """See Inspector.credentials."""
        try:
            endpoint = rest_endpoint(account)
        except ConfigurationError as error:
            return (wrong(str(error), f"Mend it in PROVIDERS, {account.id}, options"),)
        key = api_key(account)
        if not account.account or not key:
            mend = f"Write both to PROVIDERS, {account.id}, account and credentials.api_key, from {KEYS_PAGE}"
            return (unknown("TeleSign cannot be asked without the customer id and an API key", mend),)
        answer = yield message_status(account.account, key, endpoint)
        return (good("TeleSign takes the API key") if answer.status in _TAKEN else _failure(account, answer),)

    def configuration(self, account: ProviderAccount, expected: Expected, now: datetime) -> Inspection:
        """See Inspector.configuration."""
        yield from ()
        texts, reports = STEPS[0].where, STEPS[1].where
        mend = (
            "Text to one of the numbers from a phone: it has to appear under Activities › Text messages. If it does "
            f"not: {texts}, with the URL {expected.inbound_url}; for delivery reports: {reports}, {expected.status_url}"
        )
        return (unknown("TeleSign does not show where it calls", mend),)


def api_key(account: ProviderAccount) -> str:
    """The API key to ask with: that of the credentials, else the one that callbacks are signed with; empty without."""
    return account.credentials.get("api_key", "") or next((one.secret for one in account.callback_secrets), "")


def message_status(customer: str, key: str, endpoint: str = REST_ENDPOINTS[0], reference: str = NO_MESSAGE) -> Question:
    """The question what became of a message."""
    proof = b64encode(f"{customer}:{key}".encode()).decode()
    return Question(url=f"{endpoint}/v1/messaging/{reference}", headers={"Authorization": f"Basic {proof}"})


def _failure(account: ProviderAccount, answer: Answer) -> Remark:
    if answer.status != 401:
        return failed(answer, "TeleSign")
    code = inner(answer.json(), "status").get("code")
    why, remedy = REFUSALS.get(code if isinstance(code, int) else 0, ("", "key"))
    shown = f"401, {code}" if isinstance(code, int) else "401"
    what = f"TeleSign does not take the credentials ({shown})" + (f": {why}" if why else "")
    return wrong(what, _REMEDIES[remedy].format(account=f"PROVIDERS, {account.id}"))
