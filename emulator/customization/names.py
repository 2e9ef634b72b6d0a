"""Names of customizations against the publishers of the environment: whose prefix they start with."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.customization.gate import Body
from emulator.metadata.naming import invalid_prefix, prefix_of
from emulator.seams import Work

DEFAULT_PREFIX = 10_000


def checked_name(work: Work, body: Body, kind: str) -> str:
    """The schema name in a body; raises 0x80044366 for one without the prefix of a publisher."""
    name = str(body.get("SchemaName") or "")
    option_prefix(work, name, kind)
    return name


def check_lookup(work: Work, body: Body) -> None:
    """The name of the lookup in the definition of a relationship."""
    lookup = body.get("Lookup")
    if isinstance(lookup, Mapping):
        option_prefix(work, str(lookup.get("SchemaName") or ""), "Attribute")


def relationship_name(work: Work, body: Mapping[str, object]) -> str:
    """Checks the name of a relationship: `account_new_thing` will do, the prefix need not stand in front."""
    name = str(body.get("SchemaName") or "")
    parts = name.lower().split("_")
    if len(parts) < 2 or not any(_publisher(work, part) for part in parts[:-1]):
        raise invalid_prefix(name, "EntityRelationship")
    return name


def option_prefix(work: Work, name: str, kind: str) -> int:
    """The number prefix for options of the publisher that the name's prefix belongs to; raises 0x80044366."""
    found = _publisher(work, prefix_of(name, kind))
    if found is None:
        raise invalid_prefix(name, kind)
    return found


def option_prefix_of(work: Work, solution: str | None) -> int:
    """The number prefix of a solution's publisher, of the default publisher without a solution."""
    statement = "SELECT customizationoptionvalueprefix FROM publisher JOIN solution USING (publisherid) WHERE " + (
        "solutionid = ?" if solution else "solution.uniquename = ?"
    )
    found = work.context.db.execute(statement, (solution or "Default",)).fetchone()
    return int(found[0] or DEFAULT_PREFIX) if found else DEFAULT_PREFIX


def _publisher(work: Work, prefix: str) -> int | None:
    """The number prefix of the publisher with this customization prefix, None without one."""
    statement = "SELECT customizationoptionvalueprefix FROM publisher WHERE lower(customizationprefix) = ?"
    found = work.context.db.execute(statement, (prefix,)).fetchone()
    return int(found[0] or DEFAULT_PREFIX) if found else None
