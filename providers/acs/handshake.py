"""How Event Grid finds out that an endpoint wants its events, in both schemas.

Event Grid schema: a validation event, whose code is given back. CloudEvents schema: an OPTIONS request, whose origin is
(https://github.com/cloudevents/spec, cloudevents/http-webhook.md, section 4).
"""

from __future__ import annotations

import json

from messaging.web import HttpRequest, HttpResponse

VALIDATION = "microsoft.eventgrid.subscriptionvalidationevent"


def validation_answer(code: str) -> HttpResponse:
    """Exactly 200: Event Grid does not take 202 for a yes here."""
    body = json.dumps({"validationResponse": code}).encode()
    return HttpResponse(status=200, headers={"content-type": "application/json"}, body=body)


def consent(request: HttpRequest, origins: frozenset[str]) -> HttpResponse:
    """Consent is in the headers, not in the status. A stranger gets an answer without it.

    WebHook-Request-Callback, by which consent could be given later, is not followed: it is an address of a stranger's.
    """
    headers = {"allow": "POST, OPTIONS"}
    origin = request.headers.get("webhook-request-origin", "").strip()
    if origin.lower() in origins:
        headers["webhook-allowed-origin"] = origin
        if "webhook-request-rate" in request.headers:
            headers["webhook-allowed-rate"] = "*"  # as fast as it likes: a callback only writes to a queue
    return HttpResponse(status=200, headers=headers)
