"""What is found out at Twilio, in order and with each fault."""

from __future__ import annotations

from dataclasses import replace

import pytest

from messaging.accounts import CallbackSecret, ProviderAccount
from providers.inspection import Answer, drive
from providers.twilio.inspection import TwilioInspector

SID = "AC00112233445566778899aabbccddeeff"
TOKEN = "0123456789abcdef0123456789abcdef"
API = f"https://api.twilio.com/2010-04-01/Accounts/{SID}"
SERVICES = "https://messaging.twilio.com/v1/Services"
NUMBER = f"{API}/IncomingPhoneNumbers.json?PhoneNumber=%2B12065550100"
INBOUND = "https://sms.contoso.com/api/callbacks/main/inbound"
STATUS = "https://sms.contoso.com/api/callbacks/main/status"
RETRIES = "#rc=5&rp=5xx,ct,rt"
TWILIO = TwilioInspector()


@pytest.fixture
def account():
    return ProviderAccount(id="main", type="twilio", account=SID, callback_secrets=(CallbackSecret(TOKEN),))


def number(**values):
    usual = {
        "sid": "PN1",
        "phone_number": "+12065550100",
        "sms_url": INBOUND + RETRIES,
        "sms_method": "POST",
        "sms_application_sid": "",
        "capabilities": {"sms": True},
    }
    return {"incoming_phone_numbers": [usual | values]}


def service(**values):
    return {
        "sid": "MG1",
        "friendly_name": "Sales",
        "inbound_request_url": INBOUND + RETRIES,
        "inbound_method": "POST",
        "status_callback": None,
        "use_inbound_webhook_on_number": False,
    } | values


@pytest.fixture(autouse=True)
def _in_order(remote):
    remote.put(f"{API}.json", {"sid": SID, "status": "active", "type": "Full", "auth_token": TOKEN})
    remote.put(f"{API}/IncomingPhoneNumbers.json?PageSize=1", number())
    remote.put(NUMBER, number())
    remote.put(SERVICES, {"services": [], "meta": {"next_page_url": None}})


@pytest.fixture
def in_service(remote):
    """Puts the number into a messaging service."""

    def put(**values):
        remote.put(SERVICES, {"services": [service(**values)], "meta": {"next_page_url": None}})
        members = {"phone_numbers": [{"phone_number": "+12065550100"}], "meta": {"next_page_url": None}}
        remote.put(f"{SERVICES}/MG1/PhoneNumbers", members)

    return put


@pytest.fixture
def configuration(account, found, now, expected):
    """What is found of the configuration at Twilio."""
    return lambda: found(TWILIO.configuration(account, expected, now))


def test_an_auth_token_that_is_taken_is_good(account, found, now):
    assert found(TWILIO.credentials(account, now)) == [
        ("good", "Twilio takes the auth token, and the account is active")
    ]


def test_an_api_key_is_tried_on_what_every_key_may_read(account, found, now, remote):
    account = replace(account, credentials={"api_key": "SK1", "api_key_secret": "s"})

    assert found(TWILIO.credentials(account, now)) == [("good", "Twilio takes the API key")]
    assert [question.url for question in remote.asked] == [f"{API}/IncomingPhoneNumbers.json?PageSize=1"]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("credentials", [{}, {"api_key": "SK1", "api_key_secret": "s"}])
def test_credentials_that_are_refused_are_wrong(account, found, now, remote, status, credentials):
    remote.refuse(status)

    found = found(TWILIO.credentials(replace(account, credentials=credentials), now))
    assert found == [("wrong", f"Twilio does not take the credentials ({status})")]


def test_an_account_that_there_is_not_is_wrong(account, found, now, remote):
    remote.refuse(404)

    assert found(TWILIO.credentials(account, now)) == [("wrong", "Twilio knows no such account (404)")]


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_an_account_that_is_not_active_is_wrong(account, found, now, remote, status):
    remote.put(f"{API}.json", {"sid": SID, "status": status})

    assert found(TWILIO.credentials(account, now)) == [("wrong", f"The Twilio account is {status}")]


def test_a_trial_account_is_doubtful(account, found, now, remote):
    remote.put(f"{API}.json", {"sid": SID, "status": "active", "type": "Trial", "auth_token": TOKEN})

    assert found(TWILIO.credentials(account, now))[1:] == [
        ("doubtful", "The Twilio account is a trial: it texts to verified numbers only")
    ]


def test_an_auth_token_that_signs_and_is_not_ours_is_wrong_and_never_said(account, found, now, remote):
    remote.put(f"{API}.json", {"sid": SID, "status": "active", "type": "Full", "auth_token": "f" * 32})

    remarks = found(TWILIO.credentials(account, now))
    assert remarks[1][0] == "wrong"
    assert "is not among callback_secrets" in remarks[1][1]
    assert "f" * 32 not in repr(remarks)


def test_with_a_shared_key_the_auth_token_need_not_be_among_the_secrets(account, found, now, remote):
    remote.put(f"{API}.json", {"sid": SID, "status": "active", "type": "Full", "auth_token": "f" * 32})
    shared = replace(
        account, callback_secrets=(*account.callback_secrets, CallbackSecret("s", key="webhooks_sharedkey"))
    )

    assert [standing for standing, _ in found(TWILIO.credentials(shared, now))] == ["good"]


@pytest.mark.parametrize("changed", [{"account": ""}, {"callback_secrets": ()}])
def test_without_sid_or_token_nobody_is_asked(account, found, now, remote, expected, changed):
    account = replace(account, **changed)

    for inspection in (TWILIO.credentials(account, now), TWILIO.configuration(account, expected, now)):
        assert [standing for standing, _ in found(inspection)] == ["unknown"]
    assert remote.asked == []


def test_a_number_whose_texts_reach_us_is_good(configuration):
    assert configuration() == [("good", "Texts to +12065550100 reach us")]


@pytest.mark.parametrize("url", [f"{STATUS}{RETRIES}", f"{INBOUND}#rp=all", f"{INBOUND}#rp=5xx&rc=1"])
def test_what_comes_to_the_status_url_reaches_us_too_and_retries_may_be_written_otherwise(
    account, found, now, expected, remote, url
):
    remote.put(NUMBER, number(sms_url=url))

    assert [standing for standing, _ in found(TWILIO.configuration(account, expected, now))] == ["good"]


@pytest.mark.parametrize(
    ("faults", "standing", "what"),
    [
        ({"sms_url": ""}, "wrong", "do not reach us: Twilio has no URL for them"),
        ({"sms_url": None}, "wrong", "do not reach us: Twilio has no URL for them"),
        ({"sms_url": "https://demo.twilio.com/welcome/sms/reply"}, "wrong", "Twilio calls https://demo.twilio.com/wel"),
        ({"sms_url": INBOUND.replace("https", "http") + RETRIES}, "wrong", "Twilio calls http://sms.contoso.com/api"),
        ({"sms_url": INBOUND.replace("main", "other") + RETRIES}, "wrong", "callbacks/other/inbound"),
        ({"sms_url": INBOUND}, "doubtful", "is lost where our answer fails once"),
        ({"sms_url": f"{INBOUND}#rc=5"}, "doubtful", "is lost where our answer fails once"),
        ({"sms_url": f"{INBOUND}#rc=0&rp=5xx"}, "doubtful", "is lost where our answer fails once"),
        ({"sms_url": f"{INBOUND}#rc=5&rp=ct,rt"}, "doubtful", "is lost where our answer fails once"),
        ({"sms_method": "GET"}, "doubtful", "calls with GET"),
        ({"capabilities": {"sms": False}}, "wrong", "takes no texts"),
        ({"phone_number": "+120655501009"}, "wrong", "is no number of this Twilio account"),
    ],
)
def test_a_fault_of_a_number_is_found(configuration, remote, faults, standing, what):
    remote.put(NUMBER, number(**faults))

    ((found_standing, found_what),) = configuration()
    assert (found_standing, what in found_what) == (standing, True), found_what


def test_a_secret_in_a_url_at_twilio_is_not_repeated(account, now, expected, remote):
    remote.put(NUMBER, number(sms_url="https://user:hidden@old.example.com/sms?code=hidden#hidden"))

    (remark,) = drive(TWILIO.configuration(account, expected, now), remote.ask)
    assert "https://old.example.com/sms" in remark.what
    assert "hidden" not in repr(remark)


def test_what_to_paste_stands_at_the_end_with_the_page_before_it(account, now, expected, remote):
    remote.put(NUMBER, number(sms_url=""))

    (remark,) = drive(TWILIO.configuration(account, expected, now), remote.ask)
    assert remark.mend.endswith(f": {INBOUND}{RETRIES}")
    assert "Active numbers › +12065550100 › " in remark.mend


def test_the_application_of_a_number_counts_before_its_url(configuration, remote):
    remote.put(NUMBER, number(sms_application_sid="AP1"))
    remote.put(f"{API}/Applications/AP1.json", {"sms_url": "https://elsewhere.example.com/sms", "sms_method": "POST"})

    ((standing, what),) = configuration()
    assert (standing, "https://elsewhere.example.com/sms" in what) == ("wrong", True)


def test_the_messaging_service_of_a_number_counts_before_everything(configuration, in_service):
    in_service(inbound_request_url="https://elsewhere.example.com/sms")

    ((standing, what),) = configuration()
    assert (standing, "https://elsewhere.example.com/sms" in what) == ("wrong", True)


def test_a_messaging_service_without_a_url_drops_texts(configuration, in_service):
    in_service(inbound_request_url=None)

    assert configuration() == [("wrong", "Texts to +12065550100 do not reach us: its messaging service drops them")]


def test_a_messaging_service_that_leaves_it_to_its_numbers_does_not_count(configuration, in_service):
    in_service(inbound_request_url=None, use_inbound_webhook_on_number=True)

    assert configuration() == [("good", "Texts to +12065550100 reach us")]


def test_a_messaging_service_in_order_is_good(configuration, in_service, remote):
    in_service(status_callback=STATUS)
    remote.put(NUMBER, number(sms_url=""))

    assert configuration() == [("good", "Texts to +12065550100 reach us")]


def test_reports_that_a_messaging_service_sends_elsewhere_are_doubtful(configuration, in_service):
    in_service(status_callback="https://elsewhere.example.com/status")

    assert [standing for standing, _ in configuration()] == ["doubtful", "good"]


def test_services_are_looked_through_on_all_pages_and_never_on_another_host(configuration, remote):
    next_page = f"{SERVICES}?PageSize=50&Page=1&PageToken=x"
    remote.put(SERVICES, {"services": [], "meta": {"next_page_url": next_page}})
    remote.put(
        next_page, {"services": [service(inbound_request_url=None)], "meta": {"next_page_url": "https://evil.example"}}
    )
    remote.put(f"{SERVICES}/MG1/PhoneNumbers", {"phone_numbers": [{"phone_number": "+12065550100"}], "meta": {}})

    assert [standing for standing, _ in configuration()] == ["wrong"]
    assert not [question.url for question in remote.asked if "evil" in question.url]


@pytest.mark.parametrize("only", [SERVICES, NUMBER, "Applications"])
@pytest.mark.parametrize(("status", "standing"), [(401, "wrong"), (429, "unknown"), (503, "unknown")])
def test_what_cannot_be_read_is_said(configuration, remote, only, status, standing):
    remote.put(NUMBER, number(sms_application_sid="AP1"))
    remote.put(f"{API}/Applications/AP1.json", {"sms_url": INBOUND})
    remote.refuse(status, only=only)

    assert [each for each, _ in configuration()] == [standing]


@pytest.mark.parametrize("answer", [Answer(status=0, why="ConnectTimeout"), Answer(status=200, body=b"<html>")])
def test_no_answer_and_one_that_cannot_be_read_are_unknown(account, found, configuration, now, remote, answer):
    remote.answers = dict.fromkeys(remote.answers, answer)

    for remarks in (found(TWILIO.credentials(account, now)), configuration()):
        assert [standing for standing, _ in remarks] == ["unknown"]


def test_a_short_code_is_left_to_the_reader(account, found, now, expected):
    short = replace(expected, numbers=("24273",))

    assert [standing for standing, _ in found(TWILIO.configuration(account, short, now))] == ["unknown"]


def test_without_numbers_nothing_is_asked(account, found, now, expected, remote):
    assert found(TWILIO.configuration(account, replace(expected, numbers=()), now)) == []
    assert remote.asked == []
