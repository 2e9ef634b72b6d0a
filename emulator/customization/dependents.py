"""What still needs a table or a column."""

from __future__ import annotations

import re

from emulator.metadata.model import Column, Table
from emulator.seams import Work


def dependents_of_table(work: Work, table: Table) -> list[str]:
    """Lookups of other tables, site maps and steps."""
    name = table.logical_name
    lookups = [
        f"lookup {link.referencing_table}.{link.referencing_column}"
        for link in work.context.schema.one_to_many.values()
        if link.referenced_table == name and link.referencing_table != name and link.custom
    ]
    maps = work.context.db.execute("SELECT sitemapname, sitemapxml FROM sitemap").fetchall()
    steps = work.context.db.execute(
        "SELECT s.name FROM sdkmessageprocessingstep s JOIN sdkmessagefilter f USING (sdkmessagefilterid) "
        "WHERE f.primaryobjecttypecode = ?",
        (name,),
    ).fetchall()
    return [
        *lookups,
        *(f"site map {label}" for label, xml in maps if _names(xml, "Entity", name)),
        *(f"step {label}" for (label,) in steps),
    ]


def dependents_of_column(work: Work, table: Table, column: Column) -> list[str]:
    """Alternate keys, views and forms of its table."""
    name, db = column.logical_name, work.context.db
    keys = [f"key {key.schema_name}" for key in table.keys.values() if name in key.columns]
    views = db.execute(
        "SELECT name, coalesce(fetchxml, '') || coalesce(layoutxml, '') FROM savedquery WHERE returnedtypecode = ?",
        (table.logical_name,),
    ).fetchall()
    forms = db.execute(
        "SELECT name, formxml FROM systemform WHERE objecttypecode = ?", (table.logical_name,)
    ).fetchall()
    return [
        *keys,
        *(f"view {label}" for label, xml in views if _names(xml, "name|attribute", name)),
        *(f"form {label}" for label, xml in forms if _names(xml, "datafieldname", name)),
    ]


def _names(xml: object, attribute: str, value: str) -> bool:
    """Whether an attribute of the XML has the value."""
    pattern = rf"""\b(?:{attribute})\s*=\s*["']{re.escape(value)}["']"""
    return re.search(pattern, str(xml or ""), re.IGNORECASE) is not None
