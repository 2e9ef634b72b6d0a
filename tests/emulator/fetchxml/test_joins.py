"""Links between tables: examples of Learn, "Join tables using FetchXml" and "Filter on values in related records"."""

import pytest

BY_PRIMARY_CONTACT = "name='account' from='primarycontactid' to='contactid'"
HAS = "<filter><condition attribute='name' operator='eq' value='Contoso Pharmaceuticals'/></filter>"
EVERYBODY = ["Alex alex", "María Campbell", "Nancy Anderson", "Sidney Higa", "Susanna Stubberod", "Yvonne McKay"]


def test_an_inner_link_keeps_rows_with_a_match_once_for_each(people):
    assert people.names("contacts", f"<link-entity {BY_PRIMARY_CONTACT}/>") == [
        *("Susanna Stubberod", "Susanna Stubberod", "Yvonne McKay"),
    ]


def test_an_outer_link_keeps_rows_without_a_match(people):
    linked = people.names("contacts", f"<link-entity {BY_PRIMARY_CONTACT} link-type='outer'/>")
    assert linked == sorted([*EVERYBODY, "Susanna Stubberod"])


def test_rows_not_in_a_set_are_those_whose_outer_link_is_null(people):
    inside = f"""<link-entity {BY_PRIMARY_CONTACT} link-type='outer' alias='a'/>
      <filter><condition entityname='a' attribute='accountid' operator='null'/></filter>"""
    assert people.names("contacts", inside) == ["Alex alex", "María Campbell", "Nancy Anderson", "Sidney Higa"]


def test_a_filter_inside_of_an_outer_link_holds_while_it_is_joined(people):
    inside = f"""<link-entity {BY_PRIMARY_CONTACT} link-type='outer' alias='a'>
        <filter><condition attribute='name' operator='eq' value='Fabrikam'/></filter></link-entity>
      <filter><condition entityname='a' attribute='name' operator='null'/></filter>"""
    assert people.names("contacts", inside) == [name for name in EVERYBODY if name != "Susanna Stubberod"]


@pytest.mark.parametrize("kind", ["exists", "in"])
def test_exists_and_in_return_a_parent_once(people, kind):
    assert people.names("contacts", f"<link-entity {BY_PRIMARY_CONTACT} link-type='{kind}'/>") == [
        *("Susanna Stubberod", "Yvonne McKay"),
    ]
    assert people.names("contacts", f"<link-entity {BY_PRIMARY_CONTACT} link-type='{kind}'>{HAS}</link-entity>") == [
        "Yvonne McKay"
    ]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("any", ["Yvonne McKay"]),
        ("not any", [name for name in EVERYBODY if name != "Yvonne McKay"]),
        ("not all", ["Yvonne McKay"]),
        ("all", ["Susanna Stubberod"]),
    ],
)
def test_a_filter_asks_for_related_rows(people, kind, found):
    link = f"<link-entity {BY_PRIMARY_CONTACT} link-type='{kind}'>{HAS}</link-entity>"
    assert people.names("contacts", f"<filter>{link}</filter>") == found


def test_related_rows_are_one_of_several_conditions(people):
    link = f"<link-entity {BY_PRIMARY_CONTACT} link-type='any'>{HAS}</link-entity>"
    either = f"<filter type='or'>{link}<condition attribute='statecode' operator='eq' value='1'/></filter>"
    assert people.names("contacts", either) == ["María Campbell", "Yvonne McKay"]


def test_links_lie_inside_of_links(people):
    inside = """<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='any'>
        <filter><link-entity name='account' from='primarycontactid' to='contactid' link-type='any'/></filter>
      </link-entity>"""
    assert people.names("accounts", f"<filter>{inside}</filter>") == ["Contoso Pharmaceuticals"]
    nested = """<link-entity name='contact' from='contactid' to='primarycontactid' alias='c'>
        <link-entity name='account' from='accountid' to='parentcustomerid' alias='home'/></link-entity>
      <filter><condition entityname='home' attribute='name' operator='begins-with' value='con'/></filter>"""
    assert people.names("accounts", nested) == ["Contoso Pharmaceuticals"]


def test_an_inner_link_below_an_outer_one_restricts_the_rows(people):
    inside = """<link-entity name='contact' from='contactid' to='primarycontactid' link-type='outer'>
        <link-entity name='account' from='accountid' to='parentcustomerid'/></link-entity>"""
    assert people.names("accounts", inside) == ["Contoso Pharmaceuticals"]


def test_matching_the_first_row_keeps_a_parent_once_and_names_columns_by_their_schema(people):
    xml = f"""<fetch><entity name='contact'><attribute name='fullname'/>
      <link-entity {BY_PRIMARY_CONTACT} link-type='matchfirstrowusingcrossapply'>
        <attribute name='accountid'/><attribute name='name'/>
        <filter><condition attribute='name' operator='ne' value='Contoso Pharmaceuticals'/></filter>
      </link-entity></entity></fetch>"""
    (row,) = people.rows("contacts", xml)
    assert row.keys() == {"@odata.etag", "fullname", "contactid", "AccountId", "Name"}
    assert row["fullname"] == "Susanna Stubberod"
    assert row["Name"] in {"Fabrikam", "Blue Yonder Airlines"}


def test_columns_need_no_relationship_to_be_linked(people, ids):
    web = people.web
    namesake = web.create("accounts", {"name": "SIDNEY higa"})
    inside = "<link-entity name='contact' from='fullname' to='name' alias='c'/>"
    try:
        assert people.names("accounts", inside) == ["SIDNEY higa"]
    finally:
        web.delete(f"accounts({namesake})")


def test_columns_of_different_tables_are_compared(people):
    inside = """<filter><condition attribute='contactid' operator='eq' valueof='acct.primarycontactid'/></filter>
      <link-entity name='account' from='accountid' to='parentcustomerid' link-type='outer' alias='acct'/>"""
    assert people.names("contacts", inside) == ["Yvonne McKay"]


def test_members_of_a_team_are_found_through_the_intersect_table(people, say):
    team = people.web.team("Readers")
    link = {"@odata.id": f"{people.web.root}systemusers({say.administrator})"}
    assert people.web.post(f"teams({team})/teammembership_association/$ref", link).status_code == 204
    only = f"<filter><condition attribute='teamid' operator='eq' value='{{{team.upper()}}}'/></filter>"
    through = f"""<link-entity name='teammembership' from='systemuserid' to='systemuserid' intersect='true'>
        <link-entity name='team' from='teamid' to='teamid' alias='t'><attribute name='name'/>{only}</link-entity>
      </link-entity>"""
    chosen = f"<link-entity name='team' alias='t'><attribute name='name'/>{only}</link-entity>"
    for inside in (through, chosen):
        xml = f"<fetch><entity name='systemuser'><attribute name='fullname'/>{inside}</entity></fetch>"
        (row,) = people.rows("systemusers", xml)
        assert (row["systemuserid"], row["t.name"]) == (say.administrator, "Readers")


def test_one_of_both_columns_is_enough_where_a_relationship_tells_the_other(people):
    assert people.names("contacts", "<link-entity name='account' from='primarycontactid' link-type='exists'/>") == [
        *("Susanna Stubberod", "Yvonne McKay"),
    ]
    xml = """<fetch><entity name='account'><attribute name='name'/>
      <link-entity name='contact' to='primarycontactid' alias='c'><attribute name='fullname'/></link-entity>
      <order attribute='name'/></entity></fetch>"""
    assert [row["c.fullname"] for row in people.rows("accounts", xml)] == [
        *("Susanna Stubberod", "Yvonne McKay", "Susanna Stubberod"),
    ]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<link-entity name='nothing' from='a' to='b'/>", "0x80041102"),
        ("<link-entity name='contact' from='nothing' to='accountid'/>", "0x80041103"),
        ("<link-entity name='contact'/>", "0x80041102"),
        ("<link-entity name='contact' from='contactid' to='primarycontactid' link-type='any'/>", "0x80041117"),
        ("<filter><link-entity name='contact' from='contactid' to='primarycontactid'/></filter>", "0x80041117"),
        (
            (
                "<link-entity name='contact' from='contactid' to='primarycontactid' link-type='exists'>"
                "<attribute name='fullname'/></link-entity>"
            ),
            "0x80041117",
        ),
        ("<link-entity name='contact' from='contactid' to='primarycontactid' alias='1st'/>", "0x80041109"),
        ("<link-entity name='contact' from='contactid' to='primarycontactid' alias='a'/>" * 2, "0x80041130"),
        ("<filter><condition entityname='x' attribute='name' operator='null'/></filter>", "0x8004110a"),
        ("<filter><condition attribute='name' operator='eq' valueof='x.name'/></filter>", "0x8004110a"),
        ("<filter><condition attribute='name' operator='eq' valueof='numberofemployees'/></filter>", "0x80040203"),
        ("<link-entity name='contact' from='contactid' to='primarycontactid'/>" * 16, "0x8004430d"),
    ],
)
def test_links_that_make_no_sense_are_refused(people, inside, code):
    assert people.refused("accounts", f"<fetch><entity name='account'>{inside}</entity></fetch>") == (400, code)


def test_fifteen_links_are_taken(people):
    inside = "<link-entity name='contact' from='contactid' to='primarycontactid' link-type='exists'/>" * 15
    assert people.names("accounts", inside) == ["Blue Yonder Airlines", "Contoso Pharmaceuticals", "Fabrikam"]


@pytest.mark.parametrize(
    "inside",
    [
        "<link-entity name='contact' from='fullname' to='accountid'/>",
        (
            "<link-entity name='contact' from='contactid' to='primarycontactid'>"
            "<filter><condition entityname='a' attribute='name' operator='null'/></filter></link-entity>"
        ),
    ],
)
def test_what_is_not_built_is_told(people, inside):
    status, _ = people.refused("accounts", f"<fetch><entity name='account'>{inside}</entity></fetch>")
    assert status == 501
