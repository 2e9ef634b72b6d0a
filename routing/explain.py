"""Say why: the decision as data to store with the message, and as sentences to read.

The stored form names records by id only; whoever shows it looks their names up with the reader's own rights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from messaging.numbers import Address
from messaging.records import Record, Table
from routing.candidate import Candidate
from routing.outcome import Becomes, Outcome
from routing.rank import Decision, Standing
from routing.tiers import TIERS, Shown, TierName

VERSION = 1
MOST_CANDIDATES = 25

NO_RECORD = "no record carries the number and none holds a conversation with it"
ONLY_RECORD = "it is the only record with this number"
CUT_RULE = "active records before inactive ones, then those that were updated most recently"
NOT_A_PHONE = "a short code or a name belongs to no record"

AMBIGUOUS = "This is ambiguous: nothing that says whose text it is tells the best two apart."
ASKED = "Someone is asked to choose; until then the text waits without a record."
NEW_LEAD = "A new lead was made for the number."

_SAID: dict[Shown, str] = {True: "yes", False: "no", None: "none"}


def explanation(
    decision: Decision, customer: Address, cut: Mapping[Table, int] | None = None, result: Outcome | None = None
) -> dict[str, object]:
    """The decision as JSON-ready data (column `txv_routing`): the number as read, every candidate with its value at
    each tier, the tier that decided, and what became of the text (`result`). Of more than 25 candidates the best are
    kept, the rest counted (`not_shown`). `cut` has the tables in which more records carry the number than were
    compared, with how many of them were."""
    shown = decision.standings[:MOST_CANDIDATES]
    return {
        "version": VERSION,
        "number": {"read_as": customer.value, "kind": customer.kind.value},
        "tiers": [name.value for name in decision.order],
        "decided_by": decision.decided_by and decision.decided_by.value,
        "because": because(decision, customer),
        "candidates": [_candidate(standing, decision) for standing in shown],
        "not_shown": len(decision.standings) - len(shown),
        **({"ambiguous": True} if decision.ambiguous else {}),
        **({"outcome": result.becomes.value} if result else {}),
        **({"waits_because": result.waits_because} if result and result.waits_because else {}),
        **({"cut": [_cut(table, compared) for table, compared in cut.items()]} if cut else {}),
    }


def because(decision: Decision, customer: Address) -> str:
    """The reason of the decision, as the end of a sentence that begins "It was chosen because …"."""
    if decision.decided_by is not None:
        return TIERS[decision.decided_by].because
    if decision.standings:
        return ONLY_RECORD
    return NO_RECORD if customer.digits and customer.region else NOT_A_PHONE


def sentences(
    decision: Decision, customer: Address, name: Callable[[Candidate], str], result: Outcome | None = None
) -> list[str]:
    """The decision for people, the winner first, then whether it was a close one, then what became of the text
    (`result`), then the others; `name` says how a candidate is called for this reader."""
    if decision.winner is None:
        return [_sentence(because(decision, customer)), *_became(result)]
    chosen = "comes first" if result and result.becomes is Becomes.ASKED else "was chosen"
    first = f"{name(decision.winner)} {chosen} because {because(decision, customer)}."
    close = [AMBIGUOUS] if decision.ambiguous else []
    others = ((standing.candidate, standing.lost_at) for standing in decision.standings)
    lost = (_lost(candidate, at, decision, name) for candidate, at in others if at is not None)
    return [first, *close, *_became(result), *lost]


def _became(result: Outcome | None) -> list[str]:
    if result is None or result.becomes is Becomes.RECORD:
        return []
    if result.becomes is Becomes.WAITS:
        return [_sentence(f"{result.waits_because}, so the text waits without a record")]
    return [ASKED if result.becomes is Becomes.ASKED else NEW_LEAD]


def _sentence(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."


def label(record: Record) -> str:
    """A record without its name: `contact 1f0c…`."""
    return f"{record.table.value} {record.id}"


def _candidate(standing: Standing, decision: Decision) -> dict[str, object]:
    candidate = standing.candidate
    return {
        "table": candidate.record.table.value,
        "id": str(candidate.record.id),
        "found_by": list(candidate.found_by),
        "values": {name.value: TIERS[name].shown(candidate, decision.number) for name in decision.order},
        "lost_at": standing.lost_at and standing.lost_at.value,
    }


def _cut(table: Table, compared: int) -> dict[str, object]:
    return {"table": table.value, "carry_it": f"more than {compared}", "compared": compared, "rule": CUT_RULE}


def _lost(candidate: Candidate, at: TierName, decision: Decision, name: Callable[[Candidate], str]) -> str:
    value = TIERS[at].shown(candidate, decision.number)
    return f"{name(candidate)} lost at {at.value} ({_SAID.get(value, str(value))})."
