"""Model-driven apps: what they are made of, and whether that is enough.

Source: Learn, "Create, manage, and publish model-driven apps using code". Tables come into an app through its site map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import uuid4

from emulator.components.layers import unpublished
from emulator.components.markup import read_markup
from emulator.errors import DataverseError
from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Table
from emulator.operations import NAMESPACE, Json, Target, action, function
from emulator.paths import parse_guid
from emulator.records.rows import exists, insert
from emulator.seams import Work

ENTITY, SITE_MAP = 1, 62
COMPONENTS = {"savedquery": 26, "systemform": 60, "sitemap": SITE_MAP}
_NOTHING = "00000000-0000-0000-0000-000000000000"


@action("AddAppComponents")
def add_app_components(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Views, forms, site maps and tables become part of an app; those that are already stay."""
    app, db = _app(work, arguments.get("AppId"), "Write"), work.context.db
    for kind, identity in _components(work, arguments):
        where = "appmoduleidunique = ? AND componenttype = ? AND objectid = ?"
        if db.execute(f"SELECT 1 FROM appmodulecomponent WHERE {where}", (app, kind, identity)).fetchone() is None:
            row = {"appmodulecomponentid": str(uuid4()), "appmoduleidunique": app, "componenttype": kind}
            insert(db, work.context.schema.tables["appmodulecomponent"], {**row, "objectid": identity})
    return None


@action("RemoveAppComponents")
def remove_app_components(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """The opposite of `AddAppComponents`."""
    app = _app(work, arguments.get("AppId"), "Write")
    where = "appmoduleidunique = ? AND componenttype = ? AND objectid = ?"
    for kind, identity in _components(work, arguments):
        work.context.db.execute(f"DELETE FROM appmodulecomponent WHERE {where}", (app, kind, identity))
    return None


@function("RetrieveAppComponents")
def retrieve_app_components(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """What an app is made of."""
    app = _app(work, arguments.get("AppModuleId"), "Read")
    statement = (
        "SELECT appmodulecomponentid, componenttype, objectid FROM appmodulecomponent WHERE appmoduleidunique = ?"
    )
    rows = work.context.db.execute(statement, (app,)).fetchall()
    names = ("appmodulecomponentid", "componenttype", "objectid")
    return {"AppComponents": [dict(zip(names, row, strict=True)) for row in rows]}


@function("ValidateApp")
def validate_app(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """An app needs a site map; of its tables, forms or views had better be named."""
    app = _app(work, arguments.get("AppModuleId"), "Read")
    maps = _objects(work, app, SITE_MAP)
    issues = [] if maps else [_issue("Error", "App does not contain Site Map", -2147155684)]
    shown = _tables_shown(work, app)
    for name in sorted({name for each in maps for name in _tables_of(work, each)}):
        table = work.context.schema.tables.get(name)
        if table is None:
            issues.append(_issue("Error", f"The site map refers to {name}, which is no table.", -2147155693))
        elif name not in shown:
            text = f"{table.display_name} doesn’t reference a form or view. App users will see all forms and views."
            issues.append(_issue("Warning", text, -2147155691))
    passed = not any(issue["ErrorType"] == "Error" for issue in issues)
    return {"AppValidationResponse": {"ValidationSuccess": passed, "ValidationIssueList": issues}}


def _app(work: Work, given: object, right: str) -> str:
    """The id of an app; raises 400 for one that is not there, 403 without the right on it."""
    row_id, table = parse_guid(str(given)), work.context.schema.tables["appmodule"]
    if row_id is None or not exists(work.context.db, table, row_id):
        raise DataverseError(400, "0x80050116", "The app ID is invalid or you don’t have access to the app.")
    work.parts.security.check(work.context, table, row_id, right)
    return row_id


def _components(work: Work, arguments: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Component type and id of what the parameter `Components` lists; raises 400 for what is not there."""
    given = arguments.get("Components")
    if not isinstance(given, list) or not given:
        raise DataverseError(400, "0x8005011b", "No component is referenced")
    for each in given:
        name = str(each.get("@odata.type", "")).lstrip("#").removeprefix(NAMESPACE) if isinstance(each, dict) else ""
        if name == "entity":
            yield ENTITY, _known(name, str(each.get("entityid")), _table_ids(work))
        elif name in COMPONENTS:
            table = work.context.schema.tables[name]
            yield COMPONENTS[name], _existing(work, table, str(each.get(table.primary_id)))
        else:
            raise DataverseError(400, "0x80050112", f"An app can’t reference the component type “{name}”.")


def _table_ids(work: Work) -> set[str]:
    return {metadata_id("entity", name) for name in work.context.schema.tables}


def _known(kind: str, identity: str, known: set[str]) -> str:
    if identity.lower() not in known:
        message = f"The ID {identity} doesn’t exist or isn’t valid for the component type “{kind}”."
        raise DataverseError(400, "0x80050113", message)
    return identity.lower()


def _existing(work: Work, table: Table, given: str) -> str:
    row_id = parse_guid(given) or given
    there = {row_id} if exists(work.context.db, table, row_id) else set()
    return _known(table.logical_name, row_id, there)


def _objects(work: Work, app: str, kind: int) -> list[str]:
    statement = "SELECT objectid FROM appmodulecomponent WHERE appmoduleidunique = ? AND componenttype = ?"
    return [found for (found,) in work.context.db.execute(statement, (app, kind))]


def _tables_of(work: Work, site_map: str) -> Iterator[str]:
    """The tables that the areas of a site map lead to, in its latest version."""
    table = work.context.schema.tables["sitemap"]
    latest = unpublished(work.context.db, table, site_map)
    statement = "SELECT sitemapxml FROM sitemap WHERE sitemapid = ?"
    row = work.context.db.execute(statement, (site_map,)).fetchone()
    xml = latest.get("sitemapxml", row[0] if row else None)
    try:
        root = read_markup(str(xml or "<SiteMap/>"))
    except ValueError as error:
        raise DataverseError(400, "0x80050109", "The App Module SiteMap is invalid.") from error
    for area in root.iter("SubArea"):
        if area.get("Entity"):
            yield str(area.get("Entity"))


def _tables_shown(work: Work, app: str) -> set[str]:
    """The tables of which the app names a view or a form."""
    views = "SELECT returnedtypecode FROM savedquery WHERE savedqueryid IN (SELECT objectid FROM appmodulecomponent"
    forms = "SELECT objecttypecode FROM systemform WHERE formid IN (SELECT objectid FROM appmodulecomponent"
    where = " WHERE appmoduleidunique = ?)"
    return {name for start in (views, forms) for (name,) in work.context.db.execute(start + where, (app,))}


def _issue(kind: str, message: str, code: int) -> Json:
    return {
        "ErrorType": kind,
        "Message": message,
        "DisplayName": None,
        "ComponentId": _NOTHING,
        "ComponentType": 0,
        "ComponentSubType": 0,
        "ParentEntityId": _NOTHING,
        "ParentEntityName": None,
        "CRMErrorCode": code,
        "RequiredComponents": [],
    }
