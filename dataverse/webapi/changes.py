"""What changed in a table since the last time one asked: change tracking by delta links.

The first time, every row comes, and with the last page a link to keep; following it later brings what was created,
changed or deleted since, and the next link. Changes come at least once and in no order that means anything: apply them
so that a second time does no harm, and keep the new link only after they have been applied.

The table has to track changes (`ChangeTrackingEnabled`) and the caller needs Read at organization level.
Source: Microsoft Learn, "Use change tracking to synchronize data with external systems".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from dataverse.webapi.client import Client
from messaging.errors import Refused

Row = Mapping[str, object]

_DELETED = "/$deletedEntity"
_TOKEN = "$deltatoken="  # noqa: S105  # a place in time, no secret
_TRACK = "odata.track-changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """One page: rows that are new or changed, with the columns that were selected, and the ids of rows that are gone.

    A row may be reported as deleted that never came before. `keep` is None but on the last page: the path to ask by
    the next time. `following` is None on the last page: the path of the next one, from which a run that was cut off can
    go on.
    """

    rows: tuple[Row, ...]
    deleted: tuple[UUID, ...]
    keep: str | None
    following: str | None = None


def changes(client: Client, path: str, *, page_size: int | None = None) -> Iterator[ChangePage]:
    """The pages of all rows, for a query (`contacts?$select=mobilephone`), or of what changed since, for a path that
    was kept. A query may select columns and nothing else; `page_size` is 5,000 rows unless less is asked for.

    Raises `errors.ChangesExpired` for a path that was kept too long (7 days, unless the environment says otherwise):
    start again with the query, and take what does not come for deleted. Raises Refused for a table that does not track
    changes, and whatever `Client.send` raises.
    """
    preferences = [_TRACK] if page_size is None else [_TRACK, f"odata.maxpagesize={page_size}"]
    for page in client.pages(path, headers={"Prefer": ",".join(preferences)}):
        found = page.get("value")
        items = [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
        yield ChangePage(
            rows=tuple(item for item in items if not _is_deletion(item)),
            deleted=tuple(UUID(str(item["id"])) for item in items if _is_deletion(item)),
            following=client.path_of(str(page["@odata.nextLink"])) if "@odata.nextLink" in page else None,
            keep=None if "@odata.nextLink" in page else _next_time(client, path, page.get("@odata.deltaLink")),
        )


def is_kept(path: str) -> bool:
    """Whether a path is one to keep, which tells what changed since, and not that of a next page."""
    return _TOKEN in path


def _is_deletion(item: Row) -> bool:
    return str(item.get("@odata.context", "")).endswith(_DELETED)


def _next_time(client: Client, path: str, link: object) -> str:
    if link:
        return client.path_of(str(link))
    if is_kept(path):  # the documentation speaks of an empty answer where nothing changed: the place is still valid
        return path
    raise Refused("Dataverse gave no delta link: the table does not track changes.")
