"""What lies below a row: its columns one by one, its navigation properties, and `$ref` to put rows together."""

from __future__ import annotations

from emulator.context import Sql
from emulator.errors import bad_query, not_supported
from emulator.exchange import Answer, applied, wrong_method
from emulator.metadata.model import Navigation, OneToMany
from emulator.operations import NAMESPACE, Json, Target, call_operation
from emulator.paths import Segment
from emulator.records.association import associate, disassociate
from emulator.records.conditions import check_conditions
from emulator.records.keys import Address, locate
from emulator.records.links import existing
from emulator.records.payload import Submission, read_parties, read_submission
from emulator.records.rows import Row, fetch
from emulator.records.update import update
from emulator.seams import Work


def present(work: Work, address: Address) -> Row:
    """The row at an address; raises 404 without one."""
    row = fetch(work.context.db, address.table, address.row_id) if address.row_id else None
    if row is None:
        raise address.missing()
    return row


def read(work: Work, address: Address, query: str) -> Json:
    """The row at an address as the caller sees it; raises 404 without one, 403 for one that the caller may not read."""
    shown = address.row_id and work.parts.reader.retrieve(work.context, address.table, address.row_id, query)
    if shown:
        return shown
    present(work, address)
    work.parts.security.check(work.context, address.table, str(address.row_id), "Read")
    raise address.missing()


def serve_below(work: Work, address: Address, rest: list[Segment]) -> Answer:
    """Answers a request whose path goes on behind a row."""
    step, last = rest[0], rest[-1].name
    if step.name.startswith(NAMESPACE) and len(rest) == 1:
        present(work, address)
        return call_operation(work, step, Target(address.table, address.row_id))
    navigation = work.context.schema.navigation(address.table.logical_name, step.name)
    if navigation is not None and last == "$ref" and len(rest) == 2:
        return _reference(work, address, navigation, step)
    if navigation is not None and navigation.is_collection and last == "$count" and len(rest) == 2:
        return _counted(work, address, navigation)
    if navigation is not None and len(rest) == 1 and step.arguments is None:
        return _related(work, address, navigation)
    if len(rest) == 1 or (len(rest) == 2 and last == "$value"):
        return _property(work, address, step.name, raw=last == "$value")
    raise not_supported(f"the path {work.call.path}")


def _reference(work: Work, address: Address, navigation: Navigation, step: Segment) -> Answer:
    """`$ref` of a single-valued (PUT, DELETE) or a collection-valued navigation property (POST, DELETE)."""
    row = present(work, address)
    check_conditions(work.call.headers, address, row)
    if work.call.method == ("POST" if navigation.is_collection else "PUT"):
        link = work.call.json().get("@odata.id")
        if not isinstance(link, str):
            raise bad_query("The body must name the other row in '@odata.id'.")
        associate(work, address, navigation, existing(work.context, link))
        return Answer()
    if work.call.method != "DELETE":
        raise wrong_method(work.call)
    other = None
    if navigation.is_collection:
        link = work.call.parameters().get("$id")
        if step.arguments is not None:
            target = work.context.schema.tables[navigation.target]
            other = locate(work.context, target, step.arguments)
        elif link is not None:
            other = existing(work.context, link)
        else:
            raise bad_query("Name the row to be disassociated: …/nav(<id>)/$ref, or …/nav/$ref?$id=…")
    disassociate(work, address, navigation, other)
    return Answer()


def _related(work: Work, address: Address, navigation: Navigation) -> Answer:
    """The row or the rows at the other end of a navigation property."""
    if work.call.method == "PUT" and address.table.is_activity and navigation.name.endswith("_activity_parties"):
        return _replace_parties(work, address)
    if work.call.method == "POST":
        raise not_supported("POST on a navigation property (use $ref)")
    if work.call.method != "GET":
        raise wrong_method(work.call)
    read(work, address, f"$select={address.table.primary_id}")
    if not navigation.is_collection:
        return _single(work, address, navigation)
    target = work.context.schema.tables[navigation.target]
    within = _within(work, address, navigation)
    path = f"{address.path}/{navigation.name}"
    rows = work.parts.reader.retrieve_multiple(work.context, target, work.call.query, within=within, path=path)
    return Answer(status=200, payload=rows, headers=applied(work.context.preferences))


def _counted(work: Work, address: Address, navigation: Navigation) -> Answer:
    read(work, address, f"$select={address.table.primary_id}")
    target = work.context.schema.tables[navigation.target]
    within = _within(work, address, navigation)
    return Answer(status=200, text=str(work.parts.reader.count(work.context, target, work.call.query, within=within)))


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


def _single(work: Work, address: Address, navigation: Navigation) -> Answer:
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
    shown = work.parts.reader.retrieve(
        work.context, work.context.schema.tables[target], str(row[column]), work.call.query
    )
    return Answer(status=200, payload=shown) if shown else Answer()


def _replace_parties(work: Work, address: Address) -> Answer:
    row = present(work, address)
    check_conditions(work.call.headers, address, row)
    parties = read_parties(work.context, address.table, work.call.json().get("value"), creating=False)
    update(work, address.table, str(address.row_id), Submission(parties=parties), row)
    return Answer()


def _property(work: Work, address: Address, name: str, *, raw: bool) -> Answer:
    """One column of a row: read, replaced or emptied."""
    if work.call.method == "GET":
        shown = read(work, address, f"$select={name}")
        if shown.get(name) is None:
            return Answer()
        if raw:
            return Answer(status=200, text=str(shown[name]))
        context = f"{work.context.url}$metadata#{address.path}/{name}"
        return Answer(status=200, payload={"@odata.context": context, "value": shown[name]})
    if work.call.method not in ("PUT", "DELETE") or raw:
        raise wrong_method(work.call)
    row = present(work, address)
    check_conditions(work.call.headers, address, row)
    if name not in address.table.columns:
        raise bad_query(f"Resource not found for the segment '{name}'.")
    body = {name: _value(work) if work.call.method == "PUT" else None}
    submission = read_submission(work.context, address.table, body, creating=False)
    update(work, address.table, str(address.row_id), submission, row)
    return Answer()


def _value(work: Work) -> object:
    body = work.call.json()
    if "value" not in body:
        raise bad_query("The body must hold the column's value in 'value'.")
    return body["value"]
