"""The phone index is filled, also where that is cut off; and repaired where nobody heard of a change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from types import MappingProxyType

import pytest
import requests

from dataverse.schema.apply import apply
from dataverse.store.phone_index.entries import columns, wanted
from dataverse.store.phone_index.fill import Fill
from dataverse.store.phone_index.repair import Repair
from dataverse.store.phone_index.state import Filling, IndexState, read_state, save_state
from dataverse.store.tables import RECORD_TABLES
from dataverse.webapi.auth import StaticToken
from emulator.server import Server
from function_app.dataverse_client import connect
from messaging.errors import NotFound, Unavailable
from messaging.phone_keys import RULES
from messaging.records import PHONE_COLUMNS, Table
from tests.stores.organization import Organization


@dataclass
class Emulated(Organization):
    """An organization in an emulator of its own, and a copy of it."""

    url: str = ""
    copy: object = None


@pytest.fixture(scope="module")
def _org() -> Iterator[Emulated]:
    with Server() as server, connect(server.url, StaticToken(server.url, "service")) as client:
        apply(client, sleep=time.sleep)
        org = Emulated(client, (f"+1{number:010}" for number in count(2_065_550_000)), url=server.url)
        for table in PHONE_COLUMNS:
            for place in range(23):
                more = {"telephone1": "n/a", "address1_country": "Germany"} if place % 2 else {}
                org.record(table, **{"telephone2": f"{org.customer()} x{place}", **more})
        org.define_index_state(IndexState())
        org.copy = requests.post(f"{server.url}/_emulator/snapshot", timeout=30).json()
        yield org


@pytest.fixture
def org(_org: Emulated) -> Emulated:
    """23 contacts, accounts and leads, none of them in the index."""
    answer = requests.post(f"{_org.url}/_emulator/restore", json=_org.copy, timeout=30)
    assert answer.ok, answer.text
    _org.begin()
    return _org


def fill(org, watching=None, client=None) -> IndexState:
    return Fill(client or org.client, org.now, watching, page_size=10).run()


def repair(org) -> None:
    Repair(org.client, org.now).run()


def is_right(org) -> bool:
    """Whether the entries are those that the records should have, no more and no less."""
    should = {
        str(key)
        for table in PHONE_COLUMNS
        for row in org.rows(f"{RECORD_TABLES[table].set_name}?$select={columns(table)}")
        for key in wanted(table, row)
    }
    return should == {str(row["txv_phonekeyid"]) for row in org.rows("txv_phonekeys?$select=txv_phonekeyid")} != set()


class Watch:
    """Hears how it goes on; `then` happens when so many records of a table have been entered."""

    def __init__(self, records: int = 0, then: Callable[[], object] = lambda: None) -> None:
        self.records, self.then = records, then
        self.heard: list[tuple[Table, int]] = []
        self.looked = 0

    def entered(self, table: Table, records: int) -> None:
        self.heard.append((table, records))
        if records == self.records:
            self.then()

    def looked_through(self, table: Table, entries: int) -> None:
        self.looked += entries


class Killed(BaseException):
    """The process was killed."""


def _die() -> None:
    raise Killed


def test_all_records_are_entered_and_the_index_is_complete(org) -> None:
    watch = Watch()
    assert not read_state(org.client).complete

    state = fill(org, watch)

    assert state == read_state(org.client)
    assert state.complete
    assert state.filling is None
    assert {*state.after} == {"contact", "account", "lead"}
    assert is_right(org)
    assert watch.heard[-1] == (Table.LEAD, 69)
    assert watch.looked == 0, "there was nothing before"


def test_nobody_uses_it_before_it_is_complete(org) -> None:
    seen = []
    fill(org, Watch(69, lambda: seen.append(read_state(org.client).complete)))

    assert seen == [False]


@pytest.mark.parametrize("records", [10, 20, 23, 43, 46, 69])
def test_a_filling_that_was_killed_goes_on_where_it_was(org, records: int) -> None:
    with pytest.raises(Killed):
        fill(org, Watch(records, _die))
    cut_off = read_state(org.client)
    assert not cut_off.complete
    assert cut_off.filling is not None

    watch = Watch()
    fill(org, watch)

    assert is_right(org)
    assert read_state(org.client).complete
    assert watch.heard[0][1] >= records - 10, "at most one page was read again"


@pytest.mark.parametrize("at", range(3, 40, 4))
def test_it_can_be_killed_at_any_request_and_answers_can_be_lost(org, at: int) -> None:
    with pytest.raises(Unavailable):
        fill(org, client=_Dying(org.client, at))

    fill(org)

    assert is_right(org)


def test_what_is_changed_meanwhile_is_not_lost(org) -> None:
    contacts = [str(row["contactid"]) for row in org.rows("contacts?$select=contactid")]
    old, new = org.customer(), org.customer()

    def meanwhile() -> None:
        org.update(f"contacts({contacts[0]})", {"mobilephone": new, "telephone2": None})
        org.update(f"contacts({contacts[-1]})", {"mobilephone": old})
        org.delete(f"contacts({contacts[11]})")
        org.record(Table.CONTACT, mobilephone=org.customer())

    fill(org, Watch(20, meanwhile))

    assert is_right(org)


def test_a_second_filling_changes_nothing_and_removes_what_should_not_be_there(org) -> None:
    fill(org)
    (contact, *_) = (row["contactid"] for row in org.rows("contacts?$select=contactid"))
    bind = {"txv_contactid@odata.bind": f"/contacts({contact})"}
    org.create(
        "txv_phonekeys(0b000000-0000-4000-8000-000000000001)", {"txv_name": "By hand", "txv_digits": "1", **bind}
    )
    assert not is_right(org)

    watch = Watch()
    org.clock_shift = timedelta(hours=1)  # nothing was changed since it began
    fill(org, watch)

    assert is_right(org)
    assert watch.looked == 23 * 3


def test_entries_of_records_that_have_no_number_any_more_are_looked_for(org) -> None:
    for row in org.rows("contacts?$select=contactid"):
        org.update(f"contacts({row['contactid']})", {"telephone2": None})
    contact = org.record(Table.CONTACT)
    bind = {"txv_contactid@odata.bind": f"/contacts({contact.id})"}
    org.create("txv_phonekeys(0b000000-0000-4000-8000-000000000001)", {"txv_name": "Late", "txv_digits": "1", **bind})

    org.clock_shift = timedelta(hours=1)
    fill(org)

    assert is_right(org)


def test_the_index_serves_on_while_it_is_filled_again(org) -> None:
    fill(org)
    seen = []

    fill(org, Watch(43, lambda: seen.append(read_state(org.client).complete)))
    with pytest.raises(Killed):
        fill(org, Watch(43, _die))

    assert (seen, read_state(org.client).complete) == ([True], True)


def test_without_the_variable_nothing_is_begun(org) -> None:
    org.forget_index_state()

    with pytest.raises(NotFound, match="provision it first"):
        fill(org)
    assert org.rows("txv_phonekeys?$select=txv_phonekeyid") == []


def test_a_repair_sees_what_no_event_told(org) -> None:
    fill(org)
    (first, second, third, *_) = org.rows("leads?$select=leadid")
    org.update(f"leads({first['leadid']})", {"telephone2": org.customer()})
    org.update(f"leads({second['leadid']})", {"telephone2": None})
    org.delete(f"leads({third['leadid']})")
    org.record(Table.ACCOUNT, telephone1=org.customer())
    assert not is_right(org)

    repair(org)

    assert is_right(org)
    requests.delete(f"{org.url}/_emulator/requests", timeout=5)
    repair(org)
    assert not any("CreateMultiple" in str(each["path"]) for each in _requests(org))
    assert read_state(org.client).complete


def test_an_expired_token_means_that_everything_is_read_again(org) -> None:
    fill(org)
    org.record(Table.ACCOUNT, telephone1=org.customer())
    _expire(org, "contacts")

    repair(org)

    assert is_right(org)


def test_other_rules_mean_that_everything_is_read_again(org) -> None:
    state = replace(fill(org), rules=RULES - 1)
    save_state(org.client, state)
    assert not read_state(org.client).complete

    repair(org)

    assert read_state(org.client).complete


def test_a_filling_that_was_cut_off_is_finished_by_the_repair_if_there_was_one_before(org) -> None:
    repair(org)
    assert org.rows("txv_phonekeys?$select=txv_phonekeyid") == [], "it is for an administrator to begin"
    fill(org)
    with pytest.raises(Killed):
        fill(org, Watch(20, _die))

    repair(org)

    assert read_state(org.client).filling is None


def test_a_table_whose_changes_are_not_known_is_read_again(org) -> None:
    state = fill(org)
    save_state(org.client, replace(state, after=MappingProxyType({"contact": state.after["contact"]})))

    repair(org)

    assert {*read_state(org.client).after} == {"contact", "account", "lead"}


def test_a_place_that_nobody_knows_any_more_means_the_beginning_of_its_table(org) -> None:
    with pytest.raises(Killed):
        fill(org, Watch(43, _die))
    _expire(org, "accounts")

    fill(org)

    assert is_right(org)


def test_a_state_that_is_too_long_leaves_out_what_only_saves_time(org) -> None:
    filling = Filling(began_on=org.now(), table="lead", page="p" * 1500, records=7, again=True)
    after = MappingProxyType({"contact": "c" * 600})

    save_state(org.client, IndexState(after=after, filling=filling))
    assert read_state(org.client) == IndexState(after=after, filling=replace(filling, page=""))

    save_state(org.client, IndexState(after=MappingProxyType({"contact": "c" * 2000}), filling=filling))
    assert read_state(org.client) == IndexState(filling=replace(filling, page=""))


def _expire(org, path: str) -> None:
    """The next token for this table has expired."""
    rule = {"fault": "error", "status": 400, "code": "0x80044352", "path": path, "next": 1}
    assert requests.post(f"{org.url}/_emulator/faults", json=rule, timeout=5).ok


def _requests(org) -> list[dict[str, object]]:
    return list(requests.get(f"{org.url}/_emulator/requests", timeout=5).json())


class _Dying:
    """A client whose connection is lost for good at a certain request, after that was carried out."""

    def __init__(self, client, at: int) -> None:
        self._client, self._left = client, at

    @property
    def recommended_calls(self) -> int:
        return 2

    def path_of(self, link: str) -> str:
        return self._client.path_of(link)

    def send(self, request):
        return self._counted(lambda: self._client.send(request))

    def batch(self, parts, **options):
        return self._counted(lambda: self._client.batch(parts, **options))

    def pages(self, path, **options):
        for page in self._client.pages(path, **options):
            yield self._counted(lambda page=page: page)

    def rows(self, path, **options):
        return self._client.rows(path, **options)

    def _counted(self, work):
        if self._left <= 0:
            raise Unavailable("the connection is lost")
        answer = work()
        self._left -= 1
        if self._left <= 0:
            raise Unavailable("the answer was lost")
        return answer
