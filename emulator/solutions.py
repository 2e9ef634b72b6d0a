"""Solutions: what is made under the header `MSCRM.SolutionUniqueName` becomes a component of that solution."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.errors import DataverseError
from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Table
from emulator.records.rows import insert
from emulator.seams import Work

# Component types of rows that can belong to a solution (Learn: SolutionComponent, componenttype).
ROW_COMPONENTS = {
    "role": 20,
    "savedquery": 26,
    "systemform": 60,
    "webresource": 61,
    "sitemap": 62,
    "appmodule": 80,
    "sdkmessageprocessingstep": 92,
    "serviceendpoint": 95,
    "environmentvariabledefinition": 380,
    "environmentvariablevalue": 381,
    "appaction": 10009,  # from 10000 on another number in each environment: that of the table
}


def requested_solution(work: Work) -> str | None:
    """The id of the solution that a request names in its header or its query, None without one; 404 if unknown."""
    return solution_named(work, {})


def solution_named(work: Work, arguments: Mapping[str, object]) -> str | None:
    """The same for an action, which may name the solution in its parameter `SolutionUniqueName` as well."""
    headers, query = work.call.headers, work.call.parameters()
    name = arguments.get("SolutionUniqueName") or headers.get("mscrm.solutionuniquename")
    name = name or query.get("SolutionUniqueName")
    if not name:
        return None
    statement = "SELECT solutionid FROM solution WHERE uniquename = ?"
    found = work.context.db.execute(statement, (str(name),)).fetchone()
    if found is None:
        raise DataverseError(404, "0x80040217", f"solution With UniqueName = {name} Does Not Exist")
    return str(found[0])


def add_component(work: Work, solution: str | None, kind: int, object_id: str) -> None:
    """Notes a component, once."""
    if solution is None:
        return
    table = work.context.schema.tables["solutioncomponent"]
    identity = metadata_id("solutioncomponent", solution, object_id)
    statement = "SELECT 1 FROM solutioncomponent WHERE solutioncomponentid = ?"
    if work.context.db.execute(statement, (identity,)).fetchone() is None:
        values = {"componenttype": kind, "objectid": object_id, "solutionid": solution, "rootcomponentbehavior": 0}
        insert(work.context.db, table, {table.primary_id: identity, **values})


def name_app(work: Work, table: Table, row_id: str) -> None:
    """The unique name of an app starts with the prefix of its solution's publisher: it is put in front where it is not
    there (Learn: "Create, manage, and publish model-driven apps using code"). The components of an app point to
    `appmoduleidunique`, which is another id for each layer in Dataverse and the same here."""
    if table.logical_name != "appmodule":
        return
    same = "UPDATE appmodule SET appmoduleidunique = appmoduleid WHERE appmoduleid = ?"
    work.context.db.execute(same, (row_id,))
    statement = "SELECT customizationprefix FROM publisher JOIN solution USING (publisherid) WHERE " + (
        "solutionid = ?" if (solution := requested_solution(work)) else "solution.uniquename = ?"
    )
    found = work.context.db.execute(statement, (solution or "Default",)).fetchone()
    prefix = f"{found[0]}_" if found else ""
    change = "UPDATE appmodule SET uniquename = ? || uniquename WHERE appmoduleid = ? AND instr(uniquename, ?) <> 1"
    work.context.db.execute(change, (prefix, row_id, prefix))


def note_component(work: Work, table: Table, row_id: str) -> None:
    """A row that can belong to a solution becomes a component of the one that the request names."""
    name_app(work, table, row_id)
    if table.logical_name in ROW_COMPONENTS:
        add_component(work, requested_solution(work), ROW_COMPONENTS[table.logical_name], row_id)
