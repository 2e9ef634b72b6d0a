"""Events as queue messages: versioned JSON that fits Azure Storage queues (64 KiB, base64 included)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from messaging.events import Event

MAX_BYTES = 48 * 1024  # 64 KiB once base64-encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One event on its way: how often it was tried, and why it was set aside, if it was."""

    version: int = 1
    attempt: int = 0
    reason: str | None = None
    event: Annotated[Event, Field(discriminator="kind")]


_JSON = TypeAdapter(Envelope)


def encode(envelope: Envelope) -> str:
    """The envelope as JSON; the raw payload is left out where it would not fit.

    Raises ValueError if the event is too large even without it.
    """
    text = _JSON.dump_json(envelope)
    if len(text) > MAX_BYTES:
        text = _JSON.dump_json(replace(envelope, event=replace(envelope.event, raw={"left_out": len(text)})))
    if len(text) > MAX_BYTES:
        raise ValueError(f"the event takes {len(text)} bytes, a queue message holds {MAX_BYTES}")
    return text.decode()


def decode(text: str | bytes) -> Envelope:
    """Read an envelope back. Raises ValueError for what is not one, without quoting it."""
    try:
        envelope = _JSON.validate_json(text)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ValueError(f"not an envelope: {error.errors()[0]['type']} at {where or 'the top'}") from None
    if envelope.version != 1:
        raise ValueError(f"envelope version {envelope.version} is not known to this release")
    return envelope
