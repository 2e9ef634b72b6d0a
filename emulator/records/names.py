"""Full names, composed from first and last name and read-only, as Dataverse does by default."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.metadata.model import Table

_COMPOSED = frozenset({"contact", "lead", "systemuser"})


def full_name(table: Table, given: Mapping[str, object], before: Mapping[str, object]) -> dict[str, object]:
    """`fullname` where a part of it was given; nothing for other tables."""
    if table.logical_name not in _COMPOSED or not {"firstname", "lastname"} & given.keys():
        return {}
    parts = [given.get(name, before.get(name)) for name in ("firstname", "lastname")]
    return {"fullname": " ".join(str(part) for part in parts if part) or None}
