"""What a notification says and what it opens.

Limits are those of the table `appnotification`: title 256 and body 500 characters. Its body understands a subset of
Markdown, so a customer's brackets are escaped: nobody can text a link that looks like ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from uuid import UUID

from messaging.records import Person

_MARKUP = re.compile(r"[\[\]\\]")  # a backslash too: it would undo the one before a bracket
MOST_TITLE = 256
MOST_BODY = 500
ROLE = "Text Messaging User"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One entry behind one seller's bell; `opens` is the conversation that it leads to."""

    recipient: UUID
    title: str = field(repr=False)
    body: str = field(repr=False)
    opens: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A text as sellers are told of it: from whom (a record's name, or the number), what it says (None: that is not
    shown), how much is attached."""

    sender: str = field(repr=False)
    text: str | None = field(repr=False)
    attachments: int
    conversation: UUID


def notification(arrival: Arrival, reader: Person, *, may_read: bool) -> Notification:
    """What `reader` is told of a text; one who lacks the privileges is told just that, without the text."""
    if not may_read:
        body = (
            f"A text from {_plain(arrival.sender)} arrived for you. It is stored, but you lack the privileges to see"
            f" it. Ask your administrator for the security role {ROLE}."
        )
        return Notification(
            recipient=reader.id,
            title="You cannot receive text messages yet",
            body=_shorten(body, MOST_BODY),
            opens=None,
        )
    return Notification(
        recipient=reader.id,
        title=_shorten(f"Text from {_plain(arrival.sender)}", MOST_TITLE),
        body=_shorten(_body(arrival), MOST_BODY),
        opens=arrival.conversation,
    )


def _body(arrival: Arrival) -> str:
    attached = "" if not arrival.attachments else f"({arrival.attachments} attached)"
    said = "Open it to read what it says." if arrival.text is None else _plain(arrival.text)
    return " ".join(filter(None, (said, attached))) or "(empty)"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def _shorten(text: str, most: int) -> str:
    # Dataverse counts UTF-16 code units, and half a surrogate pair is no character.
    if len(text.encode("utf-16-le")) // 2 <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"
