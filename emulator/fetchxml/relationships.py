"""Link-entities without `from` or `to`: the relationship between the tables says which columns they are.

Source: Learn, "link-entity element", "Using from and to attributes".
"""

from __future__ import annotations

from dataclasses import replace

from emulator.context import Context
from emulator.fetchxml.model import Entity, Link
from emulator.fetchxml.names import find_column, find_table
from emulator.fetchxml.refusals import ENTITY_NOT_FOUND, SEVERAL_INTERSECTS, refused
from emulator.metadata.model import ManyToMany, Table


def resolved(context: Context, parent: Table, link: Link) -> Link:
    """The link with both of its columns; one across a many-to-many relationship becomes two. Raises 400."""
    if link.column is not None and link.parent_column is not None:
        return link
    table = find_table(context, link.entity.name)
    if link.parent_column is not None and table.logical_name in find_column(parent, link.parent_column).targets:
        return replace(link, column=table.primary_id)
    if link.column is not None and parent.logical_name in find_column(table, link.column).targets:
        return replace(link, parent_column=parent.primary_id)
    pairs = [
        pair
        for pair in context.schema.many_to_many.values()
        if {pair.table1, pair.table2} == {parent.logical_name, table.logical_name}
    ]
    if not pairs or link.column or link.parent_column:
        raise refused(
            ENTITY_NOT_FOUND,
            f"No system many-to-many relationship exists between {parent.logical_name} and {table.logical_name}.  If "
            "attempting to link through a custom many-to-many relationship ensure that you provide the from and to "
            "attributes.",
        )
    if len(pairs) > 1:
        raise refused(SEVERAL_INTERSECTS)
    return _through(pairs[0], parent, table, link)


def _through(pair: ManyToMany, parent: Table, table: Table, link: Link) -> Link:
    """A link to the intersect table, and below it the link itself."""
    here, there = pair.column1, pair.column2
    if pair.table1 != parent.logical_name:
        here, there = there, here
    beyond = replace(
        link, column=table.primary_id, parent_column=there, kind="outer" if link.kind == "outer" else "inner"
    )
    between = Entity(name=pair.intersect_table, attributes=(), orders=(), filters=(), links=(beyond,))
    return replace(link, entity=between, alias=None, column=here, parent_column=parent.primary_id)
