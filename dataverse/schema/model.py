"""What a table, a column, a lookup, a key and a choice are, as far as we declare them.

`display` is the label and `description` the sentence under it that makers and administrators read, in English.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dataverse.schema.components import Components


class Type(StrEnum):
    """Types of columns, as `AttributeType` of the metadata names them."""

    STRING = "String"
    MEMO = "Memo"
    INTEGER = "Integer"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"
    CHOICE = "Picklist"
    LOOKUP = "Lookup"


class Ownership(StrEnum):
    """Who can own rows: users and teams, or nobody in particular."""

    USER = "UserOwned"
    ORGANIZATION = "OrganizationOwned"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A global choice, shared by columns."""

    name: str
    display: str
    description: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column other than a lookup. `length` is for text, `minimum` for numbers; a choice has its own `options` or uses
    a global `choice`."""

    name: str
    type: Type
    display: str
    description: str
    length: int | None = None
    minimum: int | None = None
    options: tuple[Option, ...] = ()
    choice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascades:
    """What happens to the rows that point to a row: `Cascade`, `NoCascade` or `RemoveLink`, and why. A merge moves
    nothing."""

    why: str
    assign: str = "NoCascade"
    delete: str = "RemoveLink"
    reparent: str = "NoCascade"
    share: str = "NoCascade"
    unshare: str = "NoCascade"


POINTS_TO = Cascades(why="It outlives what it points to, and belongs to somebody else.")
GOES_WITH = Cascades(delete="Cascade", why="It says nothing without what it points to.")
CHILD_OF = Cascades(
    assign="Cascade",
    delete="Cascade",
    reparent="Cascade",
    share="Cascade",
    unshare="Cascade",
    why="Who may see the one may see the other: they have one owner and are shared together.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A column that points to a row of `target`, with its relationship; `to_activity` says that the target is an
    activity table, whose rows have their ids in `activityid`."""

    name: str
    target: str
    relationship: str
    display: str
    description: str
    cascades: Cascades = POINTS_TO
    to_activity: bool = False

    @property
    def target_id(self) -> str:
        """The primary key that the lookup refers to."""
        return "activityid" if self.to_activity else f"{self.target}id"


@dataclass(frozen=True, slots=True)
class Key:
    """An alternate key: no two rows have the same values in all of `columns`."""

    name: str
    display: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its columns; `set_name` is its name in paths, `primary` the column that names a row; with
    `notes` its rows can have notes, whose relationship is parental. Activities always can."""

    name: str
    set_name: str
    display: str
    plural: str
    description: str
    ownership: Ownership
    primary: Column
    columns: tuple[Column, ...]
    lookups: tuple[Lookup, ...] = ()
    keys: tuple[Key, ...] = ()
    is_activity: bool = False
    notes: bool = False

    @property
    def has_notes(self) -> bool:
        """Whether its rows can have notes."""
        return self.notes or self.is_activity

    @property
    def key(self) -> str:
        """The column with the id of a row."""
        return "activityid" if self.is_activity else f"{self.name}id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Whose the tables are: the prefix of their names, and of the values of their choices."""

    id: str
    name: str
    display: str
    prefix: str
    option_prefix: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The unmanaged solution that everything is created in."""

    id: str
    name: str
    display: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Everything that there should be."""

    publisher: Publisher
    solution: Solution
    choices: tuple[Choice, ...]
    tables: tuple[Table, ...]
    components: Components = field(default_factory=Components)

    def others(self) -> tuple[str, ...]:
        """The tables that ours point to, or that have commands or events of ours, and that come with Dataverse or
        Dynamics 365 Sales."""
        named = {lookup.target for table in self.tables for lookup in table.lookups}
        named |= {command.table for command in self.components.commands}
        named |= {step.table for webhook in self.components.webhooks for step in webhook.steps}
        return tuple(sorted(named - {table.name for table in self.tables}))


def text(name: str, length: int, display: str, description: str) -> Column:
    """A column for one line of text, `length` characters at most."""
    return Column(name=name, type=Type.STRING, length=length, display=display, description=description)


def memo(name: str, length: int, display: str, description: str) -> Column:
    """A column for text of several lines, `length` characters at most."""
    return Column(name=name, type=Type.MEMO, length=length, display=display, description=description)


def whole_number(name: str, display: str, description: str) -> Column:
    """A column for a count: a whole number that is not negative."""
    return Column(name=name, type=Type.INTEGER, minimum=0, display=display, description=description)


def yes_or_no(name: str, display: str, description: str) -> Column:
    """A column that is true or false, and false by default."""
    return Column(name=name, type=Type.BOOLEAN, display=display, description=description)


def date_time(name: str, display: str, description: str) -> Column:
    """A column for a moment, kept in UTC and shown in the reader's time zone."""
    return Column(name=name, type=Type.DATE_TIME, display=display, description=description)
