"""`simulate --days`: which of the texts that are stored would be on another record under other rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.text import Text

from admin.output import Output, Tell, table
from admin.session import Session
from admin.simulate.addresses import typed
from admin.simulate.candidates import moment, named, spaced
from admin.simulate.rules import Rules, put_in_force
from dataverse.store.arrived_texts import ArrivedText, arrived_since
from dataverse.store.record_names import record_names
from dataverse.store.running_settings import RunningSettings
from messaging.numbers import Address, AddressKind
from messaging.records import Record
from routing.again import NotJudged, again
from routing.outcome import Becomes, outcome
from routing.rank import Decision
from routing.tiers import TierName

MOST_LISTED = 5_000
_ALONE = (
    "Each text is judged by itself, by what was known when it arrived: not by where others would have gone before it."
)
_HEADINGS = {
    "arrived": "Arrived (UTC)",
    "from": "From",
    "to": "To",
    "then_on": "Record then",
    "now_on": "By these rules",
    "decided_by": "Decided by",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A text that would be elsewhere; None is no record: somebody is asked for it."""

    text: ArrivedText
    then: Record | None
    now: Record | None
    decided_by: TierName | None


@dataclass(slots=True)
class Found:
    """What was found among so many texts: of those that would move the latest, as many as are listed."""

    texts: int = 0
    moved: int = 0
    moves: list[Move] = field(default_factory=list)
    not_judged: Counter[str] = field(default_factory=Counter)

    def add(self, text: ArrivedText, held: RunningSettings) -> None:
        """Judge one more text."""
        self.texts += 1
        try:
            move = judge(text, held)
        except NotJudged as error:
            self.not_judged[str(error)] += 1
            return
        if move is not None:
            self.moved += 1
            if len(self.moves) < MOST_LISTED:
                self.moves.append(move)


def look_back(session: Session, rules: Rules, days: int, to: str) -> None:
    """Show which of the texts of the last `days` would move; only those to the number of ours `to`, if it is given."""
    output, client = session.output, session.reading_client
    ours = typed(to, rules.held.default_region).value if to else ""
    until = session.machine.now()
    since = until - timedelta(days=days)
    with output.progress("Reading texts", days) as tell:
        found = _judged(arrived_since(client, since, ours), rules.held, until, tell, days)
    ends = {record for move in found.moves for record in (move.then, move.now) if record is not None}
    names = record_names(client, ends)
    output.put("rules", rules.row(), rules.tiers())
    _moves(output, found, names)
    _summary(output, found, days)
    if rules.others:
        output.advise(put_in_force(rules))
    elif found.texts and not found.moved:
        output.advise("This is the order in force: name another one with --tiers to see what it would change.")


def judge(text: ArrivedText, held: RunningSettings) -> Move | None:
    """Where a text would be under these rules, if that is elsewhere. Raises NotJudged."""
    found = again(text.routing, held.tier_order)
    customer = Address(AddressKind.PHONE, text.sender, text.sender)
    asked = found.now.winner is not None and outcome(found.now, customer, held).becomes is Becomes.ASKED
    then = None if found.outcome == Becomes.ASKED else _record(found.then)
    now = None if asked else _record(found.now)
    return None if then == now else Move(text, then, now, found.now.decided_by)


def _record(decision: Decision) -> Record | None:
    return decision.winner.record if decision.winner else None


def _judged(pages: Iterable[list[ArrivedText]], held: RunningSettings, until: datetime, tell: Tell, days: int) -> Found:
    found = Found()
    for page in pages:
        for text in page:
            found.add(text, held)
        if page:
            last = page[-1].arrived_on
            tell(f"days: {found.texts:,} texts, back to {last:%Y-%m-%d}", min((until - last).days, days), days)
    return found


def _moves(output: Output, found: Found, names: Mapping[Record, str]) -> None:
    rows = [_row(move, names) for move in found.moves]
    shown = [
        {
            **row,
            "arrived": moment(move.text.arrived_on),
            "then_on": _called(move.then, names),
            "now_on": _called(move.now, names),
            "decided_by": spaced(move.decided_by) if move.decided_by else "",
        }
        for row, move in zip(rows, found.moves, strict=True)
    ]
    output.put("moves", rows, *([table(shown, _HEADINGS, unfolded=3)] if shown else ()))


def _row(move: Move, names: Mapping[Record, str]) -> dict[str, object]:
    return {
        "id": str(move.text.id),
        "arrived_on": move.text.arrived_on.isoformat(),
        "from": move.text.sender,
        "to": move.text.recipient,
        "then": _end(move.then, names),
        "now": _end(move.now, names),
        "decided_by": move.decided_by,
    }


def _end(record: Record | None, names: Mapping[Record, str]) -> dict[str, str] | None:
    return (
        None if record is None else {"table": record.table.value, "id": str(record.id), "name": names.get(record, "")}
    )


def _called(record: Record | None, names: Mapping[Record, str]) -> str:
    return named(record, names.get(record, "")) if record else "somebody is asked"


def _summary(output: Output, found: Found, days: int) -> None:
    unjudged = found.not_judged.total()
    texts = (
        f"{found.texts:,} {'text' if found.texts == 1 else 'texts'} of the last {days} {'day' if days == 1 else 'days'}"
    )
    output.put(
        "summary",
        {
            "days": days,
            "texts": found.texts,
            "would_move": found.moved,
            "listed": len(found.moves),
            "not_judged": unjudged,
            "not_judged_because": dict(found.not_judged),
        },
        Text(f"{texts}: {found.moved:,} would move, {unjudged:,} could not be judged.", "bold"),
    )
    for because, count in found.not_judged.most_common():
        output.say(f"  {count:,} not judged: {because}")
    if found.moved > len(found.moves):
        output.say(
            f"  The latest {len(found.moves):,} that would move are listed: see fewer with --to or fewer --days."
        )
    if found.texts:
        output.say(_ALONE, "dim")
