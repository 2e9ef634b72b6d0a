"""How an endpoint knows that it is Dataverse who posts: a key in the query, or pairs in the headers or in the query.

Source: Learn, "Register a webhook", Authentication options. Secrets stand in no message and in no repr.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit, urlunsplit
from xml.parsers import expat

from emulator.errors import DataverseError

WEBHOOK_KEY, HTTP_HEADER, HTTP_QUERY_STRING = 4, 5, 6
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class UnreadableSettings(ValueError):
    """An authvalue that is no list of settings. Says nothing of what stands in it."""


def settings(authvalue: str) -> list[tuple[str, str]]:
    """The pairs of `<settings><setting name="x-key" value="…" /></settings>`."""
    found: list[tuple[str, str]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "setting":
            found.append((attributes["name"], attributes["value"]))

    def refuse(*declaration: object) -> None:
        raise UnreadableSettings

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(authvalue, True)
    except (expat.ExpatError, KeyError):
        raise UnreadableSettings from None
    return found


def authenticated(url: str, kind: object, authvalue: str | None) -> tuple[str, dict[str, str]]:
    """The URL and the headers with what authenticates the sender. Raises `UnreadableSettings`."""
    secret = authvalue or ""
    if kind == WEBHOOK_KEY:
        return _with_query(url, [("code", secret)]), {}
    if kind == HTTP_QUERY_STRING:
        return _with_query(url, settings(secret)), {}
    if kind == HTTP_HEADER:
        headers = settings(secret)
        if not all(_TOKEN.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers):
            raise UnreadableSettings
        return url, dict(headers)
    return url, {}


def _with_query(url: str, query: list[tuple[str, str]]) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(query))))))


def check_url(url: object) -> None:
    """Raises 400 for anything but an absolute http or https URL. The platform takes the ports 80 and 443 only; here any
    will do, since receivers run on this machine."""
    try:
        parts = urlsplit(str(url or ""))
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or not re.fullmatch(r"[!-~]+", str(url)) or "@" in urlsplit(str(url)).netloc:
        raise DataverseError(400, "0x80040203", "The url of a webhook must be an absolute http or https URL.")
