"""How a conversation stands: whom it belongs to, and whom it should belong to and be shared with. Pure.

It belongs to the owner of its record and is shared with the owner of its number, as when its first text came in
(`pipeline/place.py`). Without a record it belongs to the owner of the number. Who may not read texts cannot be given
any: then the number's owner, then the service keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dataverse.store import sharing
from dataverse.store.rows import Row, owner
from dataverse.store.tables import RECORD_TABLES, owner_path, regarding
from dataverse.webapi.request import ChangeSet, Request
from messaging.records import Principal

OWNERS = "_owninguser_value,_owningteam_value"
NUMBER = "txv_phonenumberid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A conversation as it was read, at the version `etag`, with the owners of its record and its number, where it has
    any. `elsewhere`: it is about a row of another table, whose owner was not read. `digits` are our number's."""

    id: UUID
    etag: str
    owner: Principal | None
    record_owner: Principal | None
    number_owner: Principal | None
    elsewhere: bool
    digits: str

    @property
    def heirs(self) -> tuple[Principal, ...]:
        """To whom it should belong: the first of them who may read texts."""
        return tuple(one for one in (self.record_owner, self.number_owner) if one is not None)

    def due_owner(self, allowed: Mapping[Principal, bool], service: Principal | None) -> Principal | None:
        """Whom it should belong to; as it is where nobody is to inherit it."""
        if self.elsewhere or not self.heirs:
            return self.owner
        return next((one for one in self.heirs if allowed[one]), service)


def standing(row: Row) -> Standing:
    """A conversation as a value; selected and expanded as `reading` does."""
    records = [there for table in RECORD_TABLES if isinstance(there := row.get(regarding(table)), Mapping)]
    number = row.get(NUMBER)
    return Standing(
        id=UUID(str(row["activityid"])),
        etag=str(row["@odata.etag"]),
        owner=owner(row),
        record_owner=owner(records[0]) if records else None,
        number_owner=owner(number) if isinstance(number, Mapping) else None,
        elsewhere=not records and row.get("_regardingobjectid_value") is not None,
        digits=str(row.get("txv_ourdigits") or ""),
    )


def changes(
    talk: Standing,
    held: Mapping[Principal, frozenset[str]],
    allowed: Mapping[Principal, bool],
    service: Principal | None,
) -> ChangeSet:
    """What to write so that the conversation is seen by whom it should be; empty where it is. `held` is what each has
    been given on it. A share of ours is taken from who owns neither record nor number; those made by hand stay."""
    due = talk.due_owner(allowed, service)
    entitled = (due, talk.number_owner)
    sharer = talk.number_owner if talk.number_owner != due else None
    lacks = sharer is not None and allowed[sharer] and not held.get(sharer, frozenset()) >= sharing.OUR_RIGHTS
    assigns = (_assign(talk, due),) if due is not None and due != talk.owner else ()
    gives = (sharing.share(talk.id, sharer),) if sharer is not None and lacks else ()
    former = [one for one, rights in held.items() if rights == sharing.OUR_RIGHTS and one not in entitled]
    return ChangeSet((*assigns, *gives, *(sharing.unshare(talk.id, one) for one in former)))


def _assign(talk: Standing, due: Principal) -> Request:
    body = {"ownerid@odata.bind": f"/{owner_path(due)}"}
    # Only at the version that was read: whoever moved it meanwhile has caused a hint of his own.
    path, condition = f"txv_textconversations({talk.id})", {"If-Match": talk.etag}
    return Request(method="PATCH", path=path, headers=condition, body=body, repeatable=True)
