"""Loading a file of rows: the same rows as by POST, all or none, and as often as one likes."""

from __future__ import annotations

import json
import random
from contextlib import closing

import pytest

from emulator.loading.lines import Unloadable
from emulator.loading.load import load
from emulator.parts import standard_parts
from emulator.service import Service

TYPE = "Microsoft.Dynamics.CRM."
OWN = {"createdon", "modifiedon", "overriddencreatedon", "versionnumber", "@odata.etag", "@odata.context"}


def guid(number):
    return f"0b000000-0000-4000-8000-{number:012x}"


def contact(number, **more):
    return {"@odata.type": TYPE + "contact", "contactid": guid(number), "lastname": f"N{number}", **more}


@pytest.fixture
def rows(tmp_path):
    """Writes lines into a file."""

    def write(*lines):
        file = tmp_path / "rows.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        file.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return file

    return write


@pytest.fixture
def service():
    with closing(Service(standard_parts())) as service:
        yield service


def count(service, table):
    with service.store.reading() as db:
        return db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]


def alike(row):
    return {name: value for name, value in row.items() if name not in OWN}


BODIES = [
    ("account", {"name": "Fabrikam", "telephone1": "(206) 555-0142", "revenue": 1000.5}),
    ("account", {"name": "Børge & søn", "parentaccountid@odata.bind": "/accounts({account})", "revenue": None}),
    ("contact", {"firstname": "Ada", "lastname": "Marsh", "mobilephone": "+12065550187"}),
    ("contact", {"lastname": "Ünal", "parentcustomerid_account@odata.bind": "/accounts({account})"}),
    ("contact", {"lastname": "B", "parentcustomerid_contact@odata.bind": "contacts({contact})", "donotphone": True}),
    ("contact", {"lastname": "C", "ownerid@odata.bind": "/teams({team})", "statuscode": 1, "birthdate": "1980-01-02"}),
    ("contact", {"lastname": "D", "ownerid@odata.bind": "/systemusers({user})", "creditlimit": 12.345}),
    (
        "contact",
        {"lastname": "E", "annualincome": 5, "transactioncurrencyid@odata.bind": None, "fullname": "passed over"},
    ),
    ("contact", {"lastname": "F", "overriddencreatedon": "2001-02-03T04:05:06Z", "telephone1": "", "gendercode": None}),
    ("contact", {"lastname": "G", "parentcustomerid_account@odata.bind": None, "description": "e\u0301 \U0001f600"}),
    ("lead", {"subject": "S", "lastname": "L", "statuscode": 2, "parentaccountid@odata.bind": "/accounts({account})"}),
    ("opportunity", {"name": "O", "estimatedvalue": 10, "customerid_account@odata.bind": "/accounts({account})"}),
    ("contact", {"lastname": "H", "statecode": 1}),
    ("contact", {"lastname": "I", "statecode": None, "statuscode": None}),
    ("phonecall", {"subject": "P", "directioncode": True, "scheduledend": "2024-01-01T00:00:00Z"}),
    ("new_message", {"new_body": "B", "new_externalid": "X"}),
    ("new_channel", {"new_name": "Ch", "new_digits": "1206", "new_line": 3}),
]


@pytest.mark.parametrize("again", [False, True], ids=["first of its kind", "one of many"])
def test_loaded_rows_are_those_that_a_post_makes(custom, customized, rows, new_id, again):
    """By POST as the administrator and by a load: what can be read of the two rows is the same."""
    web = custom.as_user("0a000000-0000-4000-8000-00000000000a")
    known = {
        "account": web.create("accounts", {"name": "P"}),
        "contact": web.create("contacts", {"lastname": "P"}),
        "team": web.team(),
        "user": web.user(),
    }
    posted, lines = [], []
    for table, body in BODIES:
        schema = customized.service.catalog.schema.tables[table]
        filled = {
            name: value.format(**known) if isinstance(value, str) and "@" in name else value
            for name, value in body.items()
        }
        unique = {"new_digits": str(random.randrange(10**9))} if table == "new_channel" else {}
        posted.append((schema, web.create(schema.set_name, filled | unique)))
        for _ in range(2 if again else 1):
            more = {"new_digits": str(random.randrange(10**9))} if table == "new_channel" else {}
            lines.append({"@odata.type": TYPE + table, schema.primary_id: new_id(), **filled, **more})
    outcome = load(customized.service, rows(*lines))
    assert outcome.new.total() == len(lines)
    loaded = lines[1::2] if again else lines
    for (schema, row_id), line in zip(posted, loaded, strict=True):
        by_post = web.row(f"{schema.set_name}({row_id})")
        by_load = web.row(f"{schema.set_name}({line[schema.primary_id]})")
        own = {schema.primary_id, "new_digits"}
        assert {n: v for n, v in alike(by_load).items() if n not in own} == {
            n: v for n, v in alike(by_post).items() if n not in own
        }


def test_versions_rise_row_by_row_and_go_on(service, rows):
    load(service, rows(*(contact(number) for number in range(50))))
    with service.store.reading() as db:
        versions = [row[0] for row in db.execute("SELECT versionnumber FROM contact ORDER BY contactid")]
        counter = db.execute("SELECT value FROM _version").fetchone()[0]
    assert versions == sorted(set(versions))
    assert versions[-1] <= counter


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "this is not JSON"),
        ("[1]", "a row is a JSON object."),
        ('{"contactid": NaN}', "this is not JSON (NaN is no value)."),
        ({"contactid": guid(9)}, '"@odata.type" is missing: it names the table'),
        ({"@odata.type": TYPE + "contcat"}, "there is no table 'Microsoft.Dynamics.CRM.contcat'."),
        ({"@odata.type": TYPE + "contact", "lastname": "A"}, "contactid is missing: rows come with their ids"),
        (contact(9, contactid="nine"), "0x80048d19"),
        (contact(9, lastnam="A"), "'lastnam'"),
        (contact(9, mobilephone="1" * 51), "exceeded the maximum allowed length of '50'. (0x80044331)"),
        (contact(9, mobilephone=5), "(0x80048d19)"),
        (contact(9, statecode=1, statuscode=1), "(0x80048408)"),
        (contact(9, statuscode=9), "(0x8004431a)"),
        (contact(9, parentcustomerid="x"), "(0x80048d19)"),
        (
            contact(9, **{"parentcustomerid_account@odata.bind": f"/accounts({guid(77)})"}),
            "Does Not Exist (0x80040217)",
        ),
        (contact(9, **{"parentcustomerid_account@odata.bind": f"/leads({guid(77)})"}), "(0x80040217)"),
        (contact(9, **{"ownerid@odata.bind": f"/systemusers({guid(77)})"}), "Does Not Exist"),
        (contact(9, **{"lastname@x": 1}), "(0x80048d19)"),
        ({"@odata.type": "phonecall", "activityid": guid(9), "subject": "x" * 201}, "(0x80044331)"),
        ({"@odata.type": "privilege", "privilegeid": guid(9)}, "does not support"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_loaded(service, rows, line, words):
    file = rows(contact(1), "", contact(2), line, contact(3))
    with pytest.raises(Unloadable) as caught:
        load(service, file)
    message = str(caught.value)
    assert message.startswith(f"{file}, line 4: ")
    assert words in message
    assert message.endswith("Nothing was loaded.")
    assert count(service, "contact") == 0
    load(service, rows(contact(1)))


def test_a_key_that_is_taken_is_found_among_many(customized, rows, new_id):
    kind = {"@odata.type": "new_channel"}
    numbers = [f"{number}-{new_id()[:8]}" for number in range(600)]
    lines = [{**kind, "new_channelid": new_id(), "new_name": "N", "new_digits": number} for number in numbers]
    lines[450]["new_digits"] = numbers[17]
    before = count(customized.service, "new_channel")
    with pytest.raises(Unloadable, match=r"line 451: Entity Key new_digits violated.*0x80060892"):
        load(customized.service, rows(*lines))
    assert count(customized.service, "new_channel") == before


def test_the_same_file_can_be_loaded_again(service, rows):
    lines = [contact(number) for number in range(40)]
    assert load(service, rows(*lines)).new["contact"] == 40
    with service.store.writing() as db:
        db.execute("UPDATE contact SET lastname = 'Changed' WHERE contactid = ?", (guid(7),))
    outcome = load(service, rows(*lines, contact(40), contact(40), contact(41, contactid=guid(41).upper())))
    assert (outcome.new["contact"], outcome.present) == (2, 41)
    assert "2 contact in" in str(outcome)
    assert str(outcome).endswith("41 rows were there already.")
    with service.store.reading() as db:
        kept = db.execute("SELECT lastname FROM contact WHERE contactid = ?", (guid(7),)).fetchone()
    assert kept == ("Changed",)


def test_rows_link_to_rows_before_them(service, rows):
    account = {"@odata.type": "account", "accountid": guid(1), "name": "A"}
    link = {"parentcustomerid_account@odata.bind": f"/accounts({guid(1)})"}
    chain = [contact(n, **{"parentcustomerid_contact@odata.bind": f"contacts({guid(n - 1)})"}) for n in range(3, 20)]
    assert load(service, rows(account, contact(2, **link), *chain)).new.total() == 19
    late = contact(30, **{"parentcustomerid_contact@odata.bind": f"contacts({guid(31)})"})
    with pytest.raises(Unloadable, match="line 1"):
        load(service, rows(late, contact(31)))


def test_indexes_are_there_again_after_a_large_load(service, rows, monkeypatch):
    def indexes():
        with service.store.reading() as db:
            return set(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))

    monkeypatch.setattr("emulator.loading.indexes._WORTH_IT", 100)
    monkeypatch.setattr("emulator.loading.load._TOGETHER", 50)
    dropped = []
    before = indexes()
    lines = [contact(number, mobilephone=f"+1206555{number:04}") for number in range(500)]
    with_trace(service, monkeypatch, dropped)
    load(service, rows(*lines))
    assert any("contact.mobilephone.folded" in each for each in dropped)
    assert indexes() == before
    with service.store.reading() as db:
        query = "SELECT count(*) FROM contact WHERE dataverse_folded(mobilephone) = ? AND mobilephone >= ''"
        assert db.execute(query, ("+12065550321",)).fetchone() == (1,)


def with_trace(service, monkeypatch, seen):
    connect = service.store._connect

    def traced():
        db = connect()
        db.set_trace_callback(lambda statement: seen.append(statement) if statement.startswith("DROP") else None)
        return db

    monkeypatch.setattr(service.store, "_connect", traced)


def test_children_inherit_what_their_parents_share(server, rows, web, new_id, say):
    owner, account = web.user("Owner"), new_id()
    parent = {"@odata.type": "account", "accountid": account, "name": "A"}
    parent["ownerid@odata.bind"] = f"/systemusers({owner})"
    children = [
        {**contact(1), "contactid": new_id(), "parentcustomerid_account@odata.bind": f"/accounts({account})"}
        for _ in range(3)
    ]
    load(server.service, rows(parent, *children))
    with server.service.store.reading() as db:
        found = db.execute(
            "SELECT principalid FROM principalobjectaccess WHERE objectid = ?", (children[2]["contactid"],)
        )
        assert found.fetchall() == [(owner,)]


def test_progress_is_told(service, rows, monkeypatch):
    monkeypatch.setattr("emulator.loading.load._EVERY_S", 0.0)
    told = []
    load(service, rows(contact(1), contact(2)), told.append)
    assert [line.split(",")[0] for line in told] == ["  1 rows", "  2 rows"]
