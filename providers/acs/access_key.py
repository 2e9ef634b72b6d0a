"""How a request to Communication Services is signed with an access key of the resource.

https://learn.microsoft.com/azure/communication-services/tutorials/hmac-header-tutorial: HMAC-SHA256 over method, path
with query, date, host and the hash of the body, with the decoded key, in base64.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

SIGNED_HEADERS = "x-ms-date;host;x-ms-content-sha256"


def signed_headers(key: str, method: str, url: str, now: datetime, body: bytes = b"") -> Mapping[str, str]:
    """The headers that prove a request. Raises ValueError for a key that is no base64; it does not quote it."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    date = format_datetime(now.astimezone(UTC), usegmt=True)
    content = b64encode(hashlib.sha256(body).digest()).decode()
    signed = f"{method}\n{target}\n{date};{parts.netloc};{content}"
    signature = b64encode(hmac.new(_decoded(key), signed.encode(), hashlib.sha256).digest()).decode()
    return {
        "x-ms-date": date,
        "x-ms-content-sha256": content,
        "Authorization": f"HMAC-SHA256 SignedHeaders={SIGNED_HEADERS}&Signature={signature}",
    }


def is_key(key: str) -> bool:
    """Whether it can be an access key: base64."""
    try:
        return bool(_decoded(key))
    except ValueError:
        return False


def _decoded(key: str) -> bytes:
    try:
        decoded = b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise ValueError("an access key of Communication Services is base64")
    return decoded
