"""Rows of the Web API as the page shows them."""

from __future__ import annotations

import json

import pytest

from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from local.phone import rows
from messaging.status import Status


def text(number, arrived, **columns):
    return {
        "txv_textmessageid": str(number),
        "@odata.etag": f'W/"{number}"',
        "txv_arrivedon": arrived,
        "txv_direction": DIRECTIONS[Direction.INCOMING],
        "txv_status": STATUSES[Status.RECEIVED],
        "txv_body": f"text {number}",
        "_txv_conversationid_value": "c",
        **columns,
    }


def test_texts_of_the_same_second_keep_the_order_in_which_they_arrived_whatever_is_written_to_them_later():
    second = "2026-11-20T10:00:01Z"
    late, early = text(2, second, txv_arrivedms=900), text(9, "2026-11-20T10:00:00Z", txv_arrivedms=999)
    between, ours = text(8, second, txv_arrivedms=100), text(1, None, createdon=second)

    for etag in ('W/"1"', 'W/"99"'):
        between["@odata.etag"] = etag
        assert rows.in_order([ours, late, early, between]) == [early, between, late, ours]
        assert rows.latest([ours, late, early, between]) == {"c": ours}


@pytest.mark.parametrize("status", list(Status))
def test_only_texts_that_got_there_are_on_the_customer_s_phone(status):
    ours = text(1, None, txv_direction=DIRECTIONS[Direction.OUTGOING], txv_status=STATUSES[status])

    assert (rows.on_phone(ours) is not None) == (status in {Status.SENT, Status.DELIVERED})


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_word(status):
    assert rows.message(text(1, None, txv_status=STATUSES[status]))["status"] == status.value


def test_a_status_that_this_release_does_not_know_takes_nothing_with_it():
    assert rows.message(text(1, None, txv_status=1))["status"] == ""


@pytest.mark.parametrize(
    ("data", "opens"),
    [
        ({"actions": [{"data": {"navigationTarget": {"entityId": "c"}}}]}, "c"),
        ({"actions": [{"data": {"url": "?pagetype=entityrecord"}}]}, None),
        ({"actions": []}, None),
        ({"actions": "?"}, None),
        ([], None),
    ],
)
def test_a_notification_leads_where_its_first_action_does(data, opens):
    row = {"appnotificationid": "n", "title": "t", "data": json.dumps(data)}

    assert rows.notification(row)["opens"] == opens


@pytest.mark.parametrize("data", [None, "", "{"])
def test_a_notification_without_actions_leads_nowhere(data):
    assert rows.notification({"appnotificationid": "n", "data": data})["opens"] is None
