"""Accept a provider's callback: verify, read, put the events on the queue, answer. No Dataverse here: if it is down,
nothing is lost."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from messaging.accounts import ProviderAccount
from messaging.envelope import Envelope, encode
from messaging.errors import CallbackRejected, CallbacksOff, Malformed, Unavailable, UnknownAccount
from messaging.web import HttpRequest, HttpResponse
from pipeline.ports import CallbackReader, Clock, Queue, Reading

PROVIDER_EVENTS = "provider-events"
KINDS = frozenset({"inbound", "status"})

_log = logging.getLogger("textverse.callbacks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Everything that accepting callbacks needs. `misconfigured` says by account what is wrong with its settings."""

    accounts: Mapping[str, ProviderAccount]
    misconfigured: Mapping[str, str]
    providers: Mapping[str, CallbackReader]
    queue: Queue
    clock: Clock

    def accept(self, request: HttpRequest, account_id: str, kind: str) -> HttpResponse:
        """Answer one callback to `/api/callbacks/{account_id}/{kind}`; never raises for what a stranger can send.

        404 unknown account, one without a secret, or an unknown kind; 403 not authentic; 405 a method that this
        provider never uses; 400 authentic but unreadable; 503 the queue or the signing keys are out of reach, so that
        the provider tries again; else what the provider wants to hear.
        """
        told = {"account": account_id, "callback": kind, "size": len(request.body)}
        try:
            reading = self._read(request, account_id, kind)
            for envelope in _envelopes(reading):
                self.queue.send(PROVIDER_EVENTS, envelope)
        except CallbackRejected as error:
            # An account that is not ours may be anything: it is not repeated in the log.
            shown = {} if isinstance(error, UnknownAccount) else told
            _log.warning("callback refused: %s", error, extra={**shown, "refusal": type(error).__name__})
            return HttpResponse(status=error.status)
        except Unavailable as error:
            _log.error("callback not taken, the provider is asked to try again: %s", error, extra=told)
            return HttpResponse(status=503, headers={"retry-after": "30"})
        _log.info("callback taken", extra={**told, "events": [event.kind for event in reading.events]})
        return reading.answer

    def _read(self, request: HttpRequest, account_id: str, kind: str) -> Reading:
        account = self.accounts.get(account_id)
        if account is None or kind not in KINDS:
            raise UnknownAccount("no such callback address")
        if account_id in self.misconfigured:
            # An administrator has to act; until then the provider shall try again.
            raise Unavailable(self.misconfigured[account_id])
        if not account.callbacks_on:
            raise CallbacksOff("the account has no callback secret, its callbacks are off")
        provider = self.providers[account.type]
        now = self.clock()
        provider.verify(request, account, now)
        return provider.read(request, account, now)


def _envelopes(reading: Reading) -> list[str]:
    # All of them before the first is sent: a callback is taken whole or not at all.
    try:
        return [encode(Envelope(event=event)) for event in reading.events]
    except ValueError as error:
        raise Malformed(str(error)) from None
