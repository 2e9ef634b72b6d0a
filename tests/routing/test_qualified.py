"""What came from a lead takes its place, with its conversations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from messaging.records import Table
from routing.candidate import Candidate
from routing.qualified import FROM_ITS_LEAD, without_qualified_leads
from routing.rank import decide

Make = Callable[..., Candidate]
EARLIER, LATER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
LEAD = UUID(int=1)


def test_the_lead_is_no_candidate_and_its_conversation_counts_for_what_came_from_it(make: Make) -> None:
    lead = make(1, last_conversation_on=LATER)
    contact = make(2, Table.CONTACT, came_from=LEAD)
    stranger = make(3, Table.CONTACT, last_conversation_on=EARLIER)

    left = without_qualified_leads([stranger, lead, contact])

    assert [one.record for one in left] == [stranger.record, contact.record]
    assert left[0] == stranger
    assert (left[1].last_conversation_on, left[1].found_by) == (LATER, ("mobilephone", FROM_ITS_LEAD))
    assert decide(left, None).winner == left[1]


@pytest.mark.parametrize(
    ("own", "leads", "latest"), [(EARLIER, LATER, LATER), (LATER, EARLIER, LATER), (None, None, None)]
)
def test_the_later_of_both_conversations_counts(make: Make, own, leads, latest) -> None:
    contact = make(2, Table.CONTACT, came_from=LEAD, last_conversation_on=own)

    (left,) = without_qualified_leads([make(1, last_conversation_on=leads), contact])

    assert left.last_conversation_on == latest


def test_contact_account_and_opportunity_of_one_lead_all_take_its_place_and_the_contact_comes_first(make: Make) -> None:
    heirs = [
        make(place, table, came_from=LEAD)
        for place, table in enumerate((Table.OPPORTUNITY, Table.ACCOUNT, Table.CONTACT), 2)
    ]

    left = without_qualified_leads([make(1, last_conversation_on=LATER), *heirs])

    assert [one.last_conversation_on for one in left] == [LATER] * 3
    assert decide(left, None).winner == left[2]


def test_a_lead_that_is_no_candidate_any_more_changes_nothing(make: Make) -> None:
    contact = make(2, Table.CONTACT, came_from=LEAD)

    assert without_qualified_leads([contact, make(3)]) == (contact, make(3))


def test_a_lead_from_which_nothing_came_stays(make: Make) -> None:
    # A contact may have the very id of a lead, in another table.
    candidates = (make(1), make(1, Table.CONTACT))

    assert without_qualified_leads(candidates) == candidates
