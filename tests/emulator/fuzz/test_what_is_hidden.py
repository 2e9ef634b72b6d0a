"""What a user may not see makes no difference to the answers: two environments that differ in nothing but the rows that
are hidden from her tell her the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SELLER = "0b000000-0000-4000-8000-00000000000c"
HEADERS = ((b"authorization", b"Bearer user:" + SELLER.encode()),)
HERS = {"ownerid@odata.bind": f"systemusers({SELLER})"}


def guid(number):
    return f"0b000000-0000-4000-8000-{number:012x}"


HER_ACCOUNT, HER_CONTACT, HER_CALL, HER_TASK = (guid(number) for number in (0xA1, 0xA1, 0xA3, 0xA4))
VISIBLE = [
    (f"accounts({HER_ACCOUNT})", {"name": "Hers", "telephone1": "open", "revenue": 3, **HERS}),
    (f"contacts({HER_CONTACT})", {"lastname": "Hers", "telephone1": "open", "numberofchildren": 1, **HERS}),
    (f"accounts({HER_ACCOUNT})", {"primarycontactid@odata.bind": f"contacts({HER_CONTACT})"}),
    (f"contacts({guid(0xA2)})", {"lastname": "Hers too",
    "parentcustomerid_account@odata.bind": f"accounts({HER_ACCOUNT})",
                                 **HERS}),
    (f"phonecalls({HER_CALL})", {"subject": "Her call", **HERS, "phonecall_activity_parties": [
        {"participationtypemask": 1, "partyid_contact@odata.bind": f"contacts({HER_CONTACT})"}]}),
    (f"tasks({HER_TASK})", {"subject": "Her task", **HERS}),
]  # fmt: skip
# The names are the same, since a link to a hidden row tells its name.
ACCOUNT, CONTACT, CALL, TASK = (guid(number) for number in (0xB1, 0xB1, 0xB3, 0xB4))


def hidden(word, number):
    """Rows that she may not see, some linked to hers, and links of hers to them."""
    return [
        (f"accounts({ACCOUNT})", {"name": "Hidden", "telephone1": word, "revenue": number,
                                  "parentaccountid@odata.bind": f"accounts({HER_ACCOUNT})"}),
        (f"contacts({CONTACT})", {"lastname": "Hidden", "telephone1": word, "numberofchildren": number}),
        (f"accounts({ACCOUNT})", {"primarycontactid@odata.bind": f"contacts({CONTACT})"}),
        (f"contacts({HER_CONTACT})", {"parentcustomerid_account@odata.bind": f"accounts({ACCOUNT})"}),
        (f"phonecalls({CALL})", {"subject": word, "description": word, "phonecall_activity_parties": [
            {"participationtypemask": 2, "addressused": word,
            "partyid_contact@odata.bind": f"contacts({HER_CONTACT})"}]}),
        (f"tasks({TASK})", {"subject": word, "description": word,
                            "regardingobjectid_contact_task@odata.bind": f"contacts({CONTACT})"}),
        (f"tasks({HER_TASK})", {"regardingobjectid_contact_task@odata.bind": f"contacts({CONTACT})"}),
        (f"leads({guid(0xB5)})", {"lastname": "Hidden", "subject": word}),
        (f"opportunities({guid(0xB6)})", {"name": word, "customerid_account@odata.bind": f"accounts({ACCOUNT})"}),
        (f"new_messages({guid(0xB7)})", {"new_name": word, "new_body": word}),
        (f"annotations({guid(0xB8)})", {"subject": word, "notetext": word,
                                        "objectid_account@odata.bind": f"accounts({ACCOUNT})"}),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def both(furnished, sent):
    """The two environments."""
    pair = [furnished(clock=lambda: NOW), furnished(clock=lambda: NOW)]
    one, other = pair
    for path, body in VISIBLE:
        put(one, sent, path, body)
    copy = one.service.store.path.with_suffix(".both")
    one.service.store.copy_to(copy)
    other.service.put_back(copy)
    for arena, word, number in ((one, "secret", 9), (other, "nothing", 1)):
        for path, body in hidden(word, number):
            put(arena, sent, path, body)
    for number in range(3):
        more = {
            "lastname": "More",
            "telephone1": "secret",
            "parentcustomerid_account@odata.bind": f"accounts({ACCOUNT})",
        }
        put(one, sent, f"contacts({guid(0xC0 + number)})", more)
    return pair


def put(arena, sent, path, body):
    assert arena.ask(sent("PATCH", path.encode(), body=json.dumps(body).encode())).status == 204, path


def test_it_is_hidden_indeed(both, sent):
    for path, _ in hidden("", 0):
        mine = path in dict(VISIBLE)
        statuses = {arena.ask(sent("GET", path.encode(), headers=HEADERS)).status for arena in both}
        assert statuses == ({200} if mine else {403}), path


@pytest.fixture
def told_the_same(both, sent):
    def ask(path, query, more=()):
        one, other = (arena.ask(sent("GET", path, query, (*HEADERS, *more))) for arena in both)
        assert (one.status, one.body) == (other.status, other.body)
        return one

    return ask


def target(line):
    path, _, query = line.partition("?")
    return path.encode(), quote(query, safe="$&=@(),'/:;?%").encode()


def fetch(line):
    sets = {"systemuser": "systemusers", "activityparty": "activityparties", "activitypointer": "activitypointers",
            "principalobjectaccess": "principalobjectaccessset"}  # fmt: skip
    table = line.partition("<entity name='")[2].partition("'")[0]
    return sets.get(table, f"{table}s").encode(), b"fetchXml=" + quote(line, safe="").encode()


def test_it_makes_no_difference_to_any_probe(told_the_same, spoil):
    probes = [*map(target, spoil.lines("probes.txt")), *map(fetch, spoil.lines("fetch_probes.txt"))]
    for probe in probes:
        for more in ((), ((b"prefer", b'odata.include-annotations="*",odata.maxpagesize=1'),)):
            told_the_same(*probe, more)


def test_it_makes_a_difference_to_those_who_may_see_it(both, sent, spoil):
    probes = [*map(target, spoil.lines("probes.txt")), *map(fetch, spoil.lines("fetch_probes.txt"))]
    differ = [probe for probe in probes if len({arena.ask(sent("GET", *probe)).body for arena in both}) == 2]
    assert len(differ) > 0.6 * len(probes), [probe for probe in probes if probe not in differ]


def test_it_makes_no_difference_to_any_other_question(told_the_same, spoil):
    words = ["contacts", "accounts", "tasks", "fullname", "name", "telephone1", "revenue", "numberofchildren", "eq",
             "ne", "gt",
             "null", "secret", "nothing", "5", "any", "all", "not ", "parentcustomerid_account",
             "contact_customer_accounts",
             "primarycontactid", "contact", "account", "inner", "outer", "exists", "description", "max",
             "desc"]  # fmt: skip
    probes = spoil.words(spoil.lines("probes.txt"), words, most=3).map(target)
    fetches = spoil.words(spoil.lines("fetch_probes.txt"), words, most=3)

    @settings(max_examples=800, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(probes | fetches.map(fetch))
    def each(probe):
        told_the_same(*probe)

    each()
