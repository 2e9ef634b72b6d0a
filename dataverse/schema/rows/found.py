"""What an environment has of the components: read in the same two calls as the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dataverse.schema.asking import Reading, list_of, rows_of
from dataverse.schema.asking import Row as Read
from dataverse.schema.components import App, Role
from dataverse.schema.model import Schema
from dataverse.schema.rows.desired import rows
from dataverse.schema.rows.kinds import APP, ROLE
from dataverse.schema.rows.references import Sort, placeholder, questions, read_answers
from dataverse.schema.rows.row import Kind, Row
from dataverse.webapi.literals import in_list, quote_literal

_UNPUBLISHED = "/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is.

    `rows` are by the id of their component, with the columns that were read, and `ids` are their ids; `members` are the
    ids of what is in our solution. `privileges` are the depths of those that a role has, by the id of the component and
    their names; `parts` the ids of the views, forms, site maps and roles that an app has. `settings` are the values of
    settings by app and name, and `apps` the ids of all apps by their unique names.
    """

    rows: Mapping[str, Read] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    privileges: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    settings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    apps: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    def id_of(self, component: str) -> str:
        """The id of the row of a component: as it is, or as it will be."""
        return self.ids.get(component, component)


def read_components(schema: Schema) -> Reading[Found]:
    """Read them."""
    wanted = _by_kind(rows(schema, {}))
    names = {placeholder(Sort.PRIVILEGE, each.name) for role in schema.components.roles for each in role.privileges}
    asked = list(questions({placeholder(Sort.ROOT_UNIT), *names}))
    paths = [(kind, path) for kind, sought in wanted.items() for path in _paths(kind, sought)]
    fixed = [_members_path(schema), *_settings_paths(schema)]
    answers = yield [*(path for _, path in paths), *(path for _, path in asked), *fixed]

    known = read_answers((sort for sort, _ in asked), answers[len(paths) : len(paths) + len(asked)])
    members, *settings = answers[len(paths) + len(asked) :]
    read = _merged(zip((kind for kind, _ in paths), answers[: len(paths)], strict=True))
    there = dict(_matched(wanted, read, root_unit=known.get(placeholder(Sort.ROOT_UNIT), "")))
    roles = [role for role in schema.components.roles if role.id in there]
    apps = [app for app in schema.components.apps if app.id in there]

    details = iter((yield [*(_role_path(there[role.id]) for role in roles), *_app_paths(apps, there)]))
    unique_names = {identity: str(row["uniquename"]) for identity, row in read[APP].items()}
    return Found(
        rows=there,
        members=frozenset(str(row["objectid"]).lower() for row in rows_of(members)),
        privileges={role.id: _depths(role, next(details), known) for role in roles},
        parts={app.id: _parts(next(details), next(details)) for app in apps},
        settings=dict(_settings(settings, unique_names)),
        apps={name: identity for identity, name in unique_names.items()},
        ids={component: str(row[kind.key]) for kind, sought in wanted.items() for component, row in _of(sought, there)},
    )


def _by_kind(desired: Iterable[Row]) -> dict[Kind, list[Row]]:
    wanted: dict[Kind, list[Row]] = {APP: []}
    for row in desired:
        wanted.setdefault(row.kind, []).append(row)
    return wanted


def _paths(kind: Kind, sought: list[Row]) -> Iterator[str]:
    """The queries for rows of a kind: published, and where that is not all, with what was written since. Of apps all
    are wanted, to name them where one is not found."""
    columns = ",".join(filter(None, (kind.key, kind.name, *kind.columns)))
    conditions = [in_list(kind.key, [row.id for row in sought])] if sought else []
    if kind.name and sought:
        conditions.append(in_list(kind.name, [row.name for row in sought]))
    where = f"&$filter={'%20or%20'.join(conditions)}" if kind is not APP else ""
    for layer in ("", _UNPUBLISHED) if kind.layered else ("",):
        yield f"{kind.set_name}{layer}?$select={columns}{where}"


def _merged(pages: Iterable[tuple[Kind, Read]]) -> dict[Kind, dict[str, Read]]:
    """The rows of each kind by their ids; what was read later is newer. Of an app both layers' own ids are kept."""
    read: dict[Kind, dict[str, Read]] = {}
    for kind, page in pages:
        of_kind = read.setdefault(kind, {})
        for row in rows_of(page):
            before = of_kind.get(str(row[kind.key]), {})
            of_kind[str(row[kind.key])] = {**row, "published": before.get("appmoduleidunique")}
    return read


def _matched(
    wanted: Mapping[Kind, list[Row]], read: Mapping[Kind, Mapping[str, Read]], *, root_unit: str
) -> Iterator[tuple[str, Read]]:
    """The component and the row that is there for it: by its id, else by its name."""
    for kind, sought in wanted.items():
        of_kind = read.get(kind, {})
        named = {
            str(row[kind.name]).lower(): row
            for row in of_kind.values()
            if kind.name and (kind is not ROLE or row["_businessunitid_value"] == root_unit)
        }
        for row in sought:
            found = of_kind.get(row.id) or (named.get(row.name.lower()) if kind.name else None)
            if found is not None:
                yield row.id, found


def _of(sought: Iterable[Row], there: Mapping[str, Read]) -> Iterator[tuple[str, Read]]:
    return ((row.id, there[row.id]) for row in sought if row.id in there)


def _members_path(schema: Schema) -> str:
    name = quote_literal(schema.solution.name)
    return f"solutioncomponents?$select=objectid&$filter=solutionid/uniquename%20eq%20{name}"


def _settings_paths(schema: Schema) -> Iterator[str]:
    names = sorted({setting.name for setting in schema.components.app_settings})
    for name in names:
        for layer in ("", _UNPUBLISHED):
            where = f"settingdefinitionid/uniquename%20eq%20{quote_literal(name)}"
            columns = "$select=value,_parentappmoduleid_value&$expand=settingdefinitionid($select=uniquename)"
            yield f"appsettings{layer}?{columns}&$filter={where}"


def _settings(pages: Iterable[Read], unique_names: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    for page in pages:
        for row in rows_of(page):
            setting = row["settingdefinitionid"]
            name = str(setting["uniquename"]) if isinstance(setting, Mapping) else ""
            yield (unique_names.get(str(row["_parentappmoduleid_value"]), ""), name), str(row["value"])


def _role_path(row: Read) -> str:
    return f"RetrieveRolePrivilegesRole(RoleId={row[ROLE.key]})"


def _depths(role: Role, answer: Read, known: Mapping[str, str]) -> dict[str, str]:
    held = {
        str(each["PrivilegeId"]): str(each["Depth"])
        for each in list_of(answer.get("RolePrivileges"))
        if isinstance(each, Mapping)
    }
    ids = {each.name: known.get(placeholder(Sort.PRIVILEGE, each.name), "") for each in role.privileges}
    return {name: held[identity] for name, identity in ids.items() if identity in held}


def _app_paths(apps: Iterable[App], there: Mapping[str, Read]) -> Iterator[str]:
    for app in apps:
        row = there[app.id]
        layers = filter(None, (row["appmoduleidunique"], row["published"]))
        owners = "%20or%20".join(f"_appmoduleidunique_value%20eq%20{each}" for each in layers)
        yield f"appmodulecomponents?$select=objectid&$filter={owners}"
        yield f"appmodulerolescollection?$select=roleid&$filter=appmoduleid%20eq%20{row[APP.key]}"


def _parts(components: Read, roles: Read) -> frozenset[str]:
    shown = {str(row["objectid"]) for row in rows_of(components)}
    return frozenset(shown | {str(row["roleid"]) for row in rows_of(roles)})
