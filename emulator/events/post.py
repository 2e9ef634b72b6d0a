"""Posting to an endpoint. Only the status is looked at; 502, 503 and 504 are tried once more (Learn: "Use webhooks").

Straight to the endpoint: no proxy from the environment, no redirect is followed.
"""

from __future__ import annotations

import http.client
import sqlite3
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from emulator.events.authentication import HTTP_HEADER, UnreadableSettings, authenticated
from emulator.odata.sql import fetch

MOST_ATTEMPTS = 2
_WORTH_ANOTHER = frozenset({502, 503, 504})
_MESSAGES = {
    "0x80050201": "The webhook call failed because the http request received non-success httpStatus code. Please check "
    "your webhook request handler.",
    "0x80050202": "The webhook call failed because the Http request timed out at client side. Please check your "
    "webhook request handler.",
    "0x80050203": "The webhook call failed because of invalid http headers in authValue. Check if the authValue "
    "format, header names and values are valid for your Service Endpoint entity.",
    "0x80050204": "The webhook call failed because of invalid http query params in authValue. Check if the authValue "
    "format, query parameter names and values are valid for your Service Endpoint entity.",
    "0x80050205": "The webhook call failed during http post. Please check the exception for more details.",
}


class NotDelivered(Exception):
    """A post that failed for good: with the platform's code and words, after so many attempts."""

    def __init__(self, code: str, attempts: int, detail: str = "") -> None:
        super().__init__(" ".join(filter(None, (_MESSAGES[code], detail))))
        self.code = code
        self.attempts = attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where to post to, and what proves who posts."""

    url: str = field(repr=False)
    authtype: int | None = None
    authvalue: str | None = field(default=None, repr=False)


def endpoint(db: sqlite3.Connection, row_id: str) -> Endpoint | None:
    """The endpoint as it is now; None if it is gone."""
    statement = "select url, authtype, authvalue from serviceendpoint where serviceendpointid = ?"
    found = next(iter(fetch(db, (statement, (row_id,)))), None)
    if found is None:
        return None
    kind, secret = found["authtype"], found["authvalue"]
    return Endpoint(
        url=str(found["url"]),
        authtype=kind if isinstance(kind, int) else None,
        authvalue=str(secret) if secret is not None else None,
    )


def post(target: Endpoint, headers: Mapping[str, str], body: bytes, timeout: float) -> int:
    """Posts, and returns after how many attempts it was taken. `timeout` is the silence in seconds that is borne.
    Raises `NotDelivered`."""
    try:
        url, secrets = authenticated(target.url, target.authtype, target.authvalue)
    except UnreadableSettings:
        raise NotDelivered("0x80050203" if target.authtype == HTTP_HEADER else "0x80050204", 0) from None
    attempt, status = 0, 503
    while attempt < MOST_ATTEMPTS and status in _WORTH_ANOTHER:
        attempt += 1
        try:
            status = _send(url, {**headers, **secrets}, body, timeout)
        except TimeoutError:
            raise NotDelivered("0x80050202", attempt) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            # Only the kind of error: its text may hold the URL, and the URL a secret.
            raise NotDelivered("0x80050205", attempt, f"({type(error).__name__})") from None
    if not 200 <= status < 300:
        raise NotDelivered("0x80050201", attempt, f"(status {status})")
    return attempt


def _send(url: str, headers: Mapping[str, str], body: bytes, timeout: float) -> int:
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, timeout)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        return connection.getresponse().status
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=_certificates())
    return http.client.HTTPConnection(host, port, timeout=timeout)


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
