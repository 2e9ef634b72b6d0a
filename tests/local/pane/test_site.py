"""The pages outside of Dynamics: web resources and the Web API under one address."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from dataverse.schema.web_resources import WEB_RESOURCES
from emulator.server import Server as Emulator
from local.pane.site import PANE, site
from local.server import Server

NOBODY = UUID(int=7)
AWAY = "http://127.0.0.1:9"  # the discard port, on which nobody listens


@pytest.fixture(scope="module")
def emulator():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def administrator(emulator):
    """The user that comes with every environment."""
    path = "/api/data/v9.2/systemusers?$filter=fullname eq 'System Administrator'"
    answer = httpx.get(emulator.url + path, headers={"authorization": "Bearer service"}, trust_env=False)
    return UUID(answer.json()["value"][0]["systemuserid"])


@pytest.fixture(scope="module")
def served(emulator, administrator):
    server = Server(site(emulator.url, administrator), 0)
    server.start()
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client
    server.stop()


@pytest.mark.parametrize("resource", WEB_RESOURCES, ids=lambda resource: resource.file)
def test_every_web_resource_is_served_by_its_name_with_its_type_and_a_strict_policy(served, resource):
    answer = served.get(f"/WebResources/{resource.name}")

    kinds = {"html": "text/html", "css": "text/css", "js": "text/jscript", "svg": "image/svg+xml"}
    assert answer.content == (PANE / resource.file).read_bytes()
    assert answer.headers["content-type"].startswith(kinds[resource.file.rpartition(".")[2]])
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["txv_/package.json", "txv_/..%2f..%2fdev.py", "txv_/%2e%2e/dev.py", "conversation.html", "txv_/nothing.js"]
)
def test_nothing_else_is_served(served, path):
    assert served.get(f"/WebResources/{path}").status_code == 404


def test_the_web_api_is_asked_as_the_one_who_is_signed_in_whatever_the_page_says(served, administrator):
    answer = served.get("/api/data/v9.2/WhoAmI", headers={"authorization": "Bearer service"})

    assert UUID(answer.json()["UserId"]) == administrator


def test_what_is_asked_is_passed_on_as_it_was_written_and_so_is_the_answer(served):
    path = "/api/data/v9.2/contacts"
    made = served.post(path, json={"lastname": "A+B"}, headers={"prefer": "return=representation"})
    found = served.get(f"{path}?$filter=lastname%20eq%20%27A%2BB%27&$select=lastname")

    assert made.status_code == 201
    assert [row["lastname"] for row in found.json()["value"]] == ["A+B"]
    etag = {"if-match": 'W/"1"'}
    assert served.patch(f"{path}({made.json()['contactid']})", json={"lastname": "C"}, headers=etag).status_code == 412


def test_another_host_is_refused(served):
    assert served.get("/WebResources/txv_/api.js", headers={"host": "elsewhere.example"}).status_code == 400


def test_where_dataverse_is_away_the_page_is_told():
    server = Server(site(AWAY, NOBODY), 0)
    server.start()
    answer = httpx.get(f"{server.url}/api/data/v9.2/WhoAmI", trust_env=False)
    server.stop()

    assert answer.status_code == 502
