"""The request headers and preferences that make a difference. A test looks for more of them in the code."""

from __future__ import annotations

from emulator.bypass import PRIVILEGES
from emulator.callers import IMPERSONATION

HEADERS: dict[str, str] = {
    "authorization": "`Bearer user:<systemuserid>` is that user; any other bearer token is the application user",
    "content-id": "in a change set: the name by which later requests refer to a row, `$1`",
    "content-type": "`multipart/mixed` for `$batch`, JSON otherwise",
    "cookie": "noted in the log where it returns `ARRAffinity`",
    "host": "addresses in answers begin with it",
    "if-match": "only if the row has this version; `*`: only if it is there",
    "if-none-match": "`*`: only if it is not there; a version: 304 if nothing has changed",
    "mscrm.solutionuniquename": "the solution that what is made belongs to",
    "prefer": "see below",
    "x-ms-client-request-id": "noted in the log",
    **{name: f"acts as the user with this {column}" for name, column in IMPERSONATION.items()},
    **{name: f"goes round business logic, with {privilege}" for name, privilege in PRIVILEGES.items()},
}
PREFERENCES: dict[str, str] = {
    "odata.maxpagesize": "rows a page, 5,000 at most",
    "odata.include-annotations": "which annotations come along; `*` for all, wildcards are heeded",
    "odata.track-changes": "a delta link at the end of the last page",
    "odata.continue-on-error": "a batch goes on behind a failure",
    "return": "`representation`: the row that was written comes back",
}
# Of each answer.
ANSWERED: dict[str, str] = {
    "OData-Version": "4.0",
    "OData-EntityId": "the address of a row that was written; `Location` too where it was made",
    "Preference-Applied": "the preferences that were followed",
    "Retry-After": "seconds to wait, with 429 and 503",
    "Set-Cookie": "`ARRAffinity`, as Dataverse ties a client to a server",
    "REQ_ID": "with `x-ms-service-request-id`: the ids of the request",
    "x-ms-dop-hint": "how many requests at once are recommended",
    "x-ms-ratelimit-burst-remaining-xrm-requests": "requests left to the user in the window",
    "x-ms-ratelimit-time-remaining-xrm-requests": "seconds of work left to the user in the window",
}
