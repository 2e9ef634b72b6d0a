"""What is found out at Communication Services and in Event Grid, in order and with each fault.

URLs and shapes: Azure/azure-rest-api-specs, communication/data-plane/PhoneNumbers and eventgrid/resource-manager.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from messaging.accounts import CallbackSecret, ProviderAccount
from providers.acs.inspection import AcsInspector
from providers.inspection import Answer, drive

ENDPOINT = "https://contoso.communication.azure.com"
NUMBERS = f"{ENDPOINT}/phoneNumbers?skip=0&top=100&api-version=2025-06-01"
SUBSCRIPTION = "/subscriptions/5b4b650e-28b9-4790-b3ab-ddbd88d727c4"
RESOURCE = f"{SUBSCRIPTION}/resourceGroups/sms/providers/Microsoft.Communication/communicationServices/contoso"
MANAGER = "https://management.azure.com"
DIRECT = f"{MANAGER}{RESOURCE}/providers/Microsoft.EventGrid/eventSubscriptions?api-version=2025-02-15"
TOPICS = f"{MANAGER}{SUBSCRIPTION}/providers/Microsoft.EventGrid/systemTopics?api-version=2025-02-15"
TOPIC = f"{SUBSCRIPTION}/resourceGroups/sms/providers/Microsoft.EventGrid/systemTopics/contoso-topic"
ON_TOPIC = f"{MANAGER}{TOPIC}/eventSubscriptions?api-version=2025-02-15"
INBOUND = "https://sms.contoso.com/api/callbacks/main/inbound"
STATUS = "https://sms.contoso.com/api/callbacks/main/status"
KEY = "YWNzLWFjY2Vzcy1rZXktMDEyMzQ1Njc4OWFiY2RlZjA="
TENANT = "72f988bf-0000-4000-8000-2d7cd011db47"
ACS = AcsInspector()


def entry(name, url, types, *, attributes=("X-Callback-Secret",), filters=(), hook=(), **properties):
    mappings = [
        {"name": each, "type": "Static", "properties": {"value": None, "isSecret": True}} for each in attributes
    ]
    destination = {"endpointBaseUrl": url, "deliveryAttributeMappings": mappings} | dict(hook)
    included = None if types is None else [f"Microsoft.Communication.{each}" for each in types]
    return {
        "id": f"{TOPIC}/eventSubscriptions/{name}",
        "name": name,
        "properties": {
            "provisioningState": "Succeeded",
            "destination": {"endpointType": "WebHook", "properties": destination},
            "filter": {"includedEventTypes": included, "subjectBeginsWith": ""} | dict(filters),
        }
        | properties,
    }


@pytest.fixture
def account():
    return ProviderAccount(
        id="main",
        type="acs",
        account=ENDPOINT,
        callback_secrets=(CallbackSecret("the secret"),),
        credentials={"access_key": KEY},
        options={"resource_id": RESOURCE},
    )


@pytest.fixture
def subscribe(remote):
    """Puts event subscriptions on the resource's system topic."""

    def put(*entries):
        remote.put(ON_TOPIC, {"value": list(entries)})

    return put


@pytest.fixture(autouse=True)
def _in_order(remote, subscribe):
    remote.put(
        NUMBERS, {"phoneNumbers": [{"phoneNumber": "+12065550100", "capabilities": {"sms": "inbound+outbound"}}]}
    )
    remote.put(DIRECT, {"value": []})
    remote.put(TOPICS, {"value": [topic(RESOURCE)]})
    subscribe(entry("texts", INBOUND, ["SMSReceived"]), entry("reports", STATUS, ["SMSDeliveryReportReceived"]))


def topic(source):
    return {"id": TOPIC, "properties": {"source": source.lower(), "provisioningState": "Succeeded"}}


@pytest.fixture
def credentials(found, account, now):
    return lambda changed=account: found(ACS.credentials(changed, now))


@pytest.fixture
def configuration(found, account, expected, now):
    return lambda changed=account: found(ACS.configuration(changed, expected, now))


GOOD = [
    ("good", "+12065550100 sends and takes texts"),
    ("good", "Event Grid calls us with texts and delivery reports"),
]


def test_an_access_key_that_is_taken_is_good_and_signs_the_question(credentials, remote):
    assert credentials() == [("good", "Communication Services takes the access key")]
    (question,) = remote.asked
    assert question.headers["Authorization"].startswith("HMAC-SHA256 ")
    assert question.scope == ""


def test_without_an_access_key_whoever_runs_the_command_asks(account, credentials, remote):
    assert credentials(replace(account, credentials={})) == [
        ("good", "Communication Services takes whoever runs this command")
    ]
    (question,) = remote.asked
    assert question.scope == "https://communication.azure.com//.default"
    assert "Authorization" not in question.headers


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(("keys", "standing"), [({"access_key": KEY}, "wrong"), ({}, "unknown")])
def test_a_refused_key_is_wrong_and_a_stranger_learns_nothing(account, credentials, remote, status, keys, standing):
    remote.refuse(status)

    assert [each for each, _ in credentials(replace(account, credentials=keys))] == [standing]


@pytest.mark.parametrize(
    "endpoint",
    ["", "http://contoso.communication.azure.com", "https://communication.azure.com.evil.example", "contoso"],
)
def test_nothing_is_asked_of_what_is_no_endpoint(account, credentials, remote, endpoint):
    assert [each for each, _ in credentials(replace(account, account=endpoint))] == ["unknown"]
    assert remote.asked == []


def test_a_key_that_is_none_is_wrong_and_is_not_quoted(account, now, remote):
    (remark,) = drive(ACS.credentials(replace(account, credentials={"access_key": "no base64!"}), now), remote.ask)

    assert remark.standing == "wrong"
    assert "no base64!" not in repr(remark)


def test_all_in_order_is_good(configuration):
    assert configuration() == GOOD


@pytest.mark.parametrize(
    ("numbers", "standing", "what"),
    [
        ([], "wrong", "is no number of this Communication Services resource"),
        ([("+12065550100", "none")], "wrong", "takes no texts (SMS: none)"),
        ([("+12065550100", "outbound")], "wrong", "takes no texts (SMS: outbound)"),
        ([("+12065550100", "inbound")], "doubtful", "sends no texts (SMS: inbound)"),
    ],
)
def test_a_fault_of_a_number_is_found(configuration, remote, numbers, standing, what):
    listed = [{"phoneNumber": number, "capabilities": {"sms": sms}} for number, sms in numbers]
    remote.put(NUMBERS, {"phoneNumbers": listed})

    (found_standing, found_what), *_ = configuration()
    assert (found_standing, what in found_what) == (standing, True), found_what


def test_numbers_are_looked_for_on_all_pages(configuration, remote):
    first = [{"phoneNumber": f"+1206555{number:04}", "capabilities": {}} for number in range(1000, 1100)]
    last = [{"phoneNumber": "+12065550100", "capabilities": {"sms": "inbound+outbound"}}]
    remote.put(NUMBERS, {"phoneNumbers": first})
    remote.put(NUMBERS.replace("skip=0", "skip=100"), {"phoneNumbers": last})

    assert configuration() == GOOD


def test_short_codes_are_left_to_the_reader(found, account, expected, now):
    short = replace(expected, numbers=("24273",))

    assert [standing for standing, _ in found(ACS.configuration(account, short, now))] == ["unknown", "good"]


def test_a_subscription_on_the_resource_itself_counts_as_one_on_its_topic(configuration, remote):
    remote.put(TOPICS, {"value": []})
    remote.put(DIRECT, {"value": [entry("both", INBOUND, ["SMSReceived", "SMSDeliveryReportReceived"])]})

    assert configuration() == GOOD


def test_a_subscription_that_hears_of_everything_counts_for_both(configuration, subscribe):
    subscribe(entry("all", STATUS, None))

    assert configuration() == GOOD


def test_topics_of_other_resources_do_not_count(configuration, remote):
    remote.put(TOPICS, {"value": [topic(RESOURCE.replace("contoso", "fabrikam"))]})

    assert [standing for standing, _ in configuration()] == ["good", "wrong", "wrong"]


def test_the_next_page_of_a_list_is_read_and_never_on_another_host(configuration, remote, subscribe):
    remote.put(ON_TOPIC, {"value": [entry("texts", INBOUND, ["SMSReceived"])], "nextLink": f"{MANAGER}/next"})
    rest = [entry("reports", STATUS, ["SMSDeliveryReportReceived"])]
    remote.put(f"{MANAGER}/next", {"value": rest, "nextLink": "https://management.azure.com.evil.example/next"})

    assert configuration() == GOOD
    assert not [question.url for question in remote.asked if "evil" in question.url]


ELSEWHERE = "https://elsewhere.example.com/inbound"
FAULTS = [
    (entry("texts", ELSEWHERE, ["SMSReceived"]), "wrong", "No event subscription brings us texts"),
    (entry("texts", INBOUND, ["ChatMessageReceived"]), "wrong", "No event subscription brings us texts"),
    (
        entry("texts", INBOUND, ["SMSReceived"], provisioningState="AwaitingManualAction"),
        "wrong",
        "waits for its endpoint",
    ),
    (entry("texts", INBOUND, ["SMSReceived"], provisioningState="Failed"), "wrong", "is in the state Failed"),
    (entry("texts", INBOUND, ["SMSReceived"], filters={"subjectBeginsWith": "/x"}), "doubtful", "filters by subject"),
    (entry("texts", INBOUND, ["SMSReceived"], filters={"advancedFilters": [{}]}), "doubtful", "filters by subject"),
    (entry("texts", INBOUND, ["SMSReceived"], expirationTimeUtc="2027-01-01T00:00:00Z"), "doubtful", "ends on 2027"),
    (entry("texts", INBOUND, ["SMSReceived"], attributes=["X-Other"]), "doubtful", "brings no X-Callback-Secret"),
]


@pytest.mark.parametrize(("fault", "standing", "what"), FAULTS)
def test_a_fault_of_an_event_subscription_is_found(configuration, subscribe, fault, standing, what):
    subscribe(fault, entry("reports", STATUS, ["SMSDeliveryReportReceived"]))

    _, (found_standing, found_what) = configuration()
    assert (found_standing, what in found_what) == (standing, True), found_what


def test_reports_that_nobody_brings_are_missed(configuration, subscribe):
    subscribe(entry("texts", INBOUND, ["SMSReceived"]))

    assert configuration()[1:] == [("wrong", "No event subscription brings us delivery reports")]


def test_a_callback_secret_that_every_reader_sees_is_doubtful(configuration, subscribe):
    shown = [{"name": "x-callback-secret", "type": "Static", "properties": {"value": "the secret", "isSecret": False}}]
    subscribe(entry("all", INBOUND, None, hook={"deliveryAttributeMappings": shown}))

    ((_, _), (standing, what)) = configuration()
    assert (standing, "sees the callback secret" in what, "the secret" in what.replace("the callback secret", "")) == (
        "doubtful",
        True,
        False,
    )


def test_with_entra_the_subscription_has_to_bring_its_tokens(account, configuration, subscribe):
    entra = {"tenant": TENANT, "audience": "api://textverse"}
    account = replace(account, options={**account.options, "entra": entra})
    hook = {"azureActiveDirectoryTenantId": TENANT.upper(), "azureActiveDirectoryApplicationIdOrUri": "textverse"}
    subscribe(entry("all", INBOUND, None, attributes=(), hook=hook))
    assert configuration(account) == GOOD

    subscribe(entry("all", INBOUND, None, attributes=(), hook=hook | {"azureActiveDirectoryTenantId": ""}))
    ((_, _), (standing, what)) = configuration(account)
    assert (standing, "brings no token" in what) == ("wrong", True)


def test_a_destination_behind_an_identity_is_read_too(configuration, subscribe):
    plain = entry("all", INBOUND, None)
    destination = plain["properties"].pop("destination")
    plain["properties"]["deliveryWithResourceIdentity"] = {"identity": {}, "destination": destination}
    subscribe(plain)

    assert configuration() == GOOD


@pytest.mark.parametrize(("status", "standing"), [(401, "unknown"), (403, "unknown"), (404, "wrong"), (503, "unknown")])
@pytest.mark.parametrize("only", ["eventSubscriptions", "systemTopics?"])
def test_what_azure_does_not_show_is_said(configuration, remote, status, standing, only):
    remote.refuse(status, only=only)

    assert [each for each, _ in configuration()] == ["good", standing]


def test_without_a_token_the_reason_is_said(configuration, remote):
    remote.answers[DIRECT] = Answer(status=401, why="nobody is signed in to the Azure CLI")

    assert "nobody is signed in to the Azure CLI" in configuration()[1][1]


@pytest.mark.parametrize(
    ("options", "standing"),
    [({}, "unknown"), ({"resource_id": f"{RESOURCE}/../../x"}, "wrong"), ({"resource_id": "contoso"}, "wrong")],
)
def test_without_a_resource_id_event_grid_is_not_asked(account, configuration, remote, options, standing):
    assert [each for each, _ in configuration(replace(account, options=options))] == ["good", standing]
    assert not [question.url for question in remote.asked if MANAGER in question.url]


def test_a_secret_that_is_missing_here_is_wrong(account, configuration):
    remarks = configuration(replace(account, callback_secrets=()))

    assert ("wrong", "Callbacks are off: there is no callback secret") in remarks
