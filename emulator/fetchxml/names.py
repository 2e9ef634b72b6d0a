"""Tables and columns by the names that FetchXML has for them: logical names, whose case counts."""

from __future__ import annotations

from emulator.context import Context
from emulator.errors import not_supported
from emulator.fetchxml.refusals import ATTRIBUTE_NOT_FOUND, ENTITY_NOT_FOUND, refused
from emulator.metadata.model import Column, Table

_BESIDE = ("yominame", "name", "idtype", "type")


def find_table(context: Context, name: str) -> Table:
    """The table with a logical name; raises `DataverseError` 400."""
    table = context.schema.tables.get(name)
    if table is None:
        raise refused(
            ENTITY_NOT_FOUND,
            f"The entity with a name = '{name[:100]}' with namemapping = 'Logical' was not found in the MetadataCache.",
        )
    return table


def find_column(table: Table, name: str) -> Column:
    """The column with a logical name. Raises `DataverseError` 400 without one that can be read, and 501 for the columns
    that Dataverse keeps beside a lookup or choice, such as `primarycontactidname`."""
    column = table.columns.get(name)
    if column is not None and column.on_read:
        return column
    for ending in _BESIDE:
        owner = table.columns.get(name.removesuffix(ending))
        if owner is not None and owner.logical_name != name and (owner.is_lookup or owner.options):
            raise not_supported(f"the column '{name}' beside '{owner.logical_name}'")
    raise refused(
        ATTRIBUTE_NOT_FOUND,
        f"'{table.schema_name}' entity doesn't contain attribute with Name = '{name[:100]}' and NameMapping = "
        "'Logical' (look up attribute by name is case-sensitive).",
    )
