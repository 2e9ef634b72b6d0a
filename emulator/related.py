"""Reading by way of a row: what is at the other end of a navigation property, how many, or only their addresses."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.context import Sql
from emulator.errors import not_supported
from emulator.exchange import Answer, applied
from emulator.metadata.model import Navigation, OneToMany, Table
from emulator.paths import Segment
from emulator.present import present, read
from emulator.records.keys import Address, locate
from emulator.seams import Work


def serve_related(work: Work, address: Address, navigation: Navigation, rest: list[Segment]) -> Answer:
    """Answers GET on `<row>/<navigation>`, on one row of a collection, and on their `$ref` and `$count`.

    Raises 404 where the row, or that row of the collection, is not there, and 501 for any other path.
    """
    step, behind = rest[0], [segment.name for segment in rest[1:]]
    read(work, address, f"$select={address.table.primary_id}")
    if not navigation.is_collection and step.arguments is None and behind in ([], ["$ref"]):
        return _single(work, address, navigation, reference=bool(behind))
    if navigation.is_collection and step.arguments is not None and not behind:
        return _member(work, address, navigation, step.arguments)
    if navigation.is_collection and step.arguments is None and behind in ([], ["$ref"], ["$count"]):
        return _collection(work, address, navigation, behind)
    raise not_supported(f"the path {work.call.path}")


def _collection(work: Work, address: Address, navigation: Navigation, behind: list[str]) -> Answer:
    target = work.context.schema.tables[navigation.target]
    within = _within(work, address, navigation)
    reader, context, query = work.parts.reader, work.context, work.call.query
    if behind == ["$count"]:
        return Answer(status=200, text=str(reader.count(context, target, query, within=within)))
    path = "/".join([address.path, navigation.name, *behind])
    rows = reader.retrieve_multiple(context, target, query, within=within, path=path)
    payload = _references(work, target, rows) if behind else rows
    return Answer(status=200, payload=payload, headers=applied(context.preferences))


def _references(work: Work, table: Table, rows: Mapping[str, object]) -> Mapping[str, object]:
    """The same page with nothing but the addresses of its rows."""
    found = rows["value"]
    items = [{"@odata.id": _url(work, table, row)} for row in found] if isinstance(found, list) else []
    return {**rows, "@odata.context": f"{work.context.url}$metadata#Collection($ref)", "value": items}


def _url(work: Work, table: Table, row: Mapping[str, object]) -> str:
    return f"{work.context.url}{table.set_name}({row[table.primary_id]})"


def _member(work: Work, address: Address, navigation: Navigation, arguments: str) -> Answer:
    """One row of a collection; 404 for a row that is elsewhere."""
    target = work.context.schema.tables[navigation.target]
    member = locate(work.context, target, arguments)
    condition, parameters = _within(work, address, navigation)
    this_one = (f'({condition}) AND t0."{target.primary_id}" = ?', [*parameters, member.row_id or ""])
    if not work.parts.reader.count(work.context, target, "", within=this_one):
        raise member.missing()
    return Answer(status=200, payload=read(work, member, work.call.query), headers=applied(work.context.preferences))


def _within(work: Work, address: Address, navigation: Navigation) -> Sql:
    """The condition for the rows of a collection below a row."""
    link = navigation.one_to_many
    if link is not None:
        return _pointing(work, link, str(address.row_id))
    return _through_intersect(work, address, navigation)


def _pointing(work: Work, link: OneToMany, row_id: str) -> Sql:
    """The condition for the rows whose lookup points to the row."""
    column = work.context.schema.tables[link.referencing_table].columns[link.referencing_column]
    condition, parameters = f't0."{column.logical_name}" = ?', [row_id]
    if column.is_polymorphic and link.referenced_table != "owner":
        condition += f' AND t0."{column.logical_name}__table" = ?'
        parameters.append(link.referenced_table)
    return condition, parameters


def _through_intersect(work: Work, address: Address, navigation: Navigation) -> Sql:
    pair = navigation.many_to_many
    if pair is None:
        raise not_supported(f"the navigation property {navigation.name}")
    near, far = pair.column1, pair.column2
    if (pair.table1, pair.nav1) != (address.table.logical_name, navigation.name):
        near, far = far, near
    target = work.context.schema.tables[navigation.target]
    inner = f'SELECT "{far}" FROM "{pair.intersect_table}" WHERE "{near}" = ?'
    return f't0."{target.primary_id}" IN ({inner})', [str(address.row_id)]


def _single(work: Work, address: Address, navigation: Navigation, *, reference: bool) -> Answer:
    """The row that a lookup points to; 204 where it points to none, or to a row of another table."""
    link = navigation.one_to_many
    row = present(work, address)
    column = link.referencing_column if link else ""
    target = navigation.target
    if address.table.columns[column].is_polymorphic:
        found = row[f"{column}__table"]
        if target not in ("owner", found):
            return Answer()
        target = str(found)
    if row[column] is None:
        return Answer()
    table = work.context.schema.tables[target]
    shown = work.parts.reader.retrieve(work.context, table, str(row[column]), work.call.query)
    if shown is None:
        return Answer()
    if reference:
        shown = {"@odata.context": f"{work.context.url}$metadata#$ref", "@odata.id": _url(work, table, shown)}
    return Answer(status=200, payload=shown)
