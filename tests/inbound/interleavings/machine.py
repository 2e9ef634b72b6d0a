"""Everything that can happen at once around a text, in any order that hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from dataverse.store.tables import RECORD_TABLES, regarding
from dataverse.webapi.client import Client
from local.queues import SqliteQueues
from messaging import ids
from messaging.envelope import Envelope, encode
from messaging.events import MessageReceived
from messaging.records import Record, Table
from pipeline.accept import PROVIDER_EVENTS
from pipeline.process import POISON, Processing
from tests.inbound.interleavings.colleagues import Colleagues, any_of, pick
from tests.inbound.interleavings.oracle import WINDOW, Oracle, Text, Told, check_bells
from tests.inbound.interleavings.runs import Process, Run

LEASE_S = 600.0
MOST_RUNS = 4
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
    {"fault": "503", "target": "operation", "path": MESSAGE, "nth": 2},  # the mark
    {"fault": "429", "target": "operation", "path": "SendAppNotification"},
    {"fault": "503", "target": "operation", "path": "SendAppNotification"},
)

mostly_one = st.sampled_from((0, 0, 0, 1, 2))
at_work = precondition(lambda self: self.runs)


class Interleavings(Colleagues):
    """Customers who text, processes that work on it request by request and die, colleagues who change records."""

    @initialize(indexed=st.booleans())
    def begin(self, indexed: bool) -> None:
        self.stage.start_over(indexed=indexed)
        self.oracle = Oracle({line.address.key: line for line in self.stage.lines}, self.stage.behind, indexed)
        self.queues = SqliteQueues(Path(":memory:"), clock=self.stage.time.seconds)
        self.events: list[MessageReceived] = []
        self.runs: list[Run] = []
        self.processes: list[Process] = []
        self.closing: list[Client] = []
        self.births, self.hints = count(), {}
        self.sound = True

    # Customers and their providers.

    @rule(who=mostly_one, where=mostly_one, at_once=st.booleans())
    def customer_texts(self, who: int, where: int, at_once: bool) -> None:
        line, customer = pick(self.stage.lines, where), pick(self.stage.strangers, who)
        number = len(self.events)
        name = f"SM{number:032}"
        text = self.stage.text(line.address, customer, f"Text no. {number}", message_id=name)
        self.events.append(text)
        self.oracle.texts[ids.message_id(text.account, name)] = Text(customer, text.body)
        self._call_back(text, at_once=at_once)

    @precondition(lambda self: self.events)
    @rule(which=any_of, at_once=st.booleans())
    def callback_comes_again(self, which: int, at_once: bool) -> None:
        self._call_back(replace(pick(self.events, which), received_at=self.stage.now()), at_once=at_once)

    @precondition(lambda self: len(self.runs) < MOST_RUNS - 1)
    @rule(who=mostly_one, where=mostly_one, other=mostly_one, steps=st.integers(0, 6))
    def customer_texts_twice_at_once(self, who: int, where: int, other: int, steps: int) -> None:
        """So that two runs are equally far, step by step."""
        self.customer_texts(who, where, at_once=True)
        self.customer_texts(who, where + other, at_once=True)
        self._all_go_on(steps)

    @precondition(lambda self: self.runs and len(self.runs) < MOST_RUNS)
    @rule(which=any_of, steps=st.integers(0, 6))
    def callback_comes_again_while_it_is_worked_on(self, which: int, steps: int) -> None:
        self._call_back(replace(pick(self.runs, which).event, received_at=self.stage.now()), at_once=True)
        self._all_go_on(steps)

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
        self.stage.fault(dict(fault) if "nth" in fault else {**fault, "next": 1})
        self._step(run)
        self.stage.no_faults()

    @at_work
    @rule(which=any_of)
    def run_is_about_to_write(self, which: int) -> None:
        run = pick(self.runs, which)
        while not (run.over or run.writes):
            self._step(run)

    @precondition(lambda self: self._about_to_write())
    @rule(which=any_of)
    def dataverse_takes_long_between_change_sets(self, which: int) -> None:
        run = pick(self._about_to_write(), which)
        run.halts = True
        self._step(run)

    @precondition(lambda self: len(self.runs) < MOST_RUNS and any(run.halted for run in self.runs))
    @rule(which=any_of, seconds=st.sampled_from((1, 149, 151)))
    def another_run_looks_after_one_that_takes_long(self, which: int, seconds: int) -> None:
        halted = pick([run for run in self.runs if run.halted], which)
        self.time_passes(seconds)
        self._call_back(replace(halted.event, received_at=self.stage.now()), at_once=True)
        other = self.runs[-1]
        while not other.over:
            self._step(other)

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

    # The end.

    def teardown(self) -> None:
        if not hasattr(self, "queues"):
            return
        try:
            if self.sound:
                self._come_to_rest()
                self._check_all()
                self._check_who_sees_what()
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

    def _check_who_sees_what(self) -> None:
        """Once all that Dataverse told of is followed, as each seller finds it."""
        for table, changed in self.hints:
            self.stage.hint(table, changed)
        for seller in self.stage.sellers:
            talks = {key for key in self.oracle.talks if seller in self.oracle.readers(key)}
            seen = self.stage.rows("txv_textconversations?$select=activityid", seller)
            assert {UUID(str(row["activityid"])) for row in seen} == talks, "a conversation is seen by the wrong ones"
            texts = {key for key, text in self.oracle.texts.items() if text.talk in talks}
            seen = self.stage.rows("txv_textmessages?$select=txv_textmessageid", seller)
            assert {UUID(str(row["txv_textmessageid"])) for row in seen} == texts, "a text is seen by the wrong ones"
        for row in self.stage.rows("txv_textconversations?$select=activityid,_ownerid_value"):
            owner = self.oracle.owner(UUID(str(row["activityid"])))
            assert row["_ownerid_value"] == str(owner.id), "a conversation belongs to the wrong one"

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

    def _about_to_write(self) -> list[Run]:
        return [run for run in self.runs if run.writes and not run.halted]

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
        run.seen = self.oracle.judge(
            ids.message_id(run.event.account, run.event.message_id), run.event, again=run.again
        )
