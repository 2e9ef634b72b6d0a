"""The actions on options of choices (Learn: "Create and update choices (option sets) using the Web API").

A column's own choice is named by `EntityLogicalName` and `AttributeLogicalName`, a global one by `OptionSetName`, or by
a column that uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.customization.gate import ATTRIBUTE, OPTION_SET, Body, change_schema
from emulator.customization.names import option_prefix_of
from emulator.definition_paths import not_found
from emulator.errors import DataverseError
from emulator.metadata.labels import text_of
from emulator.metadata.model import ColumnType, Option
from emulator.metadata.options import out_of_range
from emulator.operations import Json, Target, action
from emulator.seams import Work
from emulator.solutions import add_component, solution_named

_OWN = frozenset({ColumnType.CHOICE, ColumnType.STATUS})
_LABELLED = _OWN | {ColumnType.STATE, ColumnType.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that an action names: `table` and `column`, or the global choice `name`."""

    options: tuple[Option, ...]
    type: ColumnType
    component: int
    metadata_id: str
    table: str = ""
    column: str = ""
    name: str = ""

    def body(self, **values: object) -> Body:
        """What is recorded of a change."""
        return {**({"OptionSetName": self.name} if self.name else {"AttributeLogicalName": self.column}), **values}


@action("InsertOptionValue")
def insert_option_value(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """A further option; without a value it gets the next one of the publisher."""
    choice = _choice(work, arguments, frozenset({ColumnType.CHOICE}))
    value = _new_value(work, choice, arguments)
    _record(work, "new option", choice, arguments, Value=value, Label=_label(arguments))
    return {"NewOptionValue": value}


@action("InsertStatusValue")
def insert_status_value(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """A further status reason of a state."""
    choice = _choice(work, arguments, frozenset({ColumnType.STATUS}))
    state = arguments.get("StateCode")
    if state is None:
        raise DataverseError(400, "0x80044321", "The new status option must have an associated state value.")
    states = work.context.schema.tables[choice.table].columns["statecode"].options
    if state not in [option.value for option in states]:
        message = "The state value that was provided for this new status option does not exist."
        raise DataverseError(400, "0x80044322", message)
    value = _new_value(work, choice, arguments)
    _record(work, "new option", choice, arguments, Value=value, Label=_label(arguments), StateCode=state)
    return {"NewOptionValue": value}


@action("UpdateOptionValue")
def update_option_value(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Another label for an option; also of a yes-or-no column."""
    choice = _choice(work, arguments, _LABELLED)
    _check_merging(arguments)
    _record(work, "changed option", choice, arguments, Value=_value(arguments), Label=_label(arguments))
    return None


@action("UpdateStateValue")
def update_state_value(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Another label for a state, another status to start with."""
    choice = _choice(work, arguments, frozenset({ColumnType.STATE}))
    _check_merging(arguments)
    status = arguments.get("DefaultStatusCode")
    statuses = work.context.schema.tables[choice.table].columns["statuscode"].options
    if status is not None and (status, _value(arguments)) not in [(each.value, each.state) for each in statuses]:
        raise out_of_range()
    given: Body = {"Value": _value(arguments), "Label": arguments.get("Label"), "DefaultStatusCode": status}
    _record(work, "changed option", choice, arguments, **given)
    return None


@action("DeleteOptionValue")
def delete_option_value(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """One option less. Raises 0x80044341 for the status that a state starts with."""
    choice = _choice(work, arguments, _OWN)
    value = _value(arguments)
    if choice.type is ColumnType.STATUS:
        states = work.context.schema.tables[choice.table].columns["statecode"].options
        if value in [state.default_status for state in states]:
            raise DataverseError(400, "0x80044341", "Default Status options cannot be deleted.")
    _record(work, "deleted option", choice, arguments, Value=value)
    return None


@action("OrderOption")
def order_option(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """The options in another order; every value has to be named."""
    choice, values = _choice(work, arguments, _OWN), arguments.get("Values")
    if not isinstance(values, list):
        raise DataverseError(400, "0x80040203", "The parameter Values must be a list of whole numbers.")
    _record(work, "order of options", choice, arguments, Values=[_whole("Values", value) for value in values])
    return None


def _choice(work: Work, arguments: Mapping[str, object], types: frozenset[ColumnType]) -> Choice:
    schema = work.context.schema
    if (name := arguments.get("OptionSetName")) and ColumnType.CHOICE in types:
        return _global_choice(work, str(name))
    table = schema.tables.get(str(arguments.get("EntityLogicalName")))
    if table is None:
        raise not_found("Entity", str(arguments.get("EntityLogicalName")))
    column = table.columns.get(str(arguments.get("AttributeLogicalName")))
    if column is None:
        raise not_found("Attribute", str(arguments.get("AttributeLogicalName")))
    if column.type not in types:
        code = "0x8004431e" if column.type is ColumnType.STATE else "0x80044320"
        raise DataverseError(400, code, "You can add option values only to picklist and status attributes.")
    if column.option_set:
        return _global_choice(work, column.option_set)
    return Choice(
        column.options, column.type, ATTRIBUTE, column.metadata_id, table=table.logical_name, column=column.logical_name
    )


def _global_choice(work: Work, name: str) -> Choice:
    for each in work.context.schema.option_sets.values():
        if each.name.lower() == name.lower():
            return Choice(each.options, ColumnType.CHOICE, OPTION_SET, each.metadata_id, name=each.name)
    raise not_found("OptionSet", name)


def _new_value(work: Work, choice: Choice, arguments: Mapping[str, object]) -> int:
    if arguments.get("Value") is not None:
        return _value(arguments)
    taken = {option.value for option in choice.options}
    value = option_prefix_of(work, solution_named(work, arguments)) * 10_000
    while value in taken:
        value += 1
    return value


def _value(arguments: Mapping[str, object]) -> int:
    return _whole("Value", arguments.get("Value"))


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise DataverseError(400, "0x80040203", f"The parameter {name} must be a whole number.")
    return value


def _label(arguments: Mapping[str, object]) -> object:
    if not text_of(arguments.get("Label")):
        raise DataverseError(400, "0x80040203", "The parameter Label is required.")
    return arguments["Label"]


def _check_merging(arguments: Mapping[str, object]) -> None:
    """`MergeLabels` says what becomes of the texts in other languages; the emulator keeps one language."""
    if not isinstance(arguments.get("MergeLabels"), bool):
        raise DataverseError(400, "0x80040203", "The parameter MergeLabels is required.")


def _record(work: Work, kind: str, choice: Choice, arguments: Mapping[str, object], **values: object) -> None:
    definition = "OptionSet" if choice.name else "Attribute"
    change_schema(work, kind, choice.table, choice.body(**values), (definition, "Write"))
    add_component(work, solution_named(work, arguments), choice.component, choice.metadata_id)
