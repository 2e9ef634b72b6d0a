"""The stored explanation as sentences: what was chosen and why, what was not looked at, who was told. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from local.phone.stored import Candidate, Data, candidates, items, passed_over, read
from messaging.numbers import AddressKind
from messaging.records import Record, Table

Names = Mapping[Record, str]
People = Mapping[UUID, str]

TITLES: Mapping[str, str] = {
    "latest_conversation": "Latest conversation",
    "owned_by_seller": "Belongs to the seller",
    "owned_by_team": "Belongs to the team",
    "table": "Kind of record",
    "active": "Active",
    "modified": "Last updated",
    "lowest_id": "Lowest id",
}
TIMES = frozenset({"latest_conversation", "modified"})
# Tiers that say nothing of whose text it is; where only they decided, it was a close call.
_WEAK: Mapping[str, str] = {"modified": "last update", "lowest_id": "ids"}
_LINES: Mapping[str, str] = {
    "number": "The owner of the number was told",
    "record": "The owner of the record was told",
    "administrators": "The administrators were told",
}
_PLURAL: Mapping[str, str] = {
    "contact": "contacts",
    "account": "accounts",
    "lead": "leads",
    "opportunity": "opportunities",
}
_MOST_NAMED = 5


def sentences(stored: str | None, names: Names, people: People) -> list[str]:
    """The sentences; `names` and `people` hold what the reader may see. None where no reason is stored."""
    data = read(stored)
    if not data.get("because"):
        return []
    return [*_decision(data, list(candidates(data)), names), *_cut(data), *_told(data, people)]


def headline(stored: str | None) -> str:
    """The decision in one sentence without names, empty where no reason is stored."""
    data = read(stored)
    reason = str(data.get("because") or "")
    if not reason:
        return ""
    if data.get("outcome") == "asked":
        return "Several records carry this number, so a person is asked."
    if data.get("outcome") == "waits":
        return _waits(data)
    return f"Because {reason}."


def called(record: Record, names: Names) -> str:
    """A record by its name, or by what may be said of it."""
    article = "an" if record.table in {Table.ACCOUNT, Table.OPPORTUNITY} else "a"
    return names.get(record) or f"{article} {record.table.value} that you may not see"


def capital(text: str) -> str:
    """A text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def _decision(data: Data, found: Sequence[Candidate], names: Names) -> Iterator[str]:
    outcome, reason = data.get("outcome"), capital(str(data["because"]))
    if outcome == "asked" and found:
        apart = f"nothing but {_apart(data, found)} tells them apart"
        yield f"Several records carry this number and {apart}, so a person is asked."
        yield from _open(data, found, names)
    elif outcome == "waits":
        if not found and data.get("waits_because") not in (None, "", data["because"]):
            yield f"{reason}."
        yield _waits(data)
        yield from _open(data, found, names)
    elif outcome == "lead" or not found:
        yield f"{reason}, so {'a new lead was made' if _makes_lead(data) else 'the text waits without a record'}."
    else:
        yield f"{capital(called(found[0].record, names))} was chosen because {data['because']}."
        if data.get("ambiguous") is True:
            yield f"This was a close call: only {_apart(data, ())} decided."
        yield from _lost(found[1:], names)
        if more := data.get("not_shown"):
            yield f"{more} more fell out too."


def _makes_lead(data: Data) -> bool:
    if data.get("outcome"):
        return data["outcome"] == "lead"
    number = data.get("number")  # rows of earlier releases do not say
    return isinstance(number, Mapping) and number.get("kind") == AddressKind.PHONE


def _waits(data: Data) -> str:
    return f"{capital(str(data.get('waits_because') or data['because']))}, so the text waits without a record."


def _apart(data: Data, found: Sequence[Candidate]) -> str:
    """All that tells the best candidates apart."""
    tiers = [tier for tier in _WEAK if any(each.lost_at == tier for each in found)]
    return f"their {' and '.join(_WEAK[tier] for tier in tiers) or _WEAK.get(str(data.get('decided_by')), 'order')}"


def _open(data: Data, found: Sequence[Candidate], names: Names) -> Iterator[str]:
    """The candidates between whom nobody has decided, and those who are out."""
    tied = [each for each in found if each.lost_at is None or each.lost_at in _WEAK]
    seen = [f"{names[each.record]} ({each.record.table.value})" for each in tied if names.get(each.record)]
    unseen = [called(each.record, names) for each in tied if not names.get(each.record)]
    more = len(seen[_MOST_NAMED:]) + _count(data.get("not_shown"))
    said = [
        *seen[:_MOST_NAMED],
        *(unseen if len(unseen) == 1 else [f"one of {len(unseen)} that you may not see"] if unseen else []),
        *([f"one of {more} more"] if more else []),
    ]
    if tied:
        yield f"It may be {_joined(said, 'or')}."
    yield from _lost([each for each in found if each not in tied], names)


def _lost(found: Sequence[Candidate], names: Names) -> Iterator[str]:
    for candidate in found:
        if (tier := candidate.lost_at) is not None:
            said = _said(tier, candidate.values.get(tier))
            yield f"{capital(called(candidate.record, names))} fell out at “{TITLES.get(tier, tier)}”{said}."


def _said(tier: str, value: object) -> str:
    if tier in TIMES:
        return ": it has none" if value is None else ": another one is later"
    if isinstance(value, bool):
        return ": it is not" if tier == "active" else ": it does not"
    return f": it is {'an' if str(value)[:1] in 'aeiou' else 'a'} {value}" if tier == "table" else ""


def _cut(data: Data) -> Iterator[str]:
    for item in items(data.get("cut")):
        many = _PLURAL.get(str(item.get("table")))
        if many and item.get("carry_it"):
            compared = f"only {item.get('compared')} were compared: {item.get('rule')}"
            yield f"{capital(str(item['carry_it']))} {many} carry the number; {compared}."


def _told(data: Data, people: People) -> Iterator[str]:
    """Who was told of the text, and who would have been."""
    told = data.get("told")
    if not isinstance(told, Mapping):
        return
    by_reason: dict[str, list[UUID]] = {}
    for person, reason in passed_over(data):
        by_reason.setdefault(reason, []).append(person)
    for reason, those in by_reason.items():
        verb = "was" if len(those) == 1 else "were"
        yield f"{capital(_who(those, people))} {verb} passed over{f': {reason}' if reason else ''}."
    line = told.get("line")
    if line is None:
        yield "Nobody could be told."
    elif isinstance(line, str) and line in _LINES:
        yield f"{_LINES[line]}{' instead' if by_reason and line != 'number' else ''}."


def _who(those: Sequence[UUID], people: People) -> str:
    named = [people[each] for each in those if people.get(each)]
    others = len(those) - len(named)
    if not others:
        return _joined(named, "and")
    if not named:
        return "someone" if others == 1 else f"{others} people"
    return _joined([*named, "someone else" if others == 1 else f"{others} others"], "and")


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _joined(words: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))
