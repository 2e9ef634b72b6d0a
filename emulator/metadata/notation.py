"""The notation of the `.table` files: a table on one screen, one line a column.

    table   Contact contacts 2 UserOwned            schema name, entity set, object type code, ownership
    label   Contact; Contacts
    id      ContactId                               only where it is not the schema name with Id behind it
    name    fullname                                the primary name column
    with    activities notes activity intersect tracking     what it takes part in, what it is
    state   0 Open: 1 New; *2 Contacted             the star marks the default, else the first is
    system  owninguser=contact_owning_user          relationship names that differ from the pattern

    Telephone1   string 50 phone | Business Phone
    GenderCode   choice          | Gender | 1 Male; 2 Female

Lines that start with # are comments.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Column, ColumnType, Option, Table

TYPES = {
    "string": ColumnType.STRING,
    "memo": ColumnType.MEMO,
    "id": ColumnType.ID,
    "integer": ColumnType.INTEGER,
    "double": ColumnType.DOUBLE,
    "decimal": ColumnType.DECIMAL,
    "money": ColumnType.MONEY,
    "boolean": ColumnType.BOOLEAN,
    "datetime": ColumnType.DATETIME,
    "date": ColumnType.DATETIME,
    "choice": ColumnType.CHOICE,
    "lookup": ColumnType.LOOKUP,
    "customer": ColumnType.CUSTOMER,
    "entityname": ColumnType.ENTITY_NAME,
}
FORMATS = {"phone": "Phone", "email": "Email", "url": "Url"}
_WORDS: dict[str, object] = {"true": True, "false": False}


@dataclass(slots=True)
class Definition:
    """A `.table` file, read."""

    table: Table
    states: tuple[Option, ...] = ()
    statuses: tuple[Option, ...] = ()
    names: dict[str, str] = field(default_factory=dict)


def read_definition(text: str) -> Definition:
    """Reads one `.table` file; the columns follow the head after an empty line."""
    head_text, _, body = text.partition("\n\n")
    head: dict[str, list[str]] = {}
    for line in head_text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            head.setdefault(word, []).append(rest.strip())
    definition = Definition(_table(head))
    definition.states, definition.statuses = _states(head.get("state", []))
    for line in head.get("system", []):
        for column_name, _, relationship in (pair.partition("=") for pair in line.split()):
            definition.names[column_name] = relationship
    for line in body.splitlines():
        if line.strip():
            column = read_column(definition.table.logical_name, line)
            definition.table.columns[column.logical_name] = column
    return definition


def _table(head: dict[str, list[str]]) -> Table:
    schema_name, set_name, code, ownership = head["table"][0].split()
    one, _, many = head["label"][0].partition(";")
    traits = " ".join(head.get("with", [])).split()
    return Table(
        logical_name=schema_name.lower(),
        schema_name=schema_name,
        set_name=set_name,
        primary_id=head.get("id", [schema_name + "Id"])[0].lower(),
        primary_name=head.get("name", [""])[0],
        object_type_code=int(code),
        metadata_id=metadata_id("entity", schema_name.lower()),
        display_name=one.strip(),
        display_collection_name=many.strip(),
        ownership=ownership,
        is_activity="activity" in traits,
        has_activities="activities" in traits,
        has_notes="notes" in traits,
        is_intersect="intersect" in traits,
        change_tracking="tracking" in traits,
    )


def _states(lines: list[str]) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    states: list[Option] = []
    statuses: list[Option] = []
    for line in lines:
        state_text, _, status_text = line.partition(":")
        value, _, label = state_text.strip().partition(" ")
        marked = [part.strip() for part in status_text.split(";")]
        default = next((part for part in marked if part.startswith("*")), marked[0]).lstrip("*")
        states.append(Option(int(value), label, default_status=int(default.split()[0])))
        for status, status_label in (part.lstrip("*").split(" ", 1) for part in marked):
            statuses.append(Option(int(status), status_label, state=int(value)))
    return tuple(states), tuple(statuses)


def read_column(table: str, line: str) -> Column:
    """Reads one column line: name, type with its words, label, options."""
    definition, label, options = (*(part.strip() for part in line.split("|", 2)), "")[:3]
    schema_name, kind, *words = definition.split()
    column = Column(
        logical_name=schema_name.lower(),
        schema_name=schema_name,
        type=TYPES[kind],
        metadata_id=metadata_id("attribute", table, schema_name.lower()),
        display_name=label,
        date_only=kind == "date",
        options=tuple(_option(part) for part in options.split(";")) if options else (),
        targets=("account", "contact") if kind == "customer" else (),
    )
    for word in words:
        _apply(column, word)
    return column


def _option(text: str) -> Option:
    value, _, label = text.strip().partition(" ")
    return Option(int(value), label)


def _apply(column: Column, word: str) -> None:
    low, dots, high = word.partition("..")
    if dots:
        column.minimum, column.maximum = float(low), float(high)
    elif word.isdigit():
        column.max_length = int(word)
    elif word in FORMATS:
        column.format_name = FORMATS[word]
    elif word == "readonly":
        column.on_create = column.on_update = False
    elif word == "writeonly":
        column.on_read = False
    elif word == "required":
        column.required, column.required_level = True, "SystemRequired"
    elif word.startswith("default="):
        given = word.removeprefix("default=")
        column.default = _WORDS[given] if given in _WORDS else int(given)
    else:
        raise ValueError(f"{column.schema_name}: {word!r} is no word of the notation")
