"""The only file here that sends anything: one HTTP exchange, and what became of it when there is no answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from dataverse.webapi.request import Response

POOL_SIZE = 32
"""Connections that are kept alive, and so the calls at once that need not open one each time."""

_LOST = (requests.ConnectionError, requests.Timeout, HTTPError)  # HTTPError: urllib3's, while the body is read
_PIECE = 256 * 1024  # bytes of a body at a time
_BEFORE_SENDING = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)


class NotSent(Exception):
    """No connection was made: nothing reached the other side."""


class AnswerLost(Exception):
    """The request was sent, or part of it, and no whole answer came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One HTTP request, apart from who asks. `url` is absolute."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


def open_session(*, pool_size: int = POOL_SIZE, trust_environment: bool = True) -> requests.Session:
    """A session that keeps connections alive, as many as there are threads, and never a cookie.

    Dataverse's affinity cookie would tie every call to one web server, whose limits count alone. `trust_environment`
    lets HTTPS_PROXY and REQUESTS_CA_BUNDLE hold, as administrators behind a company's proxy expect.
    """
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.trust_env = trust_environment
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=pool_size, max_retries=0))
    return session


def exchange(
    session: requests.Session,
    call: Call,
    *,
    token: str,
    timeout: tuple[float, float],
    in_time: Callable[[], bool] = lambda: True,
) -> Response:
    """Send a call once and read its whole answer; redirects are not followed.

    `timeout` is seconds for connecting and for silence; `in_time` is asked while the answer trickles in. Raises NotSent
    where nothing was sent, AnswerLost where the answer did not come, not whole, or not in time.
    """
    try:
        with session.request(
            call.method,
            call.url,
            headers=dict(call.headers),
            data=call.content or None,
            auth=_Bearer(token),
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = _read(answer, in_time)
    except _LOST as error:
        reason = type(error).__name__
        raise (NotSent(reason) if _never_connected(error) else AnswerLost(reason)) from error
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Response(status=answer.status_code, headers=headers, body=body)


def _read(answer: requests.Response, in_time: Callable[[], bool]) -> bytes:
    """The whole body, by the pieces in which it arrives: the time-out of a socket sees nothing but silence."""
    pieces = []
    while piece := answer.raw.read1(_PIECE, decode_content=True):
        pieces.append(piece)
        if answer.raw.length_remaining != 0 and not in_time():
            raise AnswerLost("it took too long")
    return b"".join(pieces)


class _Bearer(AuthBase):
    # A header alone would be replaced by what a .netrc file says for the host.

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _never_connected(error: BaseException | None) -> bool:
    """Whether an error, or one that it was made of, comes from making the connection."""
    while error is not None:
        if isinstance(error, _BEFORE_SENDING):
            return True
        wrapped = getattr(error, "reason", None) or next(iter(error.args), None)
        error = wrapped if isinstance(wrapped, BaseException) else None
    return False
