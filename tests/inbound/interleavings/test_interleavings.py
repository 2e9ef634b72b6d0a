"""Whatever happens between any two requests: nothing is lost, nothing is doubled, everything is where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from messaging.records import Table
from tests.inbound.interleavings.machine import FAULTS, Interleavings

# An example takes more than a second. Longer runs than the usual one: raise MOST, and the profile with CI=1.
MOST = 60
STEPS = 40


@contextmanager
def played(stage) -> Iterator[Interleavings]:
    """One interleaving by hand; at its end everything comes to rest, and all rules are checked."""
    machine = type("Interleaving", (Interleavings,), {"stage": stage})()
    machine.begin(indexed=True)
    try:
        yield machine
    finally:
        machine.teardown()


def _until_all_are_over(machine: Interleavings) -> None:
    while machine.runs:
        machine.all_go_on(1)


def _until_it_stores(machine: Interleavings) -> None:
    """The latest run goes on until its next request is the one that writes."""
    run = machine.runs[-1]
    while not run.writes:
        machine._step(run)


def test_in_any_interleaving_each_text_is_stored_once_where_the_rules_say_and_told_once(stage) -> None:
    machine = type("Interleaving", (Interleavings,), {"stage": stage})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=min(settings().max_examples, MOST),
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_two_first_texts_step_by_step_make_one_lead(stage) -> None:
    with played(stage) as machine:
        machine.customer_texts(who=0, where=0, at_once=True)
        machine.customer_texts(who=0, where=1, at_once=True)
        _until_all_are_over(machine)


def test_two_later_texts_step_by_step_are_both_counted(stage) -> None:
    with played(stage) as machine:
        for _ in range(2):
            machine.customer_texts(who=0, where=0, at_once=True)
            machine.customer_texts(who=0, where=0, at_once=True)
            _until_all_are_over(machine)


def test_a_callback_and_its_repetition_step_by_step_are_one_text(stage) -> None:
    with played(stage) as machine:
        machine.customer_texts(who=0, where=2, at_once=True)
        machine.callback_comes_again(which=0, at_once=True)
        _until_all_are_over(machine)


def test_a_callback_that_comes_again_later_is_the_same_text(stage) -> None:
    with played(stage) as machine:
        for _ in range(2):
            machine.customer_texts(who=0, where=2, at_once=True)
            _until_all_are_over(machine)
        machine.time_passes(301)
        machine.callback_comes_again(which=0, at_once=True)


def test_a_text_whose_notification_dataverse_put_off_is_told_later(stage) -> None:
    with played(stage) as machine:
        machine.customer_texts(who=0, where=0, at_once=True)
        _until_it_stores(machine)
        machine.dataverse_fails(0, FAULTS[-1])


def test_a_conversation_that_is_moved_while_a_text_is_on_its_way_is_not_joined_any_more(stage) -> None:
    with played(stage) as machine:
        machine.record_is_made(kind=Table.CONTACT, who=0, owner=0, column=0, hinted=True)
        machine.record_is_made(kind=Table.CONTACT, who=1, owner=1, column=0, hinted=True)
        machine.customer_texts(who=0, where=0, at_once=True)
        _until_all_are_over(machine)
        machine.customer_texts(who=0, where=0, at_once=True)
        _until_it_stores(machine)
        machine.conversation_is_moved(which=0, where=1)


def test_nobody_else_tells_of_a_text_that_is_at_work_for_less_than_the_window_and_somebody_does_afterwards(
    stage,
) -> None:
    with played(stage) as machine:
        machine.customer_texts(who=0, where=0, at_once=True)
        _until_it_stores(machine)
        machine.dataverse_takes_long_between_change_sets(0)
        machine.time_passes(149)
        machine.callback_comes_again(which=0, at_once=True)
        while len(machine.runs) > 1:
            machine._step(machine.runs[-1])
        (text,) = machine.oracle.texts.values()
        assert text.tellings == []
        machine.time_passes(2)
        machine.queue_hands_out(0)
        while len(machine.runs) > 1:
            machine._step(machine.runs[-1])
        assert len(text.tellings) == 1
        _until_all_are_over(machine)
        assert len(text.tellings) == 2


def test_two_who_finish_a_run_that_was_cut_off_tell_once(stage) -> None:
    with played(stage) as machine:
        machine.customer_texts(who=0, where=0, at_once=True)
        _until_it_stores(machine)
        machine.dataverse_fails(0, FAULTS[-1])
        _until_all_are_over(machine)
        machine.time_passes(151)
        for _ in range(2):
            machine.callback_comes_again(which=0, at_once=True)
            _until_it_stores(machine)  # in vain: the text is there
            machine._step(machine.runs[-1])
            _until_it_stores(machine)  # the notifications alone
        _until_all_are_over(machine)


def test_after_a_new_lead_turned_out_to_be_somebody_else_the_next_text_makes_the_next_one(stage) -> None:
    with played(stage) as machine:
        for who in (None, 1):
            machine.customer_texts(who=0, where=0, at_once=True)
            _until_all_are_over(machine)
            machine.customer_texts_twice_at_once(who=0, where=0, other=0, steps=1)
            machine.new_lead_turns_out_to_be_somebody_else(which=0, who=who)
            _until_all_are_over(machine)
        assert len(machine._made(Table.LEAD)) == 3


def test_a_number_that_changes_hands_while_a_text_is_on_its_way_is_seen_by_its_new_owner_in_the_end(stage) -> None:
    with played(stage) as machine:
        machine.record_is_made(kind=Table.CONTACT, who=0, owner=1, column=0, hinted=True)
        machine.customer_texts(who=0, where=0, at_once=True)
        _until_it_stores(machine)
        machine.number_is_reassigned(which=0, owner=3)
        _until_all_are_over(machine)
