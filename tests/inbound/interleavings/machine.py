"""Everything that can happen at once around a text, in any order that hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid5

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from dataverse.store.tables import RECORD_TABLES, owner_path, path, regarding
from dataverse.webapi.client import Client
from local.queues import SqliteQueues
from messaging import ids
from messaging.envelope import Envelope, encode
from messaging.events import MessageReceived
from messaging.records import Record, Table
from pipeline.accept import PROVIDER_EVENTS
from pipeline.process import POISON, Processing
from tests.inbound.interleavings.oracle import WINDOW, Facts, Oracle, Text, Told, check_bells
from tests.inbound.interleavings.runs import Process, Run
from tests.inbound.interleavings.stage import Stage

Item = TypeVar("Item")

LEASE_S = 600.0
MOST_RUNS = 4
FEW = 2
COLUMNS = {
    Table.CONTACT: ("mobilephone", "telephone1"),
    Table.ACCOUNT: ("telephone1", "telephone2"),
    Table.LEAD: ("mobilephone", "telephone1"),
}
NAMESPACE = UUID("8a1f2c53-0f1e-4a55-9d5e-2f6f8d1b7a11")
MESSAGE = r"txv_textmessages\("
FAULTS: tuple[Mapping[str, object], ...] = (
    {"fault": "429", "retry_after": 3},
    {"fault": "503"},
    {"fault": "503", "retry_after": 7},
    {"fault": "502"},
    {"fault": "reset"},
    {"fault": "lost"},
    {"fault": "truncated"},
    {"fault": "429", "target": "operation", "path": MESSAGE},
    {"fault": "503", "target": "operation", "path": MESSAGE},
    {"fault": "429", "target": "operation", "path": "SendAppNotification"},
    {"fault": "503", "target": "operation", "path": "SendAppNotification"},
)

any_of = st.integers(0, 11)
at_work = precondition(lambda self: self.runs)


def pick(items: Sequence[Item], number: int) -> Item:
    return items[number % len(items)]


class Interleavings(RuleBasedStateMachine):
    """Customers who text, processes that work on it request by request and die, colleagues who change records."""

    stage: Stage

    @initialize(indexed=st.booleans())
    def begin(self, indexed: bool) -> None:
        self.stage.start_over(indexed=indexed)
        self.oracle = Oracle({line.address.key: line for line in self.stage.lines}, indexed)
        self.queues = SqliteQueues(Path(":memory:"), clock=self.stage.time.seconds)
        self.events: list[MessageReceived] = []
        self.runs: list[Run] = []
        self.processes: list[Process] = []
        self.closing: list[Client] = []
        self.sound = True

    # Customers and their providers.

    @rule(who=any_of, where=any_of, at_once=st.booleans())
    def customer_texts(self, who: int, where: int, at_once: bool) -> None:
        line, customer = pick(self.stage.lines, where), pick(self.stage.strangers, who)
        number = len(self.events)
        name = f"SM{number:032}"
        text = self.stage.text(line.address, customer, f"Text no. {number}", message_id=name)
        self.events.append(text)
        self.oracle.texts[ids.message_id(text.account, name)] = Text(line, customer, text.body)
        self._call_back(text, at_once=at_once)

    @precondition(lambda self: self.events)
    @rule(which=any_of, at_once=st.booleans())
    def callback_comes_again(self, which: int, at_once: bool) -> None:
        self._call_back(replace(pick(self.events, which), received_at=self.stage.now()), at_once=at_once)

    # The service.

    @precondition(lambda self: self._can_hand_out())
    @rule(others=any_of)
    def queue_hands_out(self, others: int) -> None:
        self._hand_out(others)

    def _go_on(self, which: int, steps: int) -> None:
        run = pick(self.runs, which)
        for _ in range(steps):
            if not run.over:
                self._step(run)

    def _all_go_on(self, steps: int) -> None:
        for _ in range(steps):
            for run in list(self.runs):
                self._step(run)

    # Three times and twice: somebody's going on shall be what is chosen most often.
    run_goes_on = at_work(rule(which=any_of, steps=st.integers(1, 5))(_go_on))
    run_goes_on_ = at_work(rule(which=any_of, steps=st.integers(1, 5))(_go_on))
    run_goes_on__ = at_work(rule(which=any_of, steps=st.integers(1, 5))(_go_on))
    all_go_on = at_work(rule(steps=st.integers(1, 3))(_all_go_on))
    all_go_on_ = at_work(rule(steps=st.integers(1, 3))(_all_go_on))

    @precondition(lambda self: any(not run.halted for run in self.runs))
    @rule(which=any_of, fault=st.sampled_from(FAULTS))
    def dataverse_fails(self, which: int, fault: Mapping[str, object]) -> None:
        run = pick([run for run in self.runs if not run.halted], which)
        self.stage.fault({**fault, "next": 1})
        self._step(run)
        self.stage.no_faults()

    @precondition(lambda self: any(not run.halted for run in self.runs))
    @rule(which=any_of)
    def dataverse_takes_long_between_change_sets(self, which: int) -> None:
        run = pick([run for run in self.runs if not run.halted], which)
        run.halts = True
        self._step(run)

    @at_work
    @rule(which=any_of, after=st.booleans())
    def process_dies(self, which: int, after: bool) -> None:
        """Before its next request, or after it, without hearing the answer."""
        self._kill(pick(self.runs, which), after=after)

    @at_work
    @rule(which=any_of)
    def message_is_handed_out_again(self, which: int) -> None:
        self.queues.release(pick(self.runs, which).message)

    @rule(seconds=st.sampled_from((1, 5, 60, 149, 151, 301, 700, 3700)))
    def time_passes(self, seconds: int) -> None:
        self.stage.time.passes(seconds)
        for run in self.runs:
            self.queues.renew(run.message, LEASE_S)

    # Colleagues.

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

    @precondition(lambda self: self._in_the_way() and self._active())
    @rule(which=any_of)
    def record_is_deactivated(self, which: int) -> None:
        record = pick(self._active(), which)
        self.stage.deactivate(record)
        self.oracle.records[record].active = False
        self.oracle.records[record].modified_on = self.stage.time.now

    @precondition(lambda self: self._in_the_way() and self.oracle.talks and self.oracle.records)
    @rule(which=any_of, where=any_of)
    def conversation_is_moved(self, which: int, where: int) -> None:
        talk, record = pick(list(self.oracle.talks), which), pick(list(self.oracle.records), where)
        owner = self.oracle.records[record].owner
        moved = {f"{regarding(record.table)}@odata.bind": f"/{path(record)}"}
        self.stage.update(f"txv_textconversations({talk})", {**moved, "ownerid@odata.bind": f"/{owner_path(owner)}"})
        self.oracle.talks[talk].record = record

    # The end.

    def teardown(self) -> None:
        if not hasattr(self, "queues"):
            return
        try:
            if self.sound:
                self._come_to_rest()
                self._check_all()
        finally:
            for run in self.runs:
                run.end()
            self.stage.no_faults()
            for client in self.closing:
                client.close()
            self.queues.close()

    def _come_to_rest(self) -> None:
        for _ in range(1000):
            for run in list(self.runs):
                while not run.over:
                    self._step(run)
            if not self.queues.count(PROVIDER_EVENTS):
                return
            if self.queues.peek(PROVIDER_EVENTS):
                self._hand_out(0)
            else:
                self.stage.time.passes(60)
        raise AssertionError("the queue never comes to rest")

    def _check_all(self) -> None:
        assert self.queues.count(POISON) == 0
        texts, talks = self.oracle.texts, self.oracle.talks
        for text in texts.values():
            assert text.talk is not None, "a text is lost"
            assert text.notified, "nobody has been told of a text"
        held = {
            UUID(str(row["txv_textmessageid"])): row
            for row in self.stage.rows("txv_textmessages?$select=txv_body,_txv_conversationid_value")
        }
        assert {key: UUID(str(row["_txv_conversationid_value"])) for key, row in held.items()} == {
            key: text.talk for key, text in texts.items()
        }
        counts = {
            UUID(str(row["activityid"])): row["txv_unreadcount"]
            for row in self.stage.rows("txv_textconversations?$select=txv_unreadcount")
        }
        assert counts == {key: talk.unread for key, talk in talks.items()}
        assert sum(counts.values()) == len(texts)
        leads = {UUID(str(row["leadid"])) for row in self.stage.rows("leads?$select=leadid")}
        assert leads == {one.id for one in self._made(Table.LEAD)}, "there are leads that no text called for"
        check_bells(texts.values(), self.stage.rows("appnotifications?$select=title,body,_ownerid_value"))

    # How it is done.

    def _call_back(self, text: MessageReceived, *, at_once: bool) -> None:
        self.queues.send(PROVIDER_EVENTS, encode(Envelope(event=text)))
        if at_once and self._can_hand_out():
            self._hand_out(-1)

    def _can_hand_out(self) -> bool:
        return len(self.runs) < MOST_RUNS and bool(self.queues.peek(PROVIDER_EVENTS))

    def _hand_out(self, which: int) -> None:
        waiting = len(self.queues.peek(PROVIDER_EVENTS))
        *back, message = self.queues.receive(PROVIDER_EVENTS, lease_s=LEASE_S, limit=which % waiting + 1)
        for one in back:
            self.queues.release(one)
        run = Run(message, self._free_process())
        self.sound = False
        run.start()
        self.sound = True
        self.runs.append(run)

    def _in_the_way(self) -> bool:
        """What colleagues do is worth a step while someone is at work, or at the beginning."""
        return bool(self.runs) or len(self.oracle.records) < FEW

    def _step(self, run: Run) -> None:
        late = run.halted
        self.sound = False
        writes = run.writes
        run.let_on()
        if writes:
            self._look_at(run, late=late)
        self.sound = True
        if run.over:
            self.runs.remove(run)

    def _kill(self, run: Run, *, after: bool) -> None:
        run.dies_afterwards, run.crashes = True, not (after or run.halted)
        self._step(run)
        while not run.over:
            run.crashes = True
            self._step(run)

    def _look_at(self, run: Run, *, late: bool) -> None:
        """What a step has done to the text of its run. `late`: its notifications have been on their way for long."""
        key = ids.message_id(run.event.account, run.event.message_id)
        text = self.oracle.texts[key]
        if text.notified and not late:
            return
        row, home = self._stored(key)
        if row is None:
            return
        new = text.talk is None
        if new:
            self.oracle.store(run.event, run.seen, row, home)
            run.counted = self.oracle.talks[UUID(str(text.talk))].unread
        if row["txv_notifiedon"] is None:
            return
        if text.notified:
            assert self.stage.time.now - text.stored_on >= WINDOW, "told twice, and too soon"
        told = Told(run.seen.in_charge, run.counted) if new or late else run.seen.late
        text.notified = True
        text.tellings.append(told)

    def _stored(self, key: UUID) -> tuple[dict[str, object] | None, Record | None]:
        expand = ",".join(f"{regarding(table)}($select={known.id})" for table, known in RECORD_TABLES.items())
        columns = "txv_body,txv_routing,txv_notifiedon,createdon,_txv_conversationid_value"
        rows = self.stage.rows(f"txv_textmessages?$select={columns}&$filter=txv_textmessageid eq {key}")
        if not rows:
            return None, None
        talk = rows[0]["_txv_conversationid_value"]
        (conversation,) = self.stage.rows(f"txv_textconversations?$filter=activityid eq {talk}&$expand={expand}")
        there: list[tuple[Table, Any]] = [(table, conversation[regarding(table)]) for table in RECORD_TABLES]
        home = [Record(table, UUID(str(row[RECORD_TABLES[table].id]))) for table, row in there if row]
        return rows[0], home[0] if home else None

    def _free_process(self) -> Process:
        for process in self.processes:
            if process.run is None and not process.dead:
                return process
        process = Process(self.queues, self.stage.in_flight, self._looked)
        client = self.stage.client_for(self.stage.product_token, process.session)
        ingestion = self.stage.ingestion(client)
        process.processing = Processing(
            received=ingestion.ingest, media_waiting=None, reported=None, opted_out=None, queue=self.queues
        )
        self.processes.append(process)
        self.closing.append(client)
        return process

    def _looked(self, run: Run) -> None:
        run.seen = self.oracle.judge(ids.message_id(run.event.account, run.event.message_id), run.event)

    def _made(self, *tables: Table) -> list[Record]:
        return [one for one in self.oracle.records if one.table in tables]

    def _active(self) -> list[Record]:
        return [one for one in self._made(*COLUMNS) if self.oracle.records[one].active]

    def _make(
        self, table: Table, owner: int, columns: dict[str, str], more: Mapping[str, object] | None = None
    ) -> Record:
        to = pick(self.stage.owners, owner)
        record = Record(table, uuid5(NAMESPACE, str(len(self.oracle.records))))
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
