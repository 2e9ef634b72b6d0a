"""An organization with nothing but what security needs: owned rows, their children, users, teams, roles."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from emulator.context import Context
from emulator.metadata.model import Cascades, Column, ColumnType, OneToMany, Schema, Table
from emulator.metadata.privileges import privilege_name
from emulator.odata.connection import register
from emulator.odata.read import retrieve_multiple
from emulator.odata.sql import by_id, fetch
from emulator.security.checks import access, observe
from emulator.security.indexes import create_security_indexes
from emulator.security.inherited_roles import spread_privileges
from emulator.security.operations import OPERATIONS
from emulator.security.privileges import ADMINISTRATOR, Depth
from emulator.security.rights import RIGHTS

PARENTAL = Cascades(assign="Cascade", delete="Cascade", reparent="Cascade", share="Cascade", unshare="Cascade")
SYSTEM = {
    "systemuser": ("fullname", "businessunitid", "isdisabled"),
    "team": ("name", "businessunitid", "teamtype"),
    "businessunit": ("name", "parentbusinessunitid"),
    "role": ("name", "businessunitid", "parentroleid", "parentrootroleid", "isinherited"),
    "organization": ("name",),
    "privilege": ("name", "accessright", "canbebasic", "canbelocal", "canbedeep", "canbeglobal"),
    "roleprivileges": ("roleid", "privilegeid", "privilegedepthmask"),
    "systemuserroles": ("systemuserid", "roleid"),
    "teamroles": ("teamid", "roleid"),
    "teammembership": ("teamid", "systemuserid"),
    "principalobjectaccess": (
        *("objectid", "objecttypecode", "principalid", "principaltypecode"),
        *("accessrightsmask", "inheritedaccessrightsmask"),
    ),
}
IDS = {"roleprivileges": "roleprivilegeid", "systemuserroles": "systemuserroleid", "teamroles": "teamroleid"}
WHOLE = {
    *(
        "isdisabled",
        "teamtype",
        "isinherited",
        "accessright",
        "privilegedepthmask",
        "accessrightsmask",
        "inheritedaccessrightsmask",
    ),
    *("canbebasic", "canbelocal", "canbedeep", "canbeglobal"),
}


HOUSE = "00000000-0000-4000-8000-ffffffffffff"


def guid(number):
    return f"00000000-0000-4000-8000-{number:012x}"


def column(name, kind=ColumnType.STRING, **more):
    return Column(logical_name=name, schema_name=name, type=kind, metadata_id=guid(0), **more)


def table(name, ownership, columns=(), *, key=None, **more):
    owned = [
        column("ownerid", ColumnType.OWNER, targets=("systemuser", "team")),
        column("owningbusinessunit", ColumnType.LOOKUP, targets=("businessunit",)),
    ]
    key = key or f"{name}id"
    everything = [column(key, ColumnType.ID), column("versionnumber", ColumnType.BIGINT), *columns]
    everything += owned if ownership == "UserOwned" else []
    return Table(
        logical_name=name,
        schema_name=more.pop("schema_name", name),
        set_name=f"{name}s",
        primary_id=key,
        primary_name="name",
        object_type_code=1,
        metadata_id=guid(0),
        ownership=ownership,
        columns={each.logical_name: each for each in everything},
        **more,
    )


def lookup(name, *targets):
    return column(name, ColumnType.LOOKUP, targets=targets)


TABLES = [
    table("account", "UserOwned", [column("name"), lookup("parentaccountid", "account")], schema_name="Account"),
    table(
        "txv_item", "UserOwned", [column("name"), lookup("txv_about", "account", "txv_item")], schema_name="txv_Item"
    ),
    table("txv_line", "UserOwned", [lookup("txv_itemid", "txv_item"), lookup("txv_accountid", "account")]),
    table(
        "phonecall",
        "UserOwned",
        [lookup("regardingobjectid", "account"), lookup("txv_itemid", "txv_item")],
        key="activityid",
        is_activity=True,
    ),
    table("activitypointer", "UserOwned", key="activityid", is_activity=True),
    table("activityparty", "None", [lookup("activityid", "activitypointer")]),
    table("txv_config", "OrganizationOwned", [column("name")], schema_name="txv_Config"),
    *(
        table(
            name,
            "BusinessOwned" if name in {"systemuser", "team", "businessunit", "role"} else "None",
            [column(each, ColumnType.INTEGER if each in WHOLE else ColumnType.STRING) for each in columns],
            key=IDS.get(name),
            schema_name={"role": "Role"}.get(name, name),
        )
        for name, columns in SYSTEM.items()
    ),
]
LINKS = [
    ("account_items", "account", "txv_item", "txv_about", PARENTAL),
    ("item_items", "txv_item", "txv_item", "txv_about", PARENTAL),
    ("item_lines", "txv_item", "txv_line", "txv_itemid", replace(PARENTAL, reparent="NoCascade")),
    ("account_lines", "account", "txv_line", "txv_accountid", Cascades()),
    ("item_calls", "txv_item", "phonecall", "txv_itemid", PARENTAL),
    ("account_calls", "account", "phonecall", "regardingobjectid", PARENTAL),
]


def declared(each, key):
    kind = "integer" if each.type in {ColumnType.INTEGER, ColumnType.BIGINT} else "text"
    lines = [f'"{each.logical_name}" {kind}{" primary key not null" if each.logical_name == key else ""}']
    return lines + ([f'"{each.logical_name}__table" text'] if each.is_polymorphic else [])


@pytest.fixture(scope="session")
def schema():
    links = [
        OneToMany(
            schema_name=name,
            referenced_table=parent,
            referencing_table=child,
            referencing_column=name_of_lookup,
            referencing_nav=name_of_lookup,
            referenced_nav=name,
            metadata_id=guid(0),
            cascades=cascades,
        )
        for name, parent, child, name_of_lookup, cascades in LINKS
    ]
    return Schema({each.logical_name: each for each in TABLES}, {each.schema_name: each for each in links}, {})


@pytest.fixture
def db(schema):
    connection = sqlite3.connect(":memory:")
    register(connection)
    for each in schema.tables.values():
        columns = [line for one in each.columns.values() for line in declared(one, each.primary_id)]
        connection.execute(f'create table "{each.logical_name}" ({", ".join(columns)})')
    create_security_indexes(connection)
    yield connection
    connection.close()


@pytest.fixture
def world(db, schema):
    """Makes users, teams, roles and rows; each method takes and gives ids."""
    return World(db, schema)


class World:
    def __init__(self, db, schema):
        self.db, self.schema, self.last = db, schema, 0

    def put(self, name, /, **values):
        self.last += 1
        row_id = guid(self.last)
        row = {self.schema.tables[name].primary_id: row_id, "versionnumber": self.last}
        for key, value in values.items():
            if isinstance(value, tuple):
                row[f"{key}__table"], row[key] = value
            else:
                row[key] = value
        names = ", ".join(f'"{key}"' for key in row)
        self.db.execute(f'insert into "{name}" ({names}) values ({", ".join("?" * len(row))})', tuple(row.values()))
        return row_id

    def unit(self, parent=None):
        return self.put("businessunit", name="unit", parentbusinessunitid=parent)

    def user(self, unit, *roles):
        user = self.put("systemuser", fullname="Anna Seller", businessunitid=unit, isdisabled=0)
        for role in roles:
            self.put("systemuserroles", systemuserid=user, roleid=self.copy_for(unit, role))
        return user

    def team(self, unit, *roles, members=()):
        team = self.put("team", name="Support", businessunitid=unit)
        for role in roles:
            self.put("teamroles", teamid=team, roleid=self.copy_for(unit, role))
        for member in members:
            self.put("teammembership", teamid=team, systemuserid=member)
        return team

    def privilege(self, name, depths="Basic Local Deep Global"):
        found = self.db.execute("select privilegeid from privilege where name = ?", (name,)).fetchone()
        can = {f"canbe{depth.name.lower()}": int(depth.name in depths) for depth in Depth}
        return found[0] if found else self.put("privilege", name=name, accessright=0, **can)

    def role(self, depth=None, *tables, verbs=tuple(RIGHTS), name="Seller", inherited=False):
        role = self.put("role", name=name, businessunitid=HOUSE, isinherited=int(inherited))
        for each in tables:
            for verb in verbs:
                privilege = self.privilege(privilege_name(verb, self.schema.tables[each]))
                self.put("roleprivileges", roleid=role, privilegeid=privilege, privilegedepthmask=Depth[depth].value)
        return role

    def copy_for(self, unit, role):
        """The copy of a role that a unit has; a role made by `role` belongs to no unit that anything is in."""
        copy = "select roleid from role where parentrootroleid = ? and businessunitid = ?"
        found = self.db.execute(copy, (role, unit)).fetchone()
        if found:
            return found[0]
        copied = "select name, isinherited from role where roleid = ?"
        name, inherited = self.db.execute(copied, (role,)).fetchone()
        above = {"parentroleid": role, "parentrootroleid": role}
        made = self.put("role", name=name, businessunitid=unit, isinherited=inherited, **above)
        spread_privileges(self.db, role)
        return made

    def row(self, name, owner, **values):
        """A row owned by a user or team, with what the write path does around it."""
        unit, kind = self.unit_of(owner)
        row_id = self.put(name, ownerid=(kind, owner), owningbusinessunit=unit, **values)
        self.tell("Create", name, row_id)
        return row_id

    def change(self, name, row_id, **values):
        """Changes a row as the write path does."""
        before = self.row_as_it_is(name, row_id)
        for key, value in values.items():
            columns = (
                dict(zip((f"{key}__table", key), value, strict=True)) if isinstance(value, tuple) else {key: value}
            )
            for column_name, new in columns.items():
                where = f'where "{self.schema.tables[name].primary_id}" = ?'
                self.db.execute(f'update "{name}" set "{column_name}" = ? {where}', (new, row_id))
        after = self.row_as_it_is(name, row_id)
        changed = {key: after[key] for key in values}
        self.tell("Update", name, row_id, changed, before)

    def row_as_it_is(self, name, row_id):
        table = self.schema.tables[name]
        (row,) = fetch(self.db, by_id(table, row_id))
        return row

    def delete(self, name, row_id):
        self.db.execute(f'delete from "{name}" where "{self.schema.tables[name].primary_id}" = ?', (row_id,))
        self.tell("Delete", name, row_id)

    def tell(self, message, name, row_id, values=(), before=()):
        table = self.schema.tables[name]
        change = SimpleNamespace(message=message, table=table, row_id=row_id, values=dict(values), before=dict(before))
        observe(self.context(None), change)

    def unit_of(self, owner):
        for kind in ("systemuser", "team"):
            found = self.db.execute(f"select businessunitid from {kind} where {kind}id = ?", (owner,)).fetchone()
            if found:
                return found[0], kind
        raise LookupError(owner)

    def context(self, user):
        return Context(
            db=self.db,
            schema=self.schema,
            user_id=user,
            access=access(self.db, self.schema, user),
            url="http://127.0.0.1:7072/api/data/v9.2/",
            preferences={},
            now=lambda: datetime(2026, 3, 10, tzinfo=UTC),
        )

    def seen(self, user, name):
        """The ids of the rows that a query of the user finds."""
        table = self.schema.tables[name]
        rows = retrieve_multiple(self.context(user), table, f"$select={table.primary_id}")["value"]
        return {row[table.primary_id] for row in rows}

    def call(self, operation, user, bound=None, /, **parameters):
        """Runs an operation as a user; `bound` is (table, id)."""
        name, row_id = bound or (None, None)
        (found,) = [each for each in OPERATIONS if (each.name, each.bound_to) == (operation, name)]
        target = SimpleNamespace(table=self.schema.tables[name], row_id=row_id) if name else None
        return found.run(self.context(user), target, parameters)

    def auditor(self):
        """Somebody who may read everything, and so ask what others may do with it."""
        by_name = "select systemuserid from systemuserroles join role using (roleid) where name = ?"
        found = self.db.execute(by_name, (ADMINISTRATOR,)).fetchone()
        return found[0] if found else self.user(HOUSE, self.role(name=ADMINISTRATOR))

    def may(self, principal, name, row_id):
        """The rights that RetrievePrincipalAccess finds, by name."""
        _, kind = self.unit_of(principal)
        bound = (kind, principal)
        body = self.call("RetrievePrincipalAccess", self.auditor(), bound, Target={"@odata.id": f"{name}s({row_id})"})
        rights = body["AccessRights"].split(", ")
        return set() if rights == ["None"] else {right.removesuffix("Access") for right in rights}

    def share(self, sharer, name, row_id, principal, mask="ReadAccess", action="GrantAccess"):
        _, kind = self.unit_of(principal)
        return self.call(
            action,
            sharer,
            Target={f"{self.schema.tables[name].primary_id}": row_id, "@odata.type": f"Microsoft.Dynamics.CRM.{name}"},
            PrincipalAccess={
                "AccessMask": mask,
                "Principal": {f"{kind}id": principal, "@odata.type": f"Microsoft.Dynamics.CRM.{kind}"},
            },
        )

    def revoke(self, sharer, name, row_id, principal):
        _, kind = self.unit_of(principal)
        target, revokee = {"@odata.id": f"/{name}s({row_id})"}, {"@odata.id": f"{kind}s({principal})"}
        return self.call("RevokeAccess", sharer, Target=target, Revokee=revokee)
