"""Attachments: which are stored, under which names, and what a reader is told of one that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from messaging import ids
from messaging.errors import PermanentError
from messaging.events import MediaWaiting, MessageReceived

MOST_BYTES = 5 * 1024 * 1024
"""The largest attachment that is stored. Twilio takes no larger MMS (5 MB), and Dataverse's own limit for a note is the
same unless an administrator changed it (`maxuploadfilesize`, 5,120 KB)."""

EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "image/jpeg": "jpg",
        "image/jpg": "jpg",
        "image/png": "png",
        "image/gif": "gif",
        "image/bmp": "bmp",
        "image/tiff": "tiff",
        "image/webp": "webp",
        "image/heic": "heic",
        "image/heif": "heif",
        "audio/3gpp": "3gp",
        "audio/3gpp2": "3g2",
        "audio/aac": "aac",
        "audio/ac3": "ac3",
        "audio/amr": "amr",
        "audio/amr-nb": "amr",
        "audio/basic": "au",
        "audio/l24": "l24",
        "audio/mp4": "m4a",
        "audio/mpeg": "mp3",
        "audio/ogg": "ogg",
        "audio/vnd.rn-realaudio": "ra",
        "audio/vnd.wave": "wav",
        "audio/wav": "wav",
        "audio/webm": "weba",
        "video/3gpp": "3gp",
        "video/3gpp-tt": "3gp",
        "video/3gpp2": "3g2",
        "video/h261": "h261",
        "video/h263": "h263",
        "video/h263-1998": "h263",
        "video/h263-2000": "h263",
        "video/h264": "h264",
        "video/mp4": "mp4",
        "video/mpeg": "mpg",
        "video/mpeg4": "mp4",
        "video/quicktime": "mov",
        "video/webm": "webm",
        "text/vcard": "vcf",
        "text/x-vcard": "vcf",
        "text/directory": "vcf",
        "application/vcard": "vcf",
        "text/calendar": "ics",
        "text/x-vcalendar": "vcs",
        "text/csv": "csv",
        "text/plain": "txt",
        "application/pdf": "pdf",
    }
)
"""What is stored, with the ending of its file: pictures, sound, films, business cards, appointments, plain text and PDF
of what carriers hand on (https://www.twilio.com/docs/messaging/guides/accepted-mime-types). Left out is what a browser
or an office program might run: HTML, SVG and other XML, scripts, RTF, office documents."""

_NO_TYPE = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Missing(StrEnum):
    """Why there is no attachment yet, or none at all, as the reader of the text is told."""

    NOT_YET = "The attachment could not be fetched yet; it is tried again."
    GIVEN_UP = "The attachment could not be fetched, and is no longer tried."
    TOO_LARGE = "The attachment is larger than 5 MB, so it was not stored."
    WRONG_TYPE = "The attachment is of a kind that is not stored."
    ELSEWHERE = "The attachment is not where the provider keeps attachments, so it was not fetched."
    GONE = "The provider does not have the attachment any more."
    WITHHELD = "The provider does not hand out the attachment."
    REFUSED = "Dynamics does not take the attachment: it may be too large there, or of a kind that is blocked."


class NotFetched(PermanentError):
    """The attachment will not be had, however often it is tried; `missing` says why."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.value, code=missing.name)
        self.missing = missing


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment as it was fetched; `content_type` is one of EXTENSIONS."""

    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of an attachment: the row `id` with the text `message_id`, the one at `position`, from 0."""

    id: UUID
    message_id: UUID
    position: int

    @classmethod
    def of(cls, event: MediaWaiting) -> Slot:
        """Where the attachment belongs that waits."""
        return cls(
            ids.attachment_id(event.account, event.message_id, event.position),
            ids.message_id(event.account, event.message_id),
            event.position,
        )

    @property
    def title(self) -> str:
        """What the attachment is called where people see it."""
        return f"Attachment {self.position + 1}"

    def file_name(self, content_type: str) -> str:
        """The name of its file, of our own making: one that a customer chose could lie about what it is."""
        return f"attachment-{self.position + 1}.{EXTENSIONS[content_type]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is there in the place of an attachment, at the version `etag`: a document, or a sentence in its place."""

    is_document: bool
    sentence: str = ""
    etag: str


def waiting(event: MessageReceived) -> tuple[MediaWaiting, ...]:
    """What has to be fetched for a text: an event for each attachment, so that none waits for another."""
    return tuple(
        MediaWaiting(
            account=event.account,
            provider=event.provider,
            message_id=event.message_id,
            position=position,
            media=media,
            received_at=event.received_at,
        )
        for position, media in enumerate(event.media)
    )


def file(content: bytes, *, served_as: str, announced_as: str) -> File:
    """An attachment as a file, of the type that it came with, or that the provider announced where it came with none.

    Raises NotFetched for one that is too large or of a type that is not stored, also where markup calls itself a
    picture.
    """
    if len(content) > MOST_BYTES:
        raise NotFetched(Missing.TOO_LARGE)
    content_type = storable_type(served_as, announced_as)
    if not content_type.startswith("text/") and _is_markup(content):
        raise NotFetched(Missing.WRONG_TYPE)
    return File(content_type=content_type, content=content)


def storable_type(served_as: str, announced_as: str) -> str:
    """The content type that an attachment is stored with; raises NotFetched where it is not stored."""
    served = _plain(served_as)
    content_type = _plain(announced_as) if served in _NO_TYPE else served
    if content_type not in EXTENSIONS:
        raise NotFetched(Missing.WRONG_TYPE)
    return content_type


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _is_markup(content: bytes) -> bool:
    """No picture, sound, film or PDF begins like this, and HTML, SVG and XML do."""
    for mark in _BYTE_ORDER_MARKS:
        content = content.removeprefix(mark)
    return content[:1024].lstrip(b" \t\r\n\f\0").startswith(b"<")
