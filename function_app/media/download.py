"""One attachment, from the URL that a provider gave to its bytes.

Redirects are followed by hand, and each hop is looked over like the first: https, a host where the provider keeps
attachments, a public address; the provider's own hosts are told who asks, others are not. Bytes are counted as they
arrive, whatever was announced; compressed ones are not taken, so nothing unfolds.
"""

from __future__ import annotations

import http.client
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from function_app.media.network import HTTPS, Left, Network
from messaging.errors import ConfigurationError, Throttled, Unavailable
from messaging.media import MOST_BYTES, Missing, NotFetched
from providers.media import MediaAccess

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425})
_LOST = frozenset({404, 410})
_PIECE = 64 * 1024
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Textverse", "Connection": "close"}
# What has a meaning in a URL stays as it is; the rest (blanks, umlauts) is encoded.
_URL_SIGNS = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of an attachment is taken, how often we are sent on, and how long that may take: in all, and without a
    word."""

    most_bytes: int = MOST_BYTES
    redirects: int = 3
    total_s: float = 60.0
    silence_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Download:
    """What came, and as what it was said to come."""

    content_type: str
    content: bytes = field(repr=False)


def download(url: str, access: MediaAccess, network: Network, limits: Limits, *, fresh: bool) -> Download:
    """Fetch an attachment; `fresh` says that its text has only just arrived, so that it may not be there yet.

    Raises NotFetched for what never will be had; Unavailable or Throttled where it may be had later; ConfigurationError
    where the provider does not accept who asks. None of them quotes the URL.
    """
    left = _counting(network, limits)
    here = quote(url, safe=_URL_SIGNS)
    for hop in range(limits.redirects + 1):
        place = _look_over(here, access, first=hop == 0)
        try:
            with closing(network.connection(place.host, left)) as connection:
                connection.request("GET", place.target, headers=_HEADERS | place.headers)
                with connection.getresponse() as answer:
                    if answer.status not in _REDIRECTS:
                        return _heed(answer, limits.most_bytes, fresh=fresh, known=bool(place.headers))
                    here = _sent_on(here, answer.getheader("Location", ""))
        except (OSError, http.client.HTTPException) as error:
            # The text of these errors may quote the URL: the kind says enough.
            raise Unavailable(f"an attachment did not arrive ({type(error).__name__})") from None
    raise NotFetched(Missing.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to ask, for what, and what to say who we are."""

    host: str
    target: str
    headers: dict[str, str] = field(repr=False)


def _counting(network: Network, limits: Limits) -> Left:
    ends_at = network.clock() + limits.total_s

    def left() -> float:
        seconds = min(ends_at - network.clock(), limits.silence_s)
        if seconds <= 0:
            raise TimeoutError
        return seconds

    return left


def _look_over(url: str, access: MediaAccess, *, first: bool) -> _Place:
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port in (None, HTTPS) and "@" not in parts.netloc
    except ValueError:
        raise NotFetched(Missing.ELSEWHERE) from None
    host = parts.hostname or ""
    own = access.own.fullmatch(host) is not None
    stored = not first and access.storage.fullmatch(host) is not None
    if not plain or not (own or stored):
        raise NotFetched(Missing.ELSEWHERE)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return _Place(host, target, dict(access.headers) if own else {})


def _sent_on(url: str, location: str) -> str:
    try:
        return urljoin(url, quote(location.encode("latin-1"), safe=_URL_SIGNS))
    except ValueError:
        raise NotFetched(Missing.ELSEWHERE) from None


def _heed(answer: http.client.HTTPResponse, most: int, *, fresh: bool, known: bool) -> Download:
    status = answer.status
    if status == 200:
        return _read(answer, most)
    if status == 401 and known:
        raise ConfigurationError(
            "PROVIDERS: the provider does not accept the credentials with which attachments are fetched"
        )
    if status == 429:
        raise Throttled("the host of an attachment is busy (429)", retry_after=_seconds(answer))
    if status >= 500 or status in _LATER or (status == 404 and fresh):
        raise Unavailable(f"an attachment could not be had ({status})", retry_after=_seconds(answer))
    raise NotFetched(Missing.GONE if status in _LOST else Missing.WITHHELD)


def _seconds(answer: http.client.HTTPResponse) -> float | None:
    """Retry-After, where it counts seconds; an hour at most, which is as long as we wait anyway."""
    said = answer.getheader("Retry-After", "")
    return min(float(said), 3600.0) if said.isascii() and said.isdecimal() else None


def _read(answer: http.client.HTTPResponse, most: int) -> Download:
    if answer.getheader("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise NotFetched(Missing.WRONG_TYPE)
    content = bytearray()
    while (answer.length or 0) <= most and (piece := answer.read(_PIECE)):
        content += piece
        if len(content) > most:
            break
    if len(content) > most or (answer.length or 0) > most:
        raise NotFetched(Missing.TOO_LARGE)
    if answer.length or not content:
        raise Unavailable("an attachment did not arrive whole")
    return Download(answer.getheader("Content-Type", ""), bytes(content))
