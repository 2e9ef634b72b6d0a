"""multipart/mixed as `$batch` uses it: bytes in, parts out, and back. Reads no sockets.

Clients in the field end their lines with CRLF, with LF, or with a mixture; all are read, CRLF is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from emulator.errors import DataverseError

CRLF = b"\r\n"
# Microsoft's own SDK leaves spaces in the URLs of a batch as they are; OData's reader too ends them at the last one.
_REQUEST_LINE = re.compile(r"(\S+)\s+(\S.*?)\s+HTTP/\S+", re.IGNORECASE)
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]+)"|([^;\s"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a body: its headers, names in lower case, and what follows them."""

    headers: Mapping[str, str]
    content: bytes

    @property
    def kind(self) -> str:
        return media_type(self.headers.get("content-type", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request as text inside a part of type application/http."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def malformed(detail: str) -> DataverseError:
    """400: the batch cannot be read; nothing of it was done."""
    return DataverseError(400, "0x80060888", f"The batch request is malformed: {detail}")


def media_type(content_type: str) -> str:
    """`multipart/mixed` of `multipart/mixed; boundary=x`."""
    return content_type.partition(";")[0].strip().lower()


def boundary_of(content_type: str) -> str:
    """The boundary, quoted or not; raises 400 without one."""
    found = _BOUNDARY.search(content_type)
    if media_type(content_type) != "multipart/mixed" or found is None:
        raise malformed("the Content-Type must be multipart/mixed with a boundary")
    return found[1] or found[2]


def read_parts(body: bytes, boundary: str) -> list[Part]:
    """The parts between the delimiters; raises 400 where the closing one is missing."""
    delimiter = b"--" + boundary.encode("latin-1")
    parts: list[Part] = []
    lines: list[bytes] | None = None
    for line in body.splitlines(keepends=True) if b"\n" in body else ():
        text = line.rstrip()
        if text not in (delimiter, delimiter + b"--"):
            if lines is not None:
                lines.append(line)
            continue
        if lines is not None:
            parts.append(_part(b"".join(lines)))
        if text != delimiter:
            return parts
        lines = []
    if body.rstrip() == delimiter + b"--":
        return parts
    raise malformed("the closing boundary is missing")


def _part(text: bytes) -> Part:
    headers, content = _head(text)
    return Part(headers, content)


def _head(text: bytes) -> tuple[dict[str, str], bytes]:
    """Header lines up to the first empty line, and the rest without the line end before the delimiter."""
    headers: dict[str, str] = {}
    position = 0
    while position < len(text):
        end = text.find(b"\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end].rstrip()
        position = end + 1
        if not line:
            break
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise malformed(f"'{name[:60]}' is no header")
        headers[name.strip().lower()] = value.strip()
    return headers, text[position:].removesuffix(b"\n").removesuffix(b"\r")


def read_request(part: Part) -> HttpRequest:
    """The request inside a part; raises 400 for anything else."""
    if part.kind != "application/http":
        raise malformed(f"a part has the Content-Type '{part.headers.get('content-type', '')}', not application/http")
    line, _, rest = part.content.lstrip().partition(b"\n")
    found = _REQUEST_LINE.fullmatch(line.decode("latin-1").strip())
    if found is None:
        raise malformed(f"'{line[:60].decode('latin-1').strip()}' is no request line")
    headers, body = _head(rest)
    return HttpRequest(method=found[1].upper(), target=found[2], headers=headers, body=body.strip())


def write_response(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    """A response as text."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return CRLF.join(line.encode("latin-1") for line in lines) + CRLF + CRLF + body


def write_part(headers: Mapping[str, str], content: bytes) -> bytes:
    """One part, without its delimiter."""
    lines = [f"{name}: {value}".encode("latin-1") for name, value in headers.items()]
    return CRLF.join(lines) + CRLF + CRLF + content


def write_parts(parts: Iterable[bytes], boundary: str) -> bytes:
    """The parts between delimiters."""
    delimiter = b"--" + boundary.encode("latin-1")
    return b"".join(delimiter + CRLF + part + CRLF for part in parts) + delimiter + b"--" + CRLF
