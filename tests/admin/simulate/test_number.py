"""`simulate --number`: what a text from a number would do now, by the service's own rules."""

from __future__ import annotations

import json

import pytest

from messaging.records import Table

TIERS = ["latest_conversation", "owned_by_seller", "owned_by_team", "table", "active", "modified", "lowest_id"]


@pytest.fixture
def shared(desk, customer):
    """A contact of the seller and an account of somebody else, with one number."""
    ada = {"firstname": "Ada", "lastname": "Quist", "mobilephone": customer}
    contact = desk.organization.record(Table.CONTACT, desk.seller, **ada)
    return contact, desk.organization.record(Table.ACCOUNT, name="Wick & Sons", telephone1=customer)


def test_the_winner_the_reason_and_where_each_other_fell_out_are_shown(here, desk, customer, shared):
    ran = here("simulate", "--number", customer)

    assert ran.code == 0, ran.err
    assert f"A text from {customer} (a phone number, US)" in ran.out
    assert f"to {desk.our.value} (your number, answered by Maya Lindqvist)" in ran.out
    assert "Tiers: latest_conversation > owned_by_seller" in ran.out
    assert "Ada Quist (contact) was chosen because it belongs to the seller whom the text is addressed to." in ran.out
    assert "Wick & Sons (account) lost at owned_by_seller (no)." in ran.out
    assert "The text would go to Ada Quist (contact), into a new conversation." in ran.out
    assert "Would be told in the app: Maya Lindqvist, for the number that is texted." in ran.out
    first, second = (line for line in ran.out.splitlines() if line.startswith((" Ada Quist", " Wick & Sons")))
    assert first.split()[3:] == ["(chosen)", "yes", "mobilephone"]
    assert second.split()[4:] == ["owned", "by", "seller", "no", "telephone1"]
    assert "Alike in all that were left: latest_conversation (none)." in ran.out
    assert "Not asked any more: owned_by_team, table, active, modified, lowest_id." in ran.out


def test_the_document_has_every_candidate_with_its_value_at_every_tier(here, desk, customer, shared):
    document = here("simulate", "--number", customer, "--json").document

    contact, account = shared
    assert [(each["table"], each["id"], each["name"], each["fell_out_at"]) for each in document["candidates"]] == [
        ("contact", str(contact.id), "Ada Quist", None),
        ("account", str(account.id), "Wick & Sons", "owned_by_seller"),
    ]
    assert all(list(each["values"]) == TIERS for each in document["candidates"])
    assert document["rules"]["tiers"] == TIERS
    assert (document["outcome"], document["ambiguous"]) == ("record", False)
    assert document["told"] == {
        "line": "number",
        "people": [{"id": str(desk.seller.id), "name": "Maya Lindqvist", "may_read": True}],
        "passed_over": [],
    }


def test_it_says_what_the_service_then_does(here, desk, customer, shared):
    said = here("simulate", "--number", customer, "--json").document
    stored = desk.stored(desk.arrives(customer))

    explained = json.loads(stored["txv_routing"])
    assert stored["txv_conversationid"]["_regardingobjectid_value"] == said["candidates"][0]["id"]
    assert explained["outcome"] == said["outcome"]
    assert explained["told"]["line"] == said["told"]["line"]
    assert [each["id"] for each in explained["candidates"]] == [each["id"] for each in said["candidates"]]
    assert [each["values"] for each in explained["candidates"]] == [each["values"] for each in said["candidates"]]
    after = here("simulate", "--number", customer)
    assert "into the conversation that is there." in after.out
    assert "was chosen because it holds the most recent conversation" in after.out


def test_another_order_is_said_not_to_be_in_force_and_what_it_leaves_out_follows(here, customer, shared):
    ran = here("simulate", "--number", customer, "--tiers", "modified")

    assert ran.code == 0, ran.err
    assert "Tiers: modified > latest_conversation > owned_by_seller" in ran.out
    assert "not in force" in ran.out
    document = here("simulate", "--number", customer, "--tiers", "table,modified,lowest_id", "--json").document
    assert document["rules"]["tiers"][:3] == ["table", "modified", "latest_conversation"]
    assert document["rules"]["tiers"][-1] == "lowest_id"
    assert document["rules"]["tiers_in_force"] is False
    assert here("simulate", "--number", customer, "--tiers", json.dumps(TIERS), "--json").document["rules"] == {
        **document["rules"],
        "tiers": TIERS,
        "tiers_in_force": True,
    }


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ("colour", "there is no tier colour"),
        ("active,active", "active stands there twice"),
        ("lowest_id,active", "lowest_id last"),
    ],
)
def test_what_is_no_order_of_tiers_is_refused(here, tiers, said):
    ran = here("simulate", "--number", "+12065550187", "--tiers", tiers)

    assert ran.code == 2
    assert said in ran.err


def test_an_unknown_number_would_make_a_lead_for_who_answers_the_number(here, customer):
    ran = here("simulate", "--number", customer)

    assert "No record is a candidate." in ran.out
    assert "The text would make a new lead, for Maya Lindqvist" in ran.out
    assert here("simulate", "--number", customer, "--json").document["outcome"] == "lead"


def test_where_no_leads_are_made_it_would_wait_and_the_reason_is_said(here, customer):
    here("settings", "set", "txv_newleads", "no")

    ran = here("simulate", "--number", customer)

    assert "New leads: no   (set in this environment)" in ran.out
    assert "The text would wait without a record, since new leads are turned off." in ran.out
    document = here("simulate", "--number", customer, "--json").document
    assert (document["outcome"], document["waits_because"]) == ("waits", "new leads are turned off")


def test_a_short_code_waits_and_the_way_to_write_a_phone_number_is_said(here, desk):
    ran = here("simulate", "--number", "24273")

    assert "A text from 24273 (a short code)" in ran.out
    assert "The text would wait without a record, since short codes and names make no leads." in ran.out
    assert "If it is meant to be a phone number" in ran.out


def test_an_ambiguous_win_is_marked_and_where_the_setting_says_so_somebody_would_be_asked(here, desk, customer):
    for _ in range(2):
        desk.organization.record(Table.CONTACT, desk.seller, lastname="Twin", mobilephone=customer)

    decided = here("simulate", "--number", customer)
    here("settings", "set", "txv_ambiguoustexts", "ask")
    asked = here("simulate", "--number", customer)

    assert "This is ambiguous" in decided.out
    assert "The text would go to Twin (contact)" in decided.out
    assert "until somebody chooses" in asked.out
    document = here("simulate", "--number", customer, "--json").document
    assert (document["outcome"], document["ambiguous"]) == ("asked", True)


def test_a_number_is_read_in_the_region_that_is_in_force(here, customer, shared):
    national = f"({customer[2:5]}) {customer[5:8]}-{customer[8:]}"
    by_app_setting = here("simulate", "--number", national)
    here("settings", "set", "txv_defaultregion", "CA")

    ran = here("simulate", "--number", national)

    assert "read in: US   (app setting DEFAULT_REGION)" in by_app_setting.out
    assert f"A text from {customer}" in ran.out
    assert "read in: CA   (set in this environment)" in ran.out


def test_a_number_without_country_code_where_no_region_is_set_says_what_to_write(admin, org, desk):
    ran = admin("simulate", "--number", "(206) 555-0187", "--url", org.url)

    assert ran.code == 2
    assert "cannot be read" in ran.err
    assert "Write it with + and its country code, such as +12065550187" in ran.err
    assert "settings set txv_defaultregion" in ran.err
    whole = admin("simulate", "--number", "+12065550187", "--url", org.url)
    assert "DEFAULT_REGION of the function app may say more: add --settings" in whole.out


def test_a_number_that_no_country_has_is_refused_with_the_next_step(here, desk):
    ran = here("simulate", "--number", "+1206555")

    assert ran.code == 2
    assert "Check its digits" in ran.err


def test_with_several_numbers_it_asks_which_and_lists_them(here, org, desk, customer):
    other = org.organization.number(org.texter("Tom Okafor"))

    ran = here("simulate", "--number", customer)

    assert ran.code == 2
    assert f"--to {desk.our.value}  Maya Lindqvist" in ran.err
    assert f"--to {other.value}  Tom Okafor" in ran.err
    named = here("simulate", "--number", customer, "--to", other.value)
    assert "answered by Tom Okafor" in named.out


def test_a_number_that_is_none_of_ours_is_said_to_be_none(here, org, customer, shared):
    stranger = org.organization.customer()

    ran = here("simulate", "--number", customer, "--to", stranger)

    assert ran.code == 0, ran.err
    assert f"to {stranger} (none of your numbers: nobody is behind it)" in ran.out
    assert "Ada Quist (contact) was chosen because contacts come before accounts" in ran.out


def test_where_there_is_no_number_of_ours_the_next_step_is_said(here, org):
    ran = here("simulate", "--number", "+12065550187")

    assert ran.code == 1
    assert "python -m admin numbers add" in ran.err


def test_who_lacks_the_role_would_be_told_just_that(here, org, customer, desk):
    ravi = org.organization.seller(texts=False, firstname="Ravi", lastname="Menon")
    our = org.organization.number(ravi)

    ran = here("simulate", "--number", customer, "--to", our.value)

    assert "Ravi Menon lacks the role Text Messaging User, and would be told just that, once a day." in ran.out
    desk.arrives(customer, our)
    again = here("simulate", "--number", customer, "--to", our.value)
    assert (
        "Nobody would be told: whoever would be lacks the role Text Messaging User, and was told so today." in again.out
    )


def test_who_is_disabled_would_be_passed_over_and_where_nobody_is_left_that_is_said(here, org, desk, customer):
    org.organization.update(f"systemusers({desk.seller.id})", {"isdisabled": True})

    ran = here("simulate", "--number", customer)

    assert "Passed over: Maya Lindqvist (disabled)." in ran.out
    assert "Nobody would be told: there is nobody who could be." in ran.out


def test_of_a_crowd_the_best_are_shown_and_the_rest_counted(here, desk, customer):
    for _ in range(27):
        desk.organization.record(Table.LEAD, lastname="One of many", mobilephone=customer)

    document = here("simulate", "--number", customer, "--json").document

    assert (len(document["candidates"]), document["not_shown"]) == (25, 2)
    assert "2 more records rank below these." in here("simulate", "--number", customer).out


@pytest.mark.parametrize("words", [[], ["--number", "+12065550187", "--days", "3"]])
def test_either_a_number_or_days_have_to_be_named(here, words):
    ran = here("simulate", *words)

    assert ran.code == 2
    assert "--days" in ran.err


def test_a_setting_that_cannot_be_understood_is_named(here, org, desk, customer):
    here("settings", "set", "txv_newleads", "no")
    (row,) = org.rows("environmentvariablevalues?$filter=schemaname eq 'txv_newleads_value'")
    org.organization.update(f"environmentvariablevalues({row['environmentvariablevalueid']})", {"value": "perhaps"})

    ran = here("simulate", "--number", customer)

    assert ran.code == 0
    assert "Mend txv_newleads, which cannot be understood, so that its default holds: write yes or no" in ran.out


def test_where_nothing_is_provisioned_the_next_step_is_named(fresh, admin):
    ran = admin("simulate", "--number", "+12065550187", "--url", fresh.url)

    assert ran.code == 1
    assert "python -m admin provision" in ran.err


def test_of_a_number_nothing_but_reads_is_asked(here, customer, shared, asked):
    since = asked()

    assert here("simulate", "--number", customer).code == 0

    assert {method for method, _ in since()} == {"GET"}
