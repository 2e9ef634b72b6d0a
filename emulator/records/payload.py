"""From the JSON of a create or an update to the columns that it writes.

Names are those of OData: columns in lower case, navigation properties with their case, links with `@odata.bind`.
Columns that the platform fills itself are passed over in silence, as Dataverse does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.context import Context
from emulator.errors import DataverseError, not_supported
from emulator.metadata.model import Column, ColumnType, Navigation, Table
from emulator.metadata.physical import companion
from emulator.records.keys import Address
from emulator.records.links import existing
from emulator.records.values import direct_lookup, payload_error, stored

BIND = "odata.bind"


@dataclass(slots=True)
class Submission:
    """What a body asks for: physical columns with their values, the links among them, and activity parties."""

    values: dict[str, object] = field(default_factory=dict)
    links: dict[str, Address] = field(default_factory=dict)
    parties: list[Mapping[str, object]] | None = None


def read_submission(context: Context, table: Table, body: Mapping[str, object], *, creating: bool) -> Submission:
    """Reads a body. Raises 0x80048d19 for a name or a type that does not fit, 404 for a link to nothing."""
    submission = Submission()
    for name, value in body.items():
        property_name, at, annotation = name.partition("@")
        if annotation == BIND:
            _bind(context, table, submission, property_name, value)
        elif at:
            _check_annotation(table, annotation)
        else:
            _assign(context, table, submission, (name, value), creating=creating)
    return submission


def _check_annotation(table: Table, annotation: str) -> None:
    if "." not in annotation.strip("."):
        detail = f"'{annotation}' is an invalid instance annotation name. It must contain a period."
        raise payload_error(table, f"System.ArgumentException: {detail}")


def _assign(
    context: Context, table: Table, submission: Submission, item: tuple[str, object], *, creating: bool
) -> None:
    name, value = item
    column = table.columns.get(name)
    if column is not None and not column.is_lookup:
        if column.on_create if creating else column.on_update:
            submission.values[name] = stored(table, column, value)
        elif column.type is ColumnType.STATE and creating and value != column.options[0].value:
            raise _state_on_create(table, value)
        return
    navigation = context.schema.navigation(table.logical_name, name)
    if navigation is not None:
        _navigate(table, submission, navigation, value)
    elif column is not None or (name.startswith("_") and name.endswith("_value") and name[1:-6] in table.columns):
        raise direct_lookup(table, name)
    else:
        raise _undeclared(table, name)


def _state_on_create(table: Table, value: object) -> DataverseError:
    message = f"{value} is not a valid state code on create of {table.logical_name}: create the row, then update it."
    return DataverseError(400, "0x80048408", message)


def _navigate(table: Table, submission: Submission, navigation: Navigation, value: object) -> None:
    """A navigation property with a value instead of a link: null clears, parties are rows, the rest is deep insert."""
    link = navigation.one_to_many
    if value is None and link is not None and not navigation.is_collection:
        _set_link(submission, table.columns[link.referencing_column], None)
    elif navigation.name == f"{table.logical_name}_activity_parties" and isinstance(value, list):
        submission.parties = [party for party in value if isinstance(party, dict)]
    else:
        raise not_supported(f"deep insert (property '{navigation.name}')")


def _bind(context: Context, table: Table, submission: Submission, name: str, value: object) -> None:
    navigation = context.schema.navigation(table.logical_name, name)
    if navigation is None:
        raise _undeclared(table, name, "which only has property annotations in the payload ")
    link = navigation.one_to_many
    if navigation.is_collection or link is None:
        raise not_supported(f"{BIND} of the collection '{name}'")
    column = table.columns[link.referencing_column]
    if value is None:
        _set_link(submission, column, None)
        return
    if not isinstance(value, str):
        raise payload_error(table, f"The value of '{name}@{BIND}' must be a text.")
    address = existing(context, value)
    allowed = column.targets if navigation.target == "owner" else (navigation.target,)
    if address.table.logical_name not in allowed:
        raise payload_error(table, f"'{value}' cannot be bound to '{name}': it takes {' or '.join(allowed)}.")
    _set_link(submission, column, address)


def _set_link(submission: Submission, column: Column, address: Address | None) -> None:
    submission.values[column.logical_name] = address.row_id if address else None
    if column.is_polymorphic:
        submission.values[companion(column.logical_name)] = address.table.logical_name if address else None
    if address:
        submission.links[column.logical_name] = address


def _undeclared(table: Table, name: str, how: str = "") -> DataverseError:
    detail = (
        f"Microsoft.OData.ODataException: An undeclared property '{name}' {how}was found. The property '{name}' does "
        f"not exist on type 'Microsoft.Dynamics.CRM.{table.logical_name}'. Make sure to only use property names that "
        "are defined by the type."
    )
    return payload_error(table, detail)
