"""What colleagues do meanwhile in Dynamics: with records, with conversations, with our numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID, uuid5

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from dataverse.store.tables import owner_path, path, regarding
from messaging.records import Record, Table
from messaging.row_changes import PHONE_NUMBER, TEXT_CONVERSATION
from tests.inbound.interleavings.oracle import Facts, Oracle
from tests.inbound.interleavings.runs import Run
from tests.inbound.interleavings.stage import Stage

Item = TypeVar("Item")

FEW = 2
COLUMNS = {
    Table.CONTACT: ("mobilephone", "telephone1"),
    Table.ACCOUNT: ("telephone1", "telephone2"),
    Table.LEAD: ("mobilephone", "telephone1"),
}
NAMESPACE = UUID("8a1f2c53-0f1e-4a55-9d5e-2f6f8d1b7a11")

any_of = st.integers(0, 11)


def pick(items: Sequence[Item], number: int) -> Item:
    return items[number % len(items)]


class Colleagues(RuleBasedStateMachine):
    """They change what they like while `runs` are at work. `hints` are the rows of whose change Dataverse tells."""

    stage: Stage
    oracle: Oracle
    runs: list[Run]
    births: Iterator[int]
    hints: dict[tuple[str, UUID], None]

    @precondition(lambda self: self._in_the_way())
    @rule(kind=st.sampled_from(list(COLUMNS)), who=any_of, owner=any_of, column=any_of, hinted=st.booleans())
    def record_is_made(self, kind: Table, who: int, owner: int, column: int, hinted: bool) -> None:
        columns = {pick(COLUMNS[kind], column): pick(self.stage.strangers, who)}
        self._follow(self._make(kind, owner, columns), hinted=hinted)

    @precondition(lambda self: self._in_the_way() and self._made(Table.CONTACT, Table.ACCOUNT))
    @rule(which=any_of, owner=any_of)
    def opportunity_is_made(self, which: int, owner: int) -> None:
        parent = pick(self._made(Table.CONTACT, Table.ACCOUNT), which)
        bind = {f"parent{parent.table.value}id@odata.bind": f"/{path(parent)}"}
        self.oracle.records[self._make(Table.OPPORTUNITY, owner, {}, bind)].parent = parent

    @precondition(lambda self: self._in_the_way() and self._made(*COLUMNS))
    @rule(which=any_of, column=any_of, who=st.none() | any_of, hinted=st.booleans())
    def record_is_renumbered(self, which: int, column: int, who: int | None, hinted: bool) -> None:
        record = pick(self._made(*COLUMNS), which)
        name = pick(COLUMNS[record.table], column)
        number = None if who is None else pick(self.stage.strangers, who)
        self._change(record, {name: number})
        self.oracle.records[record].columns[name] = number
        self._follow(record, hinted=hinted)

    @precondition(lambda self: self._in_the_way() and self.oracle.records)
    @rule(which=any_of, owner=any_of)
    def record_is_reassigned(self, which: int, owner: int) -> None:
        record, to = pick(list(self.oracle.records), which), pick(self.stage.owners, owner)
        self._change(record, {"ownerid@odata.bind": f"/{owner_path(to)}"})
        self.oracle.records[record].owner = to
        self.hints[record.table.value, record.id] = None

    @precondition(lambda self: self._in_the_way() and self._active())
    @rule(which=any_of)
    def record_is_deactivated(self, which: int) -> None:
        record = pick(self._active(), which)
        self.stage.deactivate(record)
        self.oracle.records[record].active = False
        self.oracle.records[record].modified_on = self.stage.time.now

    @precondition(lambda self: self._in_the_way() and self._unused())
    @rule(which=any_of)
    def record_is_deleted(self, which: int) -> None:
        """One without texts: others take their texts along."""
        record = pick(self._unused(), which)
        self.stage.remove(record)
        del self.oracle.records[record]

    @precondition(lambda self: self._in_the_way() and self.oracle.talks and self.oracle.records)
    @rule(which=any_of, where=any_of)
    def conversation_is_moved(self, which: int, where: int) -> None:
        self._regard(pick(list(self.oracle.talks), which), pick(list(self.oracle.records), where))

    @precondition(lambda self: self._in_the_way() and self._placed())
    @rule(which=any_of)
    def conversation_is_put_on_no_record(self, which: int) -> None:
        self._regard(pick(self._placed(), which), None)

    @precondition(lambda self: self._in_the_way() and self._talks_of_new_leads())
    @rule(which=any_of, who=st.none() | any_of)
    def new_lead_turns_out_to_be_somebody_else(self, which: int, who: int | None) -> None:
        """So its texts are taken off it, and it gets another number, or none."""
        talk = pick(self._talks_of_new_leads(), which)
        lead = self.oracle.talks[talk].record
        assert lead is not None
        self._regard(talk, None)
        number = None if who is None else pick(self.stage.strangers, who)
        self._change(lead, {"mobilephone": number})
        self.oracle.records[lead].columns["mobilephone"] = number

    @precondition(lambda self: self._in_the_way())
    @rule(which=any_of, owner=any_of)
    def number_is_reassigned(self, which: int, owner: int) -> None:
        number, to = pick(list(self.oracle.lines), which), pick(self.stage.owners, owner)
        line = self.oracle.lines[number]
        self.stage.update(f"txv_phonenumbers({line.row})", {"ownerid@odata.bind": f"/{owner_path(to)}"})
        self.oracle.lines[number] = replace(line, owner=to, people=self.stage.behind[to])
        self.hints[PHONE_NUMBER, line.row] = None

    # How it is done.

    def _in_the_way(self) -> bool:
        """What colleagues do is worth a step while someone is at work, or at the beginning."""
        return bool(self.runs) or len(self.oracle.records) < FEW

    def _regard(self, talk: UUID, record: Record | None) -> None:
        before = self.oracle.talks[talk].record
        to: dict[str, object] = {}
        if record is not None:
            to = {f"{regarding(record.table)}@odata.bind": f"/{path(record)}"}
        elif before is not None:
            to = {f"{regarding(before.table)}@odata.bind": None}
        self.stage.update(f"txv_textconversations({talk})", to)
        self.oracle.talks[talk].record = record
        self.hints[TEXT_CONVERSATION, talk] = None

    def _placed(self) -> list[UUID]:
        return [key for key, talk in self.oracle.talks.items() if talk.record is not None]

    def _talks_of_new_leads(self) -> list[UUID]:
        made = {record for record, facts in self.oracle.records.items() if facts.made_for}
        return [key for key, talk in self.oracle.talks.items() if talk.record in made]

    def _unused(self) -> list[Record]:
        used = {talk.record for talk in self.oracle.talks.values()}
        used |= {facts.parent for facts in self.oracle.records.values()}
        return [record for record in self.oracle.records if record not in used]

    def _made(self, *tables: Table) -> list[Record]:
        return [one for one in self.oracle.records if one.table in tables]

    def _active(self) -> list[Record]:
        return [one for one in self._made(*COLUMNS) if self.oracle.records[one].active]

    def _make(
        self, table: Table, owner: int, columns: dict[str, str], more: Mapping[str, object] | None = None
    ) -> Record:
        to = pick(self.stage.owners, owner)
        record = Record(table, uuid5(NAMESPACE, str(next(self.births))))
        names = {"name": "A name"} if table in (Table.ACCOUNT, Table.OPPORTUNITY) else {"lastname": "A name"}
        body = {**names, **columns, **(more or {}), "ownerid@odata.bind": f"/{owner_path(to)}"}
        self.stage.create(path(record), {**body, **({"subject": "A subject"} if table is Table.LEAD else {})})
        self.oracle.records[record] = Facts(to, self.stage.time.now, dict(columns))
        return record

    def _change(self, record: Record, columns: dict[str, object]) -> None:
        self.stage.change(record, **columns)
        self.oracle.records[record].modified_on = self.stage.time.now

    def _follow(self, record: Record, *, hinted: bool) -> None:
        if hinted:
            self.stage.follow(record)
            facts = self.oracle.records[record]
            facts.index = {number for number in facts.columns.values() if number}
