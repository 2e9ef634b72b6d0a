"""A seller with the role Salesperson sees own accounts, contacts and opportunities: through links too."""

import pytest

ACCOUNTS = "<fetch><entity name='account'><attribute name='name'/><order attribute='name'/>{}</entity></fetch>"
CONTACT = "name='contact' from='contactid' to='primarycontactid'"
BACK = "name='account' from='primarycontactid' to='contactid'"
NAMED = "<filter><condition attribute='name' operator='eq' value='{}'/></filter>"


@pytest.fixture
def seller(fresh, say, asking):
    """Owns two accounts and the primary contact of one, which an account of somebody else has too."""
    user = fresh.user("Robin", say.salesperson)
    mine = {"ownerid@odata.bind": f"/systemusers({user})"}
    hidden = fresh.create("contacts", {"lastname": "Hidden"})
    shown = fresh.create("contacts", {"lastname": "Shown", **mine})
    for name, contact, owner in (("Own", hidden, mine), ("Own too", shown, mine), ("Foreign", shown, {})):
        person = {"primarycontactid@odata.bind": f"/contacts({contact})"}
        fresh.create("accounts", {"name": name, "numberofemployees": 10, **person, **owner})
    return asking(fresh.as_user(user))


@pytest.fixture
def own(seller):
    """The names of the accounts that the seller finds with something inside of the entity."""
    return lambda inside: [row["name"] for row in seller.rows("accounts", ACCOUNTS.format(inside))]


def test_only_readable_rows_are_found(own):
    assert own("") == ["Own", "Own too"]


def test_a_link_to_a_row_that_may_not_be_read_is_none(own, seller):
    assert own(f"<link-entity {CONTACT}/>") == ["Own too"]
    outer = f"<link-entity {CONTACT} link-type='outer' alias='c'><attribute name='fullname'/></link-entity>"
    rows = seller.rows("accounts", ACCOUNTS.format(outer))
    assert [row.get("c.fullname") for row in rows] == [None, "Shown"]


@pytest.mark.parametrize("kind", ["inner", "exists", "in", "matchfirstrowusingcrossapply"])
def test_related_rows_count_only_if_they_may_be_read(seller, kind):
    xml = f"<fetch><entity name='contact'><link-entity {BACK} link-type='{kind}'>{NAMED}</link-entity></entity></fetch>"
    assert len(seller.rows("contacts", xml.format("Own too"))) == 1
    assert seller.rows("contacts", xml.format("Foreign")) == []


@pytest.mark.parametrize(
    ("kind", "found"),
    [("any", ["Own too"]), ("not any", ["Own"]), ("all", []), ("not all", ["Own too"])],
)
def test_a_filter_on_related_rows_knows_only_those_that_may_be_read(own, kind, found):
    assert own(f"<filter><link-entity {CONTACT} link-type='{kind}'/></filter>") == found


def test_conditions_do_not_tell_of_hidden_rows(own):
    link = f"<link-entity {CONTACT} link-type='outer' alias='c'/>"
    for inside in (
        "<condition entityname='c' attribute='lastname' operator='begins-with' value='H'/>",
        "<condition entityname='c' attribute='lastname' operator='eq' value='Hidden'/>",
        "<condition attribute='name' operator='gt' valueof='c.lastname'/>",
    ):
        assert own(f"<filter>{inside}</filter>{link}") == []
    assert own(f"<filter><condition entityname='c' attribute='lastname' operator='not-null'/></filter>{link}") == [
        "Own too"
    ]


def test_links_inside_of_links_are_kept_from_sight_too(seller):
    inside = f"""<link-entity {CONTACT}><link-entity {BACK} alias='again'><attribute name='name'/></link-entity>
      </link-entity>"""
    assert [row["again.name"] for row in seller.rows("accounts", ACCOUNTS.format(inside))] == ["Own too"]


def test_aggregates_and_counts_are_about_readable_rows(seller):
    linked = f"""<link-entity {BACK} link-type='outer'>
      <attribute name='numberofemployees' alias='size' aggregate='sum'/></link-entity>"""
    inside = f"<attribute name='fullname' alias='n' aggregate='count'/>{linked}"
    xml = f"<fetch aggregate='true'><entity name='contact'>{inside}</entity></fetch>"
    assert seller.rows("contacts", xml) == [{"n": 1, "size": 10}]
    counted = "<fetch returntotalrecordcount='true'><entity name='account'/></fetch>"
    assert seller.body("accounts", counted)["@odata.count"] == 2


def test_a_table_that_may_not_be_read_is_denied_wherever_it_stands(fresh, say, asking):
    role = fresh.create(
        "roles", {"name": "Accounts only", "businessunitid@odata.bind": f"/businessunits({say.business_unit})"}
    )
    privilege = fresh.row("privileges?$filter=name eq 'prvReadAccount'")["value"][0]["privilegeid"]
    parameters = {"Privileges": [{"PrivilegeId": privilege, "Depth": "Global"}]}
    assert fresh.post(f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole", parameters).status_code == 204
    caller = asking(fresh.as_user(fresh.user("Kim", role)))
    fresh.create("accounts", {"name": "Seen"})
    assert [row["name"] for row in caller.rows("accounts", ACCOUNTS.format(""))] == ["Seen"]
    for inside in (
        f"<link-entity {CONTACT} link-type='outer'/>",
        f"<link-entity {CONTACT} link-type='exists'/>",
        f"<link-entity {CONTACT} link-type='matchfirstrowusingcrossapply'/>",
        f"<filter><link-entity {CONTACT} link-type='not any'/></filter>",
    ):
        assert caller.refused("accounts", ACCOUNTS.format(inside)) == (403, "0x80040220")
    assert caller.refused("contacts", "<fetch><entity name='contact'/></fetch>") == (403, "0x80040220")


def test_a_secret_is_no_column(people):
    hook = {"name": "hook", "url": "http://127.0.0.1:9/", "contract": 8, "authtype": 4, "authvalue": "secret"}
    people.web.create("serviceendpoints", {**hook, "connectionmode": 1, "messageformat": 2})
    for inside in (
        "<attribute name='authvalue'/>",
        "<filter><condition attribute='authvalue' operator='like' value='s%'/></filter>",
        "<order attribute='authvalue'/>",
    ):
        xml = f"<fetch><entity name='serviceendpoint'>{inside}</entity></fetch>"
        assert people.refused("serviceendpoints", xml) == (400, "0x80041103")
    (row,) = people.rows("serviceendpoints", "<fetch><entity name='serviceendpoint'><all-attributes/></entity></fetch>")
    assert (row["name"], row["isauthvalueset"], "authvalue" in row) == ("hook", True, False)
