"""From a signed callback to the file with the text: the app as it is put together, over the emulator and real TLS."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from dataverse.schema.apply import apply
from dataverse.webapi.auth import StaticToken
from emulator.server import Server
from function_app.dataverse_client import connect
from function_app.services import Services, now
from function_app.settings import Settings
from local.carriers import twilio
from local.carriers.values import CustomerText
from local.queues import SqliteQueues
from messaging import ids
from messaging.media import Missing
from pipeline.accept import PROVIDER_EVENTS
from pipeline.process import POISON
from tests.function_app.media.hosts import PNG, sends, status

CALLBACK = "https://textverse.example.com/api/callbacks/twilio-demo/inbound"
PICTURE, CARD, PAGE = (f"https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME{each}" for each in range(3))
STORED = "https://mms.twiliocdn.com/ME0?Signature=abc"


@pytest.fixture(scope="module")
def dataverse() -> Iterator[str]:
    with Server() as server, connect(server.url, StaticToken(server.url, "service")) as client:
        apply(client, sleep=time.sleep)
        yield server.url


@pytest.fixture
def services(dataverse, example, network) -> Iterator[tuple[Services, SqliteQueues]]:
    settings = Settings.read({**example, "DATAVERSE_URL": dataverse, "PUBLIC_BASE_URL": ""})
    with closing(SqliteQueues(Path(":memory:"))) as queues:
        app = Services(settings, queues, network=lambda: network)
        yield app, queues
        app._client.close()


def _call(app: Services, media: dict[str, str]) -> str:
    """A customer's MMS; the id of its message."""
    account, message = app.settings.accounts()["twilio-demo"], f"MM{uuid4().hex}"
    text = CustomerText(
        message_id=message, sender="+12065550187", recipient="+12065550100", text="Look", at=now(), media=media
    )
    answer = app.acceptance.accept(twilio.inbound(account, CALLBACK, text), "twilio-demo", "inbound")
    assert answer.status == 200
    return message


def _work(app: Services, queues: SqliteQueues) -> None:
    while messages := queues.receive(PROVIDER_EVENTS, lease_s=60):
        for message in messages:
            app.processing.process(message.text)
            queues.delete(message)


def _notes(app: Services, message: str) -> dict[object, dict[str, object]]:
    text = ids.message_id("twilio-demo", message)
    rows = app._client.rows(f"annotations?$filter=_objectid_value%20eq%20{text}")
    return {row["subject"]: row for row in rows}


def test_the_attachments_of_an_mms_stand_with_its_text(services, hosts) -> None:
    app, queues = services
    hosts.at(PICTURE, status(302, Location=STORED))
    hosts.at(STORED, sends(PNG))
    hosts.at(CARD, sends(b"BEGIN:VCARD\r\nEND:VCARD\r\n", "text/x-vcard; charset=utf-8"))
    hosts.at(PAGE, sends(b"<html></html>", "text/html"))

    message = _call(app, {PICTURE: "image/png", CARD: "text/x-vcard", PAGE: "image/png"})
    _work(app, queues)

    notes = _notes(app, message)
    picture, card, page = (notes[f"Attachment {number}"] for number in (1, 2, 3))
    assert (picture["filename"], b64decode(str(picture["documentbody"]))) == ("attachment-1.png", PNG)
    assert (card["filename"], card["mimetype"]) == ("attachment-2.vcf", "text/x-vcard")
    assert (page["notetext"], page["documentbody"], queues.count(POISON)) == (Missing.WRONG_TYPE, None, 1)
    assert [told is None for url, told in hosts.asked] == [url == STORED for url, _ in hosts.asked]


def test_an_attachment_that_is_not_there_yet_comes_later_by_the_queue(services, hosts) -> None:
    app, queues = services
    hosts.at(PICTURE, status(503))
    message = _call(app, {PICTURE: "image/png"})
    _work(app, queues)
    assert _notes(app, message)["Attachment 1"]["notetext"] == Missing.NOT_YET
    assert queues.count(PROVIDER_EVENTS) == 1

    hosts.at(PICTURE, sends(PNG))
    ends_at = time.monotonic() + 10
    while queues.count(PROVIDER_EVENTS) and time.monotonic() < ends_at:  # the first wait is a second
        _work(app, queues)
        time.sleep(0.05)

    assert _notes(app, message)["Attachment 1"]["isdocument"] is True
