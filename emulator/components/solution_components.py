"""`AddSolutionComponent` and `RemoveSolutionComponent`: what is there already goes into a solution, or out of it."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.customization.gate import ATTRIBUTE, ENTITY, KEY, OPTION_SET, RELATIONSHIP
from emulator.errors import DataverseError, does_not_exist, not_supported
from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Schema
from emulator.operations import Json, Target, action
from emulator.paths import parse_guid
from emulator.records.rows import exists
from emulator.seams import Work
from emulator.solutions import ROW_COMPONENTS, add_component, solution_named


@action("AddSolutionComponent")
def add_solution_component(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """Adds a component that exists; one that is there stays. Answers the id of its row in solutioncomponents."""
    solution, kind, identity = _named(work, arguments, arguments.get("ComponentId"))
    if not _is_there(work, kind, identity):
        raise does_not_exist("component", identity)
    _check_write(work)
    add_component(work, solution, kind, identity)
    return {"id": metadata_id("solutioncomponent", solution, identity)}


@action("RemoveSolutionComponent")
def remove_solution_component(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """Takes a component out of a solution. `SolutionComponent` names it by the id of the component itself, as the SDK
    does, or by that of its row."""
    given = arguments.get("SolutionComponent")
    found = given.get("solutioncomponentid") if isinstance(given, Mapping) else arguments.get("ComponentId")
    solution, kind, identity = _named(work, arguments, found)
    _check_write(work)
    where = "solutionid = ? AND componenttype = ? AND ? IN (objectid, solutioncomponentid)"
    statement = f"DELETE FROM solutioncomponent WHERE {where} RETURNING solutioncomponentid"
    removed = work.context.db.execute(statement, (solution, kind, identity)).fetchone()
    if removed is None:
        raise does_not_exist("solutioncomponent", identity)
    return {"id": removed[0]}


def _named(work: Work, arguments: Mapping[str, object], component: object) -> tuple[str, int, str]:
    solution, kind, identity = (
        solution_named(work, arguments),
        arguments.get("ComponentType"),
        parse_guid(str(component)),
    )
    if solution is None or not isinstance(kind, int) or identity is None:
        message = "ComponentId, ComponentType and SolutionUniqueName are required."
        raise DataverseError(400, "0x80040203", message)
    return solution, kind, identity


def _check_write(work: Work) -> None:
    work.parts.security.check_privilege(work.context, work.context.schema.tables["solution"], "Write")


def _is_there(work: Work, kind: int, identity: str) -> bool:
    of_rows = {code: name for name, code in ROW_COMPONENTS.items()}
    if kind in of_rows:
        return exists(work.context.db, work.context.schema.tables[of_rows[kind]], identity)
    ids = _metadata_ids(work.context.schema).get(kind)
    if ids is None:
        raise not_supported(f"components of type {kind}")
    return identity in ids


def _metadata_ids(schema: Schema) -> dict[int, set[str]]:
    tables = schema.tables.values()
    links = {each.metadata_id for each in schema.one_to_many.values()}
    links |= {each.metadata_id for each in schema.many_to_many.values()}
    return {
        ENTITY: {table.metadata_id for table in tables},
        ATTRIBUTE: {column.metadata_id for table in tables for column in table.columns.values()},
        KEY: {key.metadata_id for table in tables for key in table.keys.values()},
        OPTION_SET: {each.metadata_id for each in schema.option_sets.values()},
        RELATIONSHIP: links,
        3: links,
    }
