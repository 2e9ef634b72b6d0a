"""Webhooks are registered with rows: an endpoint, a step on a message of a table, an image of the row."""

from __future__ import annotations

import pytest


@pytest.fixture
def web(fresh):
    """A server of its own: a step that is registered hears of the changes of other tests too."""
    return fresh


@pytest.fixture
def endpoint(web):
    body = {
        "name": "texts",
        "url": "https://example.com/events",
        "contract": 8,
        "connectionmode": 1,
        "messageformat": 2,
        "authtype": 5,
        "authvalue": '<settings><setting name="x-key" value="s3cret"/></settings>',
    }
    endpoint = web.create("serviceendpoints", body)
    yield endpoint
    web.delete(f"serviceendpoints({endpoint})")  # others use this server, and nobody is to hear of it


def message(web, name, table):
    query = f"sdkmessagefilters?$filter=primaryobjecttypecode eq '{table}' and sdkmessageid/name eq '{name}'"
    found = web.row(query)["value"][0]
    return found["sdkmessagefilterid"], found["_sdkmessageid_value"]


@pytest.fixture
def step(web, endpoint):
    filter_id, message_id = message(web, "Update", "contact")
    return web.create("sdkmessageprocessingsteps", {
        "name": "texts: contact", "mode": 1, "stage": 40, "rank": 1, "supporteddeployment": 0,
        "asyncautodelete": True, "filteringattributes": "mobilephone,telephone1",
        "eventhandler_serviceendpoint@odata.bind": f"/serviceendpoints({endpoint})",
        "sdkmessageid@odata.bind": f"/sdkmessages({message_id})",
        "sdkmessagefilterid@odata.bind": f"/sdkmessagefilters({filter_id})",
    })  # fmt: skip


def test_a_step_points_to_its_endpoint_its_message_and_its_table(web, endpoint, step):
    row = web.row(
        f"sdkmessageprocessingsteps({step})?$expand=eventhandler_serviceendpoint($select=url),"
        "sdkmessageid($select=name),sdkmessagefilterid($select=primaryobjecttypecode)"
    )
    assert row["_eventhandler_value"] == endpoint
    assert row["eventhandler_serviceendpoint"]["url"] == "https://example.com/events"
    assert (row["sdkmessageid"]["name"], row["sdkmessagefilterid"]["primaryobjecttypecode"]) == ("Update", "contact")
    assert (row["statecode"], row["statuscode"], row["invocationsource"]) == (0, 1, 0)


def test_the_secret_of_an_endpoint_cannot_be_read(web, endpoint):
    row = web.row(f"serviceendpoints({endpoint})")
    assert "authvalue" not in row
    assert row["isauthvalueset"] is True
    assert web.get(f"serviceendpoints({endpoint})?$select=authvalue").status_code == 400
    assert web.get("serviceendpoints?$filter=contains(authvalue,'s3')").status_code == 400


def test_a_secret_that_is_taken_away_is_not_set(web, endpoint):
    assert web.patch(f"serviceendpoints({endpoint})", {"authvalue": None}).status_code == 204
    assert web.row(f"serviceendpoints({endpoint})")["isauthvalueset"] is False


def test_steps_and_images_go_with_their_endpoint(web, endpoint, step):
    image = web.create("sdkmessageprocessingstepimages", {
        "name": "post", "entityalias": "post", "imagetype": 1, "messagepropertyname": "Target",
        "attributes": "mobilephone,ownerid",
        "sdkmessageprocessingstepid@odata.bind": f"/sdkmessageprocessingsteps({step})",
    })  # fmt: skip
    below = web.row(f"sdkmessageprocessingsteps({step})/sdkmessageprocessingstepid_sdkmessageprocessingstepimage")
    assert [row["sdkmessageprocessingstepimageid"] for row in below["value"]] == [image]
    assert web.delete(f"serviceendpoints({endpoint})").status_code == 204
    assert web.get(f"sdkmessageprocessingsteps({step})").status_code == 404
    assert web.get(f"sdkmessageprocessingstepimages({image})").status_code == 404


def test_a_step_can_be_disabled(web, step):
    path = f"sdkmessageprocessingsteps({step})"
    assert web.patch(path, {"statecode": 1, "statuscode": 2}).status_code == 204
    assert web.row(path)["statecode"] == 1


@pytest.mark.parametrize("missing", ["name", "contract"])
def test_an_endpoint_needs_a_name_and_a_contract(web, missing):
    body = {"name": "texts", "contract": 8}
    answer = web.post("serviceendpoints", {name: value for name, value in body.items() if name != missing})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80040200")


def test_system_jobs_can_be_found_by_the_step_that_they_belong_to(web, step):
    job = web.create("asyncoperations", {
        "name": "texts: contact", "operationtype": 1,
        "owningextensionid@odata.bind": f"/sdkmessageprocessingsteps({step})",
    })  # fmt: skip
    found = web.row(f"asyncoperations?$select=name,statuscode&$filter=_owningextensionid_value eq {step}")["value"]
    assert [(row["asyncoperationid"], row["statuscode"]) for row in found] == [(job, 0)]
