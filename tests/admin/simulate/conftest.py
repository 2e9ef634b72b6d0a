"""Texts that arrived in an environment that was provisioned, taken in by the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests

from dataverse.store.settings_in_force import SettingsInForce
from messaging.events import MessageReceived
from messaging.ids import message_id
from messaging.numbers import Address, read_address
from messaging.records import Principal
from pipeline.ingest import Ingestion


@dataclass(frozen=True)
class Desk:
    """One number of ours, and what happens on it."""

    environment: Any
    seller: Principal
    our: Address

    @property
    def organization(self):
        return self.environment.organization

    def arrives(self, customer: str, our: Address | None = None, *, ago: timedelta = timedelta()) -> MessageReceived:
        """A text is taken in by the service."""
        organization = self.organization
        event = MessageReceived(
            account="twilio-demo",
            provider="twilio",
            message_id=uuid4().hex,
            sender=read_address(customer),
            recipient=our or self.our,
            body="Is the shop open?",
            received_at=organization.now() - ago,
        )
        Ingestion(
            directory=organization.directory(),
            inbox=organization.inbox(),
            privileges=organization.privileges(),
            clock=organization.now,
            settings=SettingsInForce(self.environment.client, organization.now, default_region="US"),
        ).ingest(event)
        return event

    def target(self, event: MessageReceived) -> str:
        """The row of a text."""
        return f"txv_textmessages({message_id(event.account, event.message_id)})"

    def stored(self, event: MessageReceived) -> dict[str, object]:
        """A text as it stands, with the record of its conversation."""
        (row,) = self.environment.rows(
            f"txv_textmessages?$filter=txv_textmessageid eq {message_id(event.account, event.message_id)}"
            "&$expand=txv_conversationid($select=activityid,_regardingobjectid_value)"
        )
        return row


@pytest.fixture
def desk(org) -> Desk:
    """One seller with a number of hers, and nobody who listens to events."""
    for row in org.rows("serviceendpoints?$select=serviceendpointid"):
        org.organization.delete(f"serviceendpoints({row['serviceendpointid']})")
    seller = org.texter("Maya Lindqvist")
    return Desk(org, seller, org.organization.number(seller))


@pytest.fixture
def customer(desk) -> str:
    return desk.organization.customer()


@pytest.fixture
def asked(org) -> Callable[..., list[tuple[str, str]]]:
    """Call it to forget what was asked of Dataverse so far; what that returns says, method and path of every operation,
    what has been asked since."""

    def forget() -> Callable[[], list[tuple[str, str]]]:
        requests.delete(f"{org.url}/_emulator/requests", timeout=5)
        return since

    def since() -> list[tuple[str, str]]:
        entries = requests.get(f"{org.url}/_emulator/requests", timeout=5).json()
        return [(one["method"], one["path"]) for entry in entries for one in (entry["operations"] or [entry])]

    return forget
