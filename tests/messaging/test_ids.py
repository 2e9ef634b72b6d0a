"""Derived ids: the same for the same thing, different for everything else."""

from __future__ import annotations

from uuid import UUID

import pytest

from messaging import ids

RECORD = UUID("11111111-2222-4333-8444-555555555555")


def test_the_same_thing_has_the_same_id_in_every_run() -> None:
    # Pinned: a change of the namespace or the recipe would make every replay a second message.
    assert str(ids.message_id("twilio-demo", "SM1")) == "427cd0a0-453b-543a-8dd8-62381dee2ceb"
    assert (
        str(ids.conversation_id("12065550100", "12065550187", "contact", RECORD))
        == "228598fb-909f-5e5b-98bb-2fa52b26116d"
    )
    assert str(ids.lead_id("12065550187", 0)) == "73d4df9d-9e48-5e87-a9da-d914da4f3270"
    assert str(ids.consent_id("12065550187")) == "f99aa8a3-7a95-532e-9477-854273f46ab2"
    entry = ids.phone_key_id("contact", RECORD, "mobilephone", "12065550187")
    assert str(entry) == "d4baa467-2c74-5ba0-8237-fb9c2ac08430"


def test_different_things_have_different_ids() -> None:
    found = [
        ids.message_id("a", "b"),
        ids.message_id("ab", ""),
        ids.message_id("", "ab"),
        ids.conversation_id("1", "2", "contact", RECORD),
        ids.conversation_id("2", "1", "contact", RECORD),
        ids.conversation_id("1", "2", "lead", RECORD),
        ids.conversation_id("1", "2", "lead", RECORD, generation=1),
        ids.lead_id("1", 0),
        ids.lead_id("1", 1),
        ids.consent_id("1"),
        ids.phone_key_id("contact", RECORD, "mobilephone", "1"),
        ids.phone_key_id("contact", RECORD, "telephone1", "1"),
        ids.phone_key_id("lead", RECORD, "mobilephone", "1"),
    ]

    assert len(set(found)) == len(found)


def test_a_line_feed_cannot_make_two_things_look_alike() -> None:
    with pytest.raises(ValueError, match="line feed"):
        ids.message_id("a\nb", "c")
