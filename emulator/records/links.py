"""The row that a link in a body or a query string names: `/contacts(<id>)`, absolute, or by alternate key."""

from __future__ import annotations

import re

from emulator.context import Context
from emulator.errors import DataverseError, bad_query
from emulator.paths import split_path
from emulator.records.keys import Address, locate
from emulator.records.rows import exists

_ROOT = re.compile(r"^(?:https?://[^/]+)?/api/data/v\d+\.\d+/", re.IGNORECASE)


def relative(uri: str) -> str:
    """What follows the service root, of an absolute or a relative address."""
    return _ROOT.sub("", uri).lstrip("/")


def address_of(context: Context, uri: str) -> Address:
    """Reads a link. Raises 400 if it is none, 404 for an unknown set."""
    segments = split_path(relative(uri))
    if len(segments) != 1 or segments[0].arguments is None:
        raise bad_query(f"'{uri}' does not name a row: write /contacts(<id>).")
    table = context.schema.by_set(segments[0].name)
    if table is None:
        raise unknown_segment(segments[0].name)
    return locate(context, table, segments[0].arguments)


def existing(context: Context, uri: str) -> Address:
    """Reads a link to a row that must be there; raises 404 otherwise."""
    address = address_of(context, uri)
    if address.row_id is None or not exists(context.db, address.table, address.row_id):
        raise address.missing()
    return address


def unknown_segment(name: str) -> DataverseError:
    """404: no entity set has this name."""
    return DataverseError(404, "0x80060888", f"Resource not found for the segment '{name}'.")
