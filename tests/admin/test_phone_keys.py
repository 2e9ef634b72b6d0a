"""`phone-keys`: the phone index, filled and asked after."""

from __future__ import annotations

import pytest

from admin.phone_keys.progress import Progress, pace
from dataverse.store.phone_index.fill import Fill
from dataverse.store.phone_index.state import read_state
from messaging.records import Table


@pytest.fixture
def quiet(org):
    """An environment that was provisioned, with nobody who listens to its events."""
    for row in org.rows("serviceendpoints?$select=serviceendpointid"):
        org.organization.delete(f"serviceendpoints({row['serviceendpointid']})")
    return org


def test_before_it_is_filled_that_is_said_and_what_to_do(here) -> None:
    ran, document = here("phone-keys", "status"), here("phone-keys", "status", "--json").document

    assert ran.code == 1
    assert "never been filled" in ran.out
    assert "python -m admin phone-keys backfill" in ran.out
    assert (document["state"]["complete"], document["entries"]) == (False, 0)


def test_it_is_filled_and_complete_from_then_on(here, quiet) -> None:
    for table in (Table.CONTACT, Table.ACCOUNT, Table.LEAD):
        quiet.organization.record(table, telephone1=f"{quiet.organization.customer()} ext. 7")

    filled = here("phone-keys", "backfill")
    status = here("phone-keys", "status", "--json")

    assert filled.code == 0, filled.err
    assert "The phone index is complete" in filled.out
    assert status.code == 0
    assert status.document["entries"] >= 3
    assert status.document["state"]["complete"]
    assert here("phone-keys", "backfill").code == 0, "again, which changes nothing"
    assert here("phone-keys", "status", "--json").document["entries"] == status.document["entries"]


def test_a_filling_that_was_cut_off_is_told_and_finished(here, quiet) -> None:
    for _ in range(3):
        quiet.organization.record(Table.CONTACT, telephone1=quiet.organization.customer())

    class Stops:
        def entered(self, table: Table, records: int) -> None:
            if table is Table.ACCOUNT:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Fill(quiet.client, quiet.organization.now, Stops()).run()

    told = here("phone-keys", "status")
    assert told.code == 1
    assert "is under way or was cut off: 3 records so far" in told.out
    assert here("phone-keys", "backfill").code == 0
    assert read_state(quiet.client).filling is None


def test_where_nothing_is_provisioned_the_next_step_is_named(fresh, admin) -> None:
    for command in ("backfill", "status"):
        ran = admin("phone-keys", command, "--url", fresh.url)
        assert ran.code == 1
        assert "python -m admin provision" in ran.out + ran.err


def test_progress_tells_the_pace_and_what_is_left_every_few_seconds() -> None:
    told, now = [], [0.0]
    progress = Progress(lambda doing, done, total=0: told.append((doing, done, total)), 10_000, lambda: now[0])
    for seconds in range(8):
        now[0] = float(seconds)
        progress.entered(Table.CONTACT, 1000 + 100 * seconds)
    now[0] = 20.0
    progress.looked_through(Table.LEAD, 5)

    assert told[0] == ("entering contacts", 1000, 10_000)
    assert told[4] == ("entering contacts", 1400, 10_000)
    assert told[5] == ("entering contacts: 100 a second, 1 min left", 1500, 10_000)
    assert told[-1] == ("looking through the entries of leads", 5, 0)


@pytest.mark.parametrize(
    ("rate", "left", "said"),
    [
        (0, 5, ""),
        (1200, 0, ": 1,200 a second"),
        (100, 500, ": 100 a second, less than a minute left"),
        (100, 90_000, ": 100 a second, 15 min left"),
        (10, 90_000, ": 10 a second, 2 h 30 min left"),
    ],
)
def test_the_time_that_is_left_is_said_in_minutes_and_hours(rate: float, left: int, said: str) -> None:
    assert pace(rate, left) == said
