"""Texts that belong to whoever wrote them go to the owner of their conversation, before its writer is let go.

A seller who answers on somebody else's record owns the rows of the answers. As long as the conversation is shared with
that seller this changes nothing; afterwards it would let them read on what they wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from dataverse.store.batches import chunks
from dataverse.store.queries import get
from dataverse.store.tables import owner_path
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from messaging.errors import NotFound
from messaging.records import Principal

AT_ONCE = 100


def hand_in(client: Client, owners: Mapping[UUID, Principal]) -> None:
    """Give the texts of these conversations (twenty, say) to their owners: one round trip to find those of others, one
    more for each hundred of them. Safe to repeat. Raises what `Client.batch` raises, and its parts."""
    if not owners:
        return
    others = " or ".join(
        f"(_txv_conversationid_value eq {talk} and _ownerid_value ne {owner.id})" for talk, owner in owners.items()
    )
    columns = "txv_textmessageid,_txv_conversationid_value"
    query = get(f"txv_textmessages?$select={columns}&$filter={others}&$orderby=txv_textmessageid")
    # All are found before any is changed: those that were handed in are no longer among those of others.
    for some in chunks(list(client.rows(query.path)), AT_ONCE):
        answer = client.batch(
            [_assign(row["txv_textmessageid"], owners[UUID(str(row["_txv_conversationid_value"]))]) for row in some],
            continue_on_error=True,
        )
        for part in answer.parts:
            try:
                answer.raise_for(part)
            except NotFound:  # deleted meanwhile
                continue


def _assign(text: object, owner: Principal) -> Request:
    body = {"ownerid@odata.bind": f"/{owner_path(owner)}"}
    path, condition = f"txv_textmessages({text})", {"If-Match": "*"}
    return Request(method="PATCH", path=path, headers=condition, body=body, repeatable=True)
