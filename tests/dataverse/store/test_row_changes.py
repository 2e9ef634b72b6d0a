"""From what Dataverse posts to a change as others hear of it: names of columns, and where a text of ours stands."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from dataverse.store.row_changes import read_row_change
from messaging.errors import Malformed
from messaging.row_changes import Change, RowChanged, decode, encode
from messaging.status import Status
from messaging.web import HttpRequest
from pipeline.listen import Listening
from tests.dataverse import contexts
from tests.dataverse.contexts import body, context

MESSAGE = "txv_textmessage"


def test_a_change_names_the_columns_and_holds_none_of_their_values() -> None:
    written = {"mobilephone": "+12065550187", "lastname": "Marsh", "statecode": contexts.choice(1)}

    change = read_row_change(body(context("Update", "contact", written)))

    assert change == RowChanged(
        table="contact",
        id=UUID(contexts.ROW),
        change=Change.UPDATE,
        columns=("lastname", "mobilephone", "statecode"),
        occurred_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        operation_id=UUID(contexts.OPERATION),
        correlation_id=UUID(contexts.CORRELATION),
    )
    assert "5550187" not in encode(change)
    assert "Marsh" not in encode(change)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("status", STATUSES)
def test_of_a_text_it_tells_direction_and_status(direction: Direction, status: Status) -> None:
    written = {
        "txv_body": "Hello",
        "txv_direction": contexts.choice(DIRECTIONS[direction]),
        "txv_status": contexts.choice(STATUSES[status]),
    }

    change = read_row_change(body(context("Create", MESSAGE, written)))

    assert (change.outgoing, change.status) == (direction is Direction.OUTGOING, status)
    assert "Hello" not in encode(change)


@pytest.mark.parametrize(
    "written", [{}, {"txv_direction": None, "txv_status": None}, {"txv_status": contexts.choice(5)}]
)
def test_what_was_not_written_or_is_no_status_is_none(written: dict[str, object]) -> None:
    change = read_row_change(body(context("Update", MESSAGE, written)))

    assert (change.outgoing, change.status) == (None, None)


def test_a_status_that_is_no_choice_is_malformed() -> None:
    with pytest.raises(Malformed):
        read_row_change(body(context("Update", MESSAGE, {"txv_status": "Queued"})))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Value", "key", "__type"]), inner),
    max_leaves=6,
)
COLUMNS = st.sampled_from(["txv_direction", "txv_status", "mobilephone", "a b", ""])


class Nowhere:
    """A queue that takes everything."""

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        decode(text)


@given(
    message=st.sampled_from([*Change, "Assign"]),
    table=st.sampled_from([MESSAGE, "contact", "task"]),
    written=st.dictionaries(COLUMNS, VALUES),
    spoilt=st.dictionaries(st.sampled_from([*context("Update", MESSAGE)]), VALUES, max_size=2),
)
def test_whatever_is_posted_with_our_secret_is_answered_200_or_400(
    message: str, table: str, written: dict[str, object], spoilt: dict[str, object]
) -> None:
    listening = Listening(secrets=("s",), header="X-Secret", read=read_row_change, queue=Nowhere())
    posted = body(context(message, table, written) | spoilt)

    answer = listening.hear(HttpRequest(method="POST", url="x", headers={"X-Secret": "s"}, body=posted))

    assert answer.status in (200, 400)


@given(st.sampled_from(["Assign", "SetState", "Merge", "Associate", "create"]))
def test_other_messages_are_no_change(message: str) -> None:
    assert read_row_change(body(context(message, "contact"))) is None
