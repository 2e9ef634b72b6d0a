"""Options of choices that come, change, go and move; of one column, or of a global choice and every column with it.

`owner` is the table of the column that the body names in `AttributeLogicalName`, empty for the global choice that it
names in `OptionSetName`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from emulator.errors import DataverseError
from emulator.metadata.attributes import Body
from emulator.metadata.draft import Draft
from emulator.metadata.labels import text_of
from emulator.metadata.model import Option

Options = tuple[Option, ...]


def insert_option(draft: Draft, owner: str, body: Body) -> None:
    """`InsertOptionValue`, and with `StateCode` `InsertStatusValue`. Raises 0x80044310 for a value that is there."""
    value, state = int(str(body["Value"])), body.get("StateCode")
    new = Option(value, text_of(body.get("Label")), state=None if state is None else int(str(state)))

    def insert(options: Options) -> Options:
        if any(option.value == value for option in options):
            raise DataverseError(
                400, "0x80044310", "The picklist value already exists.  Picklist values must be unique."
            )
        return (*options, new)

    _change(draft, owner, body, insert)


def update_option(draft: Draft, owner: str, body: Body) -> None:
    """`UpdateOptionValue` and `UpdateStateValue`: another label, another default status."""
    value, label, status = int(str(body["Value"])), text_of(body.get("Label")), body.get("DefaultStatusCode")

    def update(option: Option) -> Option:
        default = option.default_status if status is None else int(str(status))
        return replace(option, label=label or option.label, default_status=default)

    def change(options: Options) -> Options:
        _check_values(options, [value])
        return tuple(update(option) if option.value == value else option for option in options)

    _change(draft, owner, body, change)


def delete_option(draft: Draft, owner: str, body: Body) -> None:
    """`DeleteOptionValue`. Rows keep the value that they have."""
    value = int(str(body["Value"]))

    def delete(options: Options) -> Options:
        _check_values(options, [value])
        return tuple(option for option in options if option.value != value)

    _change(draft, owner, body, delete)


def order_options(draft: Draft, owner: str, body: Body) -> None:
    """`OrderOption`: the values in the order that they are to have, all of them."""
    given = body.get("Values")
    values = [int(str(value)) for value in given] if isinstance(given, list) else []

    def order(options: Options) -> Options:
        _check_values(options, values)
        if len(values) != len(options) or len(set(values)) < len(values):
            raise out_of_range()
        return tuple(sorted(options, key=lambda option: values.index(option.value)))

    _change(draft, owner, body, order)


def change_option_set(draft: Draft, owner: str, body: Body) -> None:
    """A global choice's texts, from its definition; there are actions for its options."""
    found = draft.schema.option_sets[str(body["Name"])]
    label, description = text_of(body.get("DisplayName")), text_of(body.get("Description"))
    changed = replace(found, display_name=label or found.display_name, description=description or found.description)
    draft.put_option_set(changed)


def out_of_range() -> DataverseError:
    """400: the choice has no such value."""
    return DataverseError(400, "0x8004431a", "The picklist value is out of the range.")


def _check_values(options: Options, values: list[int]) -> None:
    known = {option.value for option in options}
    if not known.issuperset(values):
        raise out_of_range()


def _change(draft: Draft, owner: str, body: Body, change: Callable[[Options], Options]) -> None:
    if owner:
        column = draft.schema.tables[owner].columns[str(body["AttributeLogicalName"])]
        draft.put_column(owner, replace(column, options=change(column.options)))
        return
    name = str(body["OptionSetName"])
    option_set = draft.schema.option_sets[name]
    options = change(option_set.options)
    draft.put_option_set(replace(option_set, options=options))
    for table in list(draft.schema.tables.values()):
        for column in list(table.columns.values()):
            if column.option_set == name:
                draft.put_column(table.logical_name, replace(column, options=options))
