"""One HTTP call to the function app, byte for byte as the provider made it, and what came back."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from messaging.web import HttpRequest

PATIENCE_S = 10.0  # providers hang up after 10 to 15 seconds


class Away(Exception):
    """The function app does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the function app answered; `took_ms` is how long it thought."""

    status: int
    reason: str
    content_type: str
    body: bytes = field(repr=False)
    took_ms: int


def call(request: HttpRequest, *, patience_s: float = PATIENCE_S) -> Heard:
    """Send a request as it is: nothing is decoded, added or followed. Raises Away where there is no answer in time."""
    where = urlsplit(request.url)
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    target = where.path + (f"?{where.query}" if where.query else "")
    started = time.monotonic()
    try:
        with closing(kind(where.netloc, timeout=patience_s)) as connection:
            connection.request(request.method, target, body=request.body, headers=dict(request.headers))
            answer = connection.getresponse()
            body = answer.read()
    except (OSError, HTTPException) as error:
        raise Away from error
    return Heard(
        status=answer.status,
        reason=answer.reason,
        content_type=(answer.headers.get("content-type") or "").partition(";")[0].strip(),
        body=body,
        took_ms=round(1000 * (time.monotonic() - started)),
    )
