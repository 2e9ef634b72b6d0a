"""Rows are put into queues."""

from __future__ import annotations

KIND = "Microsoft.Dynamics.CRM."


def add(web, queue, row, kind="phonecall", key="activityid", **more):
    body = {"Target": {"@odata.type": KIND + kind, key: row}, **more}
    return web.post(f"queues({queue})/{KIND}AddToQueue", body)


def test_a_row_is_put_into_a_queue_and_moved_to_another(web):
    first, second = (web.create("queues", {"name": name}) for name in "ab")
    call = web.create("phonecalls", {"subject": "Call back"})
    item = add(web, first, call).json()["QueueItemId"]
    found = web.row(f"queueitems({item})")
    assert (found["_objectid_value"], found["_queueid_value"], found["title"]) == (call, first, "Call back")
    assert found["enteredon"]
    properties = {"@odata.type": KIND + "queueitem", "priority": 7}
    assert add(web, second, call, QueueItemProperties=properties).json()["QueueItemId"] == item
    moved = web.row(f"queueitems({item})")
    assert (moved["_queueid_value"], moved["priority"]) == (second, 7)
    assert len(web.get(f"phonecalls({call})/phonecall_QueueItem").json()["value"]) == 1


def test_what_cannot_be_queued(web, say, new_id):
    queue, call = web.create("queues", {"name": "a"}), web.create("phonecalls", {"subject": "x"})
    assert add(web, new_id(), call).status_code == 404
    assert add(web, queue, new_id()).status_code == 404
    assert add(web, queue, web.create("contacts", {"lastname": "A"}), "contact", "contactid").status_code == 400
    assert add(web, queue, call, QueueItemProperties={"nosuch": 1}).status_code == 400
    seller = web.as_user(web.user(role=say.salesperson))
    assert add(seller, queue, call).status_code == 403
    assert web.get(f"phonecalls({call})/phonecall_QueueItem").json()["value"] == []
