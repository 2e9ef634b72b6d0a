"""Is what Textverse needs installed, whole and of this release?"""

from __future__ import annotations

from collections.abc import Iterator

from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation
from dataverse.schema.actual import ACTIVE, FAILED, read_keys
from dataverse.schema.apply import preview
from dataverse.schema.desired import TEXTVERSE, VERSION
from dataverse.store.queries import get
from dataverse.webapi.literals import quote_literal

PROVISION = "python -m admin provision"
_NAMED = 5  # of what is missing, before it gets long


def solution(situation: Situation) -> Iterator[Finding]:
    """The solution, and whether it is of the same release as this command."""
    name = quote_literal(TEXTVERSE.solution.name)
    path = get(f"solutions?$select=version&$filter=uniquename eq {name}").path
    version = next((str(row["version"]) for row in situation.client.rows(path)), None)
    if version is None:
        yield problem(f"The solution {TEXTVERSE.solution.display} is not installed", PROVISION)
    elif _parts(version) < _parts(VERSION):
        yield problem(f"The solution is of version {version}, and this is {VERSION}", PROVISION)
    elif _parts(version) > _parts(VERSION):
        what = f"The solution is of version {version}, and this command of {VERSION}"
        yield warning(what, "Use the release of Textverse that is installed")
    else:
        yield ok(f"The solution is installed, version {version}")


def tables(situation: Situation) -> Iterator[Finding]:
    """Everything that is declared, against what there is."""
    plan = preview(situation.client, TEXTVERSE)
    for conflict in plan.conflicts:
        yield problem(conflict, f"Change or remove what is in the way, then: {PROVISION}")
    if plan.steps:
        named = ", ".join(step.what for step in plan.steps[:_NAMED])
        more = f" and {len(plan.steps) - _NAMED} more" if len(plan.steps) > _NAMED else ""
        yield problem(f"{len(plan.steps)} things are missing or differ: {named}{more}", PROVISION)
    elif not plan.conflicts:
        yield ok("Everything that Textverse needs is there")


def keys(situation: Situation) -> Iterator[Finding]:
    """The indexes behind our alternate keys: no row is found by a key whose index is not built."""
    ours = {(table.name, key.name): key.columns for table in TEXTVERSE.tables for key in table.keys}
    found = read_keys(situation.client, sorted({table for table, _ in ours}))
    well = True
    for (table, name), columns in ours.items():
        key = found.get(table, {}).get(name)
        if key is not None and key.status == ACTIVE:
            continue
        well = False
        if key is None:
            yield problem(f"The alternate key {name} is missing", PROVISION)
        elif key.status == FAILED:
            same = ", ".join(columns)
            what = f"Dataverse could not build the alternate key {name}: rows of {table} have the same {same}"
            fix = f"Change or delete those rows, then reactivate the key: make.powerapps.com › Tables › {table} › Keys"
            yield problem(what, fix)
        else:
            what = f"The alternate key {name} is being built ({key.status}): until then rows are not found by it"
            yield warning(what, "Wait some minutes, then run it again")
    if well:
        yield ok("All alternate keys are active")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
