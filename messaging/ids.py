"""Row ids derived from what they stand for, so that retries, replays and two workers at once meet on the same row.

Each is a uuid5 (RFC 9562) in one namespace over the parts joined by a line feed, which no part can contain.
"""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("7e87a9d2-5b0c-5f3e-9d55-7c1f8f3a6b21")


def message_id(account: str, provider_message_id: str) -> UUID:
    """The row of an incoming text: one per message of a provider account, however often it is delivered."""
    return _derive("message", account, provider_message_id)


def attachment_id(account: str, provider_message_id: str, position: int) -> UUID:
    """The row of an attachment of an incoming text: one for each place, counted from 0."""
    return _derive("attachment", account, provider_message_id, str(position))


def conversation_id(our_digits: str, customer_key: str, table: str, record_id: UUID, *, generation: int = 0) -> UUID:
    """The conversation between one of our numbers and a customer on one record; a new generation where the earlier
    one has been moved to another record."""
    later = (str(generation),) if generation else ()
    return _derive("conversation", our_digits, customer_key, table, str(record_id), *later)


def lead_id(customer_key: str, generation: int) -> UUID:
    """The lead for an unknown number; a new generation where an earlier lead no longer carries the number."""
    return _derive("lead", customer_key, str(generation))


def consent_id(customer_key: str) -> UUID:
    """The consent of the person behind a customer's number."""
    return _derive("consent", customer_key)


def phone_key_id(table: str, record_id: UUID, column: str, digits: str) -> UUID:
    """The entry of the phone index for a number in a column of a record."""
    return _derive("phonekey", table, str(record_id), column, digits)


def _derive(kind: str, *parts: str) -> UUID:
    if any("\n" in part for part in parts):
        raise ValueError(f"a part of a {kind} id contains a line feed")
    return uuid5(NAMESPACE, "\n".join((kind, *parts)))
