"""Changes of rows on their queues: whole, versioned, never too large."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.envelope import MAX_BYTES
from messaging.records import PHONE_COLUMNS, Table
from messaging.row_changes import WATCHED_CHANGES, WATCHED_COLUMNS, Change, RowChanged, decode, encode
from messaging.status import Status

MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))
CHANGES = st.builds(
    RowChanged,
    table=st.text(max_size=20),
    id=st.uuids(),
    change=st.sampled_from(Change),
    columns=st.none() | st.lists(st.text(max_size=20), max_size=5).map(tuple),
    outgoing=st.none() | st.booleans(),
    status=st.none() | st.sampled_from(Status),
    occurred_at=st.none() | MOMENTS,
    operation_id=st.none() | st.uuids(),
    correlation_id=st.none() | st.uuids(),
    attempt=st.integers(0, 40),
    reason=st.none() | st.text(max_size=20),
)
CHANGED = RowChanged(table="contact", id=UUID(int=7), change=Change.UPDATE, columns=("mobilephone",))


@given(CHANGES)
def test_a_change_comes_back_as_it_went(change: RowChanged) -> None:
    assert decode(encode(change)) == change
    assert json.loads(encode(change))["version"] == 1


def test_names_of_columns_that_would_not_fit_are_left_out() -> None:
    large = replace(CHANGED, columns=tuple(f"new_{number:0120}" for number in range(1000)))

    assert len(encode(large)) <= MAX_BYTES
    assert decode(encode(large)) == replace(CHANGED, columns=None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at the top"),
        ("[]", "at the top"),
        ('{"table": "contact"}', "missing at id"),
        (encode(CHANGED).replace("Update", "Secret word"), "enum at change"),
    ],
)
def test_what_is_no_change_is_refused_without_being_quoted(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        decode(text)

    assert "Secret" not in str(caught.value)


def test_a_later_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 2 of a change is not known"):
        decode(encode(replace(CHANGED, version=2)))


def test_phone_columns_state_and_owner_are_watched() -> None:
    assert {*WATCHED_COLUMNS} == {*Table, "txv_phonenumber", "txv_textconversation"} == {*WATCHED_CHANGES}
    for table, phones in PHONE_COLUMNS.items():
        assert WATCHED_COLUMNS[table.value] == (*phones, "address1_country", "statecode", "ownerid")
