"""Is what Textverse needs installed, whole and of this release?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation
from dataverse.schema.actual import ACTIVE, FAILED, read_keys
from dataverse.schema.components import Components
from dataverse.schema.desired import TEXTVERSE, VERSION
from dataverse.schema.plan import plan
from dataverse.schema.steps import Step
from dataverse.store.queries import get
from dataverse.webapi.literals import quote_literal

PROVISION = "python -m admin provision"
TABLES = replace(TEXTVERSE, components=Components())
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
    """The solution's tables, columns, lookups, keys and choices."""
    found = plan(TABLES, situation.definitions)
    yield from _conflicts(found.conflicts)
    if found.steps:
        yield _lacking(found.steps)
    elif not found.conflicts:
        yield ok("All tables, columns and choices are there")


def components(situation: Situation) -> Iterator[Finding]:
    """What Dynamics shows and does with the tables: views, forms, commands, roles, the pane, environment variables."""
    of_tables, found = plan(TABLES, situation.definitions), plan(TEXTVERSE, situation.definitions)
    conflicts = [one for one in found.conflicts if one not in of_tables.conflicts]
    known = {step.what for step in of_tables.steps}
    steps = tuple(step for step in found.steps if step.what not in known)
    yield from _conflicts(conflicts)
    if steps:
        yield _lacking(steps)
    elif not conflicts:
        yield ok("All views, forms, commands, roles and environment variables are there")


def _conflicts(conflicts: Iterable[str]) -> Iterator[Finding]:
    for conflict in conflicts:
        yield problem(conflict, f"Change or remove what is in the way, then: {PROVISION}")


def _lacking(steps: Sequence[Step]) -> Finding:
    named = ", ".join(step.what for step in steps[:_NAMED])
    more = f" and {len(steps) - _NAMED} more ({PROVISION} --plan)" if len(steps) > _NAMED else ""
    return problem(f"Missing, or not as it should be: {named}{more}", PROVISION)


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
