"""A small organization of our own: tables as Dataverse has them, filled with fictional people."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from emulator.context import Context
from emulator.exchange import Call
from emulator.metadata.model import Column, ColumnType, Key, ManyToMany, OneToMany, Option, Schema, Table
from emulator.odata.connection import register
from emulator.odata.indexes import create_indexes
from emulator.odata.read import retrieve_multiple
from emulator.parts import standard_parts
from emulator.seeds import ADMINISTRATOR
from emulator.service import Service

URL = "http://127.0.0.1:7072/api/data/v9.2/"
NOW = datetime(2026, 3, 10, 12, 0, 0, tzinfo=UTC)
STATES = (Option(0, "Active", default_status=1), Option(1, "Inactive", default_status=2))


def guid(number):
    return f"00000000-0000-4000-8000-{number:012x}"


def column(name, kind=ColumnType.STRING, **more):
    return Column(logical_name=name, schema_name=name, type=kind, metadata_id=guid(0), **more)


def table(name, set_name, otc, columns, *, key=None, title="name", **more):
    key = key or f"{name}id"
    own = [column(key, ColumnType.ID), column(title, max_length=160), column("versionnumber", ColumnType.BIGINT)]
    owner = [
        column("ownerid", ColumnType.OWNER, targets=("systemuser", "team")),
        column("owninguser", ColumnType.LOOKUP, targets=("systemuser",)),
        column("owningbusinessunit", ColumnType.LOOKUP, targets=("businessunit",)),
        column("createdon", ColumnType.DATETIME),
        column("statecode", ColumnType.STATE, options=STATES),
    ]
    all_columns = own + (owner if more.get("ownership", "UserOwned") == "UserOwned" else []) + list(columns)
    return Table(
        logical_name=name,
        schema_name=name,
        set_name=set_name,
        primary_id=key,
        primary_name=title,
        object_type_code=otc,
        metadata_id=guid(otc),
        columns={each.logical_name: each for each in all_columns},
        **more,
    )


UNIT = column("businessunitid", ColumnType.LOOKUP, targets=("businessunit",))
HOBBIES = (Option(1, "Swimming"), Option(2, "Hiking"), Option(10, "Camping"))
SETTINGS = ("languagecode", "fiscalperiodtype", "fiscalyeardisplaycode", "maxdepthforhierarchicalsecuritymodel")
TABLES = [
    table(
        "account",
        "accounts",
        1,
        [
            column("accountnumber", max_length=20),
            column("telephone1", format_name="Phone"),
            column("revenue", ColumnType.MONEY, precision=2),
            column("numberofemployees", ColumnType.INTEGER),
            column("score", ColumnType.DOUBLE, precision=1),
            column("creditonhold", ColumnType.BOOLEAN),
            column("industrycode", ColumnType.CHOICE, options=(Option(1, "Accounting"), Option(2, "Brokers"))),
            column("foundedon", ColumnType.DATETIME, date_only=True),
            column("primarycontactid", ColumnType.LOOKUP, targets=("contact",)),
            column("parentaccountid", ColumnType.LOOKUP, targets=("account",)),
            column("transactioncurrencyid", ColumnType.LOOKUP, targets=("transactioncurrency",)),
        ],
        keys={"ak_number": Key(schema_name="ak_number", columns=("accountnumber",), metadata_id=guid(0))},
    ),
    table(
        "contact",
        "contacts",
        2,
        [
            column("firstname"),
            column("mobilephone", format_name="Phone"),
            column("telephone1", format_name="Phone"),
            column("donotphone", ColumnType.BOOLEAN, options=(Option(0, "Allow"), Option(1, "Do Not Allow"))),
            column("age", ColumnType.INTEGER),
            column("birthdate", ColumnType.DATETIME, date_only=True),
            column("hobbies", ColumnType.CHOICES, options=HOBBIES),
            column("annualincome", ColumnType.MONEY, precision=2),
            column("gendercode", ColumnType.CHOICE, options=(Option(1, "Male"), Option(2, "Female"))),
            column("parentcustomerid", ColumnType.CUSTOMER, targets=("account", "contact")),
        ],
        title="fullname",
    ),
    table(
        "opportunity",
        "opportunities",
        3,
        [
            column("parentcontactid", ColumnType.LOOKUP, targets=("contact",)),
            column("customerid", ColumnType.CUSTOMER, targets=("account", "contact")),
        ],
    ),
    table("businessunit", "businessunits", 10, [], ownership="BusinessOwned"),
    table(
        "transactioncurrency", "transactioncurrencies", 9105, [], title="currencyname", ownership="OrganizationOwned"
    ),
    table(
        "systemuser",
        "systemusers",
        8,
        [UNIT, column("parentsystemuserid", ColumnType.LOOKUP, targets=("systemuser",))],
        title="fullname",
        ownership="BusinessOwned",
    ),
    table(
        "organization",
        "organizations",
        1019,
        [column("fiscalcalendarstart", ColumnType.DATETIME), *(column(each, ColumnType.INTEGER) for each in SETTINGS)],
        ownership="None",
    ),
    table("owner", "owners", 7, [], ownership="None"),
    table("team", "teams", 9, [UNIT], ownership="BusinessOwned"),
    table(
        "txv_phonenumber",
        "txv_phonenumbers",
        10001,
        [column("txv_digits"), column("txv_teamid", ColumnType.LOOKUP, targets=("team",))],
        title="txv_name",
        custom=True,
    ),
    table(
        "teammembership",
        "teammemberships",
        23,
        [column("teamid", ColumnType.ID), column("systemuserid", ColumnType.ID)],
        ownership="None",
        is_intersect=True,
    ),
    table(
        "accountlead_tag",
        "accountlead_tags",
        10002,
        [column("accountid", ColumnType.ID), column("contactid", ColumnType.ID)],
        ownership="None",
        is_intersect=True,
    ),
]
LINKS = [
    ("account_primary_contact", "contact", "account", "primarycontactid", "primarycontactid"),
    ("account_parent_account", "account", "account", "parentaccountid", "parentaccountid"),
    ("contact_customer_accounts", "account", "contact", "parentcustomerid", "parentcustomerid_account"),
    ("contact_customer_contacts", "contact", "contact", "parentcustomerid", "parentcustomerid_contact"),
    ("opportunity_parent_contact", "contact", "opportunity", "parentcontactid", "parentcontactid"),
    ("opportunity_customer_accounts", "account", "opportunity", "customerid", "customerid_account"),
    ("opportunity_customer_contacts", "contact", "opportunity", "customerid", "customerid_contact"),
    ("owner_accounts", "owner", "account", "ownerid", "ownerid"),
    ("user_accounts", "systemuser", "account", "owninguser", "owninguser"),
    ("contact_owning_user", "systemuser", "contact", "owninguser", "owninguser"),
    ("user_opportunities", "systemuser", "opportunity", "owninguser", "owninguser"),
    ("business_unit_accounts", "businessunit", "account", "owningbusinessunit", "owningbusinessunit"),
    ("transactioncurrency_account", "transactioncurrency", "account", "transactioncurrencyid", "transactioncurrencyid"),
    ("user_parent_user", "systemuser", "systemuser", "parentsystemuserid", "parentsystemuserid"),
    ("business_unit_system_users", "businessunit", "systemuser", "businessunitid", "businessunitid"),
    ("team_txv_phonenumber", "team", "txv_phonenumber", "txv_teamid", "txv_TeamId"),
]
PAIRS = [
    (
        *("teammembership_association", "teammembership"),
        *("systemuser", "systemuserid", "teammembership_association"),
        *("team", "teamid", "teammembership_association"),
    ),
    (
        "accountlead_tag",
        "accountlead_tag",
        "account",
        "accountid",
        "account_tags",
        "contact",
        "contactid",
        "contact_tags",
    ),
]
PAIR = ("schema_name", "intersect_table", "table1", "column1", "nav1", "table2", "column2", "nav2")
LINK = ("schema_name", "referenced_table", "referencing_table", "referencing_column", "referencing_nav")
NUMBERS = {ColumnType.MONEY, ColumnType.DOUBLE, ColumnType.DECIMAL}
WHOLE = {ColumnType.INTEGER, ColumnType.BIGINT, ColumnType.BOOLEAN, ColumnType.CHOICE, ColumnType.STATE}


def declaration(each, key):
    kind = "real" if each.type in NUMBERS else "integer" if each.type in WHOLE else "text"
    lines = [f'"{each.logical_name}" {kind}{" primary key not null" if each.logical_name == key else ""}']
    return lines + ([f'"{each.logical_name}__table" text'] if each.is_polymorphic else [])


@pytest.fixture(scope="session")
def schema():
    links = [
        OneToMany(
            **dict(zip(LINK, each, strict=True)),
            referenced_nav=each[0],
            metadata_id=guid(0),
            hierarchical=each[0] in {"account_parent_account", "user_parent_user"},
        )
        for each in LINKS
    ]
    return Schema(
        tables={each.logical_name: each for each in TABLES},
        one_to_many={each.schema_name: each for each in links},
        many_to_many={each[0]: ManyToMany(**dict(zip(PAIR, each, strict=True)), metadata_id=guid(0)) for each in PAIRS},
    )


@pytest.fixture
def db(schema):
    connection = sqlite3.connect(":memory:")
    register(connection)
    for each in schema.tables.values():
        columns = [line for one in each.columns.values() for line in declaration(one, each.primary_id)]
        connection.execute(f'create table "{each.logical_name}" ({", ".join(columns)})')
        create_indexes(connection, each)
    yield connection
    connection.close()


class EveryRow:
    def visible(self, table, alias):
        return "1", ()


@pytest.fixture
def context(db, schema):
    return Context(
        db=db, schema=schema, user_id=guid(0xA1), access=EveryRow(), url=URL, preferences={}, now=lambda: NOW
    )


@pytest.fixture
def insert(db, schema):
    """Puts a row into a table; a lookup to one of several tables is given as (table, id)."""

    def put(name, number, /, **values):
        row = {schema.tables[name].primary_id: guid(number), "versionnumber": 1000 + number}
        for key, value in values.items():
            if isinstance(value, tuple):
                row[f"{key}__table"], row[key] = value
            else:
                row[key] = value
        names = ", ".join(f'"{key}"' for key in row)
        db.execute(f'insert into "{name}" ({names}) values ({", ".join("?" * len(row))})', tuple(row.values()))
        return guid(number)

    return put


@pytest.fixture
def query(context, schema):
    """Asks for rows: `query("contacts", "$filter=…", prefer={…})`; spaces may be left unencoded."""

    def ask(set_name, text="", prefer=None, **more):
        return retrieve_multiple(replace(context, preferences=prefer or {}), schema.by_set(set_name), text, **more)

    return ask


@pytest.fixture
def names(query):
    """The primary names of the rows that a filter finds, in the order of their ids."""

    def ask(set_name, text):
        body = query(set_name, f"$filter={text}")
        return [row.get("fullname", row.get("name", row.get("txv_name"))) for row in body["value"]]

    return ask


@pytest.fixture
def people(insert):
    """Two accounts, their contacts, opportunities, a team with a number."""
    insert("businessunit", 1, name="Contoso")
    insert("transactioncurrency", 2, currencyname="US Dollar")
    anna = insert("systemuser", 0xA1, fullname="Anna Seller", businessunitid=guid(1))
    insert("systemuser", 0xA2, fullname="Ben Seller", businessunitid=guid(1))
    team = insert("team", 0xB1, name="Support", businessunitid=guid(1))
    insert("team", 0xB2, name="Sales", businessunitid=guid(1))
    insert("teammembership", 0xC1, name=None, teamid=team, systemuserid=anna)
    insert("owner", 0xA1, name="Anna Seller")
    insert("owner", 0xB1, name="Support")
    owned = {"ownerid": ("systemuser", anna), "owninguser": anna, "owningbusinessunit": guid(1)}
    insert(
        "account", 0x10, name="Fabrikam", accountnumber="F-1", telephone1="+1 425-555-0100", revenue=20000.0,
        numberofemployees=25, score=1.5, creditonhold=0, industrycode=1, foundedon="1999-05-01", statecode=0,
        createdon="2026-03-10T09:00:00Z", primarycontactid=guid(0x20), transactioncurrencyid=guid(2), **owned,
    )  # fmt: skip
    insert(
        "account", 0x11, name="Adventure Works", accountnumber="A-1", revenue=None, numberofemployees=2000,
        creditonhold=1, industrycode=2, statecode=1, createdon="2026-02-01T00:00:00Z", parentaccountid=guid(0x10),
        ownerid=("team", team), owningbusinessunit=guid(1),
    )  # fmt: skip
    insert("account", 0x12, name=None, statecode=0, createdon=None)
    insert(
        "contact", 0x20, fullname="Renée O'Hara", firstname="Renée", mobilephone="+14255550110", donotphone=0, age=40,
        statecode=0, createdon="2026-03-10T11:00:00Z", parentcustomerid=("account", guid(0x10)), **owned,
    )  # fmt: skip
    insert(
        "contact", 0x21, fullname="Jim Glynn", firstname="Jim", mobilephone="+14255550111", donotphone=1, age=None,
        statecode=0, createdon="2026-03-09T12:00:00Z", parentcustomerid=("account", guid(0x10)),
        ownerid=("systemuser", guid(0xA2)), owninguser=guid(0xA2),
    )  # fmt: skip
    insert(
        "contact", 0x22, fullname="50% off_[now]", firstname="50% off_[now]", age=7, statecode=1,
        createdon="2025-01-01T00:00:00Z", parentcustomerid=("contact", guid(0x20)),
    )  # fmt: skip
    insert(
        "opportunity", 0x30, name="Big deal", parentcontactid=guid(0x20), customerid=("account", guid(0x10)), **owned
    )
    insert("opportunity", 0x31, name="Small deal", customerid=("contact", guid(0x21)))
    insert("txv_phonenumber", 0x40, txv_name="Support line", txv_digits="14255550188", txv_teamid=team)
    insert("accountlead_tag", 0x50, accountid=guid(0x10), contactid=guid(0x21))
    insert("accountlead_tag", 0x51, accountid=guid(0x10), contactid=guid(0x22))
    insert("accountlead_tag", 0x52, accountid=guid(0x11), contactid=guid(0x21))


@pytest.fixture
def make_guid():
    return guid


@pytest.fixture(scope="session")
def service():
    """The whole emulator with its standard tables, without HTTP, at a fixed time."""
    service = Service(standard_parts(), clock=lambda: NOW)
    yield service
    service.close()


@pytest.fixture
def get(service):
    """Asks the whole emulator as the administrator: `get("contacts", "$filter=…", prefer="…").payload`."""

    def ask(path, query="", **headers):
        call = Call(method="GET", path=path, query=query, headers=headers)
        return service.answer(call, ADMINISTRATOR, URL)

    return ask


@pytest.fixture
def post(service):
    """Creates a row in the whole emulator."""

    def create(set_name, body):
        call = Call(method="POST", path=set_name, body=json.dumps(body).encode())
        answer = service.answer(call, ADMINISTRATOR, URL)
        assert answer.status == 204, answer.payload
        return answer.headers["OData-EntityId"][-37:-1]

    return create
