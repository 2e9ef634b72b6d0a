"""In-app notifications: the action `SendAppNotification`.

Source: Microsoft Learn, "Send in-app notifications within model-driven apps" (clientapi/send-in-app-notifications).
The bell is polled by the app; the entry opens the conversation as a side pane at the right.
"""

from __future__ import annotations

from dataverse.webapi.request import Request
from notifications.content import Notification, Opening

_EXPANDO = "#Microsoft.Dynamics.CRM.expando"
_INFO = 100_000_000
_TIMED_TOAST = 200_000_000
_TWO_WEEKS_S = 14 * 24 * 3600
_PANE_WIDTH = 420


def send(notification: Notification) -> Request:
    """The notification as an operation. It is not repeatable: sent twice it rings twice."""
    body: dict[str, object] = {
        "Title": notification.title,
        "Body": notification.body,
        "Recipient": f"/systemusers({notification.recipient})",
        "IconType": _INFO,
        "ToastType": _TIMED_TOAST,
        "Expiry": _TWO_WEEKS_S,
    }
    if notification.opens is not None:
        body["Actions"] = _action(notification.opens)
    return Request(method="POST", path="SendAppNotification", body=body)


def _action(opens: Opening) -> dict[str, object]:
    pane = {
        "@odata.type": _EXPANDO,
        "type": "sidepane",
        "paneOptions": {"@odata.type": _EXPANDO, "title": opens.pane, "width": _PANE_WIDTH},
        "navigationTarget": {
            "@odata.type": _EXPANDO,
            "pageType": "entityrecord",
            "entityName": "txv_textconversation",
            "entityId": str(opens.conversation),
        },
    }
    return {
        "@odata.type": "Microsoft.Dynamics.CRM.expando",
        "actions@odata.type": "#Collection(Microsoft.Dynamics.CRM.expando)",
        "actions": [{"title": opens.button, "data": pane}],
    }
