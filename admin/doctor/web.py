"""How the doctor asks others than Dataverse: the function app, providers, Azure. One request each, and an answer in
any case.

Credentials go to the host that they are for and to no other: redirects are not followed, cookies not kept, a .netrc
file not read; and to this machine or by https only.
"""

from __future__ import annotations

from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from dataverse.webapi.address import is_loopback
from providers.inspection import Answer, Question

TIMEOUT_S = (5.0, 20.0)  # for connecting, for silence
LONGEST = 4 * 1024 * 1024
_PIECE = 64 * 1024
Tokens = Callable[[str], str]


class NoToken(Exception):
    """There is no token to ask with; why, in a word or two."""


def open_session() -> requests.Session:
    """A session that keeps nothing of what it is given."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": "Textverse"})
    return session


class Web:
    """Asks over `session`; `token` gives a bearer token of Microsoft Entra for a scope, or raises NoToken."""

    def __init__(self, session: requests.Session, token: Tokens) -> None:
        self._session = session
        self._token = token

    def ask(self, question: Question) -> Answer:
        """The answer, whatever its status; 0 where there is none, 401 where there is no token to ask with."""
        if urlsplit(question.url).scheme != "https" and not is_loopback(question.url):
            return Answer(status=0, why="it has to be https")
        headers = dict(question.headers)
        try:
            if question.scope:
                headers["Authorization"] = f"Bearer {self._token(question.scope)}"
            return self._exchange(question, headers)
        except NoToken as reason:
            return Answer(status=401, why=str(reason))
        except (requests.RequestException, HTTPError, ValueError) as error:
            # The text of these errors may quote the URL: the kind says enough.
            return Answer(status=0, why=type(error).__name__)

    def _exchange(self, question: Question, headers: dict[str, str]) -> Answer:
        with self._session.request(
            question.method,
            question.url,
            headers=headers,
            auth=_AsGiven(),
            timeout=TIMEOUT_S,
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = bytearray()
            for piece in answer.iter_content(_PIECE):
                body += piece
                if len(body) > LONGEST:
                    return Answer(status=0, why="its answer does not end")
        return Answer(status=answer.status_code, body=bytes(body))


class _AsGiven(AuthBase):
    # Without any, requests would put what a .netrc file says for the host in the place of our header.

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request
