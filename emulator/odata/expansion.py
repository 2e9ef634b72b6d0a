"""`$expand`: related rows inside of rows, loaded with one statement per expansion, not per row.

Rules and shapes: Microsoft Learn, "Join tables using OData". Rows that the caller may not read are left out; a lookup
to such a row expands to null, and so does one to a row that the expansion's `$filter` excludes (Dataverse takes the
option there, as its own message about lookups says; no public text tells more).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from emulator.context import Context
from emulator.errors import bad_query, not_supported
from emulator.metadata.model import Column, ColumnType, Table
from emulator.odata.filters import Scope, condition
from emulator.odata.joins import ROOT, Links, Source
from emulator.odata.members import membership
from emulator.odata.options import Expansion, Options
from emulator.odata.paging import LARGEST_PAGE, order_of, sort_keys, write_token
from emulator.odata.properties import unknown_property
from emulator.odata.rows import Json, render, target_table
from emulator.odata.selection import columns_of, lookup_behind, select, select_per_parent
from emulator.odata.sql import Row, one_of

Link = tuple[str, object]
"""What a lookup holds: the table that it points to, and the id there."""
_LINK_SAFE = "$,()'/:;=@*-._~"


@dataclass(frozen=True, slots=True)
class Expander:
    """One query's expansions. With a nested one, expanded collections are paged too, by `page_size` if preferred."""

    context: Context
    nested: bool
    page_size: int | None

    def check(self, table: Table, options: Options, depth: int = 0) -> None:
        """Raise `DataverseError` 400 for expansions that Dataverse refuses, before anything is loaded."""
        pairs = [each for each in options.expand if self._is_pair(table, each)]
        if pairs and (self.nested or depth or len(pairs) < len(options.expand)):
            raise bad_query("Expanding a many-to-many relationship cannot be combined with other expansions.")
        for each in options.expand:
            self._check_one(table, each, depth)

    def _is_pair(self, table: Table, expansion: Expansion) -> bool:
        navigation = self.context.schema.navigation(table.logical_name, expansion.name)
        return navigation is not None and navigation.many_to_many is not None

    def _check_one(self, table: Table, expansion: Expansion, depth: int) -> None:
        navigation = self.context.schema.navigation(table.logical_name, expansion.name)
        column = lookup_behind(self.context, table, expansion)
        if navigation is None and column is None:
            raise unknown_property(table.logical_name, expansion.name)
        options = expansion.options
        if (options.orderby or options.top is not None) and (column is not None or self.nested):
            raise bad_query(
                "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or "
                "nested one-to-many relationship."
            )
        if column is None and expansion.reference:
            raise bad_query("Expand with $ref is only supported on lookup type navigation property.")
        if column is not None and column.type is ColumnType.OWNER:
            _check_principal(options)
        elif navigation is not None:
            self.check(self.context.schema.tables[navigation.target], options, depth + 1)

    def attach(self, table: Table, options: Options, rows: Sequence[Row], values: Sequence[Json]) -> None:
        """Add to each JSON object in `values` what its row in `rows` leads to."""
        for expansion in options.expand if rows else ():
            column = lookup_behind(self.context, table, expansion)
            if column is None:
                self._attach_collection(table, expansion, rows, values)
            else:
                self._attach_single(table, column, expansion, rows, values)

    def _attach_single(
        self, table: Table, column: Column, expansion: Expansion, rows: Sequence[Row], values: Sequence[Json]
    ) -> None:
        navigation = self.context.schema.navigation(table.logical_name, expansion.name)
        targets = [target_table(column, row) for row in rows]
        if column.type is not ColumnType.OWNER and navigation is not None:
            targets = [target if target == navigation.target else None for target in targets]
        links = [
            None if target is None else (target, row[column.logical_name])
            for target, row in zip(targets, rows, strict=True)
        ]
        shown = self._shown(column, expansion, {link for link in links if link is not None})
        for link, value in zip(links, values, strict=True):
            value[expansion.name] = None if link is None else shown.get(link)

    def _shown(self, column: Column, expansion: Expansion, links: set[Link]) -> dict[Link, Json]:
        """What a lookup's targets expand to: a URL, a principal, or the row if the caller may read it."""
        if expansion.reference:
            return {(name, key): {"@odata.id": self._url(self.context.schema.tables[name], key)} for name, key in links}
        if column.type is ColumnType.OWNER:
            return {
                (name, key): {"@odata.type": f"#Microsoft.Dynamics.CRM.{name}", "ownerid": key} for name, key in links
            }
        found: dict[Link, Json] = {}
        for name in {name for name, _ in links}:
            rows = self._load(name, {key for each, key in links if each == name}, expansion.options)
            found |= {(name, key): value for key, value in rows.items()}
        return found

    def _load(self, name: str, ids: set[object], options: Options) -> dict[object, Json]:
        """The visible rows of a table with these ids as JSON objects."""
        table = self.context.schema.tables[name]
        source = Source(self.context, table, ROOT, Links())
        columns, physical = columns_of(self.context, table, options)
        where = [one_of(source.sql(table.primary_id), ids), source.visible()]
        if options.filter is not None:
            where.append(condition(options.filter, Scope(source)))
        rows = select(source, physical, where)
        values = render(self.context, table, columns, rows, etag=False)
        self.attach(table, options, rows, values)
        return {row[table.primary_id]: value for row, value in zip(rows, values, strict=True)}

    def _attach_collection(
        self, table: Table, expansion: Expansion, rows: Sequence[Row], values: Sequence[Json]
    ) -> None:
        members: dict[object, list[Json]] = {row[table.primary_id]: [] for row in rows}
        last: dict[object, object] = {}
        limit = self._limit(expansion.options)
        for parent, member_id, value in self._members(table, expansion, list(members), limit):
            members[parent].append(value)
            last[parent] = member_id
        for row, value in zip(rows, values, strict=True):
            row_id = row[table.primary_id]
            value[expansion.name] = members[row_id]
            is_full = len(members[row_id]) == limit
            if not self._pages() or is_full:
                token = self._second_page(expansion, table, last[row_id]) if self._pages() and is_full else None
                value[f"{expansion.name}@odata.nextLink"] = self._next_link(table, row_id, expansion, token)

    def _pages(self) -> bool:
        return self.nested and self.page_size is not None

    def _second_page(self, expansion: Expansion, table: Table, last: object) -> str:
        target = self.context.schema.tables[
            Source(self.context, table, ROOT, Links()).navigation(expansion.name).target
        ]
        keys = sort_keys(Source(self.context, target, ROOT, Links()), ())
        return write_token(2, order_of(key.clause for key in keys), [last])

    def _limit(self, options: Options) -> int:
        if self.nested and self.page_size is not None:
            return self.page_size
        return LARGEST_PAGE if options.top is None else min(options.top, LARGEST_PAGE)

    def _members(
        self, table: Table, expansion: Expansion, parents: list[object], limit: int
    ) -> list[tuple[object, object, Json]]:
        """Parent id, own id and JSON object of the members of all the parents' collections."""
        navigation = Source(self.context, table, ROOT, Links()).navigation(expansion.name)
        options = expansion.options
        target = self.context.schema.tables[navigation.target]
        source = Source(self.context, target, ROOT, Links())
        columns, physical = columns_of(self.context, target, options)
        if navigation.one_to_many is not None and options.select is not None and not self.nested:
            lookup = target.columns[navigation.one_to_many.referencing_column]
            columns = list({column.logical_name: column for column in [*columns, lookup]}.values())
            physical = list(dict.fromkeys([*physical, *columns_for_lookup(lookup)]))
        where = [source.visible()]
        if options.filter is not None:
            where.append(condition(options.filter, Scope(source)))
        keys = sort_keys(source, options.orderby)
        parent, tables, belongs = membership(table, navigation, source)
        where += [(belongs, ()), one_of(parent, parents)]
        rows = select_per_parent(source, physical, parent, tables, where, keys, limit)
        values = render(self.context, target, columns, rows, etag=not self.nested)
        self.attach(target, options, rows, values)
        return [(row["$parent"], row[target.primary_id], value) for row, value in zip(rows, values, strict=True)]

    def _next_link(self, table: Table, row_id: object, expansion: Expansion, token: str | None) -> str:
        parts = [quote(part, safe=_LINK_SAFE) for part in expansion.query]
        parts += [f"$skiptoken={token}"] if token is not None else []
        return f"{self._url(table, row_id)}/{expansion.name}" + (f"?{'&'.join(parts)}" if parts else "")

    def _url(self, table: Table, row_id: object) -> str:
        return f"{self.context.url}{table.set_name}({row_id})"


def columns_for_lookup(column: Column) -> list[str]:
    """The SQLite columns of a lookup."""
    return [column.logical_name, *([f"{column.logical_name}__table"] if column.is_polymorphic else [])]


def _check_principal(options: Options) -> None:
    """An owner expands to the type `principal`, which has nothing but its id."""
    if options.filter is not None:
        raise not_supported("$filter inside the $expand of an owner")
    for name in (*(options.select or ()), *(each.name for each in options.expand)):
        if name != "ownerid":
            raise unknown_property("principal", name)
