"""What a notification says and what it opens, in the reader's language.

Each text is news: an entry of its own, whose title counts what is unread in the conversation with it.

Limits are those of the table `appnotification`: title 256 and body 500 characters. Its body understands a subset of
Markdown, so a customer's brackets are escaped: nobody can text a link that looks like ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from uuid import UUID

from messaging.records import Person
from notifications.languages import Language, language

_MARKUP = re.compile(r"[\[\]\\]")  # a backslash too: it would undo the one before a bracket
MOST_TITLE = 256
MOST_BODY = 500
ROLE = "Text Messaging User"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an entry leads to: the conversation, and what the button and the pane are called."""

    conversation: UUID
    button: str
    pane: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One entry behind one reader's bell."""

    recipient: UUID
    title: str = field(repr=False)
    body: str = field(repr=False)
    opens: Opening | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A text as sellers are told of it: from whom (a record's name, or the number), what it says (None: that is not
    shown), how much is attached, how many texts of its conversation are unread with it, and among how many records the
    reader is asked to choose (0: it has its place)."""

    sender: str = field(repr=False)
    text: str | None = field(repr=False)
    attachments: int
    conversation: UUID
    unread: int = 1
    choices: int = 0


def notification(arrival: Arrival, reader: Person, *, may_read: bool) -> Notification:
    """What `reader` is told of a text; one who lacks the privileges is told just that, without the text."""
    words = language(reader.language)
    if not may_read:
        return Notification(
            recipient=reader.id,
            title=words.cannot_title,
            body=_shorten(words.cannot_body.format(sender=_plain(arrival.sender), role=ROLE), MOST_BODY),
            opens=None,
        )
    titles = words.whose if arrival.choices else words.texts
    title = titles[arrival.unread > 1].format(sender=_plain(arrival.sender), count=arrival.unread)
    button = words.choose if arrival.choices else words.open
    return Notification(
        recipient=reader.id,
        title=_shorten(title, MOST_TITLE),
        body=_shorten(_body(arrival, words), MOST_BODY),
        opens=Opening(conversation=arrival.conversation, button=button, pane=words.pane),
    )


def _body(arrival: Arrival, words: Language) -> str:
    count = arrival.attachments
    attached = words.attached[count > 1].format(count=count) if count else ""
    said = words.hidden if arrival.text is None else _plain(arrival.text)
    matching = words.matching.format(count=arrival.choices) if arrival.choices else ""
    return " ".join(filter(None, (matching, said, attached))) or words.empty


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def _shorten(text: str, most: int) -> str:
    # Dataverse counts UTF-16 code units, and half a surrogate pair is no character.
    if len(text.encode("utf-16-le")) // 2 <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"
