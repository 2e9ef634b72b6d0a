"""Multipart bodies (RFC 2046 §5.1) as far as `$batch` uses them: joining parts, and taking an answer apart.

Written with CRLF; read with CRLF or bare LF, quoted or bare boundaries, text before the first and after the last part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_CRLF = b"\r\n"
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=?-]{1,70}")
_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))')
_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_LINE = re.compile(rb"\r?\n")


class MalformedBatch(ValueError):
    """The answer to a batch cannot be read: what was carried out is unknown."""


@dataclass(frozen=True, slots=True)
class Part:
    """Headers with lower-case names, and the bytes under them."""

    headers: Mapping[str, str]
    content: bytes


def join(parts: Iterable[bytes], boundary: str) -> bytes:
    """Parts (each with its headers) between delimiters.

    Raises ValueError for a boundary that RFC 2046 does not allow or that occurs in a part: it would end it early.
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError("the boundary is too long, or has characters that a boundary cannot have")
    delimiter = f"--{boundary}".encode()
    lines = []
    for part in parts:
        if delimiter in part:
            raise ValueError("the boundary occurs in a part")
        lines += [delimiter, part]
    return _CRLF.join([*lines, delimiter + b"--", b""])


def head(headers: Mapping[str, str]) -> bytes:
    """Header lines and the blank line after them. Raises ValueError for a header that would become two."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if any(not line.isprintable() or not line.isascii() for line in lines):
        raise ValueError("a header has characters that a header cannot have")
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def split(content_type: str, body: bytes) -> list[Part]:
    """The parts of a multipart body. Raises MalformedBatch where it is none, or was cut off."""
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(_boundary_of(content_type)) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    parts: list[Part] = []
    start = None
    for match in delimiter.finditer(body):
        if start is not None:
            parts.append(read_part(body[start : match.start()]))
        if match[1]:
            return parts
        start = match.end() + len(_newline(body, match.end()))
    raise MalformedBatch("the batch answer ends before its last boundary")


def read_part(content: bytes) -> Part:
    """Headers, a blank line, and the rest. Raises MalformedBatch without a blank line."""
    blank = _BLANK_LINE.search(content)
    if blank is None:
        raise MalformedBatch("a part of the batch answer has no end of headers")
    headers = {}
    for line in _LINE.split(re.sub(rb"\r?\n[ \t]+", b" ", content[: blank.start()])):
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return Part(headers, content[blank.end() :])


def is_multipart(content_type: str) -> bool:
    """Whether a Content-Type announces a multipart body."""
    return content_type.lstrip().lower().startswith("multipart/mixed")


def _boundary_of(content_type: str) -> bytes:
    if is_multipart(content_type):
        for name, quoted, bare in _PARAMETER.findall(content_type):
            if name.lower() == "boundary" and (quoted or bare):
                return (re.sub(r"\\(.)", r"\1", quoted) or bare).encode("latin-1", "replace")
    raise MalformedBatch("the answer to the batch is not multipart")


def _newline(body: bytes, at: int) -> bytes:
    match = _LINE.match(body, at)
    return match[0] if match else b""
