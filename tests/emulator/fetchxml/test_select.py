"""Columns, their names and annotations. The shapes are those of Learn, "Select columns using FetchXml"."""


def test_the_columns_asked_for_and_the_primary_key_are_returned_and_nulls_are_not(people, ids):
    xml = "<fetch><entity name='account'><attribute name='address1_city'/><attribute name='revenue'/></entity></fetch>"
    rows = {row["accountid"]: row for row in people.rows("accounts", xml)}
    assert rows[ids["contoso"]].keys() == {"@odata.etag", "address1_city", "accountid"}
    assert rows[ids["city"]]["revenue"] == 20000.5
    assert "_transactioncurrencyid_value" in rows[ids["city"]]
    assert rows[ids["empty"]].keys() & {"address1_city", "revenue"} == set()


def test_the_same_rows_come_out_of_odata_but_for_their_nulls(people, everything):
    plain = people.web.get("contacts?$orderby=contactid", Prefer=everything).json()["value"]
    xml = "<fetch><entity name='contact'><all-attributes/></entity></fetch>"
    fetched = people.rows("contacts", xml, everything)
    assert fetched == [{name: value for name, value in row.items() if value is not None} for row in plain]
    assert people.rows("contacts", "<fetch><entity name='contact'/></fetch>", everything) == fetched


def test_no_attrs_leaves_the_primary_key(people):
    rows = people.rows("accounts", "<fetch><entity name='account'><no-attrs/></entity></fetch>")
    assert all(row.keys() == {"@odata.etag", "accountid"} for row in rows)


def test_an_alias_comes_with_the_name_of_its_column(people, everything, ids):
    xml = """<fetch><entity name='contact'>
      <attribute name='donotphone' alias='code'/>
      <attribute name='createdby' alias='whocreated'/>
      <attribute name='createdon' alias='whencreated'/>
      <attribute name='fullname' alias='person'/>
      <filter><condition attribute='firstname' operator='eq' value='Nancy'/></filter>
    </entity></fetch>"""
    (row,) = people.rows("contacts", xml, everything)
    formatted, attribute = "OData.Community.Display.V1.FormattedValue", "OData.Community.Display.V1.AttributeName"
    assert row["contactid"] == ids["nancy"]
    assert (row["code"], row[f"code@{attribute}"]) == (True, "donotphone")
    assert row[f"code@{formatted}"] == "Yes"
    assert (row["person"], row[f"person@{attribute}"]) == ("Nancy Anderson", "fullname")
    assert f"person@{formatted}" not in row
    assert row[f"whocreated@{attribute}"] == "createdby"
    assert row["whocreated@Microsoft.Dynamics.CRM.lookuplogicalname"] == "systemuser"
    assert row[f"whocreated@{formatted}"]
    assert row[f"whencreated@{formatted}"].endswith(("AM", "PM"))
    assert not row.keys() & {"donotphone", "_createdby_value", "createdon", "fullname"}


def test_annotations_come_only_as_the_client_prefers_them(people):
    xml = "<fetch top='1'><entity name='contact'><attribute name='createdby' alias='by'/></entity></fetch>"
    (row,) = people.rows("contacts", xml)
    assert row.keys() == {"@odata.etag", "contactid", "by"}
    one = 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"'
    (row,) = people.rows("contacts", xml, one)
    assert row.keys() == {"@odata.etag", "contactid", "by", "by@Microsoft.Dynamics.CRM.lookuplogicalname"}


def test_the_columns_of_a_link_carry_its_alias(people, everything):
    xml = """<fetch><entity name='contact'>
      <attribute name='fullname'/>
      <filter><condition attribute='firstname' operator='eq' value='Yvonne'/></filter>
      <link-entity name='account' from='accountid' to='parentcustomerid' alias='acct'>
        <attribute name='name'/>
        <attribute name='primarycontactid'/>
        <attribute name='address1_city' alias='town'/>
      </link-entity>
    </entity></fetch>"""
    (row,) = people.rows("contacts", xml, everything)
    assert (row["acct.name"], row["town"]) == ("Contoso Pharmaceuticals", "Redmond")
    assert row["acct.primarycontactid"] == row["contactid"]
    assert row["acct.primarycontactid@Microsoft.Dynamics.CRM.lookuplogicalname"] == "contact"
    assert row["acct.primarycontactid@OData.Community.Display.V1.FormattedValue"] == "Yvonne McKay"
    assert row["acct.primarycontactid@OData.Community.Display.V1.AttributeName"] == "primarycontactid"


def test_a_link_without_an_alias_gets_one_with_its_number(people):
    xml = """<fetch><entity name='contact'>
      <link-entity name='account' from='primarycontactid' to='contactid'><attribute name='name'/></link-entity>
      <link-entity name='account' from='accountid' to='parentcustomerid'><attribute name='name'/></link-entity>
    </entity></fetch>"""
    (row,) = people.rows("contacts", xml)
    assert row["account1.name"] == row["account2.name"] == "Contoso Pharmaceuticals"


def test_distinct_shows_each_combination_once_and_no_keys(people):
    xml = """<fetch distinct='true'><entity name='account'><attribute name='address1_city'/>
      <order attribute='address1_city'/></entity></fetch>"""
    rows = people.rows("accounts", xml)
    assert [row.get("address1_city", "").lower() for row in rows] == ["", "los angeles", "lynnwood", "redmond"]
    assert all(row.keys() <= {"address1_city"} for row in rows)
    assert people.body("accounts", xml, more="&$count=true")["@odata.count"] == 4


def test_a_key_that_distinct_rows_are_asked_for_is_there(people, ids):
    xml = "<fetch distinct='true'><entity name='account'><attribute name='accountid'/></entity></fetch>"
    assert {row["accountid"] for row in people.rows("accounts", xml)} == {ids[key] for key in (
        "contoso", "fabrikam", "blue", "city", "datum", "empty")}  # fmt: skip


def test_what_distinct_rows_are_sorted_by_tells_them_apart_too(people):
    xml = """<fetch distinct='true'><entity name='account'><attribute name='address1_city'/>
      <order attribute='numberofemployees'/></entity></fetch>"""
    assert len(people.rows("accounts", xml)) == people.body("accounts", xml, more="&$count=true")["@odata.count"] == 6


def test_users_carry_their_second_key_as_they_do_in_odata(people):
    xml = "<fetch top='1'><entity name='systemuser'><attribute name='fullname'/></entity></fetch>"
    (row,) = people.rows("systemusers", xml)
    assert row["ownerid"] == row["systemuserid"]
