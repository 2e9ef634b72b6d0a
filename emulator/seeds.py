"""What a fresh environment holds: an organization, a business unit, users, roles, a currency. The ids never change."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from emulator.metadata.identity import metadata_id
from emulator.metadata.messages import create_messages
from emulator.metadata.model import Schema, Table
from emulator.metadata.physical import VIEWS
from emulator.metadata.privileges import (
    ACCESS_RIGHTS,
    BASIC,
    DEFINITIONS,
    GLOBAL,
    LOCAL,
    SETTINGS_OF_USERS,
    create_privileges,
    grant,
    privilege_name,
)
from emulator.records.rows import insert
from emulator.records.values import written

ORGANIZATION = "0a000000-0000-4000-8000-000000000001"
BUSINESS_UNIT = "0a000000-0000-4000-8000-000000000002"
DEFAULT_TEAM = "0a000000-0000-4000-8000-000000000003"
CURRENCY = "0a000000-0000-4000-8000-000000000004"
ADMINISTRATOR = "0a000000-0000-4000-8000-00000000000a"
APPLICATION_USER = "0a000000-0000-4000-8000-00000000000b"
SYSTEM_ADMINISTRATOR = "0a000000-0000-4000-8000-0000000000a1"
SALESPERSON = "0a000000-0000-4000-8000-0000000000a2"
ADMINISTRATORS_TEMPLATE = "627090ff-40a3-4053-8790-584edc5be201"  # Learn, "Security roles": the same everywhere
DELEGATE = "0a000000-0000-4000-8000-0000000000a3"
PUBLISHER = "0a000000-0000-4000-8000-0000000000b1"
NOTIFICATIONS_SETTING = "0a000000-0000-4000-8000-0000000000d1"
DEFAULT_SOLUTION = "0a000000-0000-4000-8000-0000000000b2"

Row = dict[str, object]
_ROOT_ROLE: Row = {"businessunitid": BUSINESS_UNIT, "isinherited": 1}
_USERS = (ADMINISTRATOR, APPLICATION_USER)
_ROWS: tuple[tuple[str, Row], ...] = (
    (
        "transactioncurrency",
        {
            "transactioncurrencyid": CURRENCY,
            "currencyname": "US Dollar",
            "isocurrencycode": "USD",
            "currencysymbol": "$",
            "currencyprecision": 2,
            "currencytype": 0,
            "statecode": 0,
            "statuscode": 1,
        },
    ),
    (
        "organization",
        {
            "organizationid": ORGANIZATION,
            "name": "emulator",
            "basecurrencyid": CURRENCY,
            "languagecode": 1033,
            "expirechangetrackingindays": 7,
        },
    ),
    ("businessunit", {"businessunitid": BUSINESS_UNIT, "name": "emulator", "isdisabled": 0}),
    (
        "systemuser",
        {
            "systemuserid": ADMINISTRATOR,
            "firstname": "System",
            "lastname": "Administrator",
            "fullname": "System Administrator",
            "internalemailaddress": "admin@example.com",
            "domainname": "admin@example.com",
            "businessunitid": BUSINESS_UNIT,
            "isdisabled": 0,
            "islicensed": 1,
            "accessmode": 0,
        },
    ),
    (
        "systemuser",
        {
            "systemuserid": APPLICATION_USER,
            "firstname": "#",
            "lastname": "application",
            "fullname": "# application",
            "businessunitid": BUSINESS_UNIT,
            "isdisabled": 0,
            "islicensed": 0,
            "accessmode": 4,
            "applicationid": "0a000000-0000-4000-8000-0000000000c1",
        },
    ),
    (
        "team",
        {
            "teamid": DEFAULT_TEAM,
            "name": "emulator",
            "businessunitid": BUSINESS_UNIT,
            "teamtype": 0,
            "isdefault": 1,
            "administratorid": ADMINISTRATOR,
        },
    ),
    ("roletemplate", {"roletemplateid": ADMINISTRATORS_TEMPLATE, "name": "System Administrator"}),
    (
        "role",
        {
            "roleid": SYSTEM_ADMINISTRATOR,
            "name": "System Administrator",
            "businessunitid": BUSINESS_UNIT,
            "roletemplateid": ADMINISTRATORS_TEMPLATE,
            "isinherited": 1,
            "parentrootroleid": SYSTEM_ADMINISTRATOR,
        },
    ),
    ("role", {"roleid": SALESPERSON, "name": "Salesperson", **_ROOT_ROLE, "parentrootroleid": SALESPERSON}),
    ("role", {"roleid": DELEGATE, "name": "Delegate", **_ROOT_ROLE, "parentrootroleid": DELEGATE}),
    (
        "publisher",
        {
            "publisherid": PUBLISHER,
            "uniquename": "defaultpublisher",
            "friendlyname": "Default Publisher",
            "customizationprefix": "new",
            "customizationoptionvalueprefix": 10000,
        },
    ),
    (
        "solution",
        {
            "solutionid": DEFAULT_SOLUTION,
            "uniquename": "Default",
            "friendlyname": "Default Solution",
            "version": "1.0",
            "publisherid": PUBLISHER,
            "ismanaged": 0,
            "isvisible": 1,
        },
    ),
    (
        "settingdefinition",
        {
            "settingdefinitionid": NOTIFICATIONS_SETTING,
            "uniquename": "AllowNotificationsEarlyAccess",
            "displayname": "In-app notifications",
            "datatype": 2,
            "defaultvalue": "false",
            "isoverridable": 1,
            "overridablelevel": 0,
            "releaselevel": 0,
            "isplatform": 1,
            "statecode": 0,
            "statuscode": 1,
        },
    ),
)
# What Salesperson may do: with the own rows of these tables everything, the others it reads wherever they are, and
# the roles of its unit.
_OWN = ("account", "contact", "lead", "opportunity", "activitypointer", "annotation", "appnotification")
_READ = (
    *("systemuser", "team", "businessunit", "organization"),
    *("queue", "queueitem", "environmentvariabledefinition"),
)
# Privileges that belong to no table; Delegate is the role that lets its holders act for others.
# Those to bypass business logic have the same ids in every environment (Learn, "Bypass custom Dataverse logic").
_MISCELLANEOUS = {
    "prvActOnBehalfOfAnotherUser": metadata_id("privilege", "prvActOnBehalfOfAnotherUser"),
    "prvBulkDelete": metadata_id("privilege", "prvBulkDelete"),
    "prvSendAppNotification": metadata_id("privilege", "prvSendAppNotification"),
    "prvPublishCustomization": metadata_id("privilege", "prvPublishCustomization"),
    "prvBypassCustomBusinessLogic": "0ea552b0-a491-4470-9a1b-82068deccf66",
    "prvBypassCustomPlugins": "148a9eaf-d0c4-4196-9852-c3a38e35f6a1",
}
_PAIRS = (("teammembership", "teamid", DEFAULT_TEAM), ("systemuserroles", "roleid", SYSTEM_ADMINISTRATOR))


def plant(db: sqlite3.Connection, schema: Schema, now: datetime) -> None:
    """Fills an empty database."""
    for name, values in _ROWS:
        insert(db, schema.tables[name], {**_audit(schema.tables[name], now), **values})
    for table in (*schema.tables.values(), *DEFINITIONS.values(), SETTINGS_OF_USERS):
        create_privileges(db, table)
    for table in schema.tables.values():
        if table.logical_name not in VIEWS and not table.is_intersect:
            create_messages(db, table)
    for name, row_id in _MISCELLANEOUS.items():
        _plant_privilege(db, schema, name, row_id)
    _plant_salesperson(db, schema)
    grant(db, DELEGATE, "prvActOnBehalfOfAnotherUser", GLOBAL)
    for name, column, value in _PAIRS:
        table = schema.tables[name]
        for user in _USERS:
            pair = metadata_id("row", name, user)
            insert(db, table, {table.primary_id: pair, column: value, "systemuserid": user})


def _audit(table: Table, now: datetime) -> Row:
    row: Row = {}
    if "createdon" in table.columns:
        row.update(createdon=written(now), modifiedon=written(now), createdby=ADMINISTRATOR, modifiedby=ADMINISTRATOR)
    if "organizationid" in table.columns:
        row["organizationid"] = ORGANIZATION
    return row


def _plant_privilege(db: sqlite3.Connection, schema: Schema, name: str, row_id: str) -> None:
    row: Row = {"privilegeid": row_id, "name": name, "accessright": 0, "canbeglobal": 1}
    insert(db, schema.tables["privilege"], row)
    grant(db, SYSTEM_ADMINISTRATOR, name, GLOBAL)


def _plant_salesperson(db: sqlite3.Connection, schema: Schema) -> None:
    for name in _OWN:
        for verb in ACCESS_RIGHTS:
            grant(db, SALESPERSON, privilege_name(verb, schema.tables[name]), BASIC)
    for name in _READ:
        grant(db, SALESPERSON, privilege_name("Read", schema.tables[name]), GLOBAL)
    grant(db, SALESPERSON, privilege_name("Read", schema.tables["role"]), LOCAL)
