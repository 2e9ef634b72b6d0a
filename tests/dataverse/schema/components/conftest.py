"""A small schema with one component of each kind, and one environment that every test finds as it left it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from dataverse.schema import components as declared
from dataverse.schema.apply import apply, preview
from dataverse.schema.components import Components, Depth
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Choice, Key, Lookup, Option, Ownership, Schema, Table, text
from dataverse.schema.plan import Plan
from dataverse.webapi.client import Client
from emulator.server import Server

Environment = Any  # of the conftest.py above

PARCEL = Table(
    name="txv_parcel",
    set_name="txv_parcels",
    display="Parcel",
    plural="Parcels",
    description="Something that is sent.",
    ownership=Ownership.USER,
    primary=text("txv_name", 100, "Name", "What it is called."),
    columns=(text("txv_code", 50, "Code", "What it is found by."),),
    lookups=(
        Lookup(
            name="txv_contactid",
            target="contact",
            relationship="txv_contact_parcels",
            display="Contact",
            description="Who gets it.",
        ),
    ),
    keys=(Key("txv_parcel_code", "Code", ("txv_code",)),),
)
ICON = declared.WebResource(name="txv_/text.svg", display="Icon", file="text.svg")
SCRIPT = declared.WebResource(name="txv_/parameters.js", display="Script", file="parameters.js")
VIEW = declared.View(
    table="txv_parcel",
    name="Parcels",
    description="All of them.",
    fetch='<fetch><entity name="txv_parcel"><attribute name="txv_name"/></entity></fetch>',
    columns=(declared.ViewColumn("txv_name", 200),),
)
FORM = declared.Form(
    table="txv_parcel",
    name="Parcel",
    description="One of them.",
    tabs=(
        declared.Tab(
            "Parcel",
            (
                declared.Section("What", (declared.Field("txv_name"), declared.Field("ownerid", read_only=True))),
                declared.Section(
                    "How it looks",
                    (declared.WebPage(name="icon", web_resource=ICON.name, label="Icon", rows=3),),
                ),
            ),
        ),
    ),
)
ROLE = declared.Role(
    name="Parcel clerk",
    description="Sees parcels.",
    privileges=(
        declared.Privilege(name="prvReadtxv_parcel", depth=Depth.BUSINESS_UNIT, why="to see them"),
        declared.Privilege(name="prvReadContact", depth=Depth.USER, why="to see who gets them"),
    ),
)
STEP = declared.EventStep(
    message="Update",
    table="contact",
    columns=("mobilephone", "telephone1"),
    images=(declared.Image(alias="before", before=True, columns=("mobilephone",)),),
)
WEBHOOK = declared.Webhook(
    name="Parcels", url="https://parcels.example.com/events", header="X-Secret", secret="s3cret-Gans", steps=(STEP,)
)
SAMPLE = Schema(
    publisher=TEXTVERSE.publisher,
    solution=TEXTVERSE.solution,
    choices=(Choice("txv_size", "Size", "How big it is.", (Option(471100000, "Small"),)),),
    tables=(PARCEL,),
    components=Components(
        variables=(
            declared.Variable(
                name="txv_parcelcolor",
                type=declared.VariableType.STRING,
                display="Color",
                description="How they are wrapped.",
                default="brown",
            ),
        ),
        web_resources=(ICON, SCRIPT),
        views=(VIEW,),
        forms=(FORM,),
        commands=(
            declared.Command(
                name="txv_send_parcel",
                table="contact",
                location=declared.Location.FORM,
                label="Send parcel",
                tooltip="Sends a parcel.",
                icon="$clientsvg:Phone",
                library=SCRIPT,
                function="Parcels.send",
                parameters='[{"type":5}]',
                sequence=10,
            ),
        ),
        roles=(ROLE,),
        webhooks=(WEBHOOK,),
        app_settings=(declared.AppSetting(app="txv_parcels", name="AllowNotificationsEarlyAccess", value="true"),),
        apps=(
            declared.App(
                unique_name="txv_parcels",
                name="Parcels",
                description="For clerks.",
                tables=("txv_parcel",),
                roles=(ROLE,),
            ),
        ),
    ),
)


class States:
    """One environment that is put back into states that were kept."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._kept: dict[str, str] = {}

    def keep(self, name: str) -> None:
        answer = requests.post(f"{self.server.url}/_emulator/snapshot", timeout=30)
        self._kept[name] = answer.json()["id"]

    def restore(self, name: str) -> bool:
        if name not in self._kept:
            return False
        answer = requests.post(f"{self.server.url}/_emulator/restore", json={"id": self._kept[name]}, timeout=30)
        assert answer.ok, answer.text
        requests.delete(f"{self.server.url}/_emulator/requests", timeout=10)
        return True


@pytest.fixture(scope="module")
def states() -> Iterator[States]:
    with Server() as server:
        states = States(server)
        states.keep("empty")
        yield states


@pytest.fixture
def environment(states: States, environment_of: Callable[[Server], Environment]) -> Environment:
    """The environment, empty."""
    states.restore("empty")
    return environment_of(states.server)


@pytest.fixture
def sample() -> Schema:
    return SAMPLE


@pytest.fixture
def complete(states: States, environment: Environment, client: Client) -> Environment:
    """The environment with the whole sample in it."""
    if not states.restore("complete"):
        apply(client, SAMPLE, sleep=environment.pass_by)
        states.keep("complete")
    environment.forget()
    return environment


@pytest.fixture
def planned(client: Client) -> Callable[..., Plan]:
    """What the plan says for the environment as it is now, for the sample or with components changed in it."""

    def plan_for(**changes: Any) -> Plan:
        return preview(client, with_components(**changes))

    return plan_for


def with_components(**changes: Any) -> Schema:
    return replace(SAMPLE, components=replace(SAMPLE.components, **changes))


@pytest.fixture
def changed() -> Callable[..., Schema]:
    """The sample with other components."""
    return with_components
