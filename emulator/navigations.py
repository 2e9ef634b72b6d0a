"""What lies below a row: its columns one by one, its navigation properties, and `$ref` to put rows together."""

from __future__ import annotations

from emulator.errors import bad_query, not_supported
from emulator.exchange import Answer, wrong_method
from emulator.metadata.model import Navigation
from emulator.operations import NAMESPACE, Target, call_operation
from emulator.paths import Segment
from emulator.present import present, read
from emulator.records.association import associate, disassociate
from emulator.records.conditions import check_conditions
from emulator.records.keys import Address, locate
from emulator.records.links import existing
from emulator.records.payload import Submission, read_parties, read_submission
from emulator.records.update import update
from emulator.related import serve_related
from emulator.seams import Work


def serve_below(work: Work, address: Address, rest: list[Segment]) -> Answer:
    """Answers a request whose path goes on behind a row."""
    step, last = rest[0], rest[-1].name
    if step.name.startswith(NAMESPACE) and len(rest) == 1:
        present(work, address)
        return call_operation(work, step, Target(address.table, address.row_id))
    navigation = work.context.schema.navigation(address.table.logical_name, step.name)
    if navigation is not None and work.call.method == "GET":
        return serve_related(work, address, navigation, rest)
    if navigation is not None and last == "$ref" and len(rest) == 2:
        return _reference(work, address, navigation, step)
    if navigation is not None and len(rest) == 1:
        return _replaced(work, address, navigation)
    if len(rest) == 1 or (len(rest) == 2 and last == "$value"):
        return _property(work, address, step.name, raw=last == "$value")
    raise not_supported(f"the path {work.call.path}")


def _reference(work: Work, address: Address, navigation: Navigation, step: Segment) -> Answer:
    """`$ref` of a single-valued (PUT, DELETE) or a collection-valued navigation property (POST, DELETE)."""
    row = present(work, address)
    check_conditions(work, address, row)
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


def _replaced(work: Work, address: Address, navigation: Navigation) -> Answer:
    """PUT of a collection: only the parties of an activity can be written so."""
    if work.call.method == "POST":
        raise not_supported("POST on a navigation property (use $ref)")
    if work.call.method != "PUT" or not (address.table.is_activity and navigation.name.endswith("_activity_parties")):
        raise wrong_method(work.call)
    row = present(work, address)
    check_conditions(work, address, row)
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
    check_conditions(work, address, row)
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
