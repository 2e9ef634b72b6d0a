"""From the JSON of a create or an update to the columns that it writes.

Names are those of OData: columns in lower case, navigation properties with their case, links with `@odata.bind`.
Columns that the platform fills itself are passed over in silence, as Dataverse does. Rows nested in a row are read with
it, for `deep.create`; an update refuses them, activity parties excepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.context import Context
from emulator.errors import DataverseError
from emulator.metadata.model import Column, ColumnType, Navigation, Table
from emulator.metadata.physical import companion
from emulator.records.keys import Address
from emulator.records.links import existing
from emulator.records.values import direct_lookup, payload_error, stored

BIND = "odata.bind"
Body = Mapping[str, object]


@dataclass(slots=True)
class Submission:
    """What a body asks for: physical columns with their values, the links among them, and activity parties.

    `above` are rows to be made before this one, which points to them; `below` those to be made after it; `bound` those
    that are there already and are put into a collection of it."""

    values: dict[str, object] = field(default_factory=dict)
    links: dict[str, Address] = field(default_factory=dict)
    parties: list[Submission] | None = None
    above: list[Nested] = field(default_factory=list)
    below: list[Nested] = field(default_factory=list)
    bound: list[tuple[Navigation, Address]] = field(default_factory=list)

    def point(self, column: Column, address: Address | None) -> None:
        """Sets a lookup to a row, or empties it."""
        self.values[column.logical_name] = address.row_id if address else None
        if column.is_polymorphic:
            self.values[companion(column.logical_name)] = address.table.logical_name if address else None
        if address:
            self.links[column.logical_name] = address


@dataclass(frozen=True, slots=True)
class Nested:
    """A row in the body of another one: through which navigation property, and what it asks for."""

    navigation: Navigation
    table: Table
    submission: Submission


@dataclass(frozen=True, slots=True)
class _Reading:
    """One body being read."""

    context: Context
    table: Table
    creating: bool
    submission: Submission


def read_submission(context: Context, table: Table, body: Body, *, creating: bool) -> Submission:
    """Reads a body. Raises 0x80048d19 for a name or a type that does not fit, 404 for a link to nothing."""
    reading = _Reading(context, table, creating, Submission())
    for name, value in body.items():
        property_name, at, annotation = name.partition("@")
        if annotation == BIND:
            _bind(reading, property_name, value)
        elif name == "@odata.type":
            _check_type(context, table, str(value))
        elif at:
            _check_annotation(table, annotation)
        else:
            _assign(reading, name, value)
    return reading.submission


def read_parties(context: Context, table: Table, bodies: object, *, creating: bool) -> list[Submission]:
    """The parties of an activity. Raises as `read_submission`."""
    party = context.schema.tables["activityparty"]
    found = [read_submission(context, party, body, creating=True) for body in _objects(table, "parties", bodies)]
    if not creating and any(each.above or each.below or each.bound for each in found):
        raise _deep_update(party, "partyid")
    return found


def _check_type(context: Context, table: Table, named: str) -> None:
    kind = named.removeprefix("#").removeprefix("Microsoft.Dynamics.CRM.")
    if kind in context.schema.tables and kind != table.logical_name:
        expected = f"is not assignable to the expected type 'Microsoft.Dynamics.CRM.{table.logical_name}'"
        detail = f"A resource with type '{named}' was found, but it {expected}."
        raise payload_error(table, f"Microsoft.OData.ODataException: {detail}")


def _check_annotation(table: Table, annotation: str) -> None:
    if "." not in annotation.strip("."):
        detail = f"'{annotation}' is an invalid instance annotation name. It must contain a period."
        raise payload_error(table, f"System.ArgumentException: {detail}")


def _assign(reading: _Reading, name: str, value: object) -> None:
    table, column = reading.table, reading.table.columns.get(name)
    if column is not None and not column.is_lookup:
        if _writable(reading, column):
            reading.submission.values[name] = stored(table, column, value)
        elif column.type is ColumnType.STATE and reading.creating and value != column.options[0].value:
            raise _state_on_create(table, value)
        return
    navigation = reading.context.schema.navigation(table.logical_name, name)
    if navigation is not None:
        _navigate(reading, navigation, value)
    elif column is not None or (name.startswith("_") and name.endswith("_value") and name[1:-6] in table.columns):
        raise direct_lookup(table, name)
    else:
        raise _undeclared(table, name)


def _writable(reading: _Reading, column: Column) -> bool:
    return column.on_create if reading.creating else column.on_update


def _state_on_create(table: Table, value: object) -> DataverseError:
    message = f"{value} is not a valid state code on create of {table.logical_name}: create the row, then update it."
    return DataverseError(400, "0x80048408", message)


def _navigate(reading: _Reading, navigation: Navigation, value: object) -> None:
    """A navigation property with a value instead of a link: null clears, parties are rows, the rest is deep insert."""
    table, link = reading.table, navigation.one_to_many
    if value is None and link is not None and not navigation.is_collection:
        column = table.columns[link.referencing_column]
        if _writable(reading, column):
            reading.submission.point(column, None)
    elif table.is_activity and navigation.name == f"{table.logical_name}_activity_parties":
        reading.submission.parties = read_parties(reading.context, table, value, creating=reading.creating)
    elif not reading.creating:
        raise _deep_update(table, navigation.name)
    elif navigation.is_collection:
        bodies = _objects(table, navigation.name, value)
        reading.submission.below.extend(_nested(reading, navigation, body) for body in bodies)
    else:
        reading.submission.above.append(_nested(reading, navigation, *_objects(table, navigation.name, [value])))


def _nested(reading: _Reading, navigation: Navigation, body: Body) -> Nested:
    if navigation.target == "owner":
        raise payload_error(reading.table, f"'{navigation.name}' cannot hold a new row: owners are linked.")
    table = reading.context.schema.tables[navigation.target]
    return Nested(navigation, table, read_submission(reading.context, table, body, creating=True))


def _objects(table: Table, name: str, value: object) -> list[Body]:
    """The rows that a nested array holds; raises 0x80048d19 for anything else."""
    bodies: list[object] = value if isinstance(value, list) else [None]
    rows = [body for body in bodies if isinstance(body, Mapping)]
    if len(rows) < len(bodies):
        detail = "However, a node of type 'StartObject' was expected."
        raise payload_error(table, f"Microsoft.OData.ODataException: '{name}' does not hold a row. {detail}")
    return rows


def _deep_update(table: Table, name: str) -> DataverseError:
    """Learn says that it is not possible, not how it is refused: the sentence is ours."""
    return payload_error(table, f"Related rows cannot be changed with a row: '{name}' takes a link (@{BIND}) or null.")


def _bind(reading: _Reading, name: str, value: object) -> None:
    table = reading.table
    navigation = reading.context.schema.navigation(table.logical_name, name)
    if navigation is None:
        raise _undeclared(table, name, "which only has property annotations in the payload ")
    link = navigation.one_to_many
    if navigation.is_collection or link is None:
        _bind_collection(reading, navigation, value)
        return
    column = table.columns[link.referencing_column]
    address = None if value is None else _linked(reading, navigation, value, column.targets)
    if _writable(reading, column):
        reading.submission.point(column, address)


def _bind_collection(reading: _Reading, navigation: Navigation, value: object) -> None:
    if not reading.creating:
        raise _deep_update(reading.table, navigation.name)
    if not isinstance(value, list):
        raise payload_error(reading.table, f"The value of '{navigation.name}@{BIND}' must be a list of links.")
    reading.submission.bound.extend((navigation, _linked(reading, navigation, uri, ())) for uri in value)


def _linked(reading: _Reading, navigation: Navigation, value: object, owners: tuple[str, ...]) -> Address:
    """The row that a link names; of a table that the navigation property takes."""
    if not isinstance(value, str):
        raise payload_error(reading.table, f"The value of '{navigation.name}@{BIND}' must be a text.")
    address = existing(reading.context, value)
    allowed = owners if navigation.target == "owner" else (navigation.target,)
    if address.table.logical_name not in allowed:
        names = " or ".join(allowed)
        raise payload_error(reading.table, f"'{value}' cannot be bound to '{navigation.name}': it takes {names}.")
    return address


def _undeclared(table: Table, name: str, how: str = "") -> DataverseError:
    detail = (
        f"Microsoft.OData.ODataException: An undeclared property '{name}' {how}was found. The property '{name}' does "
        f"not exist on type 'Microsoft.Dynamics.CRM.{table.logical_name}'. Make sure to only use property names that "
        "are defined by the type."
    )
    return payload_error(table, detail)
