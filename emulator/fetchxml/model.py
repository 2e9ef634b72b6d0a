"""What a FetchXML query says, as values."""

from __future__ import annotations

from dataclasses import dataclass

INNER = frozenset({"inner", "natural"})
JOINED = INNER | {"outer", "matchfirstrowusingcrossapply"}
"""Link types that join: their columns can be shown, compared and sorted by."""
RESTRICTING = frozenset({"exists", "in"})
"""Link types that ask for related rows, beside the columns of an entity."""
FILTERING = frozenset({"any", "not any", "all", "not all"})
"""Link types that ask for related rows, inside of a filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A column to show. `alias` is its name in the result; the rest is for aggregation."""

    name: str
    alias: str | None
    aggregate: str | None
    groupby: bool
    date_grouping: str | None
    distinct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A column to sort by; in an aggregation the alias of one. `entity` names a link-entity by its alias."""

    attribute: str | None
    alias: str | None
    descending: bool
    entity: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`attribute operator values`, or a comparison with another column, `value_of`."""

    attribute: str
    operator: str
    values: tuple[str, ...]
    value_of: str | None
    entity: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Conditions, filters and related rows, all of which must hold, or with `any_of` one."""

    any_of: bool
    parts: tuple[Condition | Filter | Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A table of the query. `attributes` is None for every column; the filters must hold together."""

    name: str
    attributes: tuple[Attribute, ...] | None
    orders: tuple[Order, ...]
    filters: tuple[Filter, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A `link-entity`: rows of `entity` whose column `column` equals `parent_column` of the row that they belong to.

    `number` is its place among the links of the query, from 1. Either column may be missing: then the relationship
    between the tables says what it is.
    """

    entity: Entity
    column: str | None
    parent_column: str | None
    alias: str | None
    kind: str
    number: int

    @property
    def shown_as(self) -> str:
        """What precedes the names of its columns in the result."""
        return self.alias or f"{self.entity.name}{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The whole query. `page` counts from 1; `size` is None for the largest page."""

    entity: Entity
    top: int | None
    size: int | None
    page: int | None
    cookie: str
    total: bool
    distinct: bool
    aggregate: bool
    aggregate_limit: int
    raw_order: bool
