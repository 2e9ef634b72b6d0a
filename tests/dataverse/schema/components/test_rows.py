"""Components as rows: what stands in them, and how a plan names them before anything is there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from dataverse.schema.actual import Actual
from dataverse.schema.components import Field, Section, SubGrid, Tab, View, WebResource
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Schema
from dataverse.schema.plan import plan
from dataverse.schema.rows.apps import site_map_xml
from dataverse.schema.rows.form_xml import form_xml
from dataverse.schema.rows.found import Found
from dataverse.schema.rows.references import filled, placeholders
from dataverse.schema.rows.row import described, differing, digest
from dataverse.schema.rows.views import layout_xml
from dataverse.schema.rows.web_resources import web_resource_row
from dataverse.schema.rows.webhooks import webhook_rows
from messaging.errors import ConfigurationError

GUID = r"\{[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\}"


def steps(schema: Schema) -> dict[str, Any]:
    nothing = Actual(others=frozenset(schema.others()))
    return {str(step): step for step in plan(schema, nothing).steps}


def test_an_empty_environment_is_told_everything_in_order(sample: Schema) -> None:
    assert list(steps(sample)) == [
        "+ publisher textverse",
        "+ solution Textverse",
        "+ choice txv_size",
        "+ table txv_parcel",
        "+ column txv_parcel.txv_code",
        "+ lookup txv_parcel.txv_contactid",
        "+ key txv_parcel_code",
        "+ environment variable txv_parcelcolor",
        "+ web resource txv_/text.svg",
        "+ web resource txv_/parameters.js",
        "+ view Parcels of txv_parcel",
        "+ form Parcel of txv_parcel",
        "+ command Send parcel of contact (form)",
        "+ site map of app Parcels",
        "+ app Parcels",
        "+ role Parcel clerk",
        "+ privileges of role Parcel clerk (2 of 2)",
        "+ webhook Parcels",
        "+ event step Update of contact",
        "+ image before of Update of contact",
        "+ contents of app Parcels (3 of 3)",
        "+ app Parcels for role Parcel clerk",
        "+ setting AllowNotificationsEarlyAccess of app txv_parcels: true",
    ]


def test_no_two_steps_are_called_the_same() -> None:
    everything = plan(TEXTVERSE, Actual(others=frozenset(TEXTVERSE.others()))).steps
    assert len({step.what for step in everything}) == len(everything)


def test_every_row_has_its_own_id_and_goes_into_the_solution(sample: Schema) -> None:
    requests = [step.request for step in steps(sample).values()]
    assert all(request.repeatable for request in requests)
    made = [request for request in requests[2:] if re.fullmatch(r"[a-z]+", request.path)]
    assert {request.headers["MSCRM.SolutionUniqueName"] for request in made} == {"Textverse"}
    ids = [next(iter((request.body or {}).values())) for request in made]
    assert len(set(ids)) == len(made) == 12


def test_what_only_the_environment_knows_is_named(sample: Schema) -> None:
    wanted = {what: sorted(placeholders(step.request)) for what, step in steps(sample).items()}
    assert {what: names for what, names in wanted.items() if names} == {
        "+ view Parcels of txv_parcel": ["«type code:txv_parcel»"],
        "+ command Send parcel of contact (form)": ["«table:contact»"],
        "+ role Parcel clerk": ["«business unit:root»"],
        "+ privileges of role Parcel clerk (2 of 2)": [
            "«business unit:root»",
            "«privilege:prvreadcontact»",
            "«privilege:prvreadtxv_parcel»",
        ],
        "+ event step Update of contact": ["«message filter:Update of contact»", "«message:Update»"],
        "+ app Parcels for role Parcel clerk": ["«service:address»"],
    }


def test_a_request_is_filled_with_what_became_known(sample: Schema) -> None:
    request = steps(sample)["+ view Parcels of txv_parcel"].request
    body = filled(request, {"«type code:txv_parcel»": "10042"}).body
    assert body is not None
    assert fromstring(str(body["layoutxml"])).get("object") == "10042"
    with pytest.raises(KeyError):
        filled(request, {})


def test_no_secret_is_in_what_is_shown_of_a_webhook(sample: Schema) -> None:
    step = steps(sample)["+ webhook Parcels"]
    body = dict(step.request.body)
    assert "Gans" not in repr(step)
    assert "Gans" not in repr(list(webhook_rows(sample.components.webhooks[0], {})))
    assert "s3cret-Gans" in body.pop("authvalue")
    assert "Gans" not in json.dumps(body)
    assert re.fullmatch(r"Posts changes of rows to Textverse\. \[[0-9a-f]{12}\]", body["description"])


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        ({"url": "a"}, {"url": "a"}, True),
        ({"url": "a"}, {"url": "A"}, False),
        ({"filteringattributes": "a,b"}, {"filteringattributes": " b, a"}, True),
        ({"filteringattributes": None}, {"filteringattributes": ""}, True),
        ({"filteringattributes": "a"}, {"filteringattributes": None}, False),
        ({"mode": 1}, {"mode": 0}, False),
        ({"sequence": 10}, {"sequence": 10.0}, True),
        ({"_eventhandler_value": "ab"}, {"_eventhandler_value": "AB"}, True),
        ({"description": "Ours [0123456789ab]"}, {"description": "Theirs [0123456789ab] "}, True),
        ({"description": "Ours [0123456789ab]"}, {"description": "Ours [0123456789ac]"}, False),
        ({"description": "Ours [0123456789ab]"}, {"description": None}, False),
        ({"sitemapxml": '<Area Id="a_0123456789ab"/>'}, {"sitemapxml": '<A><B Id="a_0123456789ab"></B></A>'}, True),
        ({"sitemapxml": '<Area Id="a_0123456789ab"/>'}, {"sitemapxml": "<SiteMap/>"}, False),
    ],
)
def test_what_counts_as_other(expected: dict[str, object], found: dict[str, object], same: bool) -> None:
    assert (differing(expected, found) == []) is same


def test_a_digest_tells_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert re.fullmatch("[0-9a-f]{12}", digest("s3cret"))
    assert described("What it is.", digest("x")).startswith("What it is. [")


def test_a_layout(sample: Schema) -> None:
    [view], [table] = sample.components.views, sample.tables
    assert layout_xml(view, table) == (
        '<grid name="resultset" object="«type code:txv_parcel»" jump="txv_name" select="1" icon="1" preview="1">'
        '<row name="result" id="txv_parcelid"><cell name="txv_name" width="200" /></row></grid>'
    )


def test_the_row_of_an_activity_is_found_by_its_own_id(sample: Schema) -> None:
    [view], [table] = sample.components.views, sample.tables
    assert 'id="activityid"' in layout_xml(view, replace(table, is_activity=True))


def test_a_form(sample: Schema) -> None:
    [form], [table] = sample.components.forms, sample.tables
    found = re.sub(GUID, "{id}", form_xml(form, table, {}))
    assert found == (
        '<form><tabs><tab name="tab_1" id="{id}" IsUserDefined="0" showlabel="true" expanded="true">'
        '<labels><label description="Parcel" languagecode="1033" /></labels>'
        '<columns><column width="100%"><sections>'
        '<section name="section_1_1" id="{id}" IsUserDefined="0" showlabel="true" showbar="false" columns="1" '
        'labelwidth="115" celllabelposition="Left"><labels><label description="What" languagecode="1033" /></labels>'
        '<rows><row><cell id="{id}" showlabel="true"><labels><label description="Name" languagecode="1033" /></labels>'
        '<control id="txv_name" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="txv_name" '
        'disabled="false" /></cell></row>'
        '<row><cell id="{id}" showlabel="true"><labels><label description="Owner" languagecode="1033" /></labels>'
        '<control id="ownerid" classid="{270BD3DB-D9AF-4782-9025-509E298DEC0A}" datafieldname="ownerid" '
        'disabled="true" /></cell></row></rows></section>'
        '<section name="section_1_2" id="{id}" IsUserDefined="0" showlabel="true" showbar="false" columns="1" '
        'labelwidth="115" celllabelposition="Left">'
        '<labels><label description="How it looks" languagecode="1033" /></labels>'
        '<rows><row><cell id="{id}" showlabel="false" rowspan="3" colspan="1" auto="false">'
        '<labels><label description="Icon" languagecode="1033" /></labels>'
        '<control id="WebResource_icon" classid="{9FDF5F91-88B1-47F4-AD53-C11EFC01A01D}"><parameters>'
        "<Url>txv_/text.svg</Url><PassParameters>true</PassParameters><Security>false</Security>"
        "<Scrolling>no</Scrolling><Border>false</Border><ShowOnMobileClient>true</ShowOnMobileClient>"
        "<WebResourceId>{id}</WebResourceId></parameters></control></cell></row><row /><row /></rows></section>"
        "</sections></column></columns></tab></tabs></form>"
    )


def test_the_rows_of_a_relationship_on_a_form(sample: Schema) -> None:
    [form], [table], [view] = sample.components.forms, sample.tables, sample.components.views
    grid = SubGrid(name="parcels", label="Parcels", table="txv_parcel", relationship="txv_x", view=view, rows=2)
    xml = fromstring(form_xml(replace(form, tabs=(Tab("A", (Section("B", (grid,)),)),)), table, {}))
    [control] = xml.iter("control")
    assert dict(control.attrib) == {
        "id": "parcels",
        "classid": "{E7A81278-8635-4D9E-8D4D-59480B391C5B}",
        "indicationOfSubgrid": "true",
    }
    [parameters] = control.iter("parameters")
    assert {each.tag: each.text for each in parameters} == {
        "ViewId": f"{{{view.id}}}",
        "IsUserView": "false",
        "RelationshipName": "txv_x",
        "TargetEntityType": "txv_parcel",
        "AutoExpand": "Fixed",
        "RecordsPerPage": "2",
        "EnableQuickFind": "false",
        "EnableViewPicker": "false",
        "ChartGridMode": "Grid",
    }
    assert len(list(xml.iter("row"))) == 2


def test_a_column_that_the_table_has_not_is_no_field(sample: Schema) -> None:
    [form], [table] = sample.components.forms, sample.tables
    with pytest.raises(KeyError, match="txv_nothing"):
        form_xml(replace(form, tabs=(Tab("A", (Section("B", (Field("txv_nothing"),)),)),)), table, {})


def test_a_site_map(sample: Schema) -> None:
    [app] = sample.components.apps
    found = re.sub("_[0-9a-f]{12}", "_digest", site_map_xml(app, sample.tables))
    assert found == (
        '<SiteMap><Area Id="txv_parcels_digest" ShowGroups="true">'
        '<Titles><Title LCID="1033" Title="Parcels" /></Titles>'
        '<Group Id="txv_parcels_group"><Titles><Title LCID="1033" Title="Parcels" /></Titles>'
        '<SubArea Id="txv_parcels_txv_parcel" Entity="txv_parcel">'
        '<Titles><Title LCID="1033" Title="Parcels" /></Titles></SubArea></Group></Area></SiteMap>'
    )


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(ConfigurationError, match="The file pane/nothing.js is missing"):
        web_resource_row(WebResource(name="txv_/nothing.js", display="Nothing", file="nothing.js"))


def test_tables_that_only_commands_and_events_name_are_needed_too(sample: Schema) -> None:
    [table] = sample.tables
    view: View = sample.components.views[0]
    assert view.table == table.name
    [webhook], [command] = sample.components.webhooks, sample.components.commands
    parts = replace(
        sample.components,
        commands=(replace(command, table="opportunity"),),
        webhooks=(replace(webhook, steps=(replace(webhook.steps[0], table="lead"),)),),
    )
    assert replace(sample, components=parts).others() == ("contact", "lead", "opportunity")


def test_a_privilege_that_is_given_in_a_way_of_its_own_is_left_alone(sample: Schema) -> None:
    [role] = sample.components.roles
    held = {"prvReadtxv_parcel": "RecordFilter", "prvReadContact": "Basic"}
    found = Found(rows={role.id: {"roleid": role.id}}, ids={role.id: role.id}, privileges={role.id: held})
    told = [str(step) for step in plan(sample, Actual(components=found)).steps]
    assert [what for what in told if "privileges" in what] == []
