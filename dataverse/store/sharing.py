"""Sharing a conversation, and with it its messages: the only place that builds these requests.

A share of ours gives the owner of a number exactly the four rights of `OUR_RIGHTS`. Dataverse does not keep who shared
what, so that is how one of ours is known. A share with any other rights, fewer or more, was made by hand and is never
withdrawn; one that somebody made by hand with exactly these four cannot be told from ours.

Source: Microsoft Learn, "Sharing and assigning" and the actions GrantAccess, RevokeAccess, the function
RetrieveSharedPrincipalsAndAccess.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID

from dataverse.store.rows import Row, rows
from dataverse.webapi.request import ChangeSet, Request
from messaging.records import Principal, PrincipalKind

OUR_RIGHTS = frozenset({"ReadAccess", "WriteAccess", "AppendAccess", "AppendToAccess"})

GRANT, REVOKE = "GrantAccess", "RevokeAccess"

_MASK = "ReadAccess,WriteAccess,AppendAccess,AppendToAccess"
_IDS = {PrincipalKind.USER: "systemuserid", PrincipalKind.TEAM: "teamid"}


def share(conversation_id: UUID, principal: Principal) -> Request:
    """Give a user or team our rights on a conversation, beside those that it has."""
    body = {
        "Target": _target(conversation_id),
        "PrincipalAccess": {"AccessMask": _MASK, "Principal": _named(principal)},
    }
    return Request(method="POST", path=GRANT, body=body, repeatable=True)


def unshare(conversation_id: UUID, principal: Principal) -> Request:
    """Take from a user or team all that it has been given on a conversation."""
    body = {"Target": _target(conversation_id), "Revokee": _named(principal)}
    return Request(method="POST", path=REVOKE, body=body, repeatable=True)


def withdraws(change: ChangeSet) -> bool:
    """Whether a change takes a share from anybody."""
    return any(request.path == REVOKE for request in change.requests)


def shares(conversation_id: UUID) -> Request:
    """The question with whom a conversation is shared."""
    target = quote(f"{{'@odata.id':'txv_textconversations({conversation_id})'}}", safe="'@():")
    return Request(method="GET", path=f"RetrieveSharedPrincipalsAndAccess(Target=@t)?@t={target}", repeatable=True)


def shared_with(answer: Mapping[str, object]) -> dict[Principal, frozenset[str]]:
    """The users and teams in the answer to `shares`, with the rights that each has been given."""
    found = {}
    for access in rows(answer, "PrincipalAccesses"):
        principal = _principal(access.get("Principal"))
        if principal is not None:
            mask = str(access.get("AccessMask", ""))
            found[principal] = frozenset(right for part in mask.split(",") if (right := part.strip()))
    return found


def _target(conversation_id: UUID) -> Row:
    return {"activityid": str(conversation_id), "@odata.type": "Microsoft.Dynamics.CRM.txv_textconversation"}


def _named(principal: Principal) -> Row:
    return {_IDS[principal.kind]: str(principal.id), "@odata.type": f"Microsoft.Dynamics.CRM.{principal.kind.value}"}


def _principal(named: object) -> Principal | None:
    given = named if isinstance(named, Mapping) else {}
    return next((Principal(kind, UUID(str(given[key]))) for kind, key in _IDS.items() if given.get(key)), None)
