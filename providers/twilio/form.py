"""The parameters of a Twilio callback, from a form or a query, as they were signed: nothing dropped or trimmed."""

from __future__ import annotations

import codecs
import re
from urllib.parse import parse_qsl

from messaging.errors import Malformed
from messaging.web import HttpRequest

Pairs = tuple[tuple[str, str], ...]

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 1000  # Twilio sends about thirty, and up to twenty more for ten pictures
MAX_SIGNED = 20_000  # fields: what a stranger can make us sort before anything is proved
_CHARSET = re.compile(r';\s*charset="?([\w.-]+)', re.IGNORECASE | re.ASCII)
_CHARSETS = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252"})  # what web forms are written in; codecs' own names


def content_type(request: HttpRequest) -> str:
    """The media type of the body in lower case, without parameters; empty if none is given."""
    return str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()


def query(url: str) -> str:
    """The query of the URL as it was called, undecoded."""
    return url.partition("#")[0].partition("?")[2]


def query_parameters(request: HttpRequest) -> Pairs:
    """The decoded parameters of the URL. Raises Malformed."""
    return _parse(query(request.url), "utf-8")


def form_parameters(request: HttpRequest) -> Pairs:
    """The decoded parameters of a form body, blank ones and repeated ones included. Raises Malformed."""
    charset = _charset(request)
    try:
        body = request.body.decode(charset)
    except UnicodeDecodeError:
        raise Malformed("the form is not in its charset") from None
    return _parse(body, charset)


def signed_parameters(request: HttpRequest) -> Pairs:
    """The same as a web framework hands it to the official validators: what cannot be decoded is replaced. So a form
    that is authentic and unreadable is told from one that is not authentic. Raises Malformed."""
    charset = _charset(request)
    return _parse(request.body.decode(charset, "replace"), charset, errors="replace", most=MAX_SIGNED)


def callback_parameters(request: HttpRequest) -> Pairs:
    """What Twilio says: the query of a GET, the form of a POST. Raises Malformed.

    Of a query, parameters that begin in lower case are left out: they are ours (a function key, `m`), not Twilio's.
    """
    if request.method.upper() == "GET":
        return tuple((name, value) for name, value in query_parameters(request) if name[:1].isupper())
    return form_parameters(request)


def _parse(text: str, charset: str, *, errors: str = "strict", most: int = MAX_FIELDS) -> Pairs:
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, encoding=charset, errors=errors, max_num_fields=most))
    except ValueError:
        raise Malformed("the parameters are too many, or not in their charset") from None


def _charset(request: HttpRequest) -> str:
    named = _CHARSET.search(str(request.headers.get("content-type", "")))
    try:
        charset = codecs.lookup(named[1]).name if named else "utf-8"
    except LookupError:
        charset = ""
    if charset not in _CHARSETS:
        raise Malformed("the charset of the form is not one that forms are written in")
    return charset
