"""The file behind the emulator when something goes wrong with it."""

from __future__ import annotations

import sqlite3

import pytest

from emulator.store import Store


@pytest.fixture
def small():
    """A store in which fifty pages find room."""
    store = Store(prepare=(lambda db: db.execute("PRAGMA max_page_count = 50").close(),))
    with store.writing() as db:
        db.execute("CREATE TABLE note (text TEXT)")
    yield store
    store.close()


def count(store):
    with store.reading() as db:
        return db.execute("SELECT count(*) FROM note").fetchone()[0]


def test_a_full_disk_undoes_the_transaction_and_nothing_else(small):
    undone = []
    for _ in range(3):
        with (
            pytest.raises(sqlite3.OperationalError, match="full"),
            small.writing(undone=lambda: undone.append(1)) as db,
        ):
            db.execute("INSERT INTO note VALUES ('x')")
            db.execute("INSERT INTO note VALUES (?)", ("x" * 500_000,))
    assert (count(small), len(undone)) == (0, 3)
    with small.writing() as db:
        db.execute("INSERT INTO note VALUES ('x')")
    assert count(small) == 1


def test_a_transaction_that_has_ended_by_itself_is_undone_all_the_same(small):
    with pytest.raises(ValueError, match="later"), small.writing() as db:
        db.execute("INSERT INTO note VALUES ('x')")
        db.execute("ROLLBACK")
        raise ValueError("later")
    assert count(small) == 0


def test_a_connection_in_use_while_the_store_closes_is_closed_when_it_is_free(small):
    with small.reading() as db:
        small.close()
        assert db.execute("SELECT count(*) FROM note").fetchone() == (0,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("SELECT 1")
