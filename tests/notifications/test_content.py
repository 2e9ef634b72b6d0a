"""What the bell says: enough to know who it is, no more than the reader may see, never a trap."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from messaging.records import Person
from notifications.content import MOST_BODY, MOST_TITLE, Arrival, Opening, notification

ADA = Person(UUID(int=1), "Ada")
ARRIVAL = Arrival(
    sender="Grace Example",
    text="Yes,\nTuesday 🎟️",
    attachments=0,
    conversation=UUID(int=7),
)
LCIDS = (0, 1033, 1036, 1046, 1053, 1057, 1081)


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_the_seller_reads_who_wrote_and_what_and_opens_the_conversation() -> None:
    entry = notification(ARRIVAL, ADA, may_read=True)

    assert entry.recipient == ADA.id
    assert entry.opens == Opening(conversation=ARRIVAL.conversation, button="Open", pane="Text messages")
    assert (entry.title, entry.body) == ("Text from Grace Example", "Yes, Tuesday 🎟️")


def test_who_lacks_the_privileges_is_told_so_and_not_what_the_text_says() -> None:
    entry = notification(ARRIVAL, ADA, may_read=False)

    assert entry.title == "You cannot receive text messages yet"
    assert "Text Messaging User" in entry.body
    assert "stored" in entry.body
    assert "Tuesday" not in entry.title + entry.body
    assert entry.opens is None


def test_attachments_are_counted_and_an_empty_text_is_said_to_be_empty() -> None:
    assert notification(replace(ARRIVAL, text="", attachments=2), ADA, may_read=True).body == "(2 attached)"
    assert notification(replace(ARRIVAL, text="Look", attachments=1), ADA, may_read=True).body == "Look (1 attached)"
    assert notification(replace(ARRIVAL, text=" \n"), ADA, may_read=True).body == "(empty)"


def test_a_text_that_is_not_shown_is_counted_all_the_same() -> None:
    hidden = notification(replace(ARRIVAL, text=None), ADA, may_read=True)
    with_pictures = notification(replace(ARRIVAL, text=None, attachments=2), ADA, may_read=True)

    assert (hidden.title, hidden.body) == ("Text from Grace Example", "Open it to read what it says.")
    assert with_pictures.body == "Open it to read what it says. (2 attached)"
    assert hidden.opens == notification(ARRIVAL, ADA, may_read=True).opens


def test_the_title_says_how_many_texts_are_unread() -> None:
    assert notification(replace(ARRIVAL, unread=3), ADA, may_read=True).title == "3 texts from Grace Example"


def test_a_question_says_how_many_records_match_and_the_text_only_where_it_may_be_shown() -> None:
    asked = replace(ARRIVAL, sender="+12065550187", choices=3)

    shown, hidden = (notification(each, ADA, may_read=True) for each in (asked, replace(asked, text=None, unread=2)))

    assert (shown.title, shown.body) == (
        "Whose text is this? (from +12065550187)",
        "3 records match this number. Yes, Tuesday 🎟️",
    )
    assert (hidden.title, hidden.body) == (
        "Whose 2 texts are these? (from +12065550187)",
        "3 records match this number. Open it to read what it says.",
    )
    assert shown.opens == Opening(conversation=ARRIVAL.conversation, button="Choose", pane="Text messages")


def test_a_customer_cannot_text_a_link_that_looks_like_ours() -> None:
    entry = notification(replace(ARRIVAL, sender="[x](y)", text="[Open](https://evil.example)"), ADA, may_read=True)

    assert entry.body == "\\[Open\\](https://evil.example)"
    assert entry.title == "Text from \\[x\\](y)"


@given(st.text("[]()\\x ", max_size=30))
@example("\\[Open\\](https://evil.example)")
def test_every_bracket_is_escaped_whatever_stands_before_it(text: str) -> None:
    body = notification(replace(ARRIVAL, text=text), ADA, may_read=True).body

    for found in re.finditer(r"(\\*)[\[\]]", body):
        assert len(found[1]) % 2 == 1


@given(text=st.text(max_size=800), sender=st.text(max_size=400), may_read=st.booleans(), lcid=st.sampled_from(LCIDS))
def test_any_text_fits_into_the_columns_in_every_language(text: str, sender: str, lcid: int, *, may_read: bool) -> None:
    clean, name = (each.encode("utf-16", "replace").decode("utf-16") for each in (text, sender))
    reader = replace(ADA, language=lcid)
    entry = notification(replace(ARRIVAL, text=clean, sender=name, unread=1000), reader, may_read=may_read)

    assert 0 < _length(entry.title) <= MOST_TITLE
    assert 0 < _length(entry.body) <= MOST_BODY


def test_a_long_text_is_cut_between_characters() -> None:
    entry = notification(replace(ARRIVAL, text="🎟" * 300), ADA, may_read=True)

    assert entry.body.endswith("🎟…")
    assert _length(entry.body) in {MOST_BODY - 1, MOST_BODY}


def test_neither_text_nor_name_shows_in_a_repr() -> None:
    entry = notification(ARRIVAL, ADA, may_read=True)

    assert "Tuesday" not in repr(entry) + repr(ARRIVAL)
    assert "Grace" not in repr(entry) + repr(ARRIVAL)
