"""Several clients at once: one writer at a time, readers beside it, nothing half done to be seen."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def at_once(web, say):
    """Runs a function in several threads at the same moment, each with a client of its own."""

    def run(function, count=8):
        start = threading.Barrier(count)

        def one(number):
            client = say.web(web.origin)
            client.get("WhoAmI")
            start.wait()
            try:
                return function(client, number)
            finally:
                client.session.close()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run


def test_of_many_creates_with_one_id_one_wins(at_once, new_id):
    row = new_id()
    create = at_once(lambda web, n: web.patch(f"contacts({row})", {"lastname": str(n)}, If_None_Match="*").status_code)
    assert Counter(create) == {204: 1, 412: 7}
    post = at_once(lambda web, n: web.post("contacts", {"contactid": row, "lastname": str(n)}).status_code)
    assert Counter(post) == {412: 8}


def test_of_many_updates_with_one_etag_one_wins(web, at_once):
    row = web.create("contacts", {"lastname": "A"})
    tag = web.row(f"contacts({row})")["@odata.etag"]
    claims = at_once(lambda web, n: web.patch(f"contacts({row})", {"lastname": str(n)}, If_Match=tag).status_code)
    assert Counter(claims) == {204: 1, 412: 7}
    assert web.row(f"contacts({row})")["lastname"] == str(claims.index(204))


def test_of_many_change_sets_for_one_row_one_is_kept_whole(web, at_once, new_id):
    shared, own = new_id(), [new_id() for _ in range(8)]

    def create(web, number):
        answer, _ = web.batch(
            [
                ("POST", "contacts", {"contactid": own[number], "lastname": "A"}),
                ("PATCH", f"leads({shared})", {"lastname": "L"}, {"If-None-Match": "*"}),
            ]
        )
        return answer.status_code

    statuses = at_once(create)
    kept = [web.get(f"contacts({row})").status_code == 200 for row in own]
    assert Counter(statuses) == {200: 1, 412: 7}
    assert kept == [status == 200 for status in statuses]


def test_nobody_sees_half_a_change_set(web, at_once):
    one, two = (web.create("contacts", {"lastname": "0"}) for _ in range(2))
    both = f"contacts?$select=lastname&$filter=contactid eq {one} or contactid eq {two}"

    def work(web, number):
        if number == 0:
            for value in map(str, range(1, 30)):
                web.batch([("PATCH", f"contacts({row})", {"lastname": value}) for row in (one, two)])
            return True
        seen = [{row["lastname"] for row in web.get(both).json()["value"]} for _ in range(30)]
        return all(len(names) == 1 for names in seen)

    assert all(at_once(work, 4))


def test_tables_can_be_made_while_rows_are_written(fresh, say):
    def define():
        for number in range(5):
            assert fresh.post("EntityDefinitions", say.table(f"new_Thing{number}")).status_code == 204

    maker = threading.Thread(target=define)
    maker.start()
    client = say.web(fresh.origin)
    statuses = Counter(client.post("contacts", {"lastname": str(n)}).status_code for n in range(40))
    maker.join()
    client.session.close()
    assert statuses == {204: 40}
    assert [fresh.get(f"new_thing{number}s").status_code for number in range(5)] == [200] * 5


def test_whatever_is_written_at_once_nothing_breaks(web, at_once, say):
    """Rows, shares, memberships, roles, merges and deletions of the same rows: done or refused, never an accident."""
    rows = [web.create("contacts", {"lastname": "A"}) for _ in range(3)]
    user, team, kind = web.user(role=say.salesperson), web.team(), "@odata.type"
    contact = "Microsoft.Dynamics.CRM.contact"
    about = "regardingobjectid_contact_phonecall@odata.bind"
    member = {"@odata.id": f"systemusers({user})"}

    def write(web, number):
        row = rows[number % 3]
        target = {kind: contact, "contactid": row}
        other = {kind: contact, "contactid": rows[(number + 1) % 3]}
        principal = {kind: "Microsoft.Dynamics.CRM.systemuser", "systemuserid": user}
        access = {"AccessMask": "ReadAccess", "Principal": principal}
        return [
            answer.status_code
            for _ in range(4)
            for answer in (
                web.patch(f"contacts({row})", {"lastname": "B", "ownerid@odata.bind": f"/teams({team})"}),
                web.post("GrantAccess", {"Target": target, "PrincipalAccess": access}),
                web.post(f"teams({team})/teammembership_association/$ref", member),
                web.post("phonecalls", {"subject": "x", about: f"contacts({row})"}),
                web.post("Merge", {"Target": target, "Subordinate": other, "PerformParentingChecks": False}),
                web.delete(f"teams({team})/teammembership_association({user})/$ref"),
                web.delete(f"contacts({rows[2]})"),
            )
        ]  # fmt: skip

    statuses = {status for answers in at_once(write) for status in answers}
    assert 204 in statuses
    assert max(statuses) < 500


def test_who_reads_while_definitions_come_and_go_sees_them_whole_or_not_at_all(fresh, say):
    columns = "EntityDefinitions(LogicalName='contact')/Attributes"
    fresh.create("contacts", {"lastname": "A"})
    statuses, over = Counter(), threading.Event()

    def read():
        web = say.web(fresh.origin)
        while not over.is_set():
            statuses[web.get("new_things").status_code] += 1
            statuses[web.get("contacts").status_code] += 1
        web.session.close()

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for _ in range(25):
            assert fresh.post("EntityDefinitions", say.table("new_Thing")).status_code == 204
            assert fresh.post(columns, say.column("String", "new_Text", MaxLength=9)).status_code == 204
            assert fresh.delete(f"{columns}(LogicalName='new_text')").status_code == 204
            assert fresh.delete("EntityDefinitions(LogicalName='new_thing')").status_code == 204
        over.set()
        for each in readers:
            each.result()
    assert statuses.keys() == {200, 404}
