"""Queries find their rows through indexes."""

import pytest

URL_PHONE = "%2B14255550110"


@pytest.fixture
def plan(db, query):
    """The tables that a query's statements go through row by row, and those that they look up."""

    def explain(set_name, options):
        statements = []
        db.set_trace_callback(statements.append)
        query(set_name, options)
        db.set_trace_callback(None)
        return [row[3] for each in statements for row in db.execute(f"explain query plan {each}").fetchall()]

    return explain


@pytest.mark.parametrize(
    ("set_name", "text"),
    [
        ("contacts", f"mobilephone eq '{URL_PHONE}'"),
        ("contacts", f"mobilephone eq '{URL_PHONE}' or telephone1 eq '{URL_PHONE}'"),
        ("contacts", f"Microsoft.Dynamics.CRM.In(PropertyName='mobilephone',PropertyValues=['{URL_PHONE}','1'])"),
        ("accounts", "name eq 'Fabrikam' and statecode eq 0"),
        ("accounts", "accountnumber eq 'f-1'"),
        ("accounts", "accountid eq 00000000-0000-4000-8000-000000000010"),
        ("accounts", f"primarycontactid/mobilephone eq '{URL_PHONE}'"),
        ("opportunities", f"customerid_contact/mobilephone eq '{URL_PHONE}'"),
        ("accounts", f"contact_customer_accounts/any(c:c/mobilephone eq '{URL_PHONE}')"),
        ("contacts", "contact_tags/any(a:a/accountnumber eq 'A-1')"),
    ],
)
def test_equality_on_an_indexed_column_scans_no_table(plan, people, db, set_name, text):
    for table, column in [
        ("account", "primarycontactid"),
        ("opportunity", "customerid"),
        ("accountlead_tag", "accountid"),
    ]:
        db.execute(f'create index "ix_{table}" on "{table}" ("{column}")')
    steps = plan(set_name, f"$filter={text}&$orderby=createdon&$top=5")
    assert any("SEARCH" in step for step in steps)
    assert [step for step in steps if step.startswith("SCAN")] == []


def test_a_page_behind_a_token_is_found_by_the_key(plan, people):
    steps = plan("contacts", "$select=contactid")
    assert steps == ["SCAN t0 USING INDEX sqlite_autoindex_contact_1"]
