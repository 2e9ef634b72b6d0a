"""Every name that the product sends to Dataverse is publicly known, or one of ours: read off the wire.

All of the product is played: its tables are made, the demo company is founded, texts come in through the real
callbacks, sellers are shown them, and the store's ports are called for what the tour does not need.
"""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
import requests

from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.roles import USER
from dataverse.store.bell import Bell
from dataverse.store.choices import NumberType
from dataverse.store.consents import Consents
from dataverse.store.directory import Directory
from dataverse.store.handover import hand_over
from dataverse.store.inbox import Inbox
from dataverse.store.new_number import NewNumber, create_number, set_provider
from dataverse.store.numbers import numbers
from dataverse.store.people import find, grant, holders, roles_of, search
from dataverse.store.phone_index.repair import Repair
from dataverse.store.provider_accounts import ShownAccount, carry_out, changes, stored_accounts
from dataverse.store.running_settings import TIER_ORDER, change_setting
from dataverse.store.tables import RECORD_TABLES
from dataverse.store.untold import Untold
from dataverse.webapi.client import Client
from dataverse.webapi.literals import in_list
from function_app.services import now
from local.company.cast import NUMBERS, SELLERS
from local.stack import Stack
from local.tour.play import play
from local.tour.steps import SHORT
from messaging import ids
from messaging.events import ConsentChoice, OptOutSeen
from messaging.numbers import read_address
from notifications.content import Notification, Opening
from pipeline.sweep import LOOK_BACK
from routing.tiers import DEFAULT_ORDER
from tests.dataverse.facts.known import FOLDER, standard, with_ours
from tests.dataverse.facts.uses import unknown
from tests.dataverse.facts.wire import SERVICE, Operation, operations
from tests.free_ports import three_free_ports
from tests.stores.organization import Organization

CUSTOMER = read_address("+12065550187")
"""A customer of the demo company, whom the tour texts for."""


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Operation]:
    """Every operation that went over the wire while the product was played."""
    requests_sent: list[requests.PreparedRequest] = []
    send = requests.Session.send

    def record(session, request, **settings):
        if SERVICE in str(request.url):
            requests_sent.append(request)
        return send(session, request, **settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", record)
        stack = Stack(three_free_ports(), tmp_path_factory.mktemp("demo"))
        try:
            stack.start()
            assert play(stack, SHORT)
            _look_at_the_page(stack)
            _use_the_rest_of_the_store(stack)
            _sweep(stack.client())
        finally:
            stack.stop()
    return [operation for request in requests_sent for operation in operations(request)]


def _look_at_the_page(stack: Stack) -> None:
    for reader in ("administrator", str(SELLERS[0].principal.id)):
        state = requests.get(f"{stack.phone.url}/api/state", params={"as": reader}, timeout=10)
        assert state.status_code == 200


def _use_the_rest_of_the_store(stack: Stack) -> None:
    client = stack.client()
    our = read_address(NUMBERS[0].e164)
    (row, *_) = client.rows(
        "txv_textmessages?$select=txv_provideraccount,txv_providermessageid&$filter=txv_direction%20eq%20471100000"
    )
    account, message_id = str(row["txv_provideraccount"]), str(row["txv_providermessageid"])
    stored = Directory(client).look_again(our, CUSTOMER, ids.message_id(account, message_id)).stored
    opens = Opening(conversation=stored.conversation_id, button="x", pane="x")
    told = Notification(recipient=SELLERS[0].principal.id, title="x", body="x", opens=opens)
    Inbox(client, now).notify(stored, [told])
    choice = OptOutSeen(
        account=account,
        provider="twilio",
        message_id=message_id,
        customer=CUSTOMER,
        choice=ConsentChoice.OPTED_OUT,
        received_at=now(),
    )
    Consents(client).record(choice, Consents(client).find(choice))
    Repair(client, now).run()
    seller, role = find(client, SELLERS[0].name), UUID(USER.id)
    assert (grant(client, seller, role), bool(search(client, seller.name)), bool(roles_of(client, seller))) == (
        False,
        True,
        True,
    )
    assert holders(client, role)
    assert len(numbers(client, role)) == len(NUMBERS)
    for owner in (SELLERS[1], SELLERS[0]):
        hand_over(client, NUMBERS[0].id, owner.principal)
    shown = ShownAccount(
        type="twilio", inbound_url="x", status_url="x", two_way=True, delivery_reports=True, media=False
    )
    for _ in range(2):  # made, and then mended
        for change in changes({"new": shown, "acs-demo": shown}, stored_accounts(client)):
            carry_out(client, change)
        shown = replace(shown, media=True)
    new = NewNumber(
        address=read_address("+12065550199"),
        type=NumberType.GEOGRAPHIC,
        name="x",
        provider="new",
        owner=SELLERS[0].principal,
    )
    assert create_number(client, new)
    set_provider(client, NUMBERS[0].id, "new")
    Organization(client, iter(())).define_settings()
    change_setting(client, TIER_ORDER, ",".join(DEFAULT_ORDER))
    change_setting(client, TIER_ORDER, "")


def _sweep(client: Client) -> None:
    Untold(client).find(now() - LOOK_BACK, now(), 1)
    bell = Bell(client)
    assert SELLERS[0].principal.id in bell.readers(now() - LOOK_BACK)
    bell.take_away([entry.id for entry in bell.entries([SELLERS[0].principal.id])])


def test_every_name_that_we_send_is_known(sent: list[Operation]) -> None:
    assert len(sent) > 300
    assert sorted({problem for operation in sent for problem in unknown(with_ours(), operation)}) == []


def test_everything_that_the_store_names_was_sent(sent: list[Operation]) -> None:
    """So that nothing is known by not having been looked at."""
    paths = " ".join(operation.path for operation in sent)
    bodies = {name.partition("@")[0] for operation in sent for name in operation.body}

    for known in RECORD_TABLES.values():
        assert {name for name in (known.set_name, known.id, known.name, *known.phones) if name not in paths} == set()
        assert {name for name in known.opportunities if f"{name}(" not in paths} == set()
    assert {str(table.set_name) for table in TEXTVERSE.tables if table.set_name in paths} >= {
        "txv_consents",
        "txv_phonenumbers",
        "txv_smsproviders",
        "txv_textconversations",
        "txv_textmessages",
    }
    assert {"regardingobjectid_contact_txv_textconversation", "statecode", "txv_evidenceid", "Recipient"} <= bodies


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (Operation("GET", "contact?$select=fullname", {}), "contact is no table and no operation"),
        (Operation("GET", "contacts?$select=fullname,phone", {}), "contact has no column phone"),
        (Operation("GET", "contacts?$select=_fullname_value", {}), "contact.fullname is no lookup"),
        (Operation("GET", "contacts?$filter=mobil%20eq%20'1'%20and%20fullname%20eq%20'x'", {}), "no column mobil"),
        (Operation("GET", f"contacts?$filter={in_list('mobil', ['fax'])}", {}), "contact has no column mobil"),
        (Operation("GET", "contacts?$orderby=created%20desc", {}), "contact has no column created"),
        (Operation("GET", "contacts?$expand=owner($select=name)", {}), "contact has no navigation owner"),
        (Operation("GET", "contacts?$expand=owninguser($select=name)", {}), "systemuser has no column name"),
        (Operation("GET", "teams?$filter=team_contact/any(n:n/fullname%20eq%20'1')", {}), "no navigation team_contact"),
        (Operation("GET", "teams?$filter=team_contacts/any(n:n/full%20eq%20'1')", {}), "contact has no column full"),
        (
            Operation(
                "GET", "teams?$filter=team_contacts/any(n:n/a%20eq%201)%20or%20team_contacts/any(n:n/fullname eq 1)", {}
            ),
            "contact has no column a",
        ),
        (
            Operation(
                "GET", "teams?$filter=team_contacts/any(n:n/owninguser/user_accounts/any(m:m/full%20eq%20'1'))", {}
            ),
            "account has no column full",
        ),
        (Operation("GET", "txv_consents(txv_name='1')", {}), "txv_consent has no key of txv_name"),
        (Operation("PATCH", "contacts(1)", {"phone": "1"}), "contact has no column phone"),
        (Operation("PATCH", "contacts(1)", {"OwnerId@odata.bind": "/teams(1)"}), "contact has no navigation OwnerId"),
        (Operation("PATCH", "contacts(1)", {"parentcustomerid_account@odata.bind": "/leads(1)"}), "_account to lead"),
        (Operation("POST", "SendAppNotification", {"Titel": "x"}), "SendAppNotification takes no Titel"),
        (
            Operation("GET", "RetrieveSharedPrincipalsAndAccess(Row=@t)?@t={}", {}),
            "RetrieveSharedPrincipalsAndAccess takes no Row",
        ),
        (Operation("POST", "SendNotification", {}), "SendNotification is no table and no operation"),
        (Operation("GET", "teams(1)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()", {}), "team has no operation"),
        (Operation("POST", "teams(1)/members/$ref", {}), "team has no navigation members"),
        (Operation("GET", "EntityDefinitions(LogicalName='x')?$select=Name", {}), "no property Name"),
        (
            Operation(
                "PATCH",
                "environmentvariablevalues(1)",
                {"environmentvariabledefinitionid@odata.bind": "/environmentvariabledefinitions(1)"},
            ),
            "no navigation environmentvariabledefinitionid",
        ),
    ],
)
def test_a_name_that_is_wrong_would_be_noticed(operation: Operation, problem: str) -> None:
    found = list(unknown(with_ours(), operation))

    assert len(found) == 1
    assert problem in found[0]


def test_every_fact_has_a_source() -> None:
    files = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}

    assert files.keys() - {"operations"} == standard().tables.keys()
    assert [name for name, facts in files.items() if not facts["source"]] == []
