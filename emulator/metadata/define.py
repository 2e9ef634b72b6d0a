"""Definitions become schema: tables, columns and choices, as they were posted.

Every function here is a `Definer` of the catalog: it sees the draft and the body, not the database, so that it can be
run again when a database is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from emulator.errors import DataverseError
from emulator.metadata.attributes import Body, read_attribute, read_options, required_level
from emulator.metadata.draft import CASCADES, Draft
from emulator.metadata.identity import metadata_id
from emulator.metadata.kinds import column, complete, link_notes
from emulator.metadata.labels import text_of
from emulator.metadata.model import Column, ColumnType, Option, OptionSet, Table
from emulator.metadata.naming import bad_definition, identifier, not_unique, plural

FIRST_CUSTOM_CODE = 10_199
_STATES = (Option(0, "Active", default_status=1), Option(1, "Inactive", default_status=2))
_STATUSES = (Option(1, "Active", state=0), Option(2, "Inactive", state=1))
_ACTIVITY = ("Open", "Completed", "Canceled", "Scheduled")
_ACTIVITY_STATES = tuple(Option(value, name, default_status=value + 1) for value, name in enumerate(_ACTIVITY))
_ACTIVITY_STATUSES = tuple(Option(value + 1, name, state=value) for value, name in enumerate(_ACTIVITY))


def define_table(draft: Draft, owner: str, body: Body) -> None:
    """`EntityMetadata`. Raises 0x80044363 for a name that is taken, 0x80048d19 for a body that cannot be read."""
    schema_name = str(body.get("SchemaName") or "")
    logical_name, is_activity = schema_name.lower(), body.get("IsActivity") is True
    if logical_name in draft.schema.tables:
        raise not_unique(schema_name, "Entity")
    set_name = _set_name(draft, body, plural(logical_name))
    given = [read_attribute(draft.schema, logical_name, each) for each in _bodies(body, "Attributes")]
    table = Table(
        logical_name=logical_name,
        schema_name=schema_name,
        set_name=set_name,
        primary_id="activityid" if is_activity else f"{logical_name}id",
        primary_name=_primary_name(body, is_activity=is_activity),
        object_type_code=1 + max(FIRST_CUSTOM_CODE, *(each.object_type_code for each in draft.schema.tables.values())),
        metadata_id=metadata_id("entity", logical_name),
        display_name=text_of(body.get("DisplayName")) or schema_name,
        display_collection_name=text_of(body.get("DisplayCollectionName")),
        description=text_of(body.get("Description")),
        ownership=_ownership(body, is_activity=is_activity),
        is_activity=is_activity,
        has_activities=body.get("HasActivities") is True,
        has_notes=body.get("HasNotes") is True,
        change_tracking=body.get("ChangeTrackingEnabled") is True,
        custom=True,
        columns={each.logical_name: each for each in given},
    )
    draft.put_table(table)
    states = (_ACTIVITY_STATES, _ACTIVITY_STATUSES) if is_activity else (_STATES, _STATUSES)
    complete(draft, table, *states, {})
    _bring_currency(draft, logical_name)


def _set_name(draft: Draft, body: Body, otherwise: str, table: Table | None = None) -> str:
    """The name of a table's entity set; raises 0x8006089b for that of another table."""
    name = identifier(str(body.get("EntitySetName") or otherwise), "name of an entity set")
    if draft.schema.by_set(name) not in (None, table):
        message = f"An entity with the specified entity set name {name} already exists. Specify a unique name."
        raise DataverseError(400, "0x8006089b", message)
    return name


def _bodies(body: Body, name: str) -> list[Body]:
    given = body.get(name)
    return [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []


def _primary_name(body: Body, *, is_activity: bool) -> str:
    named = [each for each in _bodies(body, "Attributes") if each.get("IsPrimaryName") is True]
    if len(named) != 1:
        raise bad_definition("Attributes must hold the primary name column, with IsPrimaryName true.")
    if "StringAttributeMetadata" not in str(named[0].get("@odata.type")):
        raise DataverseError(400, "0x8004700e", "Primary UI Attribute has to be of type String")
    name = str(named[0].get("SchemaName"))
    if is_activity and name != "Subject":
        message = "A custom entity defined as an activity cannot have primary attribute other than subject."
        raise DataverseError(400, "0x8004f127", message)
    return name.lower()


def _ownership(body: Body, *, is_activity: bool) -> str:
    ownership = str(body.get("OwnershipType") or "UserOwned")
    if ownership not in ("UserOwned", "OrganizationOwned"):
        raise DataverseError(400, "0x8004700d", "The specified ownership type mask is not valid for this operation")
    if is_activity and ownership != "UserOwned":
        message = "A custom entity defined as an activity must be user or team owned."
        raise DataverseError(400, "0x8004f120", message)
    if is_activity and body.get("HasActivities") is True:
        raise bad_definition("an activity table cannot have activities itself (HasActivities must be false).")
    return ownership


def define_column(draft: Draft, owner: str, body: Body) -> None:
    """`AttributeMetadata` on the table `owner`. Raises 0x80047013 for a name that is taken."""
    new = read_attribute(draft.schema, owner, body)
    if new.logical_name in draft.schema.tables[owner].columns:
        raise column_exists(new.schema_name)
    draft.put_column(owner, new)
    _bring_currency(draft, owner)


def _bring_currency(draft: Draft, name: str) -> None:
    """The first money column of a table brings the currency of its rows along."""
    table = draft.schema.tables[name]
    has_money = any(each.type is ColumnType.MONEY for each in table.columns.values())
    if has_money and "transactioncurrencyid" not in table.columns:
        draft.put_column(name, column(name, "TransactionCurrencyId", ColumnType.LOOKUP, "Currency"))
        lookup = f"{name}.transactioncurrencyid"
        draft.link(f"TransactionCurrency_{name}", lookup, "transactioncurrency", None, CASCADES["restrict"])


def column_exists(schema_name: str) -> DataverseError:
    """400: the table has a column of this name."""
    return DataverseError(400, "0x80047013", f"An attribute with the specified name {schema_name} already exists")


def change_column(draft: Draft, owner: str, body: Body) -> None:
    """A column's definition put in the place of the one it has: names of things, lengths and ranges change, its type
    does not, nor do its options, for which there are actions."""
    new = read_attribute(draft.schema, owner, body)
    old = draft.schema.tables[owner].columns[new.logical_name]
    if new.type is not old.type:
        raise bad_definition(f"the type of {old.schema_name} cannot be changed.")
    draft.put_column(
        owner,
        replace(
            new,
            schema_name=old.schema_name,
            metadata_id=old.metadata_id,
            custom=old.custom,
            on_create=old.on_create,
            on_update=old.on_update,
            on_read=old.on_read,
            required=old.required,
            options=old.options,
            option_set=old.option_set,
        ),
    )


def change_table(draft: Draft, owner: str, body: Body) -> None:
    """A table's texts, the name of its entity set, change tracking and notes, from its definition. Changes once tracked
    are tracked for ever, and notes once allowed stay allowed (Learn: "Create or edit tables", settings that cannot be
    turned off)."""
    table = draft.table(owner)
    table.set_name = _set_name(draft, body, table.set_name, table)
    if table.change_tracking and body.get("ChangeTrackingEnabled") is False:
        raise bad_definition(f"change tracking of {table.schema_name} cannot be turned off again.")
    table.change_tracking |= body.get("ChangeTrackingEnabled") is True
    if table.has_notes and body.get("HasNotes") is False:
        raise bad_definition(f"notes of {table.schema_name} cannot be turned off again.")
    if body.get("HasNotes") is True and not table.has_notes:
        table.has_notes = True
        link_notes(draft, table)
    table.display_name = text_of(body.get("DisplayName")) or table.display_name
    table.display_collection_name = text_of(body.get("DisplayCollectionName")) or table.display_collection_name
    table.description = text_of(body.get("Description")) or table.description


def define_option_set(draft: Draft, owner: str, body: Body) -> None:
    """`OptionSetMetadata`: a global choice. Raises 0x80044345 for a name that is taken."""
    name = str(body.get("Name") or "")
    if name.lower() in (each.lower() for each in draft.schema.option_sets):
        message = "An OptionSet with the specified name already exists. Please specify a unique name."
        raise DataverseError(400, "0x80044345", message)
    draft.put_option_set(
        OptionSet(
            name=name,
            metadata_id=metadata_id("optionset", name.lower()),
            display_name=text_of(body.get("DisplayName")) or name,
            description=text_of(body.get("Description")),
            options=read_options(body.get("Options")),
        )
    )


def lookup_column(table: str, body: object, kind: ColumnType = ColumnType.LOOKUP) -> Column:
    """The lookup that comes with a relationship, from its `LookupAttributeMetadata`."""
    schema_name = str(body.get("SchemaName") or "") if isinstance(body, Mapping) else ""
    if not isinstance(body, Mapping) or not schema_name:
        raise bad_definition("Lookup must have a SchemaName.")
    return Column(
        logical_name=schema_name.lower(),
        schema_name=schema_name,
        type=kind,
        metadata_id=metadata_id("attribute", table, schema_name.lower()),
        display_name=text_of(body.get("DisplayName")) or schema_name,
        description=text_of(body.get("Description")),
        required_level=required_level(body),
        custom=True,
    )
