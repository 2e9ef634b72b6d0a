"""Columns as the Web API shows their definitions: what all have, and what their type adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from emulator.metadata.identity import metadata_id
from emulator.metadata.labels import Json, label
from emulator.metadata.model import Column, ColumnType, Option, Table

TYPE_PREFIX = "#Microsoft.Dynamics.CRM."
_CLASSES = {
    ColumnType.ID: "UniqueIdentifier",
    ColumnType.OWNER: "Lookup",
    ColumnType.CUSTOMER: "Lookup",
}
# What `$select` on Attributes takes without a cast to one type.
BASE_PROPERTIES = frozenset(
    {"MetadataId", "HasChanged", "LogicalName", "SchemaName", "AttributeType", "AttributeTypeName", "EntityLogicalName",
     "AttributeOf", "IsCustomAttribute", "IsManaged", "IsPrimaryId", "IsPrimaryName", "IsLogical", "IsSecured",
     "IsValidForCreate", "IsValidForRead", "IsValidForUpdate", "RequiredLevel", "DisplayName", "Description",
     "IsCustomizable"}
)  # fmt: skip
EXPANDABLE = frozenset({"OptionSet", "GlobalOptionSet"})


def class_of(column: Column) -> str:
    """The type of a column's definition: `StringAttributeMetadata`."""
    return f"{_CLASSES.get(column.type, column.type.value)}AttributeMetadata"


def describe_column(table: Table, column: Column) -> Json:
    """`AttributeMetadata` of the column's own type; `OptionSet` and `GlobalOptionSet` are for expanding."""
    described: Json = {
        "@odata.type": TYPE_PREFIX + class_of(column),
        "MetadataId": column.metadata_id,
        "HasChanged": None,
        "LogicalName": column.logical_name,
        "SchemaName": column.schema_name,
        "AttributeType": "Virtual" if column.type is ColumnType.CHOICES else column.type.value,
        "AttributeTypeName": {"Value": f"{column.type.value}Type"},
        "EntityLogicalName": table.logical_name,
        "AttributeOf": None,
        "IsCustomAttribute": column.custom,
        "IsManaged": not column.custom,
        "IsPrimaryId": column.logical_name == table.primary_id,
        "IsPrimaryName": column.logical_name == table.primary_name,
        "IsLogical": False,
        "IsSecured": False,
        "IsValidForCreate": column.on_create,
        "IsValidForRead": column.on_read,
        "IsValidForUpdate": column.on_update,
        "RequiredLevel": {
            "Value": column.required_level,
            "CanBeChanged": column.custom,
            "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
        },
        "IsCustomizable": {"Value": True, "CanBeChanged": True, "ManagedPropertyLogicalName": "iscustomizable"},
        "DisplayName": label(column.display_name),
        "Description": label(column.description),
    }
    described.update(_DETAILS.get(column.type, _nothing)(table, column))
    return described


def option_list(options: Iterable[Option]) -> list[Json]:
    """Options as they stand in a choice."""
    return [_option(option) for option in options]


def _option(option: Option) -> Json:
    described: Json = {"Value": option.value, "Label": label(option.label), "IsManaged": False, "Color": None}
    if option.default_status is not None:
        described.update(DefaultStatus=option.default_status, InvariantName=option.label.replace(" ", ""))
    if option.state is not None:
        described.update(State=option.state, TransitionData=None)
    return described


def _nothing(table: Table, column: Column) -> Json:
    return {}


def _text(table: Table, column: Column) -> Json:
    name = column.format_name or "Text"
    return {"MaxLength": column.max_length, "Format": name, "FormatName": {"Value": name}}


def _number(table: Table, column: Column) -> Json:
    described: Json = {"MinValue": column.minimum, "MaxValue": column.maximum}
    if column.type is ColumnType.INTEGER:
        return {"Format": "None", **{name: _whole(value) for name, value in described.items()}}
    described["Precision"] = column.precision
    return {**described, "PrecisionSource": 2} if column.type is ColumnType.MONEY else described


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) else value


def _moment(table: Table, column: Column) -> Json:
    behavior = "DateOnly" if column.date_only else "UserLocal"
    name = "DateOnly" if column.date_only else column.format_name or "DateAndTime"
    return {"Format": name, "DateTimeBehavior": {"Value": behavior}}


def _boolean(table: Table, column: Column) -> Json:
    labels = {option.value: option.label for option in column.options} or {0: "No", 1: "Yes"}
    options = {value: {"Value": value, "Label": label(text)} for value, text in labels.items()}
    option_set = {**_set_head(table, column), "TrueOption": options[1], "FalseOption": options[0]}
    return {"DefaultValue": bool(column.default), "OptionSet": option_set, "GlobalOptionSet": None}


def _choice(table: Table, column: Column) -> Json:
    option_set = {**_set_head(table, column), "Options": option_list(column.options)}
    default = column.default if isinstance(column.default, int) else -1
    shared = option_set if column.option_set else None
    return {"DefaultFormValue": default, "OptionSet": option_set, "GlobalOptionSet": shared}


def _set_head(table: Table, column: Column) -> Json:
    name = column.option_set or f"{table.logical_name}_{column.logical_name}"
    shared = column.option_set is not None
    kind = {ColumnType.BOOLEAN: "Boolean", ColumnType.STATE: "State", ColumnType.STATUS: "Status"}
    return {
        "MetadataId": metadata_id("optionset", name.lower()),
        "Name": name,
        "IsGlobal": shared,
        "OptionSetType": kind.get(column.type, "Picklist"),
        "DisplayName": label(column.display_name),
    }


def _lookup(table: Table, column: Column) -> Json:
    return {"Targets": list(column.targets), "Format": "None"}


_DETAILS: dict[ColumnType, Callable[[Table, Column], Json]] = {
    ColumnType.STRING: _text,
    ColumnType.MEMO: _text,
    ColumnType.INTEGER: _number,
    ColumnType.BIGINT: _number,
    ColumnType.DECIMAL: _number,
    ColumnType.DOUBLE: _number,
    ColumnType.MONEY: _number,
    ColumnType.DATETIME: _moment,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.CHOICE: _choice,
    ColumnType.CHOICES: _choice,
    ColumnType.STATE: _choice,
    ColumnType.STATUS: _choice,
    ColumnType.LOOKUP: _lookup,
    ColumnType.OWNER: _lookup,
    ColumnType.CUSTOMER: _lookup,
}
