"""What the steps of the tour work with: a carrier that calls us, and a look at what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

from function_app.services import now
from local.carriers import CARRIERS
from local.carriers.calls import call
from local.carriers.values import CustomerText, Outcome
from local.company.cast import Number
from local.stack import Stack
from local.tour.look import Look, StoredText
from messaging.status import Status
from messaging.web import HttpRequest

Found = TypeVar("Found")
_PATIENCE_S = 20.0
_AREAS = ("425", "253", "360", "509")


class StepFailed(Exception):
    """A step of the tour did not hold; the message says what was expected and what happened."""


@dataclass(slots=True)
class Stage:
    """One tour over one running demo; `say` prints a line of what happens."""

    stack: Stack
    say: Callable[[str], None]
    _used: set[str] = field(default_factory=set)

    @property
    def look(self) -> Look:
        return Look(self.stack.client)

    def text(self, number: Number, sender: str, text: str, message_id: str | None = None) -> HttpRequest:
        """The provider's signed callback for a customer's text to one of our numbers."""
        account = self.stack.settings.accounts()[number.account]
        self.say(f"{sender} texts {number.e164} ({account.id}): “{text}”")
        written = CustomerText(
            message_id=message_id or new_message_id(account.type),
            sender=sender,
            recipient=number.e164,
            text=text,
            at=now(),
        )
        url = f"{self.stack.host.url}/api/callbacks/{account.id}/inbound"
        return CARRIERS[account.type].inbound(account, url, written)

    def report(self, number: Number, customer: str, message_id: str, status: Status) -> HttpRequest:
        """The provider's signed callback for what became of a text of ours."""
        account = self.stack.settings.accounts()[number.account]
        self.say(f"{account.id} reports {status} for the text to {customer}")
        outcome = Outcome(message_id=message_id, status=status, sender=number.e164, recipient=customer, at=now())
        url = f"{self.stack.host.url}/api/callbacks/{account.id}/status"
        return CARRIERS[account.type].report(account, url, outcome)

    def call(self, request: HttpRequest, *, expect: int = 200) -> None:
        """Call our callback address as the provider does. Raises StepFailed for another status than expected."""
        heard = call(request)
        where = request.url.removeprefix(self.stack.host.url)
        self.say(f"{request.method} {where} → {heard.status} in {heard.took_ms} ms")
        check(heard.status == expect, f"the callback answers {heard.status}, not {expect}")

    def stored(self, message_id: str) -> StoredText:
        """The one text with this provider's id, once it is there."""
        found = self.wait_for("the text", lambda: self.look.texts("txv_providermessageid", message_id))
        check(len(found) == 1, f"the text is there {len(found)} times")
        return found[0]

    def fresh_number(self) -> str:
        """A fictional number that no lead carries yet."""
        numbers = (f"+1{area}5550{last}" for area in _AREAS for last in range(100, 200))
        for number in numbers:
            if number not in self._used and not self.look.leads(number):
                self._used.add(number)
                return number
        raise StepFailed("all the fictional numbers are used up: start with a new --data folder")

    def wait_for(self, what: str, look: Callable[[], Found], patience_s: float = _PATIENCE_S) -> Found:
        """Look until there is something. Raises StepFailed."""
        until = time.monotonic() + patience_s
        while True:
            if found := look():
                return found
            check(time.monotonic() < until, f"{what} did not come within {patience_s:.0f} s")
            time.sleep(0.1)


def new_message_id(provider: str) -> str:
    """A message id in the form that the provider gives."""
    return CARRIERS[provider].new_message_id(uuid4(), now())


def check(holds: object, otherwise: str) -> None:
    """Raise StepFailed with a sentence unless it holds."""
    if not holds:
        raise StepFailed(otherwise)
