"""What is mended in an environment that has the components already, what is used as it is, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dataverse.schema.apply import apply
from dataverse.schema.components import Depth, Privilege
from dataverse.schema.model import Schema
from dataverse.webapi import errors
from dataverse.webapi.client import Client
from messaging.errors import ConfigurationError

Environment = Any  # of conftest.py
Planned = Callable[..., Any]
Changed = Callable[..., Schema]

WEB_RESOURCE = "webresourceset({})/Microsoft.Dynamics.CRM.RetrieveUnpublished()"
ANOTHER = "0b000000-0000-4000-8000-0000000000aa"


def steps(plan: Any) -> list[str]:
    return [str(step) for step in plan.steps]


def test_nothing_is_to_be_done_twice(complete: Environment, planned: Planned) -> None:
    assert planned().steps == ()
    assert planned().same[4:] == (
        "1 environment variable",
        "2 web resources",
        "1 view",
        "1 form",
        "1 command",
        "1 site map",
        "1 app",
        "1 role",
        "1 webhook",
        "1 event step",
        "1 image",
        "privileges of role Parcel clerk (2)",
        "contents of app Parcels",
        "setting AllowNotificationsEarlyAccess of app txv_parcels",
    )


def test_what_an_administrator_words_or_lays_out_otherwise_stays(
    complete: Environment, sample: Schema, planned: Planned
) -> None:
    parts = sample.components
    description = complete("GET", f"systemforms({parts.forms[0].id})")["description"]
    for path, body in (
        (f"environmentvariabledefinitions({parts.variables[0].id})", {"displayname": "Farbe", "description": "-"}),
        (f"savedqueries({parts.views[0].id})", {"name": "Pakete", "layoutxml": "<grid/>"}),
        (f"systemforms({parts.forms[0].id})", {"name": "Paket", "formxml": "<form/>"}),
        (f"appactions({parts.commands[0].id})", {"buttonlabeltext": "Senden", "sequence": 7, "hidden": True}),
        (f"roles({parts.roles[0].id})", {"name": "Packer", "description": "Sieht Pakete."}),
        (f"appmodules({parts.apps[0].id})", {"name": "Pakete", "description": "-"}),
    ):
        complete("PATCH", path, body, **{"If-Match": "*"})
    complete("PATCH", f"systemforms({parts.forms[0].id})", {"description": f"Anders {description}"})
    complete("POST", "PublishAllXml", {})
    assert steps(planned()) == []


def test_the_value_of_a_variable_is_the_administrators(
    complete: Environment, client: Client, sample: Schema, changed: Changed
) -> None:
    [variable] = sample.components.variables
    value = {
        "value": "red",
        "schemaname": variable.name,
        "EnvironmentVariableDefinitionId@odata.bind": f"/environmentvariabledefinitions({variable.id})",
    }
    complete("POST", "environmentvariablevalues", value)
    later = changed(variables=(replace(variable, default="blue"),))
    assert [str(step) for step in apply(client, later, sleep=complete.pass_by)] == [
        "~ environment variable txv_parcelcolor"
    ]
    path = f"environmentvariabledefinitions({variable.id})?$select=defaultvalue"
    row = complete("GET", f"{path}&$expand=environmentvariabledefinition_environmentvariablevalue($select=value)")
    [given] = row["environmentvariabledefinition_environmentvariablevalue"]
    assert (row["defaultvalue"], given["value"]) == ("blue", "red")


def test_another_layout_of_ours_is_shipped(
    complete: Environment, client: Client, sample: Schema, changed: Changed
) -> None:
    view, form = sample.components.views[0], sample.components.forms[0]
    [tab] = form.tabs
    later = changed(
        views=(replace(view, columns=()),), forms=(replace(form, tabs=(replace(tab, label="All about it"),)),)
    )
    done = apply(client, later, sleep=complete.pass_by)
    assert [str(step) for step in done] == ["~ view Parcels of txv_parcel", "~ form Parcel of txv_parcel"]
    assert "All about it" in complete("GET", f"systemforms({form.id})")["formxml"]
    assert "cell" not in complete("GET", f"savedqueries({view.id})")["layoutxml"]


def test_content_that_was_changed_is_ours_again(
    complete: Environment, client: Client, sample: Schema, planned: Planned
) -> None:
    [icon, _] = sample.components.web_resources
    before = complete("GET", f"webresourceset({icon.id})")["content"]
    complete("PATCH", f"webresourceset({icon.id})", {"content": "bW9vbg=="})
    assert steps(planned()) == ["~ web resource txv_/text.svg"]
    apply(client, sample, sleep=complete.pass_by)
    assert complete("GET", f"webresourceset({icon.id})")["content"] == before


def test_a_step_is_switched_on_again_and_hears_what_it_has_to(
    complete: Environment, client: Client, sample: Schema, planned: Planned
) -> None:
    [step] = sample.components.webhooks[0].steps
    path = f"sdkmessageprocessingsteps({step.id})"
    complete("PATCH", path, {"statecode": 1, "statuscode": 2})
    assert steps(planned()) == ["~ event step Update of contact"]
    complete("PATCH", path, {"statecode": 0, "statuscode": 1, "filteringattributes": "telephone1, mobilephone"})
    assert steps(planned()) == []
    complete("PATCH", path, {"filteringattributes": "mobilephone"})
    apply(client, sample, sleep=complete.pass_by)
    assert complete("GET", path)["filteringattributes"] == "mobilephone,telephone1"


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another-Gans"},
        {"header": "X-Other"},
        {"url": "https://elsewhere.example.com/events"},
    ],
)
def test_another_secret_is_registered_and_never_shown(
    complete: Environment, client: Client, sample: Schema, changed: Changed, change: dict[str, str]
) -> None:
    [webhook] = sample.components.webhooks
    later = changed(webhooks=(replace(webhook, **change),))
    assert [str(step) for step in apply(client, later, sleep=complete.pass_by)] == ["~ webhook Parcels"]
    row = complete("GET", f"serviceendpoints({webhook.id})")
    assert row["url"] == change.get("url", webhook.url)
    assert row["isauthvalueset"] is True
    assert "Gans" not in str(row)
    with complete.server.service.store.reading() as db:
        [[value]] = db.execute("SELECT authvalue FROM serviceendpoint").fetchall()
    assert value == (
        f'<settings><setting name="{change.get("header", "X-Secret")}" '
        f'value="{change.get("secret", "s3cret-Gans")}" /></settings>'
    )


def test_a_secret_that_was_taken_away_is_set_again(complete: Environment, sample: Schema, planned: Planned) -> None:
    complete("PATCH", f"serviceendpoints({sample.components.webhooks[0].id})", {"authvalue": None})
    assert steps(planned()) == ["~ webhook Parcels"]


def test_no_step_shows_the_secret(environment: Environment, planned: Planned) -> None:
    assert "Gans" not in repr(planned())


def test_rows_that_were_made_by_somebody_else_are_used(
    environment: Environment, client: Client, sample: Schema, planned: Planned
) -> None:
    parts = sample.components
    unit = environment("GET", "businessunits")["value"][0]["businessunitid"]
    publisher = {"uniquename": "textverse", "customizationprefix": "txv", "customizationoptionvalueprefix": 47110}
    made = str(environment("POST", "publishers", {"friendlyname": "-", **publisher})).rpartition("(")[2].rstrip(")")
    other = {"uniquename": "Other", "version": "1.0", "publisherid@odata.bind": f"/publishers({made})"}
    environment("POST", "solutions", {"friendlyname": "-", **other})
    for path, body in (
        ("webresourceset", {"name": parts.web_resources[0].name, "webresourcetype": 11, "content": "bW9vbg=="}),
        ("environmentvariabledefinitions", {"schemaname": parts.variables[0].name, "displayname": "-"}),
        ("roles", {"name": parts.roles[0].name, "businessunitid@odata.bind": f"/businessunits({unit})"}),
        ("serviceendpoints", {"name": "Parcels", "contract": 8, "url": "https://old.example.com", "authtype": 5}),
        ("appmodules", {"name": "Parcels", "uniquename": "txv_parcels"}),
    ):
        environment("POST", path, body, **{"MSCRM.SolutionUniqueName": "Other"})
    assert [str(step) for step in planned().steps if "into solution" in step.what] == [
        "~ environment variable txv_parcelcolor: into solution Textverse",
        "~ web resource txv_/text.svg: into solution Textverse",
        "~ app Parcels: into solution Textverse",
        "~ role Parcel clerk: into solution Textverse",
        "~ webhook Parcels: into solution Textverse",
    ]
    apply(client, sample, sleep=environment.pass_by)
    [resource] = environment("GET", f"webresourceset?$filter=name eq '{parts.web_resources[0].name}'")["value"]
    form = environment("GET", f"systemforms({parts.forms[0].id})")["formxml"]
    assert resource["webresourceid"] != parts.web_resources[0].id
    assert f"{{{resource['webresourceid']}}}" in form
    step = environment("GET", f"sdkmessageprocessingsteps({parts.webhooks[0].steps[0].id})")
    [endpoint] = environment("GET", "serviceendpoints")["value"]
    assert step["_eventhandler_value"] == endpoint["serviceendpointid"]
    [app] = environment("GET", "appmodules?$expand=appmoduleroles_association($select=name)")["value"]
    assert [role["name"] for role in app["appmoduleroles_association"]] == [parts.roles[0].name]


def test_a_role_of_another_unit_is_another_role(environment: Environment, planned: Planned, sample: Schema) -> None:
    unit = environment("GET", "businessunits")["value"][0]["businessunitid"]
    above = {"parentbusinessunitid@odata.bind": f"/businessunits({unit})"}
    below = str(environment("POST", "businessunits", {"name": "North", **above})).rpartition("(")[2].rstrip(")")
    bound = {"businessunitid@odata.bind": f"/businessunits({below})"}
    environment("POST", "roles", {"name": sample.components.roles[0].name, **bound})
    assert "+ role Parcel clerk" in steps(planned())


def test_what_left_the_solution_comes_back(
    complete: Environment, planned: Planned, client: Client, sample: Schema
) -> None:
    definition = complete("GET", "EntityDefinitions(LogicalName='txv_parcel')")["MetadataId"]
    choice = complete("GET", "GlobalOptionSetDefinitions(Name='txv_size')")["MetadataId"]
    for kind, identity in ((1, definition), (9, choice), (26, sample.components.views[0].id)):
        named = {"SolutionComponent": {"solutioncomponentid": identity}, "ComponentType": kind}
        complete("POST", "RemoveSolutionComponent", {**named, "SolutionUniqueName": "Textverse"})
    assert steps(planned()) == [
        "~ choice txv_size: into solution Textverse",
        "~ table txv_parcel: into solution Textverse",
        "~ view Parcels of txv_parcel: into solution Textverse",
    ]
    apply(client, sample, sleep=complete.pass_by)
    assert steps(planned()) == []


def test_no_privilege_is_taken_away_or_narrowed(
    complete: Environment, client: Client, sample: Schema, planned: Planned, changed: Changed
) -> None:
    [role] = sample.components.roles
    path = f"roles({role.id})/Microsoft.Dynamics.CRM"
    ids = {each["name"]: each["privilegeid"] for each in complete("GET", "privileges?$select=name")["value"]}
    wider = [
        {"PrivilegeId": ids["prvReadContact"], "Depth": "Global"},
        {"PrivilegeId": ids["prvReadAccount"], "Depth": "Basic"},
    ]
    complete("POST", f"{path}.AddPrivilegesRole", {"Privileges": wider})
    assert steps(planned()) == []
    narrower = [{"PrivilegeId": ids["prvReadtxv_parcel"], "Depth": "Basic"}]
    complete("POST", f"{path}.AddPrivilegesRole", {"Privileges": narrower})
    more = Privilege(name="prvWritetxv_parcel", depth=Depth.USER, why="to mend them")
    later = changed(roles=(replace(role, privileges=(*role.privileges, more)),))
    done = apply(client, later, sleep=complete.pass_by)
    assert [str(step) for step in done] == ["~ privileges of role Parcel clerk (2 of 3)"]
    found = complete("GET", f"RetrieveRolePrivilegesRole(RoleId={role.id})")["RolePrivileges"]
    assert {each["PrivilegeName"]: each["Depth"] for each in found} == {
        "prvReadContact": "Global",
        "prvReadAccount": "Basic",
        "prvReadtxv_parcel": "Local",
        "prvWritetxv_parcel": "Basic",
    }


def test_what_others_put_into_our_app_stays_and_what_they_took_out_comes_back(
    complete: Environment, client: Client, sample: Schema, planned: Planned
) -> None:
    [app], [view] = sample.components.apps, sample.components.views
    other = {"name": "Old parcels", "returnedtypecode": "txv_parcel", "querytype": 0}
    made = str(complete("POST", "savedqueries", other)).rpartition("(")[2].rstrip(")")
    typed = {"@odata.type": "Microsoft.Dynamics.CRM.savedquery"}
    complete("POST", "AddAppComponents", {"AppId": app.id, "Components": [{"savedqueryid": made, **typed}]})
    complete("POST", "RemoveAppComponents", {"AppId": app.id, "Components": [{"savedqueryid": view.id, **typed}]})
    role = f"roles({sample.components.roles[0].id})"
    complete(
        "DELETE", f"appmodules({app.id})/appmoduleroles_association/$ref?$id={complete.server.url}/api/data/v9.2/{role}"
    )
    assert steps(planned()) == ["~ contents of app Parcels (1 of 3)", "~ app Parcels for role Parcel clerk"]
    apply(client, sample, sleep=complete.pass_by)
    found = complete("GET", f"RetrieveAppComponents(AppModuleId={app.id})")["AppComponents"]
    assert {made, view.id} < {each["objectid"] for each in found}


def test_a_setting_is_set_again(complete: Environment, client: Client, sample: Schema, planned: Planned) -> None:
    named = {"AppUniqueName": "txv_parcels", "SettingName": "AllowNotificationsEarlyAccess"}
    complete("POST", "SaveSettingValue", {**named, "Value": "false"})
    assert steps(planned()) == ["~ setting AllowNotificationsEarlyAccess of app txv_parcels: true"]
    apply(client, sample, sleep=complete.pass_by)
    path = "RetrieveSetting(SettingName='AllowNotificationsEarlyAccess',AppUniqueName='txv_parcels')"
    assert complete("GET", path)["SettingDetail"]["Value"] == "true"


def test_names_that_are_taken_by_something_else_are_conflicts(
    environment: Environment, client: Client, sample: Schema, changed: Changed, planned: Planned
) -> None:
    parts = sample.components
    publisher = {"uniquename": "textverse", "customizationprefix": "txv", "customizationoptionvalueprefix": 47110}
    environment("POST", "publishers", {"friendlyname": "-", **publisher})
    environment("POST", "webresourceset", {"name": parts.web_resources[0].name, "webresourcetype": 1})
    variable = {"schemaname": parts.variables[0].name, "displayname": "-", "type": 100000002}
    environment("POST", "environmentvariabledefinitions", variable)
    expected = (
        "The environment variable txv_parcelcolor has the type 100000002 instead of 100000000.",
        "The web resource txv_/text.svg has the webresourcetype 1 instead of 11.",
    )
    assert planned().conflicts == expected
    environment.forget()
    with pytest.raises(ConfigurationError, match="webresourcetype 1 instead of 11"):
        apply(client, sample, sleep=environment.pass_by)
    assert environment.changes() == []


def test_an_app_that_there_is_not_is_a_conflict_that_names_those_there_are(
    environment: Environment, sample: Schema, planned: Planned
) -> None:
    [setting] = sample.components.app_settings
    elsewhere = (replace(setting, app="msdynce_saleshub"),)
    assert planned(app_settings=elsewhere).conflicts == (
        "There is no app msdynce_saleshub. The apps of this environment are: none.",
    )
    for name in ("new_field", "new_desk"):
        environment("POST", "appmodules", {"name": name, "uniquename": name})
    assert planned(app_settings=elsewhere).conflicts == (
        "There is no app msdynce_saleshub. The apps of this environment are: new_desk, new_field.",
    )


def test_the_setting_of_an_app_of_others_is_published_with_that_app(
    complete: Environment, client: Client, sample: Schema, changed: Changed
) -> None:
    app = str(complete("POST", "appmodules", {"name": "Desk", "uniquename": "new_desk"})).rpartition("(")[2].rstrip(")")
    xml = f"<importexportxml><appmodules><appmodule>{app}</appmodule></appmodules></importexportxml>"
    complete("POST", "PublishXml", {"ParameterXml": xml})
    [setting] = sample.components.app_settings
    done = apply(client, changed(app_settings=(replace(setting, app="new_desk"),)), sleep=complete.pass_by)
    assert [str(step) for step in done] == ["+ setting AllowNotificationsEarlyAccess of app new_desk: true"]
    path = "RetrieveSetting(SettingName='AllowNotificationsEarlyAccess',AppUniqueName='new_desk')"
    assert complete("GET", path)["SettingDetail"]["Value"] == "true"


def test_a_privilege_that_there_is_not_is_named_and_a_second_run_finishes(
    environment: Environment, client: Client, sample: Schema, changed: Changed, planned: Planned
) -> None:
    [role] = sample.components.roles
    unknown = Privilege(name="prvReadMoon", depth=Depth.USER, why="to see it")
    with pytest.raises(ConfigurationError, match="There is no privilege prvreadmoon in this environment"):
        apply(client, changed(roles=(replace(role, privileges=(unknown,)),)), sleep=environment.pass_by)
    assert apply(client, sample, sleep=environment.pass_by) != ()
    assert steps(planned()) == []


def test_who_may_not_do_a_part_is_told_so_and_somebody_who_may_finishes_it(
    environment: Environment, client_of: Callable[..., Client], client: Client, sample: Schema, planned: Planned,
    maker_without: Callable[[Environment, str], str],
) -> None:  # fmt: skip
    maker = client_of(environment, f"user:{maker_without(environment, 'prvCreateWebResource')}")
    with pytest.raises(errors.PrivilegeMissing, match=r"^POST webresourceset: 403 0x80040220"):
        apply(maker, sample, sleep=environment.pass_by)
    apply(client, sample, sleep=environment.pass_by)
    assert steps(planned()) == []
