"""Lookups: bound by id, by key, by address, to one of several tables; and rows put together with `$ref`."""

from __future__ import annotations

import pytest

BAD_PAYLOAD, MISSING = "0x80048d19", "0x80040217"


@pytest.fixture
def account(web):
    return web.create("accounts", {"name": "Demo Company"})


@pytest.fixture
def contact(web):
    return web.create("contacts", {"lastname": "A"})


@pytest.mark.parametrize("form", ["/contacts({})", "contacts({})", "{root}contacts({})", "/api/data/v9.2/contacts({})"])
def test_a_lookup_is_bound_by_id_in_any_form_of_address(web, account, contact, form):
    link = form.format(contact, root=web.root)
    assert web.patch(f"accounts({account})", {"primarycontactid@odata.bind": link}).status_code == 204
    assert web.row(f"accounts({account})")["_primarycontactid_value"] == contact


@pytest.mark.parametrize("empty", [{"primarycontactid@odata.bind": None}, {"primarycontactid": None}])
def test_a_lookup_is_emptied_with_null(web, account, contact, empty):
    web.patch(f"accounts({account})", {"primarycontactid@odata.bind": f"/contacts({contact})"})
    assert web.patch(f"accounts({account})", empty).status_code == 204
    assert web.row(f"accounts({account})")["_primarycontactid_value"] is None


def test_a_lookup_is_bound_by_alternate_key(custom):
    channel = custom.create("new_channels", {"new_name": "C", "new_digits": "15550190"})
    bound = {"new_name": "M", "new_ChannelId@odata.bind": "/new_channels(new_digits='15550190')"}
    message = custom.create("new_messages", bound)
    assert custom.row(f"new_messages({message})")["_new_channelid_value"] == channel


@pytest.mark.parametrize(
    ("name", "target"),
    [("parentcustomerid_account", "accounts"), ("parentcustomerid_contact", "contacts")],
)
def test_a_polymorphic_lookup_is_bound_through_the_name_of_its_target(web, name, target):
    parent = web.create(target, {"name": "P"} if target == "accounts" else {"lastname": "P"})
    row = web.create("contacts", {"lastname": "A", f"{name}@odata.bind": f"/{target}({parent})"})
    assert web.row(f"contacts({row})")["_parentcustomerid_value"] == parent
    assert web.get(f"contacts({row})/{name}").json()[f"{target[:-1]}id"] == parent


def test_a_polymorphic_lookup_can_change_its_table(web, account, contact):
    row = web.create("contacts", {"lastname": "A", "parentcustomerid_account@odata.bind": f"/accounts({account})"})
    web.patch(f"contacts({row})", {"parentcustomerid_contact@odata.bind": f"/contacts({contact})"})
    assert web.get(f"contacts({row})/parentcustomerid_account").status_code == 204
    assert web.get(f"contacts({row})/parentcustomerid_contact").json()["contactid"] == contact


@pytest.mark.parametrize(
    ("entity_set", "name", "link", "status", "error"),
    [
        ("accounts", "primarycontactid", "/contacts(0b000000-0000-4000-8000-0000000000ff)", 404, MISSING),
        ("accounts", "primarycontactid", f"/accounts({'0b000000-0000-4000-8000-0000000000ff'})", 404, MISSING),
        ("accounts", "PrimaryContactId", "/contacts(0a000000-0000-4000-8000-00000000000a)", 400, BAD_PAYLOAD),
        ("accounts", "primarycontact", "/contacts(0a000000-0000-4000-8000-00000000000a)", 400, BAD_PAYLOAD),
        ("accounts", "primarycontactid", "/systemusers(0a000000-0000-4000-8000-00000000000a)", 400, BAD_PAYLOAD),
        ("accounts", "primarycontactid", 5, 400, BAD_PAYLOAD),
        ("accounts", "primarycontactid", "/contacts", 400, "0x80060888"),
        ("accounts", "primarycontactid", "/nosuchset(0a000000-0000-4000-8000-00000000000a)", 404, "0x80060888"),
        ("accounts", "contact_customer_accounts", ["/contacts(0a000000-0000-4000-8000-00000000000a)"], 404, MISSING),
        ("accounts", "ownerid", "/contacts(0a000000-0000-4000-8000-00000000000a)", 404, MISSING),
        ("contacts", "parentcustomerid", "/accounts(0a000000-0000-4000-8000-00000000000a)", 400, BAD_PAYLOAD),
    ],
)
def test_a_link_that_cannot_be_bound(web, say, entity_set, name, link, status, error):
    answer = web.post(entity_set, {f"{name}@odata.bind": link})
    assert answer.status_code == status, answer.text
    assert error is None or say.code(answer) == error


def test_an_owner_is_a_user_or_a_team(web, say, contact):
    team = web.team()
    web.patch(f"contacts({contact})", {"ownerid@odata.bind": f"/teams({team})"})
    found = web.row(f"contacts({contact})")
    assert (found["_ownerid_value"], found["_owningteam_value"], found["_owninguser_value"]) == (team, team, None)
    assert found["_owningbusinessunit_value"] == say.business_unit
    web.patch(f"contacts({contact})", {"ownerid@odata.bind": f"/systemusers({say.administrator})"})
    found = web.row(f"contacts({contact})")
    assert (found["_owningteam_value"], found["_owninguser_value"]) == (None, say.administrator)


def test_a_single_reference_is_put_and_deleted(web, account, contact):
    path = f"accounts({account})/primarycontactid"
    assert web.put(f"{path}/$ref", {"@odata.id": f"{web.root}contacts({contact})"}).status_code == 204
    assert web.get(path).json()["contactid"] == contact
    assert web.delete(f"{path}/$ref").status_code == 204
    assert web.get(path).status_code == 204


@pytest.mark.parametrize(
    "form", ["contact_customer_accounts({})/$ref", "contact_customer_accounts/$ref?$id=contacts({})"]
)
def test_a_row_joins_and_leaves_a_collection(web, account, contact, form):
    nav = f"accounts({account})/contact_customer_accounts"
    assert web.post(f"{nav}/$ref", {"@odata.id": f"contacts({contact})"}).status_code == 204
    assert web.row(f"contacts({contact})")["_parentcustomerid_value"] == account
    assert web.delete(f"accounts({account})/{form.format(contact)}").status_code == 204
    assert web.row(f"contacts({contact})")["_parentcustomerid_value"] is None


def test_leaving_a_collection_that_one_is_not_in_changes_nothing(web, account, contact):
    other = web.create("accounts", {"name": "Other"})
    web.post(f"accounts({other})/contact_customer_accounts/$ref", {"@odata.id": f"contacts({contact})"})
    web.delete(f"accounts({account})/contact_customer_accounts({contact})/$ref")
    assert web.row(f"contacts({contact})")["_parentcustomerid_value"] == other


@pytest.mark.parametrize("from_team", [True, False])
def test_users_join_teams_from_either_side_once(web, say, from_team):
    unit = f"/businessunits({say.business_unit})"
    team = web.create("teams", {"name": "Sales", "businessunitid@odata.bind": unit})
    user = say.administrator
    near, far = (f"teams({team})", f"systemusers({user})") if from_team else (f"systemusers({user})", f"teams({team})")
    path = f"{near}/teammembership_association"
    assert web.post(f"{path}/$ref", {"@odata.id": web.root + far}).status_code == 204
    assert web.post(f"{path}/$ref", {"@odata.id": web.root + far}).status_code == 412
    assert web.delete(f"{path}({far.partition('(')[2]}/$ref").status_code == 204
    assert web.post(f"{path}/$ref", {"@odata.id": web.root + far}).status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "contact_customer_accounts/$ref", {"@odata.id": "contacts(x)"}, 405),
        ("POST", "primarycontactid/$ref", {"@odata.id": "contacts(x)"}, 405),
        ("POST", "contact_customer_accounts/$ref", {}, 400),
        ("POST", "contact_customer_accounts/$ref", {"@odata.id": "accounts({account})"}, 400),
        ("DELETE", "contact_customer_accounts/$ref", None, 400),
        ("PUT", "createdby/$ref", {"@odata.id": "systemusers(0a000000-0000-4000-8000-00000000000a)"}, 501),
        ("POST", "contact_customer_accounts", {"lastname": "Deep"}, 501),
    ],
)
def test_references_that_are_refused(web, account, method, path, body, status):
    body = {name: value.format(account=account) for name, value in body.items()} if body is not None else None
    assert web(method, f"accounts({account})/{path}", body).status_code == status


@pytest.mark.parametrize("body", [{"ownerid@odata.bind": None}, {"ownerid": None}])
def test_a_row_always_has_an_owner(web, say, contact, body):
    answer = web.patch(f"contacts({contact})", body)
    assert (answer.status_code, say.code(answer)) == (400, "0x80040229")
    answer = web.delete(f"contacts({contact})/ownerid/$ref")
    assert (answer.status_code, say.code(answer)) == (400, "0x80040229")
    assert web.row(f"contacts({contact})")["_ownerid_value"] == say.application_user


def test_access_teams_own_nothing(web, say, contact):
    unit = f"/businessunits({say.business_unit})"
    team = web.create("teams", {"name": "Access", "teamtype": 1, "businessunitid@odata.bind": unit})
    answer = web.patch(f"contacts({contact})", {"ownerid@odata.bind": f"/teams({team})"})
    assert (answer.status_code, say.code(answer)) == (400, "0x80048340")


def test_an_owner_can_be_put_as_a_reference(web, contact):
    team = web.team()
    assert web.put(f"contacts({contact})/ownerid/$ref", {"@odata.id": f"teams({team})"}).status_code == 204
    assert web.row(f"contacts({contact})")["_owningteam_value"] == team
    answer = web.put(f"contacts({contact})/ownerid/$ref", {"@odata.id": f"contacts({contact})"})
    assert answer.status_code == 400


def test_a_reference_of_another_kind_is_not_taken_away(web, account):
    row = web.create("contacts", {"lastname": "A", "parentcustomerid_account@odata.bind": f"/accounts({account})"})
    assert web.delete(f"contacts({row})/parentcustomerid_contact/$ref").status_code == 204
    assert web.row(f"contacts({row})")["_parentcustomerid_value"] == account
    assert web.delete(f"contacts({row})/parentcustomerid_account/$ref").status_code == 204
    assert web.row(f"contacts({row})")["_parentcustomerid_value"] is None


@pytest.fixture
def member(web, account):
    """A contact of the account."""
    return web.create("contacts", {"lastname": "M", "parentcustomerid_account@odata.bind": f"/accounts({account})"})


def test_the_address_alone_can_be_read(web, account, member):
    one = web.row(f"contacts({member})/parentcustomerid_account/$ref")
    assert one == {"@odata.context": f"{web.root}$metadata#$ref", "@odata.id": f"{web.root}accounts({account})"}
    assert web.get(f"accounts({account})/primarycontactid/$ref").status_code == 204


def test_the_addresses_of_many_rows_can_be_read_page_by_page(web, account):
    bind = {"parentcustomerid_account@odata.bind": f"/accounts({account})"}
    ids = [web.create("contacts", {"lastname": str(number), **bind}) for number in range(3)]
    path = f"accounts({account})/contact_customer_accounts/$ref?$orderby=lastname"
    first = web.get(path, Prefer="odata.maxpagesize=2").json()
    second = web.get(first["@odata.nextLink"], Prefer="odata.maxpagesize=2").json()
    assert first["@odata.context"] == f"{web.root}$metadata#Collection($ref)"
    assert [first["value"], second["value"]] == [
        [{"@odata.id": f"{web.root}contacts({each})"} for each in page] for page in (ids[:2], ids[2:])
    ]
    assert "@odata.nextLink" not in second


def test_one_row_of_a_collection_can_be_read(web, say, account, contact, member):
    row = web.row(f"accounts({account})/contact_customer_accounts({member})?$select=lastname")
    assert row["lastname"] == "M"
    assert "firstname" not in row
    elsewhere = web.get(f"accounts({account})/contact_customer_accounts({contact})")
    assert (elsewhere.status_code, say.code(elsewhere)) == (404, MISSING)


def test_only_so_far_can_be_read_by_way_of_a_row(web, account, member):
    path = f"accounts({account})/contact_customer_accounts({member})/lastname"
    assert web.get(path).status_code == 501
    assert web.get(f"accounts({account})/primarycontactid/$count").status_code == 501
