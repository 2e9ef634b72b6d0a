"""Public views: FetchXML, and LayoutXML with the columns as a grid shows them.

Source: Microsoft Learn, "Customize entity views" (LayoutXML, `querytype` 0).
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from dataverse.schema.components import View
from dataverse.schema.model import Table
from dataverse.schema.rows.kinds import VIEW
from dataverse.schema.rows.references import Sort, placeholder
from dataverse.schema.rows.row import Row, described, digest

PUBLIC = 0


def view_row(view: View, table: Table) -> Row:
    """A view of a table of ours."""
    layout = layout_xml(view, table)
    description = described(view.description, digest(view.description, view.fetch, layout))
    ours = {"fetchxml": view.fetch, "layoutxml": layout, "description": description}
    return Row(
        kind=VIEW,
        id=view.id,
        what=f"view {view.name} of {view.table}",
        values={"name": view.name, "returnedtypecode": view.table, "querytype": PUBLIC, **ours},
        kept={"description": description},
        mend=ours,
    )


def layout_xml(view: View, table: Table) -> str:
    """The grid of a view: a click on the primary column opens the row."""
    grid = Element(
        "grid",
        name="resultset",
        object=placeholder(Sort.TYPE_CODE, table.name),
        jump=table.primary.name,
        select="1",
        icon="1",
        preview="1",
    )
    row = SubElement(grid, "row", name="result", id=table.key)
    for column in view.columns:
        SubElement(row, "cell", name=column.name, width=str(column.width))
    return tostring(grid, encoding="unicode")
