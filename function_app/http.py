"""Azure's HTTP types ⇄ ours."""

from __future__ import annotations

import azure.functions as func

from messaging.web import HttpRequest, HttpResponse


def read(request: func.HttpRequest, public_base_url: str) -> HttpRequest:
    """The request with the URL that the provider called.

    `public_base_url` stands in for scheme and host where it is set: behind a front door the host's own are others.
    Path and query stay as they came, undecoded, since signatures are made over them. Forwarding headers are not
    believed: anyone can send them.
    """
    url = request.url
    if public_base_url:
        # Cut, not parsed: the host may be anything that a stranger writes.
        _, _, called = url.partition("://")
        url = f"{public_base_url}/{called.partition('/')[2]}"
    return HttpRequest(
        method=(request.method or "GET").upper(), url=url, headers=dict(request.headers), body=request.get_body()
    )


def answer(response: HttpResponse) -> func.HttpResponse:
    """The answer for Azure. Where it has no body it has no text/plain either, which Azure would put there."""
    headers = dict(response.headers)
    content_type = headers.pop("content-type", None) or "application/xml"
    return func.HttpResponse(body=response.body, status_code=response.status, headers=headers, mimetype=content_type)
