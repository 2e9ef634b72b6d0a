"""A column from its definition: `StringAttributeMetadata` and its like.

Source: Learn, "Create and update column definitions using the Web API"; limits and defaults as documented there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from emulator.errors import DataverseError, not_supported
from emulator.metadata.identity import metadata_id
from emulator.metadata.labels import text_of
from emulator.metadata.model import Column, ColumnType, Option, Schema
from emulator.metadata.naming import bad_definition

Body = Mapping[str, object]
_TYPE = re.compile(r"#?Microsoft\.Dynamics\.CRM\.(?:Complex)?(\w+)AttributeMetadata")
LEVELS = frozenset({"None", "Recommended", "ApplicationRequired", "SystemRequired"})
_INT = 2_147_483_647
_LARGE = 100_000_000_000.0
# Default minimum, maximum and precision.
_RANGES = {
    ColumnType.INTEGER: (-_INT - 1, _INT, None),
    ColumnType.DECIMAL: (-_LARGE, _LARGE, 2),
    ColumnType.DOUBLE: (0.0, 1_000_000_000.0, 2),
    ColumnType.MONEY: (-922_337_203_685_477.0, 922_337_203_685_477.0, 2),
}
_NOT_BUILT = frozenset({"File", "Image", "Virtual"})


def read_attribute(schema: Schema, table: str, body: Body) -> Column:
    """The column that a definition describes. Raises 0x80048d19 for one that cannot be read, 501 for other kinds."""
    kind = _kind(body)
    schema_name = body.get("SchemaName")
    if not isinstance(schema_name, str) or not schema_name:
        raise bad_definition("SchemaName is missing.")
    level = required_level(body)
    column = Column(
        logical_name=schema_name.lower(),
        schema_name=schema_name,
        type=kind,
        metadata_id=metadata_id("attribute", table, schema_name.lower()),
        display_name=text_of(body.get("DisplayName")) or schema_name,
        description=text_of(body.get("Description")),
        required_level=level,
        custom=True,
    )
    _DETAILS.get(kind, _nothing)(column, body, schema)
    return column


def _kind(body: Body) -> ColumnType:
    match = _TYPE.fullmatch(str(body.get("@odata.type", "")))
    if match is None:
        raise bad_definition("a column needs its @odata.type, such as Microsoft.Dynamics.CRM.StringAttributeMetadata.")
    if match[1] == "Lookup":
        raise bad_definition("a lookup is created together with its relationship (POST RelationshipDefinitions).")
    if match[1] in _NOT_BUILT:
        raise not_supported(f"columns of type {match[1]}")
    try:
        return ColumnType(match[1])
    except ValueError as error:
        raise bad_definition(f"{match[1]} is no type of column.") from error


def required_level(body: Body) -> str:
    """`None`, `Recommended`, `ApplicationRequired`: what forms ask for. The platform itself takes nulls."""
    given = body.get("RequiredLevel")
    level = str(given.get("Value", "None")) if isinstance(given, Mapping) else "None"
    if level not in LEVELS:
        raise bad_definition(f"{level} is no requirement level.")
    return level


def _nothing(column: Column, body: Body, schema: Schema) -> None:
    return None


def _text(column: Column, body: Body, schema: Schema) -> None:
    single = column.type is ColumnType.STRING
    longest = 4000 if single else 1_048_576
    length = body.get("MaxLength", 100 if single else 2000)
    if isinstance(length, bool) or not isinstance(length, int) or not 1 <= length <= longest:
        raise bad_definition(f"MaxLength of {column.schema_name} must be between 1 and {longest}.")
    column.max_length = length
    format_name = body.get("FormatName")
    column.format_name = str(format_name.get("Value", "Text")) if isinstance(format_name, Mapping) else "Text"
    if body.get("AutoNumberFormat"):
        raise not_supported("autonumber columns")


def _number(column: Column, body: Body, schema: Schema) -> None:
    low, high, precision = _RANGES[column.type]
    column.minimum = _figure(body, "MinValue", low)
    column.maximum = _figure(body, "MaxValue", high)
    if precision is not None:
        column.precision = int(_figure(body, "Precision", precision))
    if column.minimum > column.maximum:
        raise bad_definition(f"MinValue of {column.schema_name} is above its MaxValue.")


def _figure(body: Body, name: str, otherwise: float) -> float:
    value = body.get(name)
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_definition(f"{name} must be a number.")
    return value


def _moment(column: Column, body: Body, schema: Schema) -> None:
    behavior = body.get("DateTimeBehavior")
    name = str(behavior.get("Value")) if isinstance(behavior, Mapping) else "UserLocal"
    if name not in ("UserLocal", "DateOnly", "TimeZoneIndependent"):
        raise bad_definition(f"{name} is no DateTimeBehavior.")
    column.date_only = name == "DateOnly"
    column.format_name = "DateOnly" if column.date_only else str(body.get("Format") or "DateAndTime")


def _boolean(column: Column, body: Body, schema: Schema) -> None:
    sets = body.get("OptionSet")
    given = [sets.get(name) for name in ("FalseOption", "TrueOption")] if isinstance(sets, Mapping) else []
    labels = [text_of(option.get("Label")) for option in given if isinstance(option, Mapping)]
    column.options = tuple(Option(value, text) for value, text in enumerate(labels or ("No", "Yes")))
    column.default = bool(body.get("DefaultValue", False))


def _choice(column: Column, body: Body, schema: Schema) -> None:
    name = shared_choice(schema, body)
    if name is not None:
        column.option_set, column.options = name, schema.option_sets[name].options
    else:
        sets = body.get("OptionSet")
        column.options = read_options(sets.get("Options") if isinstance(sets, Mapping) else None)
    default = body.get("DefaultFormValue")
    if isinstance(default, int) and default != -1:
        column.default = default


def shared_choice(schema: Schema, body: Body) -> str | None:
    """The name of the global choice that a column uses, None for a choice of its own."""
    bound = body.get("GlobalOptionSet@odata.bind")
    sets = body.get("OptionSet")
    if bound is None and isinstance(sets, Mapping) and sets.get("IsGlobal") and sets.get("Name"):
        bound = str(sets["Name"])
    if bound is None:
        return None
    wanted = re.sub(r"^.*\((?:Name=)?'?|'?\)$", "", str(bound)).lower()
    for name, option_set in schema.option_sets.items():
        if wanted in (name.lower(), option_set.metadata_id):
            return name
    raise DataverseError(404, "0x8004024a", f"No global choice {wanted} exists.")


def read_options(options: object) -> tuple[Option, ...]:
    """The options of a choice; each has its value by now (see `with_option_values`)."""
    found = [option for option in options if isinstance(option, Mapping)] if isinstance(options, list) else []
    values = [option.get("Value") for option in found]
    if any(isinstance(value, bool) or not isinstance(value, int) or abs(value) > _INT for value in values):
        raise bad_definition("the value of an option must be a whole number.")
    if len(set(values)) < len(values):
        raise DataverseError(400, "0x80044310", "The picklist value already exists.  Picklist values must be unique.")
    return tuple(Option(int(str(option["Value"])), text_of(option.get("Label"))) for option in found)


def with_option_values(options: Iterable[object], prefix: int) -> list[object]:
    """The same options, those without a value numbered upwards from the publisher's prefix × 10,000."""
    listed = [dict(option) if isinstance(option, Mapping) else option for option in options]
    following = prefix * 10_000
    taken = {value for option in listed if isinstance(option, dict) if isinstance(value := option.get("Value"), int)}
    for option in listed:
        if isinstance(option, dict) and option.get("Value") is None:
            while following in taken:
                following += 1
            option["Value"] = following
            taken.add(following)
    return list(listed)


_DETAILS: dict[ColumnType, Callable[[Column, Body, Schema], None]] = {
    ColumnType.STRING: _text,
    ColumnType.MEMO: _text,
    ColumnType.INTEGER: _number,
    ColumnType.DECIMAL: _number,
    ColumnType.DOUBLE: _number,
    ColumnType.MONEY: _number,
    ColumnType.DATETIME: _moment,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.CHOICE: _choice,
    ColumnType.CHOICES: _choice,
}
