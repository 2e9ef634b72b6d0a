"""Rows as parameters of operations name them: by URL, or by table and id."""

from __future__ import annotations

import re
from collections.abc import Mapping

from emulator.context import Context
from emulator.errors import DataverseError, does_not_exist
from emulator.metadata.model import Table
from emulator.odata.sql import by_id, fetch

_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_URL = re.compile(rf"(?:.*/)?(\w+)\(({_GUID})\)", re.IGNORECASE)
_TYPE = re.compile(r"#?Microsoft\.Dynamics\.CRM\.(\w+)")


def referenced(context: Context, parameters: Mapping[str, object], name: str) -> tuple[Table, str]:
    """The row that a parameter names.

    Shapes: `{"@odata.id": "contacts(…)"}` and `{"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": …}`.
    Raises `DataverseError` 400 for any other, 404 for a row that is not there.
    """
    value = parameters.get(name)
    found = _by_url(context, value) or _by_type(context, value)
    if found is None:
        raise DataverseError(400, "0x80048d19", f"The parameter {name} is missing or is no reference to a row.")
    table, row_id = found
    if not fetch(context.db, by_id(table, row_id)):
        raise does_not_exist(table.logical_name, row_id)
    return table, row_id


def referenced_principal(context: Context, parameters: Mapping[str, object], name: str) -> tuple[str, str]:
    """The id and table of the user or team that a parameter names."""
    table, row_id = referenced(context, parameters, name)
    if table.logical_name not in {"systemuser", "team"}:
        raise DataverseError(400, "0x80040203", f"The parameter {name} is neither a user nor a team.")
    return row_id, table.logical_name


def _by_url(context: Context, value: object) -> tuple[Table, str] | None:
    url = value.get("@odata.id") if isinstance(value, Mapping) else None
    match = _URL.fullmatch(url) if isinstance(url, str) else None
    table = context.schema.by_set(match[1]) if match else None
    return (table, match[2].lower()) if match and table else None


def _by_type(context: Context, value: object) -> tuple[Table, str] | None:
    if not isinstance(value, Mapping):
        return None
    match = _TYPE.fullmatch(str(value.get("@odata.type", "")))
    table = context.schema.tables.get(match[1]) if match else None
    row_id = (value.get(table.primary_id) or value.get("ownerid")) if table else None
    if table is None or not isinstance(row_id, str) or not re.fullmatch(_GUID, row_id, re.IGNORECASE):
        return None
    return table, row_id.lower()
