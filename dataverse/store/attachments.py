"""Attachments as notes of their text, each under its own derived id: a file, or a sentence in its place.

https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from dataverse.store.queries import get
from dataverse.store.rows import Row, rows
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from messaging.errors import Conflict, NotFound
from messaging.media import File, Missing, Slot, Standing


@dataclass(frozen=True, slots=True)
class Attachments:
    """Writes notes. They are left to the service, as their makers: whoever may see the text may see them by the
    relationship, and who may is Dataverse's to know, also while a text is being given to someone else."""

    client: Client

    def find(self, slot: Slot) -> Standing | None:
        """What is in an attachment's place (one round trip)."""
        # A query, so that its absence is no error; without the document itself.
        query = f"annotations?$select=annotationid,isdocument,notetext&$filter=annotationid eq {slot.id}"
        return next(map(_standing, rows(self.client.send(get(query)).json())), None)

    def store(self, slot: Slot, file: File, there: Standing | None) -> None:
        """Put the file there (one round trip). See `pipeline.ports.Attachments` for what is raised."""
        document = {
            "filename": slot.file_name(file.content_type),
            "mimetype": file.content_type,
            "documentbody": b64encode(file.content).decode(),
            "isdocument": True,
            "notetext": None,
        }
        self._write(slot, document, there)

    def say(self, slot: Slot, missing: Missing, there: Standing | None) -> None:
        """Put a sentence there (one round trip). See `pipeline.ports.Attachments` for what is raised."""
        self._write(slot, {"notetext": missing.value, "isdocument": False}, there)

    def _write(self, slot: Slot, body: Mapping[str, object], there: Standing | None) -> None:
        if there is None:
            text = f"/txv_textmessages({slot.message_id})"
            made = {"subject": slot.title, "objectid_txv_textmessage@odata.bind": text, **body}
            self._patch(slot, made, {"If-None-Match": "*"})
            return
        try:
            self._patch(slot, body, {"If-Match": there.etag})
        except NotFound as error:
            raise Conflict("what was in the place of an attachment is gone") from error

    def _patch(self, slot: Slot, body: Mapping[str, object], condition: Mapping[str, str]) -> None:
        path = f"annotations({slot.id})"
        self.client.send(Request(method="PATCH", path=path, headers=condition, body=body, repeatable=True))


def _standing(row: Row) -> Standing:
    return Standing(
        is_document=row["isdocument"] is True,
        sentence=str(row.get("notetext") or ""),
        etag=str(row["@odata.etag"]),
    )
