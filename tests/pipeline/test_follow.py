"""One change of a record: acted upon, later, or set aside; and only where numbers may be others now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from messaging.errors import ConfigurationError, Conflict, PrivilegeMissing, Throttled, Unavailable
from messaging.row_changes import Change, RowChanged, decode, encode
from pipeline.follow import POISON, SECOND_LOOK_S, Following, concerns_numbers, concerns_owners
from pipeline.listen import RECORD_CHANGES
from pipeline.process import DELAYS, MENDING_S

CONTACT = UUID(int=7)
CHANGED = RowChanged(table="contact", id=CONTACT, change=Change.UPDATE, columns=("mobilephone",))


@dataclass
class Index:
    """Remembers what it was asked to see to, and fails as told."""

    error: Exception | None = None
    asked: list[tuple[str, list[UUID]]] = field(default_factory=list)

    def bring_up_to_date(self, table: str, record_ids: Iterable[UUID]) -> int:
        if self.error is not None:
            raise self.error
        self.asked.append((table, list(record_ids)))
        return 1


@dataclass
class Texts:
    """Keeps what is sent, with how long it waits and lives."""

    sent: list[tuple[str, str, float, float | None]] = field(default_factory=list)

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        self.sent.append((queue, text, delay_s, lifetime_s))


@pytest.fixture
def index() -> Index:
    return Index()


@pytest.fixture
def visibility() -> Index:
    return Index()


@pytest.fixture
def queue() -> Texts:
    return Texts()


@pytest.fixture
def following(index: Index, visibility: Index, queue: Texts) -> Following:
    return Following(phone_index=index, visibility=visibility, queue=queue)


def test_a_record_whose_number_changed_is_seen_to(following: Following, index: Index, queue: Texts) -> None:
    following.follow(encode(CHANGED))

    assert (index.asked, queue.sent) == ([("contact", [CONTACT])], [])


@pytest.mark.parametrize(
    ("change", "concerns"),
    [
        (CHANGED, True),
        (replace(CHANGED, change=Change.CREATE), True),
        (replace(CHANGED, columns=None), True),
        (replace(CHANGED, columns=("address1_country",)), True),
        (replace(CHANGED, columns=("statecode", "statuscode")), False),
        (replace(CHANGED, columns=("ownerid",)), False),
        (replace(CHANGED, columns=()), False),
        (replace(CHANGED, change=Change.DELETE), False),
        (replace(CHANGED, table="account"), False),
        (replace(CHANGED, table="account", columns=("telephone2",)), True),
        (replace(CHANGED, table="lead"), True),
        (replace(CHANGED, table="opportunity", columns=None), False),
        (replace(CHANGED, table="txv_textmessage", columns=None), False),
    ],
)
def test_only_what_may_change_a_number_costs_a_read(
    following: Following, index: Index, change: RowChanged, concerns: bool
) -> None:
    following.follow(encode(change))

    assert concerns_numbers(change) is bool(index.asked) is concerns


@pytest.mark.parametrize(
    ("change", "concerns"),
    [
        (CHANGED, False),
        (replace(CHANGED, columns=("ownerid",)), True),
        (replace(CHANGED, columns=("statecode", "statuscode")), True),  # as one that was merged into another one
        (replace(CHANGED, columns=None), True),
        (replace(CHANGED, change=Change.CREATE, columns=None), False),
        (replace(CHANGED, change=Change.DELETE, columns=None), False),
        (replace(CHANGED, table="account", columns=("ownerid",)), True),
        (replace(CHANGED, table="lead", columns=("ownerid",)), True),
        (replace(CHANGED, table="opportunity", columns=("ownerid",)), True),
        (replace(CHANGED, table="opportunity", columns=("statecode",)), False),
        (replace(CHANGED, table="txv_phonenumber", columns=("ownerid",)), True),
        (replace(CHANGED, table="txv_phonenumber", columns=("txv_name",)), False),
        (replace(CHANGED, table="txv_phonenumber", change=Change.CREATE), False),
        (replace(CHANGED, table="txv_textconversation", columns=("regardingobjectid",)), True),
        (replace(CHANGED, table="txv_textconversation", columns=("ownerid",)), True),
        (replace(CHANGED, table="txv_textconversation", columns=("txv_unreadcount",)), False),
        (replace(CHANGED, table="txv_textconversation", change=Change.CREATE), True),
        (replace(CHANGED, table="txv_textconversation", change=Change.DELETE), False),
        (replace(CHANGED, table="txv_textmessage", columns=None), False),
    ],
)
def test_only_what_may_change_who_sees_a_conversation_costs_a_read(
    following: Following, visibility: Index, change: RowChanged, concerns: bool
) -> None:
    following.follow(encode(change))

    assert concerns_owners(change) is bool(visibility.asked) is concerns


def test_a_change_of_number_and_owner_is_seen_to_in_both_ways(
    following: Following, index: Index, visibility: Index
) -> None:
    following.follow(encode(replace(CHANGED, columns=("mobilephone", "ownerid"))))

    assert index.asked == visibility.asked == [("contact", [CONTACT])]


def test_a_conversation_that_cannot_be_seen_to_now_is_seen_to_later(
    following: Following, visibility: Index, queue: Texts
) -> None:
    visibility.error = Conflict("somebody has moved it")
    change = replace(CHANGED, table="txv_textconversation", columns=("ownerid",))

    following.follow(encode(change))

    ((name, text, *_),) = queue.sent
    assert (name, decode(text)) == (RECORD_CHANGES, replace(change, attempt=1))


@pytest.mark.parametrize("error", [None, Unavailable("away"), PrivilegeMissing("no")])
def test_a_number_that_was_given_away_is_looked_at_once_more(
    following: Following, visibility: Index, queue: Texts, error: Exception | None
) -> None:
    change = replace(CHANGED, table="txv_phonenumber", columns=("ownerid",))
    visibility.error = error

    following.follow(encode(change))

    name, text, waits, _ = queue.sent[0]
    assert (name, decode(text), waits) == (RECORD_CHANGES, replace(change, attempt=1), SECOND_LOOK_S)

    visibility.error = None
    queue.sent.clear()
    following.follow(text)

    assert (visibility.asked[-1], queue.sent) == (("txv_phonenumber", [CONTACT]), [])


@pytest.mark.parametrize(
    ("error", "delay"),
    [
        (Unavailable("away"), DELAYS[2]),
        (Conflict("others"), DELAYS[2]),
        (Throttled("slowly", retry_after=77), 77),
        (ConfigurationError("DATAVERSE_URL is empty"), MENDING_S),
    ],
)
def test_what_may_pass_is_tried_again_after_a_while(
    following: Following, index: Index, queue: Texts, error: Exception, delay: float
) -> None:
    index.error = error

    following.follow(encode(replace(CHANGED, attempt=2)))

    ((name, text, waits, lives),) = queue.sent
    assert (name, waits, lives) == (RECORD_CHANGES, delay, 7 * 24 * 3600)
    assert decode(text) == replace(CHANGED, attempt=3)


def test_what_was_tried_for_a_day_is_set_aside_for_good(following: Following, index: Index, queue: Texts) -> None:
    index.error = Unavailable("away")

    following.follow(encode(replace(CHANGED, attempt=len(DELAYS))))

    ((name, text, _, lives),) = queue.sent
    assert (name, lives) == (POISON, None)
    assert decode(text).reason == f"tried {len(DELAYS) + 1} times, at last Unavailable: away"


def test_what_cannot_succeed_is_set_aside_with_its_reason(following: Following, index: Index, queue: Texts) -> None:
    index.error = PrivilegeMissing("PATCH txv_phonekeys: 403")

    following.follow(encode(CHANGED))

    ((name, text, *_),) = queue.sent
    assert (name, decode(text).reason) == (POISON, "PrivilegeMissing: PATCH txv_phonekeys: 403")


def test_what_was_put_back_begins_anew(following: Following, index: Index, queue: Texts) -> None:
    index.error = Unavailable("away")

    following.follow(encode(replace(CHANGED, attempt=len(DELAYS), reason="tried often")))

    ((name, text, *_),) = queue.sent
    assert (name, decode(text)) == (RECORD_CHANGES, replace(CHANGED, attempt=1))


def test_what_is_no_change_is_kept_as_it_came(following: Following, queue: Texts) -> None:
    following.follow("{}")

    assert queue.sent == [(POISON, "{}", 0.0, None)]


def test_a_defect_is_left_to_the_host(following: Following, index: Index) -> None:
    index.error = ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        following.follow(encode(CHANGED))
