"""What the emulator knows of its tables: the part of Dataverse's metadata that decides how a request behaves.

Physical layout, derived from it and from nothing else: one SQLite table per Dataverse table, named by its logical name;
one column per attribute, named by its logical name. Ids are lower-case text, booleans 0/1, choices integers (several in
one column: text such as `1,9`, in the order of their values), money and decimals numbers, date-times text
`YYYY-MM-DDTHH:MM:SSZ` (UTC), dates `YYYY-MM-DD`. A lookup column that can point to more than one table has a companion
`<column>__table` with the logical name of the table that it points to. Each table has `versionnumber` (integer), the
source of its ETags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class ColumnType(StrEnum):
    """Attribute types as `AttributeType` names them (`CHOICES`: as `AttributeTypeName` does, the other is Virtual)."""

    ID = "Uniqueidentifier"
    STRING = "String"
    MEMO = "Memo"
    INTEGER = "Integer"
    BIGINT = "BigInt"
    DECIMAL = "Decimal"
    DOUBLE = "Double"
    MONEY = "Money"
    BOOLEAN = "Boolean"
    DATETIME = "DateTime"
    CHOICE = "Picklist"
    CHOICES = "MultiSelectPicklist"
    STATE = "State"
    STATUS = "Status"
    LOOKUP = "Lookup"
    CUSTOMER = "Customer"
    OWNER = "Owner"
    ENTITY_NAME = "EntityName"


LOOKUPS = frozenset({ColumnType.LOOKUP, ColumnType.CUSTOMER, ColumnType.OWNER})


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice; a status value names the state that it belongs to, a state its default status."""

    value: int
    label: str
    state: int | None = None
    default_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSet:
    """A global choice: options that several columns share."""

    name: str
    metadata_id: str
    display_name: str = ""
    description: str = ""
    options: tuple[Option, ...] = ()


@dataclass(slots=True, kw_only=True)
class Column:
    """An attribute. `targets` are the tables that a lookup can point to. `required` is what the platform enforces;
    `required_level` is what the definition says (`ApplicationRequired` binds forms only)."""

    logical_name: str
    schema_name: str
    type: ColumnType
    metadata_id: str
    display_name: str = ""
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    precision: int | None = None
    date_only: bool = False
    required: bool = False
    on_create: bool = True
    on_update: bool = True
    on_read: bool = True
    custom: bool = False
    format_name: str | None = None
    options: tuple[Option, ...] = ()
    targets: tuple[str, ...] = ()
    default: object = None
    description: str = ""
    required_level: str = "None"
    option_set: str | None = None

    @property
    def is_lookup(self) -> bool:
        return self.type in LOOKUPS

    @property
    def is_polymorphic(self) -> bool:
        return self.is_lookup and (len(self.targets) > 1 or self.type is not ColumnType.LOOKUP)


@dataclass(slots=True, kw_only=True)
class Key:
    """An alternate key: its columns together are unique where none is null, once its index is built. `since` says when
    that was asked for."""

    schema_name: str
    columns: tuple[str, ...]
    metadata_id: str
    display_name: str = ""
    status: str = "Active"
    since: str = ""

    @property
    def logical_name(self) -> str:
        return self.schema_name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascades:
    """What happens to children: `Cascade`, `Active`, `UserOwned`, `RemoveLink`, `Restrict` or `NoCascade`."""

    assign: str = "NoCascade"
    delete: str = "RemoveLink"
    merge: str = "NoCascade"
    reparent: str = "NoCascade"
    share: str = "NoCascade"
    unshare: str = "NoCascade"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneToMany:
    """One target of one lookup. `referencing_nav` is the single-valued navigation on the row that holds the lookup
    (`primarycontactid`, `customerid_account`), `referenced_nav` the collection on the other side. `hierarchical`: the
    one relationship of a table with itself that makes its rows a hierarchy."""

    schema_name: str
    referenced_table: str
    referencing_table: str
    referencing_column: str
    referencing_nav: str
    referenced_nav: str
    metadata_id: str
    cascades: Cascades = field(default_factory=Cascades)
    custom: bool = False
    hierarchical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyToMany:
    """An N:N relationship through the physical table `intersect_table`; both sides may share a navigation name."""

    schema_name: str
    intersect_table: str
    table1: str
    column1: str
    nav1: str
    table2: str
    column2: str
    nav2: str
    metadata_id: str


@dataclass(frozen=True, slots=True)
class Navigation:
    """A navigation property as one table sees it. For a 1:N or N:1, `one_to_many` says by which relationship."""

    name: str
    target: str
    is_collection: bool
    one_to_many: OneToMany | None = None
    many_to_many: ManyToMany | None = None


@dataclass(slots=True, kw_only=True)
class Table:
    """An entity. `ownership` is `UserOwned`, `OrganizationOwned`, `BusinessOwned` or `None`."""

    logical_name: str
    schema_name: str
    set_name: str
    primary_id: str
    primary_name: str
    object_type_code: int
    metadata_id: str
    display_name: str = ""
    display_collection_name: str = ""
    ownership: str = "UserOwned"
    is_activity: bool = False
    has_activities: bool = False
    has_notes: bool = False
    is_intersect: bool = False
    change_tracking: bool = False
    custom: bool = False
    description: str = ""
    columns: dict[str, Column] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Schema:
    """All tables and relationships, with the look-ups that requests need. A schema that is in force does not change:
    what follows from it may be remembered by it."""

    tables: dict[str, Table] = field(default_factory=dict)
    one_to_many: dict[str, OneToMany] = field(default_factory=dict)
    many_to_many: dict[str, ManyToMany] = field(default_factory=dict)
    option_sets: dict[str, OptionSet] = field(default_factory=dict)

    def by_set(self, set_name: str) -> Table | None:
        """The table behind an entity set name; names are case-sensitive, as Dataverse's are."""
        return next((table for table in self.tables.values() if table.set_name == set_name), None)

    def navigations(self, table: str) -> Iterator[Navigation]:
        """Every navigation property of a table, single-valued and collections."""
        for link in self.one_to_many.values():
            if link.referencing_table == table:
                yield Navigation(link.referencing_nav, link.referenced_table, False, one_to_many=link)
            if link.referenced_table == table:
                yield Navigation(link.referenced_nav, link.referencing_table, True, one_to_many=link)
        for pair in self.many_to_many.values():
            if pair.table1 == table:
                yield Navigation(pair.nav1, pair.table2, True, many_to_many=pair)
            if pair.table2 == table:
                yield Navigation(pair.nav2, pair.table1, True, many_to_many=pair)

    def navigation(self, table: str, name: str) -> Navigation | None:
        """The navigation property `name` of a table, of a schema in force; the case counts."""
        return _navigations_by_name(self, table).get(name)


@lru_cache(maxsize=256)
def _navigations_by_name(schema: Schema, table: str) -> Mapping[str, Navigation]:
    """The first of each name counts."""
    return {nav.name: nav for nav in reversed(list(schema.navigations(table)))}
