"""Twilio's own SDK asks the same questions, and reads the same in the answers."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
import requests
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from messaging.accounts import CallbackSecret, ProviderAccount
from providers.inspection import Answer
from providers.twilio import api
from providers.twilio.api import Service

SID = "AC00112233445566778899aabbccddeeff"
ACCOUNT = ProviderAccount(id="main", type="twilio", account=SID, callback_secrets=(CallbackSecret("token"),))

ANSWERS = {
    f"/2010-04-01/Accounts/{SID}.json": {"sid": SID, "status": "active", "type": "Full", "auth_token": "token"},
    f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json": {
        "incoming_phone_numbers": [
            {
                "sid": "PN00112233445566778899aabbccddeeff",
                "phone_number": "+12065550100",
                "friendly_name": "Seattle",
                "capabilities": {"voice": True, "sms": True, "mms": False},
                "sms_url": "https://sms.contoso.com/api/callbacks/main/inbound#rc=5&rp=5xx,ct,rt",
                "sms_method": "POST",
                "sms_application_sid": "AP00112233445566778899aabbccddeeff",
                "status_callback": "",
            }
        ],
        "next_page_uri": None,
    },
    f"/2010-04-01/Accounts/{SID}/Applications/AP00112233445566778899aabbccddeeff.json": {
        "sid": "AP00112233445566778899aabbccddeeff",
        "sms_url": "https://apps.contoso.com/sms",
        "sms_method": "GET",
    },
    "/v1/Services": {
        "meta": {"key": "services", "page": 0, "page_size": 50, "next_page_url": None},
        "services": [
            {
                "sid": "MG00112233445566778899aabbccddeeff",
                "friendly_name": "Sales",
                "inbound_request_url": None,
                "inbound_method": "POST",
                "status_callback": "https://sms.contoso.com/api/callbacks/main/status",
                "use_inbound_webhook_on_number": True,
            }
        ],
    },
    "/v1/Services/MG00112233445566778899aabbccddeeff/PhoneNumbers": {
        "meta": {"key": "phone_numbers", "page": 0, "page_size": 50, "next_page_url": None},
        "phone_numbers": [{"sid": "PN00112233445566778899aabbccddeeff", "phone_number": "+12065550100"}],
    },
}


class Recorder(HttpClient):  # type: ignore[misc]  # it has no types
    """What the SDK asks, as it would go over the wire; answered from `ANSWERS`."""

    def __init__(self):
        super().__init__(logging.getLogger("twilio"), False, 10)
        self.asked = []

    def request(self, method, url, params=None, data=None, headers=None, auth=None, **more):
        sent = requests.Request(method, url, params=params, data=data, auth=auth).prepare()
        self.asked.append((sent.method, sent.url, sent.headers["Authorization"]))
        return Response(200, json.dumps(ANSWERS[requests.utils.urlparse(url).path]))


@pytest.fixture
def sdk():
    return Client(SID, "token", http_client=Recorder())


def asked_by_us(steps):
    """The questions of ours, answered alike, and what they came to."""
    asked = []
    try:
        question = next(steps)
        while True:
            asked.append((question.method, question.url, question.headers["Authorization"]))
            body = ANSWERS[requests.utils.urlparse(question.url).path]
            question = steps.send(Answer(status=200, body=json.dumps(body).encode()))
    except StopIteration as end:
        return asked, end.value


def one(question):
    return [(question.method, question.url, question.headers["Authorization"])]


def test_the_account_is_asked_for_alike(sdk):
    account = sdk.api.accounts(SID).fetch()

    assert one(api.account_page(ACCOUNT)) == sdk.http_client.asked
    assert (account.status, account.type, account.auth_token) == ("active", "Full", "token")


def test_an_api_key_is_sent_alike():
    sdk = Client("SKkey", "secret", SID, http_client=Recorder())
    sdk.incoming_phone_numbers.list(page_size=1)
    keyed = replace(ACCOUNT, credentials={"api_key": "SKkey", "api_key_secret": "secret"})

    assert one(api.any_number(keyed)) == sdk.http_client.asked


def test_a_number_is_asked_for_and_read_alike(sdk):
    (theirs,) = sdk.incoming_phone_numbers.list(phone_number="+12065550100")
    asked, ours = asked_by_us(api.find_number(ACCOUNT, "12065550100"))

    assert asked == sdk.http_client.asked
    assert (ours.sid, ours.number, ours.sms_url, ours.sms_method, ours.application, ours.takes_sms) == (
        theirs.sid,
        theirs.phone_number,
        theirs.sms_url,
        theirs.sms_method,
        theirs.sms_application_sid,
        theirs.capabilities["sms"],
    )


def test_an_application_is_asked_for_and_read_alike(sdk):
    theirs = sdk.applications("AP00112233445566778899aabbccddeeff").fetch()
    _, number = asked_by_us(api.find_number(ACCOUNT, "12065550100"))
    asked, ours = asked_by_us(api.application_of(ACCOUNT, number))

    assert asked == sdk.http_client.asked
    assert ours == (theirs.sms_url, theirs.sms_method)


def test_messaging_services_are_asked_for_and_read_alike(sdk):
    (theirs,) = sdk.messaging.v1.services.list()
    (member,) = sdk.messaging.v1.services(theirs.sid).phone_numbers.list()
    asked, ours = asked_by_us(api.services_by_number(ACCOUNT))

    assert asked == sdk.http_client.asked
    assert ours == {
        member.phone_number.removeprefix("+"): Service(
            sid=theirs.sid,
            name=theirs.friendly_name,
            inbound_url=theirs.inbound_request_url or "",
            inbound_method=theirs.inbound_method,
            status_url=theirs.status_callback,
            defers=theirs.use_inbound_webhook_on_number,
        )
    }
