"""Privileges in a few words: verbs on a table, how far, what for."""

from __future__ import annotations

from collections.abc import Iterable

from dataverse.schema.components import Depth, Privilege, Verb

Grant = tuple[str, str, Depth, str]
"""Verbs with blanks between them, the table as privileges name it, how far they reach, and what they are for."""

ACTIVITY = "Activity"
NOTE = "Note"
RECORDS = ("Account", "Contact", "Lead", "Opportunity")


def privileges(grants: Iterable[Grant]) -> tuple[Privilege, ...]:
    """A privilege for each verb of each grant. Raises ValueError for a verb that there is not."""
    return tuple(
        Privilege(name=f"prv{Verb(verb)}{table}", depth=depth, why=why)
        for verbs, table, depth, why in grants
        for verb in verbs.split()
    )


def on_records(verbs: str, depth: Depth, why: str) -> tuple[Grant, ...]:
    """The same on each table of records that texts are about."""
    return tuple((verbs, table, depth, why) for table in RECORDS)
