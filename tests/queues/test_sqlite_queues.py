"""What only the queues in a file must do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from local.queues import SqliteQueues
from messaging.errors import Unavailable


@pytest.fixture
def now():
    """The clock, to be turned by hand."""
    return [1000.0]


@pytest.fixture
def queues(tmp_path, now):
    with closing(SqliteQueues(tmp_path / "queues.sqlite", clock=lambda: now[0])) as queues:
        yield queues


def test_messages_and_leases_survive_a_restart(tmp_path, queues, now):
    queues.send("q", "held")
    queues.send("q", "waiting")
    held = queues.receive("q", lease_s=30)[0]
    queues.close()

    with closing(SqliteQueues(tmp_path / "queues.sqlite", clock=lambda: now[0])) as again:
        assert [message.text for message in again.receive("q", lease_s=30, limit=9)] == ["waiting"]
        assert again.delete(held)


def test_a_renewed_lease_lasts_longer(queues, now):
    queues.send("q", "one")
    message = queues.receive("q", lease_s=30)[0]
    now[0] += 29
    assert queues.renew(message, 30)
    now[0] += 29

    assert queues.receive("q", lease_s=30) == []
    assert queues.delete(message)


def test_a_lease_that_was_lost_cannot_be_renewed(queues, now):
    queues.send("q", "one")
    stale = queues.receive("q", lease_s=30)[0]
    now[0] += 30
    queues.receive("q", lease_s=30)

    assert not queues.renew(stale, 30)


def test_peeking_changes_nothing(queues):
    queues.send("q", "one")

    assert [message.text for message in queues.peek("q")] == ["one"]
    assert queues.receive("q", lease_s=30)[0].dequeue_count == 1


def test_the_count_includes_what_is_hidden(queues):
    queues.send("q", "one")
    queues.send("q", "two", delay_s=9)
    queues.send("other", "three")
    queues.receive("q", lease_s=30)

    assert queues.count("q") == 2


def test_many_threads_get_each_message_once(tmp_path, queues, now):
    for number in range(200):
        queues.send("q", str(number))
    taken, lock = [], threading.Lock()

    def drain(mine):
        while messages := mine.receive("q", lease_s=30, limit=3):
            with lock:
                taken.extend(message.text for message in messages)

    with (
        closing(SqliteQueues(tmp_path / "queues.sqlite", clock=lambda: now[0])) as other,
        ThreadPoolExecutor(8) as pool,
    ):
        list(pool.map(drain, [queues, other] * 4))

    assert sorted(taken, key=int) == [str(number) for number in range(200)]


def test_a_message_whose_life_is_over_counts_no_longer_and_leaves_the_file(queues, now):
    queues.send("q", "one", lifetime_s=60)
    queues.send("q", "two", delay_s=30, lifetime_s=90)
    now[0] += 60

    assert ([message.text for message in queues.peek("q")], queues.count("q")) == (["two"], 1)
    queues.send("q", "three")
    assert [row[0] for row in queues._db.execute("SELECT text FROM message ORDER BY sequence")] == ["two", "three"]


def test_a_file_from_before_lives_were_limited_is_taken_over(tmp_path, queues, now):
    queues.send("q", "old")
    queues._db.execute("ALTER TABLE message DROP COLUMN expires_at")
    queues.close()

    with closing(SqliteQueues(tmp_path / "queues.sqlite", clock=lambda: now[0])) as again:
        again.send("q", "new", lifetime_s=60)
        assert [message.text for message in again.peek("q")] == ["old", "new"]


def test_a_closed_file_is_unavailable(queues):
    queues.close()

    with pytest.raises(Unavailable):
        queues.send("q", "one")


def test_a_message_does_not_show_its_text(queues):
    queues.send("q", "a private word")

    assert "private" not in repr(queues.peek("q"))
