"""Texts from customers and reports on ours, as the providers would bring them: signed callbacks to the real URLs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from local.carriers import CARRIERS
from local.carriers.calls import Heard, call
from local.carriers.values import CustomerText, Outcome
from local.phone.people import PROVIDERS, our_number, sender
from local.phone.reports import OUTCOMES
from messaging import ids
from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.web import HttpRequest

MOST_CHARACTERS = 1600  # what providers take as one text
_WRONG_SECRET = CallbackSecret("bm90LXRoZS1zZWNyZXQ=")  # base64, as TeleSign's keys are; nothing is signed with it


class Trick(StrEnum):
    """How a text is brought: as it should be, or as networks and strangers sometimes do."""

    NONE = "none"
    THRICE = "thrice"  # the provider repeats a callback that was answered
    FORGED = "forged"  # somebody without the secret
    TOGETHER = "together"  # two texts at the same moment


class NotThere(Exception):
    """What a request is about does not exist, or not yet."""


@dataclass(frozen=True, slots=True)
class SentText:
    """A text of ours that a report can be about."""

    id: UUID
    account: str
    provider_id: str
    our_number: str
    customer: str


@dataclass(frozen=True, slots=True)
class Network:
    """The providers of the demo, calling the function app at `functions_url`."""

    functions_url: str
    accounts: Mapping[str, ProviderAccount]
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]

    def text(self, typed_sender: str, ours: str, text: str, trick: Trick) -> dict[str, object]:
        """A customer's text, brought to the function app; what was called and answered, JSON-ready.

        Raises ValueError, with a sentence, for a number or a text that cannot be; Away.
        """
        customer, number = sender(typed_sender), our_number(ours)
        account = self._account(number.account)
        body = _checked(text)
        bodies = [body, f"{body} (and another text, at the same moment)"] if trick is Trick.TOGETHER else [body]
        made = [
            self._inbound(account, customer.value, number.e164, each, forged=trick is Trick.FORGED) for each in bodies
        ]
        repeated = 3 if trick is Trick.THRICE else 1
        heard = _all_at_once([request for _, request in made], repeated)
        return {
            "sender": customer.value,
            "texts": [
                {"id": str(row), "text": body, "calls": [_said(account, request, each) for each in answers]}
                for (row, request), body, answers in zip(made, bodies, heard, strict=True)
            ],
        }

    def report(self, sent: SentText, key: str) -> dict[str, object]:
        """A delivery report on a text of ours; what was called and answered, JSON-ready.

        Raises ValueError, with a sentence, for an outcome that the provider does not report; Away.
        """
        account = self._account(sent.account)
        outcome = next((each for each in OUTCOMES.get(account.type, ()) if each.key == key), None)
        if outcome is None:
            raise ValueError(f"{PROVIDERS.get(account.type, account.type)} does not report that.")
        report = Outcome(
            message_id=sent.provider_id,
            status=outcome.status,
            sender=sent.our_number,
            recipient=sent.customer,
            at=self.clock(),
            failure_code=outcome.code,
            reference=str(sent.id),
        )
        request = CARRIERS[account.type].report(account, self._url(account, "status"), report)
        return _said(account, request, call(request))

    def _account(self, account_id: str) -> ProviderAccount:
        account = self.accounts.get(account_id)
        if account is None or account.type not in CARRIERS or not account.callback_secrets:
            raise ValueError(
                f"The provider account {account_id} is not among those that the demo knows how to call for."
            )
        return account

    def _inbound(
        self, account: ProviderAccount, customer: str, ours: str, text: str, *, forged: bool
    ) -> tuple[UUID, HttpRequest]:
        """The id of the row that the text will be, and the callback."""
        carrier, now = CARRIERS[account.type], self.clock()
        message_id = carrier.new_message_id(self.new_id(), now)
        written = CustomerText(message_id=message_id, sender=customer, recipient=ours, text=text, at=now)
        signer = replace(account, callback_secrets=(_WRONG_SECRET,)) if forged else account
        request = carrier.inbound(signer, self._url(account, "inbound"), written)
        return ids.message_id(account.id, message_id), request

    def _url(self, account: ProviderAccount, kind: str) -> str:
        return f"{self.functions_url}/api/callbacks/{account.id}/{kind}"


def _checked(text: str) -> str:
    if not text.strip():
        raise ValueError("Type a text first.")
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"A text has at most {MOST_CHARACTERS} characters; this one has {len(text)}.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("The text holds half a character: an emoji was cut in two.")
    return text


def _all_at_once(requests: Sequence[HttpRequest], repeated: int) -> list[list[Heard]]:
    """The answers to each request, sent `repeated` times one after the other; the requests side by side."""
    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(lambda request: [call(request) for _ in range(repeated)], requests))


def _said(account: ProviderAccount, request: HttpRequest, heard: Heard) -> dict[str, object]:
    """A call as a line to read: who called what, and the answer."""
    return {
        "provider": PROVIDERS.get(account.type, account.type),
        "method": request.method,
        "path": urlsplit(request.url).path,
        "status": heard.status,
        "reason": heard.reason,
        "answer": _answer(heard),
        "took_ms": heard.took_ms,
    }


def _answer(heard: Heard) -> str:
    if not heard.body:
        return "no body"
    return "TwiML" if b"<Response" in heard.body else heard.content_type or "untyped body"
