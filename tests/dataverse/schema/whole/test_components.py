"""What an environment has of views, forms, commands, roles and all the rest is what is declared."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from dataverse.schema.components import App, Command, EventStep, Form, Role, Variable, View, WebResource
from dataverse.schema.desired import Installation, textverse

Land = Any  # of conftest.py

ROOT = Path(__file__).parents[4]
WHOLE = textverse(
    Installation(public_base_url="https://textverse.example.com", events_secret="s3cret-Gans", app="txv_textverse")
)
PARTS = WHOLE.components
TABLES = {table.name: table for table in WHOLE.tables}
[WEBHOOK] = PARTS.webhooks

# Of Microsoft's published solutions: which control shows which type of column.
CLASSES = {
    "String": "4273EDBD-AC1D-40D3-9FB2-095C621B552D",
    "Memo": "E0DECE4B-6FC8-4A8F-A065-082708572369",
    "Integer": "C6D124CA-7EDA-4A60-AEA9-7FB8D318B68F",
    "DateTime": "5B773807-9FB2-42DB-97C3-7A91EFF8ADFF",
    "Boolean": "67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED",
    "Picklist": "3EF39988-22BB-4F0B-BBBE-64B5A3748AEE",
    "State": "3EF39988-22BB-4F0B-BBBE-64B5A3748AEE",
    "Status": "5D68B988-0661-4DB2-BC3E-17598AD3BE6C",
    "Lookup": "270BD3DB-D9AF-4782-9025-509E298DEC0A",
    "Owner": "270BD3DB-D9AF-4782-9025-509E298DEC0A",
}
WEB_PAGE, GRID = "9FDF5F91-88B1-47F4-AD53-C11EFC01A01D", "E7A81278-8635-4D9E-8D4D-59480B391C5B"


def by(attribute: str) -> Any:
    return lambda each: getattr(each, attribute)


def columns_of(land: Land, table: str) -> dict[str, str]:
    path = f"EntityDefinitions(LogicalName='{table}')/Attributes?$select=LogicalName,AttributeType"
    return {each["LogicalName"]: each["AttributeType"] for each in land.rows(path)}


@pytest.mark.parametrize("view", PARTS.views, ids=by("name"))
def test_a_view(land: Land, view: View) -> None:
    row = land(f"savedqueries({view.id})")
    assert (row["name"], row["returnedtypecode"], row["querytype"]) == (view.name, view.table, 0)
    assert row["fetchxml"] == view.fetch
    grid = fromstring(row["layoutxml"])
    definition = land(f"EntityDefinitions(LogicalName='{view.table}')")
    assert int(grid.get("object", "")) == definition["ObjectTypeCode"] >= 10_000
    assert grid.get("jump") == definition["PrimaryNameAttribute"]
    assert [result.get("id") for result in grid.iter("row")] == [definition["PrimaryIdAttribute"]]
    assert [(cell.get("name"), cell.get("width")) for cell in grid.iter("cell")] == [
        (column.name, str(column.width)) for column in view.columns
    ]
    assert land.rows(f"{TABLES[view.table].set_name}?savedQuery={view.id}") == []


@pytest.mark.parametrize("form", PARTS.forms, ids=by("name"))
def test_a_form(land: Land, form: Form) -> None:
    row = land(f"systemforms({form.id})")
    assert (row["name"], row["objecttypecode"], row["type"]) == (form.name, form.table, 2)
    xml = fromstring(row["formxml"])
    ids = [element.get("id") for tag in ("tab", "section", "cell", "control") for element in xml.iter(tag)]
    assert len(set(ids)) == len(ids)
    for control in xml.iter("control"):
        check_control(land, form, control)
    declared = [cell for tab in form.tabs for section in tab.sections for cell in section.cells]
    assert len(list(xml.iter("control"))) == len(declared)


def check_control(land: Land, form: Form, control: Element) -> None:
    """Shows a column of the table as its type asks for, or a page or a grid that there is."""
    sort = control.get("classid", "").strip("{}")
    given = {each.tag: str(each.text) for each in control.iterfind("parameters/*")}
    if sort == WEB_PAGE:
        page = land(f"webresourceset({given['WebResourceId'].strip('{}')})")
        assert (page["name"], page["webresourcetype"], given["PassParameters"]) == (given["Url"], 1, "true")
    elif sort == GRID:
        view = land(f"savedqueries({given['ViewId'].strip('{}')})")
        link = land(f"RelationshipDefinitions(SchemaName='{given['RelationshipName']}')")
        assert view["returnedtypecode"] == link["ReferencingEntity"] == given["TargetEntityType"]
        assert link["ReferencedEntity"] == form.table
    else:
        assert sort == CLASSES[columns_of(land, form.table)[control.get("datafieldname", "")]]


@pytest.mark.parametrize("resource", PARTS.web_resources, ids=by("name"))
def test_a_web_resource(land: Land, resource: WebResource) -> None:
    row = land(f"webresourceset({resource.id})")
    assert (row["name"], row["displayname"]) == (resource.name, resource.display)
    assert base64.b64decode(row["content"]) == (ROOT / "pane" / resource.file).read_bytes()
    kinds = {".html": 1, ".css": 2, ".js": 3, ".svg": 11}
    assert row["webresourcetype"] == kinds[Path(resource.file).suffix]


def test_every_file_of_the_pane_that_is_for_browsers_is_a_web_resource() -> None:
    shipped = {each.file for each in PARTS.web_resources}
    files = {each.name for each in (ROOT / "pane").iterdir() if each.suffix in {".html", ".css", ".js", ".svg"}}
    assert shipped == files


@pytest.mark.parametrize("variable", PARTS.variables, ids=by("name"))
def test_a_variable(land: Land, variable: Variable) -> None:
    row = land(f"environmentvariabledefinitions({variable.id})")
    assert (row["schemaname"], row["displayname"]) == (variable.name, variable.display)
    assert (row["type"], row["defaultvalue"] or "") == (variable.type, variable.default)
    assert row["description"] == variable.description


@pytest.mark.parametrize("command", PARTS.commands, ids=by("name"))
def test_a_command(land: Land, command: Command) -> None:
    row = land(f"appactions({command.id})")
    assert (row["uniquename"], row["buttonlabeltext"]) == (command.name, command.label)
    assert (row["context"], row["contextvalue"], row["location"]) == (1, command.table, command.location)
    assert row["_contextentity_value"] == land(f"EntityDefinitions(LogicalName='{command.table}')")["MetadataId"]
    assert (row["onclickeventtype"], row["onclickeventjavascriptfunctionname"]) == (2, command.function)
    assert row["onclickeventjavascriptparameters"] == command.parameters
    library = land(f"webresourceset({row['_onclickeventjavascriptwebresourceid_value']})")
    assert (library["name"], library["webresourcetype"]) == (command.library.name, 3)


@pytest.mark.parametrize("role", PARTS.roles, ids=by("name"))
def test_a_role(land: Land, role: Role) -> None:
    row = land(f"roles({role.id})?$expand=businessunitid($select=_parentbusinessunitid_value)")
    assert (row["name"], row["isinherited"]) == (role.name, 1)
    assert row["businessunitid"]["_parentbusinessunitid_value"] is None
    held = land(f"RetrieveRolePrivilegesRole(RoleId={role.id})")["RolePrivileges"]
    assert {each["PrivilegeName"].lower(): each["Depth"] for each in held} == {
        each.name.lower(): each.depth for each in role.privileges
    }


def test_the_webhook(land: Land) -> None:
    row = land(f"serviceendpoints({WEBHOOK.id})")
    assert (row["name"], row["url"]) == ("Textverse", "https://textverse.example.com/api/dataverse/events")
    assert (row["contract"], row["authtype"], row["messageformat"], row["isauthvalueset"]) == (8, 5, 2, True)
    assert "authvalue" not in row


@pytest.mark.parametrize("step", WEBHOOK.steps, ids=by("name"))
def test_a_step(land: Land, step: EventStep) -> None:
    message = "sdkmessageid($select=name),sdkmessagefilterid($select=primaryobjecttypecode)"
    row = land(f"sdkmessageprocessingsteps({step.id})?$expand={message}")
    assert (row["mode"], row["stage"], row["statecode"]) == (1, 40, 0)
    assert row["sdkmessageid"]["name"] == step.message
    assert row["sdkmessagefilterid"]["primaryobjecttypecode"] == step.table
    assert set(filter(None, (row["filteringattributes"] or "").split(","))) == set(step.columns)
    assert row["_eventhandler_value"] == WEBHOOK.id
    images = land.rows(f"sdkmessageprocessingstepimages?$filter=_sdkmessageprocessingstepid_value eq {step.id}")
    assert {each["entityalias"]: (each["imagetype"], set(each["attributes"].split(","))) for each in images} == {
        image.alias: (0 if image.before else 1, set(image.columns)) for image in step.images
    }


@pytest.mark.parametrize("app", PARTS.apps, ids=by("name"))
def test_an_app(land: Land, app: App) -> None:
    row = land(f"appmodules({app.id})?$expand=appmoduleroles_association($select=name)")
    assert (row["uniquename"], row["name"], row["clienttype"]) == (app.unique_name, app.name, 4)
    assert {role["name"] for role in row["appmoduleroles_association"]} == {role.name for role in app.roles}
    found = land(f"RetrieveAppComponents(AppModuleId={app.id})")["AppComponents"]
    shown = {view.id for view in PARTS.views if view.table in app.tables}
    shown |= {form.id for form in PARTS.forms if form.table in app.tables}
    assert shown < {each["objectid"] for each in found}
    [site_map] = land.rows(f"sitemaps?$filter=sitemapnameunique eq '{app.unique_name}'")
    xml = fromstring(site_map["sitemapxml"])
    assert [each.get("Entity") for each in xml.iter("SubArea")] == list(app.tables)
    assert land(f"ValidateApp(AppModuleId={app.id})")["AppValidationResponse"] == {
        "ValidationSuccess": True,
        "ValidationIssueList": [],
    }


def test_notifications_are_on_in_the_app_of_the_installation(land: Land) -> None:
    path = "RetrieveSetting(SettingName='AllowNotificationsEarlyAccess',AppUniqueName='txv_textverse')"
    assert land(path)["SettingDetail"]["Value"] == "true"


def test_the_solution_holds_everything(land: Land) -> None:
    [solution] = land.rows("solutions?$filter=uniquename eq 'Textverse'&$expand=publisherid($select=uniquename)")
    assert (solution["version"], solution["ismanaged"]) == (WHOLE.solution.version, False)
    assert solution["publisherid"]["uniquename"] == "textverse"
    found = land.rows(f"solutioncomponents?$filter=_solutionid_value eq {solution['solutionid']}")
    ids = {each["objectid"] for each in found}
    definitions = [f"EntityDefinitions(LogicalName='{name}')" for name in TABLES]
    definitions += [f"GlobalOptionSetDefinitions(Name='{choice.name}')" for choice in WHOLE.choices]
    wanted = {land(path)["MetadataId"] for path in definitions}
    rows: tuple[Any, ...] = (
        *PARTS.variables, *PARTS.web_resources, *PARTS.views, *PARTS.forms, *PARTS.commands, *PARTS.roles,
        *PARTS.webhooks, *WEBHOOK.steps, *PARTS.apps,
    )  # fmt: skip
    wanted |= {each.id for each in rows}
    wanted |= {each["sitemapid"] for each in land.rows("sitemaps")}
    assert wanted <= ids
    below = {each["objectid"] for each in found if each["componenttype"] in (2, 10, 14)}
    assert ids - below == wanted
