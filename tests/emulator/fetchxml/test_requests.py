"""The ways to send a query: in the URL, inside of a batch, by the id of a view."""

from urllib.parse import quote

import pytest

TOP = "<fetch top='1'><entity name='account'><attribute name='name'/><order attribute='name'/></entity></fetch>"
VIEW = {"querytype": 0, "returnedtypecode": "account", "layoutxml": "<grid/>"}


def test_a_query_in_a_batch_is_answered_like_one_of_its_own(people):
    path = f"accounts?fetchXml={quote(TOP, safe='')}"
    answer, ((status, _, body),) = people.web.batch(("GET", path))
    assert answer.status_code == status == 200
    assert body["value"] == people.rows("accounts", TOP)


def test_a_query_in_a_batch_may_be_longer_than_a_url(people):
    ids = [f"{number:08}-0000-0000-0000-000000000000" for number in range(700)]
    values = "".join(f"<value>{each}</value>" for each in ids)
    inside = f"<filter><condition attribute='accountid' operator='in'>{values}</condition></filter>"
    path = "accounts?fetchXml=" + quote(f"<fetch><entity name='account'>{inside}</entity></fetch>", safe="/'=")
    assert people.web.get(path).status_code == 414
    _, ((status, _, body),) = people.web.batch(("GET", path))
    assert (status, body["value"]) == (200, [])


def test_plus_signs_and_entities_are_decoded(people):
    xml = TOP.replace(
        "<order", "<filter><condition attribute='name' operator='eq' value='City Power &amp; Light'/></filter><order"
    )
    answer = people.web.get(f"accounts?fetchXml={quote(xml, safe='').replace('%20', '+')}")
    assert [row["name"] for row in answer.json()["value"]] == ["City Power & Light"]


def test_the_context_names_what_is_shown(people):
    body = people.body("accounts", TOP)
    assert body["@odata.context"] == f"{people.web.root}$metadata#accounts(name,accountid)"


def test_only_the_preference_for_annotations_is_applied(people):
    answer = people.ask("accounts", TOP, 'odata.maxpagesize=1,odata.include-annotations="*"')
    assert answer.headers["Preference-Applied"] == 'odata.include-annotations="*"'


@pytest.fixture
def view(people):
    made = people.web.create("savedqueries", {**VIEW, "name": "First account", "fetchxml": TOP})
    yield made
    people.web.delete(f"savedqueries({made})")


def test_a_saved_query_is_run_by_its_id(people, view):
    assert people.ask("accounts", view, option="savedQuery").json() == people.body("accounts", TOP)
    counted = people.ask("accounts", view.upper(), option="savedQuery", more="&$count=false")
    assert counted.status_code == 200


def test_a_saved_query_belongs_to_its_table(people, view):
    assert people.refused("contacts", view, option="savedQuery") == (400, "0x80041128")


def test_a_saved_query_must_be_there_and_hold_a_query(people, new_id):
    assert people.refused("accounts", new_id(), option="savedQuery") == (404, "0x80040217")
    assert people.refused("accounts", "one", option="savedQuery")[0] == 400
    empty = people.web.create("savedqueries", {**VIEW, "name": "Empty"})
    assert people.refused("accounts", empty, option="savedQuery") == (400, "0x80040201")


def test_a_saved_query_is_read_as_its_reader(people, view, filled, say, asking):
    caller = asking(people.web.as_user(people.web.user("Nobody", say.salesperson)))
    readable = caller.web.get(f"savedqueries({view})").status_code == 200
    assert (caller.ask("accounts", view, option="savedQuery").status_code == 200) is readable


def test_a_query_of_ones_own_is_run_by_its_id(people, new_id, say, asking):
    mine = people.web.create("userqueries", {**VIEW, "name": "Mine", "fetchxml": TOP})
    assert people.ask("accounts", mine, option="userQuery").json() == people.body("accounts", TOP)
    assert people.refused("accounts", new_id(), option="userQuery") == (404, "0x80040217")
    other = asking(people.web.as_user(people.web.user("Nobody", say.salesperson)))
    assert other.refused("accounts", mine, option="userQuery")[0] in (403, 404)
    assert people.web.delete(f"userqueries({mine})").status_code == 204


@pytest.mark.parametrize("more", ["&$select=name", "&$top=1", "&savedQuery=x", "&nonsense=1"])
def test_other_options_beside_a_query_are_told_to_be_missing(people, more):
    assert people.refused("accounts", TOP, more=more)[0] == 501


@pytest.mark.parametrize("more", ["&fetchXml=x", "&$count=perhaps", "&$count=%FF"])
def test_options_that_make_no_sense_are_refused(people, more):
    assert people.refused("accounts", TOP, more=more)[0] == 400


def test_the_query_must_be_about_the_table_of_the_path(people):
    assert people.refused("contacts", TOP) == (400, "0x80041128")


def test_related_rows_and_counts_take_no_query(people, ids):
    for path in (f"accounts({ids['contoso']})/contact_customer_accounts", "accounts/$count"):
        assert people.refused(path, TOP)[0] in {400, 501}


def test_a_query_that_takes_too_long_is_given_up(people, monkeypatch):
    monkeypatch.setattr("emulator.fetchxml.timeout._SECONDS", 0.2)
    link = "<link-entity name='account' from='statecode' to='statecode'>"
    inside = f"<order attribute='name'/>{link * 15}{'</link-entity>' * 15}"
    xml = f"<fetch><entity name='account'>{inside}</entity></fetch>"
    assert people.refused("accounts", xml) == (400, "0x80044151")
    assert people.rows("accounts", TOP)
