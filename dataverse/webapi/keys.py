r"""Rows addressed by alternate keys, as paths that are safely encoded.

Dataverse does not find rows by key values with `/ < > * % & : \ ? +` in them, however they are encoded: not a phone
number with its `+`, not a date-time with its `:`. Such values are refused here, in a sentence, before they are sent.

Source: Microsoft Learn, "Define alternate keys for a table" and "Use an alternate key to reference a record".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from dataverse.webapi.literals import quote_literal

KeyValue = str | int | Decimal | UUID

NOT_ADDRESSABLE = "/<>*%&:\\?+"
"""Characters that no value of a key may have if its row is to be addressed by it."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def row_by_key(set_name: str, key: Mapping[str, KeyValue]) -> str:
    """The path of the row with this alternate key: `contacts(emailaddress1='a@b.example')`, `set(k1='a',k2=2)`.

    `key` has a value for each column of the alternate key; a lookup goes by its `_…_value` column and a UUID. The path
    can be put into a request, and behind a slash into `@odata.bind`. Raises ValueError, which does not quote the value,
    for a name that is none, for a key without columns, and for what Dataverse cannot address.
    """
    if not key or not all(map(_NAME.fullmatch, (set_name, *key))):
        raise ValueError("a row is addressed by the name of its set, and by names and values of key columns")
    return f"{set_name}({','.join(f'{column}={_value(column, value)}' for column, value in key.items())})"


def _value(column: str, value: KeyValue) -> str:
    if isinstance(value, bool) or not isinstance(value, KeyValue):
        raise ValueError(f"{column} is addressed by text, a number or a UUID, not by {type(value).__name__}")
    if value == "":
        raise ValueError(f"{column} is empty, and Dataverse finds no row by an empty key")
    if isinstance(value, str) and any(character in value for character in NOT_ADDRESSABLE):
        raise ValueError(f"{column} has one of the characters {' '.join(NOT_ADDRESSABLE)}, which no key finds")
    return quote_literal(value)
