"""What an administrator of text messages can do, and what stays with a System Administrator."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from dataverse.schema.roles import ADMINISTRATOR, USER
from dataverse.store.numbers import numbers
from dataverse.store.people import find, grant, holders, roles_of
from dataverse.store.privileges import Privileges
from dataverse.store.running_settings import NOTIFICATION_TEXT, change_setting, read_settings, running
from dataverse.store.tables import owner_path, path, regarding
from dataverse.webapi.request import Request
from messaging.errors import PrivilegeMissing
from messaging.records import Principal, PrincipalKind, Table


@pytest.fixture
def admin(world):
    """A client of someone who holds *Text Messaging Administrator* and no other role."""
    user = Principal(PrincipalKind.USER, uuid4())
    world.create(owner_path(user), {"lastname": "Admin", **world._unit()})
    world.link(f"{owner_path(user)}/systemuserroles_association", f"roles({ADMINISTRATOR.id})")
    with world.client_for(f"user:{user.id}") as client:
        yield client


@pytest.fixture
def text(world):
    """A text between two who are not the administrator."""
    customer = world.customer()
    world.record(Table.CONTACT, world.seller(), mobilephone=customer)
    event = world.text(world.number(world.seller()), customer)
    world.ingestion().ingest(event)
    return event


def _write(client, target: str, body, method: str = "PATCH") -> None:
    client.send(Request(method=method, path=target, body=body, repeatable=True))


def _read(client, target: str):
    return client.send(Request(method="GET", path=target, repeatable=True)).json()


def test_sets_up_an_account_and_a_number_and_gives_it_to_a_user_and_a_team(world, admin) -> None:
    provider, number = uuid4(), uuid4()
    _write(admin, f"txv_smsproviders({provider})", {"txv_name": "Main", "txv_callbackid": str(provider)})
    bound = {"txv_smsproviderid@odata.bind": f"/txv_smsproviders({provider})"}
    _write(admin, f"txv_phonenumbers({number})", {"txv_name": "North", "txv_digits": world.customer()[1:], **bound})

    for owner in (world.seller(), world.team(world.seller())):
        _write(admin, f"txv_phonenumbers({number})", {"ownerid@odata.bind": f"/{owner_path(owner)}"})
        (row,) = world.rows(
            f"txv_phonenumbers?$filter=txv_phonenumberid eq {number}", owner if _is_user(owner) else None
        )
        assert row["_ownerid_value"] == str(owner.id)

    assert number in {each.id for each in numbers(admin, UUID(USER.id))}
    assert all(Privileges(admin, world.now).may_receive([world.seller(), world.team(world.seller())]).values())
    admin.send(Request(method="DELETE", path=f"txv_phonenumbers({number})"))
    admin.send(Request(method="DELETE", path=f"txv_smsproviders({provider})"))


def _is_user(owner: Principal) -> bool:
    return owner.kind is PrincipalKind.USER


def test_sees_every_text_moves_it_gives_it_to_another_and_erases_it(world, admin, text) -> None:
    message = world.message(text)
    talk, row = message["_txv_conversationid_value"], message["txv_textmessageid"]
    other, heir = world.record(Table.ACCOUNT, world.seller()), world.seller()

    assert _read(admin, f"txv_textmessages({row})?$select=txv_body,txv_routing")["txv_body"] == text.body
    _write(admin, f"txv_textconversations({talk})", {f"{regarding(Table.ACCOUNT)}@odata.bind": f"/{path(other)}"})
    _write(admin, f"txv_textconversations({talk})", {"ownerid@odata.bind": f"/{owner_path(heir)}"})

    assert world.home(text) == other
    assert world.rows(f"txv_textmessages?$filter=txv_textmessageid eq {row}", heir)
    admin.send(Request(method="DELETE", path=f"txv_textmessages({row})"))
    assert not world.rows(f"txv_textmessages?$filter=txv_textmessageid eq {row}")


def test_keeps_everybodys_templates_consents_and_the_phone_index(world, admin, text) -> None:
    template, consent, key = uuid4(), uuid4(), uuid4()
    world.create(f"txv_texttemplates({template})", {"txv_title": "Hello"})
    contact, evidence = world.home(text), world.message(text)["txv_textmessageid"]

    _write(admin, f"txv_texttemplates({template})", {"txv_text": "Hello!", "txv_shared": True})
    shown = {"txv_evidenceid@odata.bind": f"/txv_textmessages({evidence})"}
    _write(admin, f"txv_consents({consent})", {"txv_name": "By phone", "txv_digits": text.sender.digits, **shown})
    about = {"txv_contactid@odata.bind": f"/{path(contact)}"}
    _write(admin, f"txv_phonekeys({key})", {"txv_name": "x", "txv_digits": text.sender.digits, **about})

    for target in (f"txv_texttemplates({template})", f"txv_consents({consent})", f"txv_phonekeys({key})"):
        assert _read(admin, target)
        admin.send(Request(method="DELETE", path=target))


def test_changes_the_settings_while_it_runs(world, admin) -> None:
    world.define_settings()

    change_setting(admin, NOTIFICATION_TEXT, "no")
    assert running(read_settings(admin)).notification_text is False
    change_setting(admin, NOTIFICATION_TEXT, "")
    assert running(read_settings(admin)).notification_text is True


def test_sees_who_holds_the_roles_and_the_system_jobs(world, admin) -> None:
    seller = find(admin, str(world.seller().id))

    assert roles_of(admin, seller)
    assert isinstance(holders(admin, UUID(USER.id)), tuple)
    assert isinstance(_read(admin, "asyncoperations?$top=1")["value"], list)


def test_gives_no_roles_and_changes_no_tables(world, admin) -> None:
    seller, role = find(admin, str(world.seller().id)), UUID(USER.id)

    with pytest.raises(PrivilegeMissing):
        grant(admin, seller, role)
    with pytest.raises(PrivilegeMissing):
        _write(admin, f"roles({role})", {"description": "Mine"})
    with pytest.raises(PrivilegeMissing):
        _write(admin, "PublishXml", {"ParameterXml": "<importexportxml/>"}, "POST")


def test_reads_no_bell_but_the_own(world, admin) -> None:
    with pytest.raises(PrivilegeMissing):
        _read(admin, "appnotifications")
