"""The standard tables: names, lengths and relationships that clients rely on, and that the data is sound."""

from __future__ import annotations

from collections import Counter

import pytest

from emulator.metadata.model import ColumnType
from emulator.metadata.standard import standard_schema

SCHEMA = standard_schema()
TABLES = sorted(SCHEMA.tables)


@pytest.mark.parametrize(
    ("table", "entity_set", "code", "primary_id", "primary_name"),
    [
        ("account", "accounts", 1, "accountid", "name"),
        ("contact", "contacts", 2, "contactid", "fullname"),
        ("opportunity", "opportunities", 3, "opportunityid", "name"),
        ("lead", "leads", 4, "leadid", "fullname"),
        ("annotation", "annotations", 5, "annotationid", "subject"),
        ("systemuser", "systemusers", 8, "systemuserid", "fullname"),
        ("team", "teams", 9, "teamid", "name"),
        ("businessunit", "businessunits", 10, "businessunitid", "name"),
        ("role", "roles", 1036, "roleid", "name"),
        ("queue", "queues", 2020, "queueid", "name"),
        ("queueitem", "queueitems", 2029, "queueitemid", "title"),
        ("activitypointer", "activitypointers", 4200, "activityid", "subject"),
        ("email", "emails", 4202, "activityid", "subject"),
        ("phonecall", "phonecalls", 4210, "activityid", "subject"),
        ("task", "tasks", 4212, "activityid", "subject"),
        ("transactioncurrency", "transactioncurrencies", 9105, "transactioncurrencyid", "currencyname"),
        ("principalobjectaccess", "principalobjectaccessset", 11, "principalobjectaccessid", ""),
        ("systemuserroles", "systemuserrolescollection", 14, "systemuserroleid", ""),
    ],
)
def test_the_identity_of_a_table(table, entity_set, code, primary_id, primary_name):
    found = SCHEMA.tables[table]
    assert (found.set_name, found.object_type_code) == (entity_set, code)
    assert (found.primary_id, found.primary_name) == (primary_id, primary_name)


@pytest.mark.parametrize(
    ("table", "column", "length"),
    [
        ("contact", "telephone1", 50),
        ("contact", "mobilephone", 50),
        ("contact", "firstname", 50),
        ("contact", "fullname", 160),
        ("account", "name", 160),
        ("account", "telephone1", 50),
        ("lead", "mobilephone", 20),
        ("lead", "pager", 20),
        ("lead", "telephone1", 50),
        ("lead", "subject", 300),
        ("opportunity", "name", 300),
        ("systemuser", "mobilephone", 64),
        ("systemuser", "homephone", 50),
        ("team", "name", 160),
        ("phonecall", "subject", 200),
        ("phonecall", "phonenumber", 200),
        ("activitypointer", "subject", 400),
        ("activityparty", "addressused", 320),
        ("annotation", "subject", 500),
        ("appnotification", "title", 256),
        ("appnotification", "data", 5000),
    ],
)
def test_the_length_of_a_column(table, column, length):
    assert SCHEMA.tables[table].columns[column].max_length == length


@pytest.mark.parametrize(("table", "column"), [("account", "mobilephone"), ("systemuser", "telephone1")])
def test_columns_that_one_would_expect_and_that_are_not_there(table, column):
    assert column not in SCHEMA.tables[table].columns


def test_opportunities_have_no_phone_column():
    formats = {column.format_name for column in SCHEMA.tables["opportunity"].columns.values()}
    assert "Phone" not in formats


@pytest.mark.parametrize(
    ("table", "nav", "target"),
    [
        ("opportunity", "parentcontactid", "contact"),
        ("opportunity", "parentaccountid", "account"),
        ("opportunity", "customerid_contact", "contact"),
        ("opportunity", "customerid_account", "account"),
        ("contact", "opportunity_parent_contact", "opportunity"),
        ("contact", "opportunity_customer_contacts", "opportunity"),
        ("account", "opportunity_parent_account", "opportunity"),
        ("account", "opportunity_customer_accounts", "opportunity"),
        ("account", "contact_customer_accounts", "contact"),
        ("account", "primarycontactid", "contact"),
        ("contact", "account_primary_contact", "account"),
        ("contact", "contact_customer_contacts", "contact"),
        ("contact", "Contact_Phonecalls", "phonecall"),
        ("lead", "Lead_ActivityPointers", "activitypointer"),
        ("phonecall", "regardingobjectid_lead_phonecall", "lead"),
        ("activitypointer", "regardingobjectid_contact", "contact"),
        ("team", "teammembership_association", "systemuser"),
        ("systemuser", "teammembership_association", "team"),
        ("systemuser", "systemuserroles_association", "role"),
        ("team", "teamroles_association", "role"),
        ("team", "team_contacts", "contact"),
        ("systemuser", "user_accounts", "account"),
        ("systemuser", "lk_contactbase_createdby", "contact"),
        ("contact", "ownerid", "owner"),
        ("contact", "owninguser", "systemuser"),
        ("contact", "owningteam", "team"),
        ("environmentvariablevalue", "EnvironmentVariableDefinitionId", "environmentvariabledefinition"),
    ],
)
def test_a_navigation_property(table, nav, target):
    found = SCHEMA.navigation(table, nav)
    assert found is not None
    assert found.target == target


@pytest.mark.parametrize("table", TABLES)
def test_navigation_names_are_unique(table):
    # An N:N relationship of a table with itself shows up from both sides.
    names = Counter(nav.name for nav in SCHEMA.navigations(table))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("table", TABLES)
def test_lookups_point_to_tables_that_are_there(table):
    lookups = [column for column in SCHEMA.tables[table].columns.values() if column.is_lookup]
    linked = {link.referencing_column for link in SCHEMA.one_to_many.values() if link.referencing_table == table}
    for lookup in lookups:
        assert lookup.targets, lookup.logical_name
        assert set(lookup.targets) <= SCHEMA.tables.keys()
        assert lookup.logical_name in linked


@pytest.mark.parametrize("table", TABLES)
def test_states_and_statuses_fit_together(table):
    columns = SCHEMA.tables[table].columns
    if "statecode" not in columns:
        assert "statuscode" not in columns
        return
    belongs = {option.value: option.state for option in columns["statuscode"].options}
    for state in columns["statecode"].options:
        assert belongs[state.default_status] == state.value


@pytest.mark.parametrize("table", TABLES)
def test_defaults_are_values_of_their_column(table):
    for column in SCHEMA.tables[table].columns.values():
        if column.default is not None and column.type is ColumnType.CHOICE:
            assert column.default in {option.value for option in column.options}
        elif column.default is not None:
            assert column.type is ColumnType.BOOLEAN


@pytest.mark.parametrize("table", TABLES)
def test_the_primary_columns_exist(table):
    found = SCHEMA.tables[table]
    assert found.columns[found.primary_id].type is ColumnType.ID
    assert not found.primary_name or found.columns[found.primary_name].type is ColumnType.STRING


def test_metadata_ids_are_unique_and_stay():
    ids = [table.metadata_id for table in SCHEMA.tables.values()]
    ids += [column.metadata_id for table in SCHEMA.tables.values() for column in table.columns.values()]
    ids += [link.metadata_id for link in (*SCHEMA.one_to_many.values(), *SCHEMA.many_to_many.values())]
    assert len(set(ids)) == len(ids)
    assert SCHEMA.tables["contact"].metadata_id == "8e5dc2aa-80fb-5e95-9ae2-de854fc4f94b"
