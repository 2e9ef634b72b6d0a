"""In-app notifications: rows of `appnotification`, each under an id of ours.

Source: Microsoft Learn, "Send in-app notifications within model-driven apps" (clientapi/send-in-app-notifications), and
the table reference of appnotification. The bell is polled by the app; the entry opens the conversation as a side pane
at the right. Why not `SendAppNotification`: docs/adr/0017.
"""

from __future__ import annotations

import json
from uuid import UUID

from dataverse.webapi.request import Request
from notifications.content import Notification, Opening

_INFO = 100_000_000
_TIMED_TOAST = 200_000_000
_TWO_WEEKS_S = 14 * 24 * 3600
_PANE_WIDTH = 420


def put(notification: Notification, entry: UUID) -> Request:
    """The entry of this id, made if it is not there (any more), else refreshed."""
    body: dict[str, object] = {
        "title": notification.title,
        "body": notification.body,
        "ownerid@odata.bind": f"/systemusers({notification.recipient})",
        "icontype": _INFO,
        "toasttype": _TIMED_TOAST,
        "ttlinseconds": _TWO_WEEKS_S,
        "data": None if notification.opens is None else json.dumps(_data(notification.opens), ensure_ascii=False),
    }
    return Request(method="PATCH", path=_path(entry), body=body, repeatable=True)


def remove(entry: UUID) -> Request:
    """An entry taken away: 404 where its reader has done so."""
    return Request(method="DELETE", path=_path(entry), repeatable=True)


def _path(entry: UUID) -> str:
    return f"appnotifications({entry})"


def _data(opens: Opening) -> dict[str, object]:
    where = {
        "pageType": "entityrecord",
        "entityName": "txv_textconversation",
        "entityId": str(opens.conversation),
    }
    pane = {
        "type": "sidepane",
        "paneOptions": {"title": opens.pane, "width": _PANE_WIDTH},
        "navigationTarget": where,
    }
    return {"actions": [{"title": opens.button, "data": pane}]}
