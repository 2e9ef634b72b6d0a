"""What Dataverse does not let one register, with its code."""

from __future__ import annotations

import pytest

from emulator.server import Server

ENDPOINT = {"name": "hook", "url": "https://example.com/hook", "contract": 8, "connectionmode": 1}


@pytest.fixture(scope="module")
def server_apart():
    with Server() as running:
        yield running


@pytest.fixture
def web(server_apart, say):
    """A server of this module's own: what is registered here would be posted to for others."""
    return say.web(server_apart.url)


@pytest.fixture
def endpoint(web):
    return web.create("serviceendpoints", ENDPOINT)


@pytest.mark.parametrize(
    "url", [None, "", "ftp://example.com", "example.com", "http://", "http://a:b", "http://u:p@example.com", "http://é"]
)
def test_a_webhook_needs_an_http_url(web, say, endpoint, url):
    answers = [web.post("serviceendpoints", {**ENDPOINT, "url": url})]
    answers.append(web.patch(f"serviceendpoints({endpoint})", {"url": url}))
    assert [(answer.status_code, say.code(answer)) for answer in answers] == [(400, "0x80040203")] * 2


def test_other_endpoints_than_webhooks_are_not_served(web):
    assert web.post("serviceendpoints", {**ENDPOINT, "contract": 7}).status_code == 501


@pytest.mark.parametrize("more", [{"stage": 10}, {"stage": 20}, {"stage": 30, "mode": 0}, {"stage": 50}])
def test_asynchronous_steps_run_after_the_operation_and_nothing_inside_it(web, say, endpoint, new_step, more):
    answer = web.post("sdkmessageprocessingsteps", new_step(web, endpoint, "Update", "contact", **more))
    assert (answer.status_code, say.code(answer)) == (400, "0x80044170")


def test_a_step_cannot_be_made_wrong_later(web, say, endpoint, new_step):
    step = web.create("sdkmessageprocessingsteps", new_step(web, endpoint, "Update", "contact"))
    answer = web.patch(f"sdkmessageprocessingsteps({step})", {"stage": 20})
    assert (answer.status_code, say.code(answer)) == (400, "0x80044170")
    assert web.row(f"sdkmessageprocessingsteps({step})")["stage"] == 40


def test_the_filter_belongs_to_the_message(web, say, endpoint, new_step):
    other = new_step(web, endpoint, "Create", "contact")["sdkmessagefilterid@odata.bind"]
    body = new_step(web, endpoint, "Update", "contact", **{"sdkmessagefilterid@odata.bind": other})
    answer = web.post("sdkmessageprocessingsteps", body)
    assert (answer.status_code, say.code(answer)) == (400, "0x80044170")


def test_navigation_properties_are_in_lower_case(web, say, endpoint, new_step):
    body = new_step(web, endpoint, "Update", "contact")
    body["EventHandler_ServiceEndpoint@odata.bind"] = body.pop("eventhandler_serviceendpoint@odata.bind")
    answer = web.post("sdkmessageprocessingsteps", body)
    assert (answer.status_code, say.code(answer)) == (400, "0x80048d19")


@pytest.mark.parametrize("missing", ["eventhandler_serviceendpoint", "sdkmessageid"])
def test_a_step_needs_its_endpoint_and_its_message(web, endpoint, new_step, missing):
    body = new_step(web, endpoint, "Update", "contact")
    del body[f"{missing}@odata.bind"]
    assert web.post("sdkmessageprocessingsteps", body).status_code == 400


def test_filtering_attributes_are_columns(web, say, endpoint, new_step):
    body = new_step(web, endpoint, "Update", "contact", filteringattributes="mobilephone,mobilefone")
    answer = web.post("sdkmessageprocessingsteps", body)
    assert (answer.status_code, say.code(answer)) == (400, "0x80044170")
    assert "mobilefone" in answer.text


@pytest.mark.parametrize("table", ["serviceendpoint", "sdkmessageprocessingstep", "asyncoperation"])
def test_what_webhooks_are_made_of_has_no_steps(web, say, endpoint, new_step, table):
    answer = web.post("sdkmessageprocessingsteps", new_step(web, endpoint, "Create", table))
    assert (answer.status_code, say.code(answer)) == (400, "0x80044187")


def test_steps_of_bulk_messages_are_not_served(web, endpoint, new_step):
    answer = web.post("sdkmessageprocessingsteps", new_step(web, endpoint, "CreateMultiple", "contact"))
    assert answer.status_code == 501


@pytest.mark.parametrize(
    ("message", "image", "code"),
    [
        ("Create", {"messagepropertyname": "Target", "imagetype": 1}, "0x8004416b"),
        ("Update", {"messagepropertyname": "Id", "imagetype": 1}, "0x8004416b"),
        ("Create", {"messagepropertyname": "Id", "imagetype": 0}, "0x8004416d"),
        ("Create", {"messagepropertyname": "Id", "imagetype": 2}, "0x8004416d"),
        ("Delete", {"messagepropertyname": "Target", "imagetype": 1}, "0x8004416d"),
        ("Update", {"messagepropertyname": "Target", "imagetype": 1, "attributes": "nothing"}, "0x80044170"),
    ],
)
def test_images_fit_their_message(web, say, endpoint, new_step, message, image, code):
    step = web.create("sdkmessageprocessingsteps", new_step(web, endpoint, message, "contact"))
    bound = {"sdkmessageprocessingstepid@odata.bind": f"/sdkmessageprocessingsteps({step})"}
    answer = web.post("sdkmessageprocessingstepimages", {"name": "i", "entityalias": "i", **image, **bound})
    assert (answer.status_code, say.code(answer)) == (400, code)


def test_before_the_operation_there_is_no_image_of_after(web, say, endpoint, new_step):
    step = web.create("sdkmessageprocessingsteps", new_step(web, endpoint, "Update", "contact", stage=20, mode=0))
    bound = {"sdkmessageprocessingstepid@odata.bind": f"/sdkmessageprocessingsteps({step})"}
    image = {"name": "i", "entityalias": "i", "messagepropertyname": "Target", "imagetype": 1, **bound}
    answer = web.post("sdkmessageprocessingstepimages", image)
    assert (answer.status_code, say.code(answer)) == (400, "0x8004416e")
