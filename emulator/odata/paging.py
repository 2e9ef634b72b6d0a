"""Order and pages: a page ends with a token from which the next one resumes exactly, whatever was written meanwhile.

The token holds the sort keys of the last row (keyset paging) and what they are the keys of, so that it fits no query
with another order; clients see it as opaque inside `$skiptoken`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote
from zlib import crc32

from emulator.context import Sql
from emulator.errors import DataverseError, bad_query, not_supported
from emulator.odata.collation import as_compared
from emulator.odata.joins import Operand, Source
from emulator.odata.options import Ordering
from emulator.odata.properties import edm_type
from emulator.odata.sql import NEVER, concatenated, every, quoted, some

LARGEST_PAGE = 5000
_NAME = "(select n.{} from {} n where n.{} = {})"
_TOKEN = re.compile(r'<cookie pagenumber="(\d{1,9})" pagingcookie="([\w=-]*)" istracking="False" />', re.ASCII)


@dataclass(frozen=True, slots=True)
class SortKey:
    """An SQL expression that rows are ordered by; null comes first ascending and last descending."""

    sql: str
    descending: bool

    @property
    def clause(self) -> str:
        return f"{self.sql}{' desc' if self.descending else ''}"


def sort_keys(source: Source, orderings: tuple[Ordering, ...]) -> list[SortKey]:
    """What `$orderby` asks for, each once, with the primary id last so that the order is total."""
    keys = [SortKey(_expression(source.operand(each.segments)), each.descending) for each in orderings]
    keys.append(SortKey(source.sql(source.table.primary_id), False))
    once: dict[str, SortKey] = {}
    for key in keys:
        once.setdefault(key.sql, key)
    return list(once.values())


def _expression(operand: Operand) -> str:
    """Text is sorted as it is compared; a lookup by the name of its target (Microsoft Learn, "Order rows")."""
    if operand.column.is_lookup:
        return as_compared(_target_name(operand))
    return as_compared(operand.sql) if edm_type(operand.column) == "Edm.String" else operand.sql


def _target_name(operand: Operand) -> str:
    tables = [operand.source.context.schema.tables.get(name) for name in operand.column.targets]
    names = [
        _NAME.format(quoted(table.primary_name), quoted(table.logical_name), quoted(table.primary_id), operand.sql)
        for table in tables
        if table is not None and table.primary_name in table.columns
    ]
    if not names:
        raise not_supported(f"ordering by '{operand.column.logical_name}'")
    return names[0] if len(names) == 1 else f"coalesce({', '.join(names)})"


def write_token(page: int, order: str, values: list[object]) -> str:
    """The `$skiptoken` for page number `page` behind a row with these sort keys, percent-encoded."""
    cookie = base64.urlsafe_b64encode(json.dumps([order, *values]).encode()).decode()
    return quote(f'<cookie pagenumber="{page}" pagingcookie="{cookie}" istracking="False" />', safe="")


def order_of(clauses: Iterable[str]) -> str:
    """What tells one ORDER BY from another: a checksum."""
    return f"{crc32(','.join(clauses).encode()):08x}"


def read_token(token: str, order: str, keys: int) -> tuple[int, list[object]]:
    """The page number and the `keys` sort keys of a token; raises `DataverseError` 400 for any other text, and for
    the token of another order."""
    match = _TOKEN.fullmatch(token)
    try:
        values = json.loads(base64.b64decode(match[2], altchars=b"-_", validate=True)) if match else None
        json.dumps(values, ensure_ascii=False).encode()
    except (ValueError, binascii.Error, RecursionError):
        values = None
    if match is None or not isinstance(values, list) or values[:1] != [order] or len(values) != keys + 1:
        raise _malformed()
    if not all(map(_is_scalar, values)):
        raise _malformed()
    return int(match[1]), values[1:]


def _is_scalar(value: object) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, str | float)


def _malformed() -> DataverseError:
    return bad_query("Malformed paging cookie in the $skiptoken.")


def after(keys: list[SortKey], values: list[object]) -> Sql:
    """The condition that a row comes behind the row with these sort keys.

    The first key is also compared on its own where that says all: SQLite finds the place in an index by it.
    """
    alternatives: list[Sql] = []
    for index, (key, value) in enumerate(zip(keys, values, strict=True)):
        same = [(f"{tie.sql} is ?", (before,)) for tie, before in zip(keys[:index], values[:index], strict=True)]
        alternatives.append(every([*same, _behind(key, value)]))
    first, least = keys[0], values[0]
    begin = [(f"{first.sql} >= ?", (least,))] if least is not None and not first.descending else []
    return every([*begin, some(alternatives)])


def _behind(key: SortKey, value: object) -> Sql:
    if value is None:
        return NEVER if key.descending else (f"{key.sql} is not null", ())
    if key.descending:
        return concatenated("(", (f"{key.sql} < ?", (value,)), f"or {key.sql} is null )")
    return f"{key.sql} > ?", (value,)
