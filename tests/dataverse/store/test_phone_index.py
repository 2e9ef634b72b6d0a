"""The phone index follows its records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from dataverse.store.phone_index.entries import wanted
from dataverse.store.phone_index.upkeep import Upkeep
from messaging.errors import Conflict
from messaging.numbers import read_address
from messaging.phone_keys import look_up
from messaging.records import PHONE_COLUMNS, Record, Table


@pytest.fixture
def org(in_the_emulator):
    in_the_emulator.begin()
    return in_the_emulator


@pytest.fixture
def upkeep(org) -> Upkeep:
    return Upkeep(org.client)


def held(org, record: Record) -> dict[str, str]:
    """Digits and column of each entry of a record."""
    rows = org.rows(
        f"txv_phonekeys?$select=txv_digits,txv_column&$filter=_txv_{record.table.value}id_value eq {record.id}"
    )
    return {str(row["txv_digits"]): str(row["txv_column"]) for row in rows}


@pytest.mark.parametrize("table", PHONE_COLUMNS)
def test_every_phone_column_of_a_record_is_entered(org, upkeep, table: Table) -> None:
    numbers = {column: org.customer() for column in PHONE_COLUMNS[table]}
    record = org.record(table, **numbers)

    upkeep.bring_up_to_date(table.value, [record.id])

    assert held(org, record) == {number[1:]: column for column, number in numbers.items()}


def test_numbers_are_read_in_the_country_of_the_record(org, upkeep) -> None:
    contact = org.record(Table.CONTACT, mobilephone="0171 1234567 x12", address1_country="Deutschland")

    upkeep.bring_up_to_date("contact", [contact.id])
    assert held(org, contact) == {"491711234567": "mobilephone"}

    org.change(contact, address1_country=None)
    upkeep.bring_up_to_date("contact", [contact.id])
    assert held(org, contact) == {"01711234567": "mobilephone"}


def test_a_changed_number_is_entered_and_the_old_one_is_not_any_more(org, upkeep) -> None:
    old, new = org.customer(), org.customer()
    contact = org.record(Table.CONTACT, mobilephone=old, telephone1=old)
    assert upkeep.bring_up_to_date("contact", [contact.id]) == 2
    org.change(contact, mobilephone=f"{new} / {old}", telephone1=None)

    assert upkeep.bring_up_to_date("contact", [contact.id]) == 2

    assert held(org, contact) == {new[1:]: "mobilephone", old[1:]: "mobilephone"}


def test_nothing_is_written_where_everything_is_right(org, upkeep) -> None:
    contact = org.record(Table.CONTACT, mobilephone=org.customer())
    upkeep.bring_up_to_date("contact", [contact.id])

    assert upkeep.bring_up_to_date("contact", [contact.id]) == 0


def test_a_deactivated_record_keeps_its_entries(org, upkeep) -> None:
    number = org.customer()
    lead = org.record(Table.LEAD, mobilephone=number)
    upkeep.bring_up_to_date("lead", [lead.id])
    org.deactivate(lead)

    upkeep.bring_up_to_date("lead", [lead.id])

    assert held(org, lead) == {number[1:]: "mobilephone"}


def test_the_entries_of_a_deleted_record_go_with_it_and_a_late_hint_does_no_harm(org, upkeep) -> None:
    account = org.record(Table.ACCOUNT, telephone1=org.customer())
    upkeep.bring_up_to_date("account", [account.id])
    org.remove(account)

    assert held(org, account) == {}
    assert upkeep.bring_up_to_date("account", [account.id, uuid4()]) == 0


def test_entries_that_someone_made_by_hand_are_removed(org, upkeep) -> None:
    contact = org.record(Table.CONTACT, mobilephone=org.customer())
    bind = {"txv_contactid@odata.bind": f"/contacts({contact.id})"}
    org.create(f"txv_phonekeys({uuid4()})", {"txv_name": "Mine", "txv_digits": "12345678", **bind})

    upkeep.bring_up_to_date("contact", [contact.id])

    assert "12345678" not in held(org, contact)


def test_many_records_are_brought_up_to_date_in_hundreds(org, upkeep) -> None:
    records = [org.record(Table.CONTACT, mobilephone=org.customer()) for _ in range(120)]

    assert upkeep.bring_up_to_date("contact", [record.id for record in records]) == 120


def test_other_tables_have_no_entries(upkeep) -> None:
    assert upkeep.bring_up_to_date("opportunity", [uuid4()]) == 0
    assert upkeep.bring_up_to_date("txv_textmessage", [uuid4()]) == 0


def test_whoever_works_with_an_old_reading_mends_what_it_spoilt(org, upkeep) -> None:
    """One has read the record, then it changes and another brings it up to date, then the first writes."""
    old, new = org.customer(), org.customer()
    contact = org.record(Table.CONTACT, mobilephone=old)
    late = _Late(org.client)
    late.before_writing = lambda: (
        org.change(contact, mobilephone=new),
        upkeep.bring_up_to_date("contact", [contact.id]),
    )

    Upkeep(late).bring_up_to_date("contact", [contact.id])

    assert held(org, contact) == {new[1:]: "mobilephone"}


def test_a_record_that_vanishes_meanwhile_is_no_obstacle(org) -> None:
    gone, stays = (org.record(Table.CONTACT, mobilephone=org.customer()) for _ in range(2))
    late = _Late(org.client)
    late.before_writing = lambda: org.remove(gone)

    Upkeep(late).bring_up_to_date("contact", [gone.id, stays.id])

    assert (held(org, gone), len(held(org, stays))) == ({}, 1)


def test_a_record_that_never_rests_is_left_for_later(org) -> None:
    contact = org.record(Table.CONTACT, mobilephone=org.customer())
    late = _Late(org.client, for_ever=True)
    late.before_writing = lambda: org.change(contact, mobilephone=org.customer())

    with pytest.raises(Conflict, match="a little later"):
        Upkeep(late).bring_up_to_date("contact", [contact.id])


def test_eight_at_once_end_as_one_would(org, upkeep) -> None:
    contact = org.record(Table.CONTACT, mobilephone=org.customer(), telephone1=org.customer())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: upkeep.bring_up_to_date("contact", [contact.id]), range(8)))

    assert len(held(org, contact)) == 2


def test_what_is_looked_up_is_what_is_entered() -> None:
    row = {"contactid": str(uuid4()), "mobilephone": "+49 (0)171 1234567", "address1_country": None}
    (entry,) = wanted(Table.CONTACT, row).values()

    assert entry.digits in look_up(read_address("+491711234567"))
    assert len(str(entry.body()["txv_name"])) <= 100


class _Late:
    """A client before whose writes something happens: once, or each time."""

    def __init__(self, client, *, for_ever: bool = False) -> None:
        self._client, self._for_ever = client, for_ever
        self.before_writing = lambda: None

    def batch(self, parts, **options):
        if any(part.method != "GET" for part in parts):
            happens, self.before_writing = self.before_writing, self.before_writing if self._for_ever else lambda: None
            happens()
        return self._client.batch(parts, **options)
