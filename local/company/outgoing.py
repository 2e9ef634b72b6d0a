"""A text of ours as sending leaves it: the provider has taken it, its fate is not known yet."""

from __future__ import annotations

from uuid import UUID, uuid4

from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from dataverse.store.tables import owner_path
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from local.company.cast import Number
from messaging.status import Status


def outgoing_text(
    client: Client, number: Number, customer: str, conversation: UUID, message_id: str, **columns: object
) -> UUID:
    """Write the row and return its id; `message_id` is the provider's, `columns` are others than usual."""
    row_id = uuid4()
    body = {
        "txv_name": f"Text to {customer}",
        "txv_direction": DIRECTIONS[Direction.OUTGOING],
        "txv_status": STATUSES[Status.QUEUED],
        "txv_body": "On its way",
        "txv_from": number.e164,
        "txv_to": customer,
        "txv_provideraccount": number.account,
        "txv_providermessageid": message_id,
        "txv_conversationid@odata.bind": f"/txv_textconversations({conversation})",
        "ownerid@odata.bind": f"/{owner_path(number.owner.principal)}",
        **columns,
    }
    client.send(Request(method="PATCH", path=f"txv_textmessages({row_id})", body=body, repeatable=True))
    return row_id
