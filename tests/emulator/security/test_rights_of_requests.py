"""Whatever the units, roles, teams, owners, parents and shares: what RetrievePrincipalAccess says of a user and a row
is what queries show, what requests may do, and (for rows without parents) what the rules say once more in this file."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.errors import DataverseError
from emulator.exchange import Call
from emulator.metadata.identity import metadata_id
from emulator.parts import standard_parts
from emulator.routes import serve
from emulator.service import Service

URL = "http://127.0.0.1/api/data/v9.2/"
KIND = "Microsoft.Dynamics.CRM."
ADMINISTRATOR = "0a000000-0000-4000-8000-00000000000a"
APPLICATION_USER = "0a000000-0000-4000-8000-00000000000b"
HOUSE = "0a000000-0000-4000-8000-000000000002"
DELEGATE = "0a000000-0000-4000-8000-0000000000a3"
VERBS = ("Create", "Read", "Write", "Append", "AppendTo", "Delete", "Share", "Assign")
SETS = {"account": "accounts", "contact": "contacts", "systemuser": "systemusers", "team": "teams"}
NAMES = {"account": "name", "contact": "lastname"}

NUMBER = st.integers(0, 5)
DEPTH = st.sampled_from(("Basic", "Local", "Deep", "Global"))
GIVEN = st.builds(lambda read, more: {"Read": read, **more}, DEPTH, st.dictionaries(st.sampled_from(VERBS), DEPTH)) | (
    st.dictionaries(st.sampled_from(VERBS), DEPTH)
)
ROLE = st.fixed_dictionaries({"account": GIVEN, "contact": GIVEN, "inherited": st.booleans()})
HOLDER = st.tuples(NUMBER, st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=2))
MASK = st.sets(st.sampled_from(VERBS), min_size=1, max_size=4)
EVENTS = st.one_of(
    st.tuples(st.just("share"), NUMBER, NUMBER, MASK),
    st.tuples(st.just("modify"), NUMBER, NUMBER, MASK),
    st.tuples(st.just("revoke"), NUMBER, NUMBER),
    st.tuples(st.just("assign"), NUMBER, NUMBER),
    st.tuples(st.just("move"), NUMBER, NUMBER),
)
PLANS = st.fixed_dictionaries(
    {
        "units": st.lists(NUMBER, max_size=3),
        "roles": st.lists(ROLE, min_size=1, max_size=3),
        "users": st.lists(HOLDER, min_size=1, max_size=3),
        "teams": st.lists(st.tuples(HOLDER, st.sets(NUMBER, max_size=3)), max_size=2),
        "rows": st.lists(st.tuples(st.sampled_from(["account", "contact"]), NUMBER, NUMBER), min_size=2, max_size=5),
        "events": st.lists(EVENTS, max_size=6),
    }
)


class Undone(Exception):
    pass


@pytest.fixture(scope="module")
def service():
    running = Service(standard_parts())
    yield running
    running.close()


def pick(items, number):
    return items[number % len(items)]


class House:
    """An organization after a plan, and beside it what the plan says."""

    def __init__(self, service, db, plan):
        self.service, self.db = service, db
        self.units, self.above = [HOUSE], {HOUSE: None}
        for number in plan["units"]:
            self.unit(pick(self.units, number))
        self.privileges = plan["roles"]
        self.roles = [self.role(f"Role {number}", given) for number, given in enumerate(plan["roles"])]
        self.held, self.members, self.users, self.teams = {}, {}, [], []
        for holder in plan["users"]:
            self.users.append(self.holder("systemuser", *holder))
        for holder, members in plan["teams"]:
            team = self.holder("team", *holder)
            self.teams.append(team)
            self.members[team] = {pick(self.users, number) for number in members}
            people = [{"@odata.type": KIND + "systemuser", "systemuserid": user} for user in self.members[team]]
            if people:
                self.must("POST", f"teams({team})/{KIND}AddMembersTeam", {"Members": people})
        self.principals = [*self.users, *self.teams]
        self.rows, self.shares = {}, {}
        for kind, owner, above in plan["rows"]:
            self.row(kind, pick(self.principals, owner), above)
        for name, *arguments in plan["events"]:
            getattr(self, name)(*arguments)

    def send(self, method, path, body=None, user=ADMINISTRATOR, **headers):
        """The status and the JSON of an answer; what was refused is undone."""
        path, _, query = path.partition("?")
        data = b"" if body is None else json.dumps(body).encode()
        call = Call(method=method, path=path, query=query, body=data, headers=headers)
        self.db.execute("SAVEPOINT request")
        try:
            answer = serve(self.service.work(self.db, call, user, URL))
        except DataverseError as error:
            self.db.execute("ROLLBACK TO request")
            return error.status, error.payload()
        return answer.status, answer.payload or answer.row

    def must(self, *request):
        status, found = self.send(*request)
        assert status < 300, found
        return found.partition("(")[2].rstrip(")") if isinstance(found, str) else found

    def may(self, method, path, body=None, user=ADMINISTRATOR, **headers):
        """Whether a request succeeds; nothing of it stays. It is refused with 403 or not at all."""
        self.db.execute("SAVEPOINT attempt")
        status, found = self.send(method, path, body, user, **headers)
        self.db.execute("ROLLBACK TO attempt")
        assert status < 300 or status == 403, (method, path, found)
        return status < 300

    def unit(self, parent):
        link = {"parentbusinessunitid@odata.bind": f"/businessunits({parent})"}
        made = self.must("POST", "businessunits", {"name": f"Unit {len(self.units)}", **link})
        self.units.append(made)
        self.above[made] = parent

    def role(self, name, given):
        unit = {"businessunitid@odata.bind": f"/businessunits({HOUSE})"}
        made = self.must("POST", "roles", {"name": name, "isinherited": int(given["inherited"]), **unit})
        privileges = [
            {"PrivilegeId": metadata_id("privilege", f"prv{verb}{table.capitalize()}"), "Depth": depth}
            for table in NAMES
            for verb, depth in given[table].items()
        ]
        self.must("POST", f"roles({made})/{KIND}AddPrivilegesRole", {"Privileges": privileges})
        found = self.must("GET", f"roles?$filter=_parentrootroleid_value eq {made}")["value"]
        return {row["_businessunitid_value"]: row["roleid"] for row in found}

    def holder(self, kind, unit, roles):
        """A user or a team; each role as its copy of some unit."""
        unit = pick(self.units, unit)
        body = {"name": "Team"} if kind == "team" else {"lastname": "User"}
        made = self.must("POST", SETS[kind], {**body, "businessunitid@odata.bind": f"/businessunits({unit})"})
        self.held[made] = {(number % len(self.roles), pick(self.units, where)) for number, where in roles}
        for number, where in self.held[made]:
            link = {"@odata.id": f"roles({self.roles[number][where]})"}
            self.must("POST", f"{SETS[kind]}({made})/{kind}roles_association/$ref", link)
        return made

    def link(self, principal):
        return f"/{'teams' if principal in self.teams else 'systemusers'}({principal})"

    def reference(self, principal):
        kind = "team" if principal in self.teams else "systemuser"
        return {"@odata.type": KIND + kind, f"{kind}id": principal}

    def path(self, row):
        return f"{SETS[self.rows[row]]}({row})"

    def target(self, row):
        return {"@odata.type": KIND + self.rows[row], f"{self.rows[row]}id": row}

    def row(self, kind, owner, above):
        body = {NAMES[kind]: "Row", "ownerid@odata.bind": self.link(owner)}
        parents = [row for row, of in self.rows.items() if of == "account"]
        if kind == "contact" and parents and above < 4:
            body["parentcustomerid_account@odata.bind"] = f"/accounts({pick(parents, above)})"
        status, found = self.send("POST", SETS[kind], body)
        if status == 403:  # the owner may not read the table
            status, found = self.send("POST", SETS[kind], {**body, "ownerid@odata.bind": self.link(ADMINISTRATOR)})
        assert status < 300, found
        self.rows[found.partition("(")[2].rstrip(")")] = kind

    def share(self, row, principal, mask, action="GrantAccess"):
        row, principal = pick(list(self.rows), row), pick(self.principals, principal)
        access = {"AccessMask": ",".join(f"{verb}Access" for verb in mask), "Principal": self.reference(principal)}
        status, _ = self.send("POST", action, {"Target": self.target(row), "PrincipalAccess": access})
        if status < 300:
            before = self.shares.get((row, principal), set()) if action == "GrantAccess" else set()
            self.shares[row, principal] = before | mask

    def modify(self, row, principal, mask):
        self.share(row, principal, mask, "ModifyAccess")

    def revoke(self, row, principal):
        row, principal = pick(list(self.rows), row), pick(self.principals, principal)
        self.must("POST", "RevokeAccess", {"Target": self.target(row), "Revokee": self.reference(principal)})
        self.shares.pop((row, principal), None)

    def assign(self, row, principal):
        owner = {"ownerid@odata.bind": self.link(pick(self.principals, principal))}
        self.send("PATCH", self.path(pick(list(self.rows), row)), owner)

    def move(self, row, above):
        rows = {kind: [row for row, of in self.rows.items() if of == kind] for kind in NAMES}
        if all(rows.values()):
            bind = {"parentcustomerid_account@odata.bind": f"/accounts({pick(rows['account'], above)})"}
            self.must("PATCH", f"contacts({pick(rows['contact'], row)})", bind)

    def mask(self, principal, row):
        function = f"{KIND}RetrievePrincipalAccess(Target=@t)?@t={{'@odata.id':'{self.path(row)}'}}"
        rights = self.must("GET", f"{self.link(principal)[1:]}/{function}")["AccessRights"].split(", ")
        return {right.removesuffix("Access") for right in rights} - {"None"}

    def depths(self, holder, table, verb):
        """The depths at which a user or team has a privilege by its own roles, each with the unit of the role."""
        found = [(self.privileges[number][table].get(verb), unit) for number, unit in self.held[holder]]
        return [(depth, unit) for depth, unit in found if depth]

    def inherits(self, team, table, verb):
        """Whether the members of a team hold a privilege of its roles themselves."""
        return any(
            self.privileges[number]["inherited"] and verb in self.privileges[number][table]
            for number, _ in self.held[team]
        )

    def under(self, unit, top):
        return unit == top or (self.above[unit] is not None and self.under(self.above[unit], top))

    def rules(self, principal, row, owner, unit):
        """The rights of a principal on a row of accounts, which inherits nothing: the rules in their own words."""
        who = {principal} | {team for team in self.teams if principal in self.members[team]}
        rights = set()
        for verb in VERBS:
            grants = [(holder, *grant) for holder in who for grant in self.depths(holder, "account", verb)]
            shared = any(verb in self.shares.get((row, each), ()) for each in who)
            if grants and shared:
                rights.add(verb)
            if owner in who and any(self.inherits(team, "account", verb) for team in who - {principal}):
                rights.add(verb)
            for holder, depth, where in grants:
                own = owner in who if holder == principal else owner == holder
                reached = {"Local": unit == where, "Deep": self.under(unit, where), "Global": True}
                if own or reached.get(depth, False):
                    rights.add(verb)
        return rights


def check_requests(house, user, masks):
    """Each request of the user succeeds exactly when the right for it is in the mask."""
    access = {"AccessMask": "ReadAccess", "Principal": house.reference(ADMINISTRATOR)}
    for row, kind in house.rows.items():
        path, mask = house.path(row), masks[user, row]
        owner = house.must("GET", f"{path}?$select=_ownerid_value")["_ownerid_value"]
        assert house.may("GET", path, None, user) == ("Read" in mask)
        assert house.may("PATCH", path, {NAMES[kind]: "New"}, user) == ("Write" in mask)
        assert house.may("DELETE", path, None, user) == ("Delete" in mask)
        assert house.may("POST", "GrantAccess", {"Target": house.target(row), "PrincipalAccess": access}, user) == (
            {"Share", "Read"} <= mask
        )
        give = {"ownerid@odata.bind": f"/systemusers({APPLICATION_USER if owner == ADMINISTRATOR else ADMINISTRATOR})"}
        assert house.may("PATCH", path, give, user) == ("Assign" in mask)


def check_links(house, user, masks):
    """Putting a row below another takes Write and Append on the one, AppendTo on the other."""
    for row in (each for each, kind in house.rows.items() if kind == "contact"):
        parent = house.must("GET", f"{house.path(row)}?$select=_parentcustomerid_value")["_parentcustomerid_value"]
        for other in (each for each, kind in house.rows.items() if kind == "account" and each != parent):
            bind = {"parentcustomerid_account@odata.bind": f"/accounts({other})"}
            allowed = {"Write", "Append"} <= masks[user, row] and "AppendTo" in masks[user, other]
            assert house.may("PATCH", house.path(row), bind, user) == allowed


def check_queries(house, user, masks):
    for kind, entity_set in (("account", "accounts"), ("contact", "contacts")):
        readable = {row for row, of in house.rows.items() if of == kind and "Read" in masks[user, row]}
        status, found = house.send("GET", f"{entity_set}?$select={kind}id", None, user)
        assert status == 200 or not readable
        if status == 200:
            assert {row[f"{kind}id"] for row in found["value"]} == readable


def check_impersonation(house, user, masks):
    """An administrator who acts for a user may do what the user may; another sender never more than that."""
    sender = pick(house.users, house.users.index(user) + 1)
    house.must("POST", f"systemusers({sender})/systemuserroles_association/$ref", {"@odata.id": f"roles({DELEGATE})"})
    holders = [sender, *(team for team in house.teams if sender in house.members[team])]
    for row, kind in house.rows.items():
        change, path = {NAMES[kind]: "New"}, house.path(row)
        assert house.may("PATCH", path, change, mscrmcallerid=user) == ("Write" in masks[user, row])
        depths = {depth for holder in holders for depth, _ in house.depths(holder, kind, "Write")}
        changed = house.may("PATCH", path, change, sender, mscrmcallerid=user)
        assert not changed or ("Write" in masks[user, row] and depths)
        assert changed or sender == user or "Global" not in depths or "Write" not in masks[user, row]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=PLANS)
def test_rights_queries_and_requests_agree(service, plan):
    with pytest.raises(Undone), service.transaction() as db:
        house = House(service, db, plan)
        masks = {(each, row): house.mask(each, row) for each in house.principals for row in house.rows}
        for (principal, row), mask in masks.items():
            if house.rows[row] == "account":
                found = house.must("GET", f"accounts({row})?$select=_ownerid_value,_owningbusinessunit_value")
                assert mask == house.rules(principal, row, found["_ownerid_value"], found["_owningbusinessunit_value"])
        for user in house.users:
            check_requests(house, user, masks)
            check_links(house, user, masks)
            check_queries(house, user, masks)
        for user in house.users:
            check_impersonation(house, user, masks)
        raise Undone
