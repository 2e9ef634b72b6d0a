"""Which entries behind a bell are old news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from notifications.bell import Entry, superseded

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _entry(number: int, *, reader: int = 1, conversation: int = 1, second: int = 0, version: int = 0) -> Entry:
    return Entry(
        id=UUID(int=number),
        reader=UUID(int=reader),
        conversation=UUID(int=conversation),
        made_on=NOON + timedelta(seconds=second),
        version=version,
    )


def test_of_one_conversation_only_the_newest_entry_is_news() -> None:
    pile = [_entry(1, second=2), _entry(2, second=3), _entry(3, second=1)]

    assert superseded(pile) == [UUID(int=3), UUID(int=1)]


def test_of_entries_of_the_same_second_the_one_that_was_written_last_is_news() -> None:
    assert superseded([_entry(1, version=8), _entry(2, version=9)]) == [UUID(int=1)]


def test_conversations_and_readers_have_their_own_newest_entry() -> None:
    assert superseded([_entry(1), _entry(2, conversation=2), _entry(3, reader=2)]) == []


entries = st.lists(
    st.builds(
        _entry,
        st.integers(1, 1_000),
        reader=st.integers(1, 3),
        conversation=st.integers(1, 3),
        second=st.integers(0, 3),
        version=st.integers(0, 3),
    ),
    unique_by=lambda entry: entry.id,
)


@given(entries)
def test_what_stays_is_one_entry_for_each_reader_and_conversation_and_none_is_newer(pile: list[Entry]) -> None:
    old = set(superseded(pile))
    stays = {(entry.reader, entry.conversation): entry for entry in pile if entry.id not in old}

    assert len(stays) == len(pile) - len(old)
    assert stays.keys() == {(entry.reader, entry.conversation) for entry in pile}
    for entry in pile:
        newest = stays[entry.reader, entry.conversation]
        assert (entry.made_on, entry.version) <= (newest.made_on, newest.version)
