"""The steps for components: rows made, mended and put into the solution; what roles and apps are given; settings.

Nothing is taken away: a privilege that a role has further than we ask for stays, and so does what others put into our
app.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dataverse.schema.components import App, AppSetting, Depth, Role
from dataverse.schema.model import Schema
from dataverse.schema.rows.apps import site_map_id
from dataverse.schema.rows.found import Found
from dataverse.schema.rows.kinds import APP, FORM, ROLE, SITE_MAP, VIEW
from dataverse.schema.rows.references import SERVICE, Sort, placeholder
from dataverse.schema.rows.roles import ROOT_UNIT
from dataverse.schema.rows.row import Kind, Row, differing
from dataverse.schema.steps import Mark, Step, add_to_solution, change, create, post
from dataverse.webapi.request import Json

_REACH = {str(depth): reach for reach, depth in enumerate(Depth)}
_OF_ANOTHER_SORT = len(_REACH)  # such as what a filter lets through: whoever gave it meant it


def component_steps(schema: Schema, rows: Sequence[Row], found: Found) -> Iterator[Step]:
    """The steps for all components, in an order in which each has what it refers to; `rows` are theirs."""
    solution, components = schema.solution.name, schema.components
    roles = {role.id: role for role in components.roles}
    for row in rows:
        yield from _row(row, found, solution)
        if row.id in roles:
            yield from _privileges(roles[row.id], found)
    for app in components.apps:
        yield from _app(app, schema, found)
    for setting in components.app_settings:
        yield from _setting(setting, found)


def same_components(schema: Schema, rows: Sequence[Row], found: Found) -> Iterator[str]:
    """What of them is there as it should be, in words: one line for each sort."""
    kinds = Counter(row.kind for row in rows)
    fine = Counter(row.kind for row in rows if not any(_row(row, found, schema.solution.name)))
    for kind, number in kinds.items():
        if fine[kind]:
            yield _number(fine[kind], number, kind)
    for role in schema.components.roles:
        if role.id in found.rows and not any(_privileges(role, found)):
            yield f"privileges of role {role.name} ({len(role.privileges)})"
    for app in schema.components.apps:
        if app.id in found.rows and not any(_app(app, schema, found)):
            yield f"contents of app {app.name}"
    for setting in schema.components.app_settings:
        if not any(_setting(setting, found)):
            yield f"setting {setting.name} of app {setting.app}"


def component_conflicts(schema: Schema, rows: Sequence[Row], found: Found) -> Iterator[str]:
    """One sentence for each row that cannot become ours, and for each app that there is not."""
    for row in rows:
        there = found.rows.get(row.id, {})
        for column in differing(row.fixed, there) if there else ():
            yield f"The {row.what} has the {column} {there.get(column)} instead of {row.fixed[column]}."
    ours = {app.unique_name for app in schema.components.apps}
    for name in sorted({setting.app for setting in schema.components.app_settings} - ours - found.apps.keys()):
        yield f"There is no app {name}. The apps of this environment are: {', '.join(sorted(found.apps)) or 'none'}."


def _row(row: Row, found: Found, solution: str) -> Iterator[Step]:
    kind, there = row.kind, found.rows.get(row.id)
    if there is None:
        yield create(row.what, kind.set_name, {kind.key: row.id, **row.values}, solution)
        return
    identity = found.ids[row.id]
    if differing(row.kept, there):
        yield change(row.what, f"{kind.set_name}({identity})", row.mend, solution)
    if kind.component is not None and identity not in found.members:
        yield add_to_solution(row.what, kind.component, identity, solution)


def _privileges(role: Role, found: Found) -> Iterator[Step]:
    held = {name: _REACH.get(depth, _OF_ANOTHER_SORT) for name, depth in found.privileges.get(role.id, {}).items()}
    lacking = [each for each in role.privileges if held.get(each.name, -1) < _REACH[each.depth]]
    if not lacking:
        return
    given: list[Json] = [
        {
            "PrivilegeId": placeholder(Sort.PRIVILEGE, each.name),
            "Depth": each.depth,
            "BusinessUnitId": ROOT_UNIT,
        }
        for each in lacking
    ]
    path = f"{ROLE.set_name}({found.id_of(role.id)})/Microsoft.Dynamics.CRM.AddPrivilegesRole"
    mark = Mark.CHANGE if role.id in found.rows else Mark.CREATE
    what = f"privileges of role {role.name} ({len(lacking)} of {len(role.privileges)})"
    yield Step(mark=mark, what=what, request=post(path, {"Privileges": given}))


def _app(app: App, schema: Schema, found: Found) -> Iterator[Step]:
    """An app shows, of its tables, our views and forms."""
    parts, identity = found.parts.get(app.id, frozenset()), found.id_of(app.id)
    shown: list[tuple[Kind, str]] = [
        (SITE_MAP, site_map_id(app)),
        *((VIEW, view.id) for view in schema.components.views if view.table in app.tables),
        *((FORM, form.id) for form in schema.components.forms if form.table in app.tables),
    ]
    lacking: list[Json] = [
        {kind.key: found.id_of(each), "@odata.type": f"Microsoft.Dynamics.CRM.{kind.table}"}
        for kind, each in shown
        if found.id_of(each) not in parts
    ]
    mark = Mark.CHANGE if app.id in found.rows else Mark.CREATE
    if lacking:
        body = {"AppId": identity, "Components": lacking}
        what = f"contents of app {app.name} ({len(lacking)} of {len(shown)})"
        yield Step(mark=mark, what=what, request=post("AddAppComponents", body))
    for role in app.roles:
        if found.id_of(role.id) not in parts:
            path = f"{APP.set_name}({identity})/appmoduleroles_association/$ref"
            body = {"@odata.id": f"{SERVICE}{ROLE.set_name}({found.id_of(role.id)})"}
            yield Step(mark=mark, what=f"app {app.name} for role {role.name}", request=post(path, body))


def _setting(setting: AppSetting, found: Found) -> Iterator[Step]:
    value = found.settings.get((setting.app, setting.name))
    if value == setting.value:
        return
    body = {"AppUniqueName": setting.app, "SettingName": setting.name, "Value": setting.value}
    mark = Mark.CREATE if value is None else Mark.CHANGE
    what = f"setting {setting.name} of app {setting.app}: {setting.value}"
    yield Step(mark=mark, what=what, request=post("SaveSettingValue", body))


def _number(there: int, declared: int, kind: Kind) -> str:
    number = str(declared) if there == declared else f"{there} of {declared}"
    return f"{number} {kind.one if declared == 1 else kind.many}"
