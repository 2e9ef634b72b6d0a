"""What every kind of queues must do; that Azure's do it is checked against Microsoft's own emulator."""

from __future__ import annotations

import time

import pytest

from messaging.envelope import MAX_BYTES

LONG = 60


def test_a_message_arrives_as_it_was_sent(queues, queue):
    text = '{"body": "Yes please — 2 tickets 🎟️ & parking\\n", "xml": "<a>&amp;</a>"}'
    queues.send(queue, text)

    assert [message.text for message in queues.receive(queue, lease_s=LONG)] == [text]


def test_messages_are_handed_out_in_the_order_they_came_and_up_to_a_limit(queues, queue):
    for text in ("one", "two", "three"):
        queues.send(queue, text)

    assert [message.text for message in queues.receive(queue, lease_s=LONG, limit=2)] == ["one", "two"]
    assert [message.text for message in queues.receive(queue, lease_s=LONG, limit=2)] == ["three"]


def test_a_message_that_was_handed_out_is_hidden_from_others(queues, queue):
    queues.send(queue, "one")
    queues.receive(queue, lease_s=LONG)

    assert queues.receive(queue, lease_s=LONG) == []


def test_a_message_comes_back_when_its_lease_ends_and_counts_it(queues, queue):
    queues.send(queue, "one")
    first = queues.receive(queue, lease_s=1)[0]
    time.sleep(1.1)
    second = queues.receive(queue, lease_s=LONG)[0]

    assert (first.dequeue_count, second.dequeue_count) == (1, 2)
    assert first.text == second.text


def test_a_deleted_message_does_not_come_back(queues, queue):
    queues.send(queue, "one")

    assert queues.delete(queues.receive(queue, lease_s=1)[0])

    time.sleep(1.1)
    assert queues.receive(queue, lease_s=LONG) == []


def test_who_lost_the_message_can_neither_delete_nor_release_it(queues, queue):
    queues.send(queue, "one")
    stale = queues.receive(queue, lease_s=1)[0]
    time.sleep(1.1)
    holder = queues.receive(queue, lease_s=LONG)[0]

    assert not queues.delete(stale)
    assert not queues.release(stale)
    assert queues.delete(holder)


def test_a_message_that_was_deleted_cannot_be_deleted_again(queues, queue):
    queues.send(queue, "one")
    message = queues.receive(queue, lease_s=LONG)[0]

    assert [queues.delete(message), queues.delete(message)] == [True, False]


def test_a_released_message_is_handed_out_again_behind_the_others(queues, queue):
    for text in ("one", "two"):
        queues.send(queue, text)
    queues.release(queues.receive(queue, lease_s=LONG)[0])

    assert [message.text for message in queues.receive(queue, lease_s=LONG, limit=2)] == ["two", "one"]


def test_a_delayed_message_is_hidden_until_its_time(queues, queue):
    queues.send(queue, "later", delay_s=1)
    queues.send(queue, "now")

    assert [message.text for message in queues.receive(queue, lease_s=LONG, limit=2)] == ["now"]
    time.sleep(1.1)
    assert [message.text for message in queues.receive(queue, lease_s=LONG, limit=2)] == ["later"]


def test_a_message_is_gone_when_its_life_is_over(queues, queue):
    queues.send(queue, "for a second", lifetime_s=1)
    queues.send(queue, "for good")
    time.sleep(1.1)

    assert [message.text for message in queues.receive(queue, lease_s=LONG, limit=2)] == ["for good"]


def test_the_longest_message_fits(queues, queue):
    queues.send(queue, "x" * MAX_BYTES)

    assert len(queues.receive(queue, lease_s=LONG)[0].text) == MAX_BYTES


def test_a_longer_message_is_refused_without_being_quoted(queues, queue):
    with pytest.raises(ValueError, match="holds 49152 bytes"):
        queues.send(queue, "é" * (MAX_BYTES // 2 + 1))
