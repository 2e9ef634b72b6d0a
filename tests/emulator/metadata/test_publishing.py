"""What is customized shows when it is published."""

from __future__ import annotations

import base64

import pytest

APP = "appmodules"
UNPUBLISHED = "Microsoft.Dynamics.CRM.RetrieveUnpublished()"
UNPUBLISHED_MULTIPLE = "Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def publish(web, kind, name, group=None):
    group = group or f"{kind}s"
    return web.post(
        "PublishXml", {"ParameterXml": f"<importexportxml><{group}><{kind}>{name}</{kind}></{group}></importexportxml>"}
    )


@pytest.fixture
def script(fresh):
    return fresh.create("webresourceset", {"name": "new_/pane.js", "webresourcetype": 3, "content": encoded("one")})


@pytest.fixture
def app(fresh):
    icon = "953b9fac-1e5e-e611-80d6-00155ded156f"
    return fresh.create(APP, {"name": "Texts", "uniquename": "Texts", "clienttype": 4, "webresourceid": icon})


def test_content_shows_when_it_is_published(fresh, script):
    path = f"webresourceset({script})"
    assert fresh.row(path)["content"] == encoded("one")
    assert fresh.patch(path, {"content": encoded("two"), "description": "Second"}).status_code == 204
    assert fresh.row(path)["content"] == encoded("one")
    latest = fresh.row(f"{path}/{UNPUBLISHED}?$select=content,name")
    assert (latest["content"], latest["name"]) == (encoded("two"), "new_/pane.js")
    [listed] = fresh.row(f"webresourceset/{UNPUBLISHED_MULTIPLE}?$select=description")["value"]
    assert listed["description"] == "Second"
    assert publish(fresh, "webresource", "{" + script + "}").status_code == 204
    assert fresh.row(path)["content"] == encoded("two")
    assert fresh.row(path)["description"] == "Second"


def test_a_table_is_published_with_its_views_and_forms(fresh):
    view = fresh.create("savedqueries", {"name": "All", "returnedtypecode": "contact", "querytype": 0})
    form = fresh.create("systemforms", {"name": "Main", "objecttypecode": "contact", "type": 2})
    fresh.patch(f"savedqueries({view})", {"name": "Everybody"})
    fresh.patch(f"systemforms({form})", {"formxml": "<form/>"})
    assert fresh.row(f"savedqueries({view})")["name"] == "All"
    publish(fresh, "entity", "account", "entities")
    assert fresh.row(f"systemforms({form})")["formxml"] is None
    publish(fresh, "entity", "contact", "entities")
    assert fresh.row(f"savedqueries({view})")["name"] == "Everybody"
    assert fresh.row(f"systemforms({form})")["formxml"] == "<form/>"


def test_everything_at_once_except_apps(fresh, script, app):
    fresh.patch(f"webresourceset({script})", {"content": encoded("two")})
    assert fresh.post("PublishAllXml", {}).status_code == 204
    assert fresh.row(f"webresourceset({script})")["content"] == encoded("two")
    assert fresh.get(f"{APP}({app})").status_code == 404


def test_an_app_shows_when_it_is_published(fresh, app):
    assert fresh.row(APP)["value"] == []
    assert fresh.get(f"{APP}({app})").status_code == 404
    [listed] = fresh.row(f"{APP}/{UNPUBLISHED_MULTIPLE}?$select=name,uniquename")["value"]
    assert (listed["name"], listed["uniquename"]) == ("Texts", "new_Texts")
    assert fresh.patch(f"{APP}({app})", {"description": "SMS"}, If_Match="*").status_code == 204
    assert publish(fresh, "appmodule", app).status_code == 204
    shown = fresh.row(f"{APP}({app})")
    assert (shown["description"], shown["componentstate"]) == ("SMS", 0)
    assert shown["publishedon"]


def test_a_published_app_keeps_its_face_until_the_next_time(fresh, app):
    publish(fresh, "appmodule", app)
    fresh.patch(f"{APP}({app})", {"name": "Messages"})
    assert fresh.row(f"{APP}({app})")["name"] == "Texts"
    publish(fresh, "appmodule", app)
    assert fresh.row(f"{APP}({app})")["name"] == "Messages"


@pytest.mark.parametrize(
    "xml",
    [
        "<importexportxml>",
        "",
        "entity",
        "<entities/>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><importexportxml>&a;</importexportxml>",
    ],
)
def test_xml_that_cannot_be_read(web, say, xml):
    answer = web.post("PublishXml", {"ParameterXml": xml})
    assert (answer.status_code, say.code(answer)) == (400, "0x80040201")


@pytest.mark.parametrize(
    ("kind", "name", "status"),
    [
        ("entity", "new_nothing", 400),
        ("optionset", "new_nothing", 400),
        ("webresource", "{0b000000-0000-4000-8000-0000000000ff}", 404),
        ("appmodule", "Texts", 404),
    ],
)
def test_what_is_not_there_is_not_published(web, kind, name, status):
    assert publish(web, kind, name).status_code == status


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pane.js", "0x8004f118"),
        ("zzz_pane.js", "0x8004f118"),
        ("new_a//b.js", "0x8004f117"),
        ("new_ä.js", "0x8004f117"),
    ],
)
def test_names_of_web_resources(web, say, name, code):
    answer = web.post("webresourceset", {"name": name, "webresourcetype": 3})
    assert (answer.status_code, say.code(answer)) == (400, code)


def test_content_is_base64(web, fresh, script):
    body = {"name": "new_broken.js", "webresourcetype": 3, "content": "alert(1)"}
    assert web.post("webresourceset", body).status_code == 400
    assert fresh.patch(f"webresourceset({script})", {"content": "alert(1)"}).status_code == 400
    assert web.post("webresourceset", {**body, "webresourcetype": 99, "content": None}).status_code == 400


def test_what_is_held_back_survives_a_restart_of_the_transaction(fresh, script):
    _, parts = fresh.batch([
        ("PATCH", f"webresourceset({script})", {"content": encoded("two")}),
        ("PATCH", f"webresourceset({script})", {"name": None}),
    ])  # fmt: skip
    assert parts[-1][0] == 400
    assert fresh.row(f"webresourceset({script})/{UNPUBLISHED}")["content"] == encoded("one")


def view_of(fresh, table):
    return fresh.create("savedqueries", {"name": "V", "returnedtypecode": table, "querytype": 0})


def test_an_app_needs_a_site_map_and_had_better_name_its_views(fresh, app):
    def issues():
        found = fresh.row(f"ValidateApp(AppModuleId={app})")["AppValidationResponse"]
        return found["ValidationSuccess"], [each["ErrorType"] for each in found["ValidationIssueList"]]

    def add(**component):
        return fresh.post("AddAppComponents", {"AppId": app, "Components": [component]})

    assert issues() == (False, ["Error"])
    xml = '<SiteMap><Area Id="a"><Group Id="g"><SubArea Id="s" Entity="contact"/></Group></Area></SiteMap>'
    site_map = fresh.create("sitemaps", {"sitemapname": "Texts", "sitemapxml": xml})
    assert add(sitemapid=site_map, **{"@odata.type": "Microsoft.Dynamics.CRM.sitemap"}).status_code == 204
    assert issues() == (True, ["Warning"])
    view = {"savedqueryid": view_of(fresh, "contact"), "@odata.type": "Microsoft.Dynamics.CRM.savedquery"}
    assert add(**view).status_code == 204
    assert add(**view).status_code == 204
    assert issues() == (True, [])
    found = fresh.row(f"RetrieveAppComponents(AppModuleId={app})")["AppComponents"]
    assert sorted(each["componenttype"] for each in found) == [26, 62]
    removed = fresh.post("RemoveAppComponents", {"AppId": app, "Components": [view]})
    assert (removed.status_code, issues()) == (204, (True, ["Warning"]))


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ({"savedqueryid": "0b000000-0000-4000-8000-0000000000ff", "@odata.type": "#Microsoft.Dynamics.CRM.savedquery"},
         "0x80050113"),
        ({"contactid": "0b000000-0000-4000-8000-0000000000ff", "@odata.type": "Microsoft.Dynamics.CRM.contact"},
         "0x80050112"),
    ],
)  # fmt: skip
def test_components_that_an_app_cannot_have(fresh, say, app, component, code):
    answer = fresh.post("AddAppComponents", {"AppId": app, "Components": [component]})
    assert (answer.status_code, say.code(answer)) == (400, code)
    other = {"AppId": "0b000000-0000-4000-8000-0000000000ff", "Components": [component]}
    assert say.code(fresh.post("AddAppComponents", other)) == "0x80050116"


def test_an_app_is_given_to_roles(fresh, say, app):
    link = {"@odata.id": f"{fresh.root}roles({say.salesperson})"}
    assert fresh.post(f"{APP}({app})/appmoduleroles_association/$ref", link).status_code == 204
    publish(fresh, "appmodule", app)
    shown = fresh.row(f"{APP}({app})?$select=name&$expand=appmoduleroles_association($select=name)")
    assert [role["name"] for role in shown["appmoduleroles_association"]] == ["Salesperson"]


def test_a_setting_of_an_app_comes_into_force_with_the_app(fresh, app):
    setting = {"SettingName": "AllowNotificationsEarlyAccess", "AppUniqueName": "new_Texts"}
    path = "RetrieveSetting(SettingName='AllowNotificationsEarlyAccess',AppUniqueName='new_Texts')"

    def value():
        return fresh.row(path)["SettingDetail"]["Value"]

    assert value() == "false"
    assert fresh.post("SaveSettingValue", {**setting, "Value": "true"}).status_code == 204
    assert value() == "false"
    publish(fresh, "appmodule", app)
    assert value() == "true"
    fresh.post("SaveSettingValue", {**setting, "Value": "false"})
    assert value() == "true"
    publish(fresh, "appmodule", app)
    assert value() == "false"
    [row] = fresh.row("appsettings?$select=value&$expand=settingdefinitionid($select=uniquename)")["value"]
    assert row["settingdefinitionid"]["uniquename"] == "AllowNotificationsEarlyAccess"


def test_a_setting_of_the_environment_is_in_force_at_once(fresh):
    setting = {"SettingName": "AllowNotificationsEarlyAccess"}
    for value in ("true", "false"):
        assert fresh.post("SaveSettingValue", {**setting, "Value": value}).status_code == 204
        detail = fresh.row("RetrieveSetting(SettingName='AllowNotificationsEarlyAccess')")["SettingDetail"]
        assert detail == {"Name": "AllowNotificationsEarlyAccess", "Value": value, "DataType": 2}
    assert len(fresh.row("organizationsettings")["value"]) == 1
    assert fresh.post("SaveSettingValue", {"SettingName": "Nothing", "Value": "x"}).status_code == 404
    assert fresh.post("SaveSettingValue", setting).status_code == 400


def test_components_go_into_a_solution_and_out_of_it(fresh, say, script):
    link = {"publisherid@odata.bind": "/publishers(0a000000-0000-4000-8000-0000000000b1)"}
    fresh.create("solutions", {"uniquename": "Demo", "friendlyname": "Demo", "version": "1.0", **link})
    contact = fresh.row("EntityDefinitions(LogicalName='contact')")["MetadataId"]
    for kind, identity in ((61, script), (1, contact), (1, contact)):
        body = {"ComponentId": identity, "ComponentType": kind, "SolutionUniqueName": "Demo"}
        answer = fresh.post("AddSolutionComponent", {**body, "AddRequiredComponents": False})
        assert answer.status_code == 200
    rows = fresh.row("solutioncomponents?$select=componenttype,objectid")["value"]
    assert {(row["componenttype"], row["objectid"]) for row in rows} == {(61, script), (1, contact)}
    missing = {"ComponentId": contact, "ComponentType": 61, "SolutionUniqueName": "Demo"}
    assert fresh.post("AddSolutionComponent", missing).status_code == 404
    assert fresh.post("AddSolutionComponent", {**missing, "SolutionUniqueName": "Nowhere"}).status_code == 404
    named = {"SolutionComponent": {"solutioncomponentid": script}, "ComponentType": 61, "SolutionUniqueName": "Demo"}
    assert fresh.post("RemoveSolutionComponent", named).status_code == 200
    assert fresh.post("RemoveSolutionComponent", named).status_code == 404
    assert len(fresh.row("solutioncomponents")["value"]) == 1


def test_a_command_refers_to_its_script_its_table_and_its_app(fresh, app, script):
    contact = fresh.row("EntityDefinitions(LogicalName='contact')")["MetadataId"]
    body = {
        "name": "new_text", "uniquename": "new_text", "context": 1, "contextvalue": "contact", "location": 0, "type": 0,
        "buttonlabeltext": "Text", "onclickeventtype": 2, "onclickeventjavascriptfunctionname": "Texts.open",
        "OnClickEventJavaScriptWebResourceId@odata.bind": f"/webresourceset({script})",
        "AppModuleId@odata.bind": f"/appmodules({app})", "ContextEntity@odata.bind": f"/entities({contact})",
    }  # fmt: skip
    row = fresh.row(f"appactions({fresh.create('appactions', body)})")
    assert (row["_onclickeventjavascriptwebresourceid_value"], row["_appmoduleid_value"]) == (script, app)
    assert row["_contextentity_value"] == contact
    assert fresh.delete(f"webresourceset({script})").status_code == 400


@pytest.mark.parametrize("name", ["text", "new!text", "zzz_text", "new_"])
def test_unique_names_of_commands_have_a_prefix(fresh, say, name):
    answer = fresh.post("appactions", {"name": name, "uniquename": name, "context": 1, "location": 0})
    assert (answer.status_code, say.code(answer)) == (400, "0x800608ad")


def test_a_command_belongs_to_the_solution_that_it_is_made_in(fresh):
    link = {"publisherid@odata.bind": "/publishers(0a000000-0000-4000-8000-0000000000b1)"}
    fresh.create("solutions", {"uniquename": "Demo", "friendlyname": "Demo", "version": "1.0", **link})
    body = {"name": "new_text", "uniquename": "new_text", "context": 1, "location": 0}
    assert fresh("POST", "appactions", body, **{"MSCRM.SolutionUniqueName": "Demo"}).status_code == 204
    [command] = fresh.row("appactions?$select=name")["value"]
    [component] = fresh.row("solutioncomponents?$select=objectid")["value"]
    assert component["objectid"] == command["appactionid"]


def test_the_components_of_an_app_point_to_its_unique_id(fresh, app):
    view = {"savedqueryid": view_of(fresh, "contact"), "@odata.type": "Microsoft.Dynamics.CRM.savedquery"}
    fresh.post("AddAppComponents", {"AppId": app, "Components": [view]})
    [row] = fresh.row(f"{APP}/{UNPUBLISHED_MULTIPLE}?$select=appmoduleidunique")["value"]
    path = f"appmodulecomponents?$filter=_appmoduleidunique_value eq {row['appmoduleidunique']}"
    [component] = fresh.row(path)["value"]
    assert component["objectid"] == view["savedqueryid"]


@pytest.mark.parametrize(
    ("action", "body"), [("PublishAllXml", {}), ("PublishXml", {"ParameterXml": "<importexportxml/>"})]
)
def test_sellers_do_not_publish(web, say, action, body):
    assert web.post(action, body).status_code == 204
    seller = web.as_user(web.user("Kim", role=say.salesperson))
    assert seller.post(action, body).status_code == 403
