"""What becomes of a text: it goes to a record, a person is asked, a lead is made, or it waits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from messaging.numbers import Address, AddressKind
from routing.rank import Decision


class Becomes(StrEnum):
    """What a text leads to, as stored explanations spell it."""

    RECORD = "record"
    ASKED = "asked"
    LEAD = "lead"
    WAITS = "waits"


class AmbiguousTexts(StrEnum):
    """What is done where nothing but a date or an id tells the candidates apart, as the setting spells it."""

    DECIDE = "decide"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a text; `waits_because` completes the sentence "…, so the text waits without a record"."""

    becomes: Becomes
    waits_because: str = ""


class Policy(Protocol):
    """What an organization wants of texts that routing alone does not settle. `leads_per_hour` is for each number of
    ours, 0 for as many as come."""

    @property
    def ambiguous_texts(self) -> AmbiguousTexts: ...

    @property
    def new_leads(self) -> bool: ...

    @property
    def leads_per_hour(self) -> int: ...


def outcome(decision: Decision, customer: Address, policy: Policy) -> Outcome:
    """What becomes of a text of this customer. A number of ours says for itself whether it makes leads, if it does."""
    if decision.winner is not None:
        asks = decision.ambiguous and policy.ambiguous_texts is AmbiguousTexts.ASK
        return Outcome(Becomes.ASKED if asks else Becomes.RECORD)
    because = _no_lead_because(decision, customer, policy)
    return Outcome(Becomes.WAITS, because) if because else Outcome(Becomes.LEAD)


def _no_lead_because(decision: Decision, customer: Address, policy: Policy) -> str:
    number, most = decision.number, policy.leads_per_hour
    own = number.new_leads if number else None
    # A short code or a name is no customer's number, whatever a number of ours says.
    if customer.kind is not AddressKind.PHONE:
        return "short codes and names make no leads"
    if own is False:
        return "new leads are turned off for this number"
    if own is None and not policy.new_leads:
        return "new leads are turned off"
    if number is not None and 0 < most <= number.new_leads_lately:
        return f"{most} {'lead was' if most == 1 else 'leads were'} made for this number within the last hour"
    return ""
