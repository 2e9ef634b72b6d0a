"""How far the phone index is: one environment variable, read with the settings, so that no text waits for it.

The index is used once it has been filled by the rules of this release. Everything else, also a state that cannot be
read, means that texts are matched by spellings, which loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeGuard
from uuid import UUID, uuid5

from dataverse.store.queries import get
from dataverse.store.rows import Row, rows
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from messaging.errors import NotFound
from messaging.phone_keys import RULES

PHONE_INDEX = "txv_phoneindex"
VALUES = "environmentvariabledefinition_environmentvariablevalue"
MOST_CHARACTERS = 2000  # of a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A filling that is under way or was cut off: when it began (UTC), the table that it is at, the path of the next
    page (empty: the first), how many records it has read; `again` says that there were entries before it began."""

    began_on: datetime
    table: str
    page: str = ""
    records: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """`rules` and `complete_on` (UTC) are those of the last filling that was finished. `after` has for each table the
    path that tells what changed since (`dataverse.webapi.changes`)."""

    rules: int = 0
    complete_on: datetime | None = None
    after: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    filling: Filling | None = None

    @property
    def complete(self) -> bool:
        """Whether records are found by the index: it was filled to the end, by the rules of this release."""
        return self.complete_on is not None and self.rules == RULES


def read_state(client: Client) -> IndexState:
    """The state as it stands (one round trip); nothing is known where the variable is not there."""
    return state_of(_definitions(client))


def state_of(definitions: Sequence[Row]) -> IndexState:
    """The state out of rows of definitions with their values, among others. Pure."""
    ours = (row for row in definitions if row.get("schemaname") == PHONE_INDEX)
    value = next((str(each.get("value")) for row in ours for each in rows(row, VALUES)), "")
    try:
        return _read(json.loads(value))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return IndexState()


def save_state(client: Client, state: IndexState) -> None:
    """Write the state (two round trips), safe to repeat. Raises NotFound where the environment has no such variable."""
    definition = next(iter(_definitions(client)), None)
    if definition is None:
        raise NotFound(f"this environment has no variable {PHONE_INDEX}: provision it first")
    parent = UUID(str(definition["environmentvariabledefinitionid"]))
    held = next((str(row["environmentvariablevalueid"]) for row in rows(definition, VALUES)), None)
    body: dict[str, object] = {"value": _written(state)}
    if held is None:
        body |= {
            "schemaname": f"{PHONE_INDEX}_value",
            "EnvironmentVariableDefinitionId@odata.bind": f"/environmentvariabledefinitions({parent})",
        }
    path = f"environmentvariablevalues({held or uuid5(parent, 'value')})"
    client.send(Request(method="PATCH", path=path, body=body, repeatable=True))


def _definitions(client: Client) -> list[Row]:
    query = (
        "environmentvariabledefinitions?$select=environmentvariabledefinitionid,schemaname"
        f"&$filter=schemaname eq {quote_literal(PHONE_INDEX)}"
        f"&$expand={VALUES}($select=environmentvariablevalueid,value)"
    )
    return rows(client.send(get(query)).json())


def _read(value: Mapping[str, object]) -> IndexState:
    filling = value.get("filling")
    after = value.get("after")
    return IndexState(
        rules=int(str(value.get("rules", 0))),
        complete_on=_moment(value.get("complete_on")),
        after=MappingProxyType({str(table): str(path) for table, path in after.items()} if _is_map(after) else {}),
        filling=Filling(
            began_on=datetime.fromisoformat(str(filling["began_on"])),
            table=str(filling["table"]),
            page=str(filling.get("page", "")),
            records=int(str(filling.get("records", 0))),
            again=filling.get("again") is True,
        )
        if _is_map(filling)
        else None,
    )


def _is_map(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _moment(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value)).astimezone(UTC)


def _written(state: IndexState) -> str:
    """The state as JSON. What would make it too long is left out: then a table is read again from its beginning, or all
    of it as if nothing was known of changes. Both only take longer."""
    filling = state.filling
    for shorter in (
        state,
        replace(state, filling=filling and replace(filling, page="")),
        replace(state, filling=filling and replace(filling, page=""), after={}),
    ):
        text = _json(shorter)
        if len(text) <= MOST_CHARACTERS:
            break
    return text


def _json(state: IndexState) -> str:
    filling = state.filling
    value: dict[str, object] = {
        "rules": state.rules,
        "complete_on": state.complete_on and state.complete_on.isoformat(),
        "after": dict(state.after),
    }
    if filling is not None:
        value["filling"] = {
            "began_on": filling.began_on.isoformat(),
            "table": filling.table,
            "page": filling.page,
            "records": filling.records,
            "again": filling.again,
        }
    return json.dumps(value, separators=(",", ":"))
