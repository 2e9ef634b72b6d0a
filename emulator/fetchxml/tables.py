"""The tables of a query under their SQL aliases: how link-entities join, and how they ask for related rows.

Rules: Learn, "Join tables using FetchXml" and "Filter on values in related records". Of every table only the rows that
the caller may read take part. Joins follow one another as they are written, so an inner link-entity inside of an outer
one restricts the result; public documentation does not say so, but that is how the platform's SQL is reported to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from emulator.context import Context, Sql
from emulator.errors import not_supported
from emulator.fetchxml.filters import Scope, filtered
from emulator.fetchxml.model import RESTRICTING, Entity, Link
from emulator.fetchxml.names import find_column, find_table
from emulator.fetchxml.operators import comparable
from emulator.fetchxml.refusals import INVALID_LINK_TYPE, SAME_ALIAS, UNKNOWN_ALIAS, refused
from emulator.fetchxml.relationships import resolved
from emulator.metadata.model import ColumnType
from emulator.odata.collation import as_compared
from emulator.odata.joins import ROOT, Links, Source
from emulator.odata.properties import edm_type
from emulator.odata.sql import concatenated, every, negated, quoted


@dataclass(frozen=True, slots=True)
class Joined:
    """A table that was joined, and by which link."""

    link: Link
    source: Source

    @property
    def is_single(self) -> bool:
        """Whether no row of the parent is repeated by it."""
        first = self.link.kind == "matchfirstrowusingcrossapply"
        return first or self.link.column == self.source.table.primary_id


@dataclass(slots=True)
class QueryTables:
    """The FROM clause of a query or of a subquery as it grows; subqueries share the `numbers` of the aliases."""

    context: Context
    root: Source
    numbers: Iterator[int]
    joined: list[Joined] = field(default_factory=list)
    clauses: list[Sql] = field(default_factory=list)
    where: list[Sql] = field(default_factory=list)

    @property
    def from_clause(self) -> Sql:
        return concatenated(f"{quoted(self.root.table.logical_name)} {self.root.alias}", *self.clauses)

    def named(self, name: str) -> Source:
        for each in self.joined:
            if name == (each.link.alias or each.link.entity.name):
                return each.source
        raise refused(UNKNOWN_ALIAS, f"No link-entity with the name or alias '{name[:60]}' is joined.")

    def related(self, parent: Source, link: Link) -> Sql:
        if link.kind == "all":
            everyone = replace(link, entity=replace(link.entity, filters=(), links=()))
            return every([self._members(parent, everyone), negated(self._members(parent, link))])
        found = self._members(parent, link)
        return negated(found) if link.kind == "not any" else found

    def join(self, parent: Source, links: tuple[Link, ...]) -> None:
        """Add link-entities below a table, and what is below them."""
        for each in links:
            link = resolved(self.context, parent.table, each)
            if link.kind in RESTRICTING:
                self.where.append(self._members(parent, link))
            else:
                self._join(parent, link)

    def _join(self, parent: Source, link: Link) -> None:
        if link.alias is not None and any(each.link.shown_as == link.alias for each in self.joined):
            raise refused(SAME_ALIAS, f"FetchXML should have unique aliases: '{link.alias}' is there twice.")
        source = self._source(link)
        first = link.kind == "matchfirstrowusingcrossapply"
        matches = self._first(parent, link, source) if first else self._matches(parent, link, source)
        name = f"{'left join' if link.kind == 'outer' else 'join'} {quoted(source.table.logical_name)} {source.alias}"
        self.clauses.append(concatenated(name, "on", matches))
        self.joined.append(Joined(link, source))
        self.join(source, link.entity.links)

    def _source(self, link: Link) -> Source:
        table = find_table(self.context, link.entity.name)
        return Source(self.context, table, f"t{next(self.numbers)}", Links())

    def _matches(self, parent: Source, link: Link, source: Source) -> Sql:
        """A row of the link belongs to a row of the parent, may be read, and passes the link's filters."""
        left, right = _ends(parent, link, source)
        conditions = filtered(link.entity.filters, Scope(source, self, joined=False))
        return every([(f"{right} = {left}", ()), source.visible(), conditions])

    def _first(self, parent: Source, link: Link, source: Source) -> Sql:
        """The row of the link is one of those that match: the first by its id. `cross apply` is SQL Server's."""
        if link.entity.links:
            raise not_supported(f"link-entities inside of one of type '{link.kind}'")
        candidate = self._source(link)
        row_id = source.table.primary_id
        inner = concatenated(
            f"select {candidate.sql(row_id)} from {quoted(source.table.logical_name)} {candidate.alias} where",
            self._matches(parent, link, candidate),
            f"order by {candidate.sql(row_id)} limit 1",
        )
        return concatenated(f"{source.sql(row_id)} = (", inner, ")")

    def _members(self, parent: Source, unresolved: Link) -> Sql:
        """The parent has such rows: an uncorrelated subquery, so that the indexes of their table help."""
        link = resolved(self.context, parent.table, unresolved)
        if link.entity.attributes != ():
            raise refused(INVALID_LINK_TYPE, f"A link-entity of type '{link.kind}' does not return columns.")
        members = QueryTables(self.context, self._source(link), self.numbers)
        left, right = _ends(parent, link, members.root)
        members.join(members.root, link.entity.links)
        conditions = filtered(link.entity.filters, Scope(members.root, members, joined=True))
        where = every([(f"{right} is not null", ()), members.root.visible(), *members.where, conditions])
        return concatenated(f"{left} in (select {right} from", members.from_clause, "where", where, ")")


def query_tables(context: Context, entity: Entity) -> QueryTables:
    """The tables of a whole query; `where` then has every condition, that the caller may read the rows among them."""
    table = find_table(context, entity.name)
    tables = QueryTables(context, Source(context, table, ROOT, Links()), count(1))
    tables.where.append(tables.root.visible())
    tables.join(tables.root, entity.links)
    tables.where.append(filtered(entity.filters, Scope(tables.root, tables, joined=True)))
    return tables


def _ends(parent: Source, link: Link, source: Source) -> tuple[str, str]:
    """Both sides of the link in SQL: ids are compared whatever table they point to, text as filters do."""
    right = find_column(source.table, link.column or "")
    left = find_column(parent.table, link.parent_column or "")
    if not comparable(left, right) or ColumnType.CHOICES in {left.type, right.type}:
        raise not_supported(
            f"a link between '{left.logical_name}' and '{right.logical_name}', of types that do not go together"
        )
    ends = parent.sql(left.logical_name), source.sql(right.logical_name)
    return (as_compared(ends[0]), as_compared(ends[1])) if edm_type(left) == "Edm.String" else ends
