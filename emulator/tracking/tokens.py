"""How a client says where it stands: `$deltatoken` between two rounds, `$skiptoken` between two pages of one.

The delta token begins as Dataverse's does, with a version and a date: `919042!08/22/2017 08:10:44`.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from emulator.context import Context
from emulator.errors import DataverseError, bad_query
from emulator.tracking.ledger import history, is_past, version

_DELTA = re.compile(r"(\d{1,18})!(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)!([\w-]{1,40})", re.ASCII)
_COOKIE = re.compile(r'<cookie pagenumber="(\d{1,9})" pagingcookie="([\w=-]+)" istracking="True" />', re.ASCII)
_DATE = "%m/%d/%Y %H:%M:%S"
_DEFAULT_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a client stands in a round: changes after version `since` (None: there was no round before) up to `until`
    are told, first of rows, then of deletions; those up to version `told` were. `at` is when the round began."""

    since: int | None
    until: int
    at: str
    history: str
    told: int
    deletions: bool = False
    page: int = 1

    def after_rows(self) -> Place:
        """Where deletions begin; a first round has none."""
        return replace(self, deletions=True, told=self.until if self.since is None else self.since)


def first_place(context: Context) -> Place:
    """The beginning of the first round: all rows, no deletions."""
    return _round(context, None)


def next_round(context: Context, token: str) -> Place:
    """The beginning of the round after the one that ended with a delta token. Raises 400 0x80044352 for one that is
    too old, or of a state that is not this database's past; 0x80060888 for any other text."""
    match = _DELTA.fullmatch(token)
    try:
        at = datetime.strptime(match[2], _DATE).replace(tzinfo=UTC) if match else None
    except ValueError:
        at = None
    if match is None or at is None:
        raise bad_query("The $deltatoken is not valid.")
    days = context.db.execute("SELECT expirechangetrackingindays FROM organization").fetchone()[0]
    lifetime = timedelta(days=_DEFAULT_DAYS if days is None else days)
    if context.now() > at + lifetime or not is_past(context.db, match[3], int(match[1])):
        raise _expired()
    return _round(context, int(match[1]))


def _round(context: Context, since: int | None) -> Place:
    return Place(
        since=since,
        until=version(context.db),
        at=context.now().astimezone(UTC).strftime(_DATE),
        history=history(context.db),
        told=-1 if since is None else since,
    )


def delta_token(place: Place) -> str:
    """The token for the round after this one, percent-encoded."""
    return quote(f"{place.until}!{place.at}!{place.history}", safe="")


def page_token(place: Place) -> str:
    """The token for the next page of a round, percent-encoded."""
    cookie = base64.urlsafe_b64encode(json.dumps(astuple(place)[:-1]).encode()).decode()
    return quote(f'<cookie pagenumber="{place.page}" pagingcookie="{cookie}" istracking="True" />', safe="")


def is_page_token(token: str) -> bool:
    """Whether a `$skiptoken` is one of change tracking."""
    return _COOKIE.fullmatch(token) is not None


def next_page(context: Context, token: str) -> Place:
    """The place that a page token names; raises as `next_round` does."""
    match = _COOKIE.fullmatch(token)
    try:
        text = base64.b64decode(match[2], altchars=b"-_", validate=True) if match else b"null"
        since, until, at, name, told, deletions = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise _malformed() from None
    if match is None or not all(map(_is_version, (until, told, -1 if since is None else since))):
        raise _malformed()
    if not is_past(context.db, str(name), until):
        raise _expired()
    return Place(
        since=since,
        until=until,
        at=str(at),
        history=str(name),
        told=told,
        deletions=deletions is True,
        page=int(match[1]),
    )


def _is_version(value: object) -> bool:
    return isinstance(value, int) and -1 <= value < 2**63


def _malformed() -> DataverseError:
    return bad_query("Malformed paging cookie in the $skiptoken.")


def _expired() -> DataverseError:
    message = "Version stamp associated with the client has expired. Please perform a full sync."
    return DataverseError(400, "0x80044352", message)
