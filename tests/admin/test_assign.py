"""`numbers assign`: a number changes hands, with its conversations."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dataverse.store.directory import Directory
from dataverse.store.people import find
from dataverse.store.settings_in_force import SettingsInForce
from messaging.events import MessageReceived
from messaging.numbers import read_address
from pipeline.ingest import Ingestion

NUMBER = "+12065550100"


@pytest.fixture
def maya(org):
    return org.texter("Maya Lindqvist", internalemailaddress="maya@example.com")


@pytest.fixture
def noah(org):
    return org.texter("Noah Berg", internalemailaddress="noah@example.com")


@pytest.fixture
def text(org):
    """A text of a customer, taken to Dataverse as it is in earnest."""
    organization = org.organization
    in_force = SettingsInForce(org.client, organization.now, default_region="US")

    def take(customer: str) -> None:
        ingestion = Ingestion(
            directory=Directory(org.client, in_force.region),
            inbox=organization.inbox(),
            privileges=organization.privileges(),
            clock=organization.now,
            settings=in_force,
        )
        ingestion.ingest(
            MessageReceived(
                account="twilio-demo",
                provider="twilio",
                message_id=f"SM{uuid4().hex}",
                sender=read_address(customer),
                recipient=read_address(NUMBER),
                body="Hello",
                received_at=organization.now(),
            )
        )

    return take


def test_the_conversations_go_along_once(here, org, maya, noah, text):
    here("numbers", "add", NUMBER, "--provider", "twilio-demo", "--owner", "maya@example.com")
    for customer in ("+12065550187", "+12065550188"):
        text(customer)
    first, second = (here("numbers", "assign", NUMBER, "--owner", "Noah Berg", "--json").document for _ in range(2))

    assert (first["assigned"], second["assigned"]) == (True, False)
    assert first["conversations"]["conversations"] == second["conversations"]["conversations"] == 2
    assert first["conversations"]["shared"] == 2
    assert (second["conversations"]["shared"], second["conversations"]["withdrawn"]) == (0, 0)
    assert first["number"]["owner"]["name"] == "Noah Berg"


def test_it_is_told_in_sentences(here, maya, noah):
    here("numbers", "add", NUMBER, "--provider", "twilio-demo", "--owner", "maya@example.com")
    first, second = (here("numbers", "assign", "206 555 0100", "--owner", "noah@example.com") for _ in range(2))

    assert (first.code, second.code) == (0, 0)
    assert (
        f"+ {NUMBER} now belongs to Noah Berg (user noah@example.com), "
        "and no longer to Maya Lindqvist (user maya@example.com)." in first.out
    )
    assert f"= {NUMBER} belongs to Noah Berg (user noah@example.com) already." in second.out
    assert "No conversation stands on it yet." in first.out


def test_a_number_that_is_not_there_is_said(here, noah):
    ran = here("numbers", "assign", NUMBER, "--owner", "Noah Berg")

    assert ran.code == 1
    assert "python -m admin numbers list" in ran.err


def test_somebody_who_may_not_read_texts_is_refused_with_the_command_that_helps_and_nothing_changes(here, org, maya):
    org.organization.seller(texts=False, firstname="Ida", lastname="Holm")
    here("numbers", "add", NUMBER, "--provider", "twilio-demo", "--owner", "maya@example.com")
    ran = here("numbers", "assign", NUMBER, "--owner", "Ida Holm")

    assert ran.code == 1
    assert 'python -m admin users grant "Ida Holm"' in ran.err
    (row,) = here("numbers", "list", "--json").document["numbers"]
    assert row["owner"]["id"] == str(find(org.client, "maya@example.com").principal.id)
