"""`$batch` without I/O: requests to bytes, bytes to answers (OData 4.0 §11.7, as Dataverse speaks it).

Numbering. The requests of each change set get the Content-IDs 1, 2, …; requests outside of change sets get none. So
`$1` is the first request of the same change set, wherever that stands in a batch. A reference to anything but an
earlier request of the same change set is refused before sending: Dataverse would answer 400, or link the wrong row.

Answers come in the order asked. A change set that was carried out is a tuple of answers; one that failed is a single
answer, its error, whose header `content-id` names the request that failed where Dataverse said so. Without
continue-on-error an answer may hold fewer parts than were asked for: it ends at the first error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dataverse.webapi import multipart
from dataverse.webapi.multipart import MalformedBatch, Part
from dataverse.webapi.request import ChangeSet, Request, Response

Answer = Response | tuple[Response, ...]

OPERATIONS_LIMIT = 1_000
"""Operations in one batch, and so in one change set (Microsoft Learn, "Execute batch operations")."""

_REFERENCE = re.compile(r"\$([0-9]+)(?=/|$)")
_METHOD = re.compile(r"[A-Z]+")
_PATH = re.compile(r"[!-~]+")
_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ ([1-5][0-9]{2})(?: [^\r\n]*)?(?:\r?\n|\Z)")
_JSON = {"Content-Type": "application/json; charset=utf-8"}


def encode(parts: Sequence[Request | ChangeSet], *, service_path: str, boundary: str) -> bytes:
    """The body of `POST {service_path}$batch`; `service_path` begins and ends with a slash (`/api/data/v9.2/`).

    Raises ValueError, before anything is sent, for an empty batch or change set, more than 1,000 operations, a read in
    a change set, a reference that points nowhere, a path that is not encoded, and a boundary that occurs in a part.
    """
    operations = sum(len(part.requests) if isinstance(part, ChangeSet) else 1 for part in parts)
    if not 0 < operations <= OPERATIONS_LIMIT:
        raise ValueError(f"a batch holds 1 to {OPERATIONS_LIMIT} operations, not {operations}")
    encoded = [
        _operation(part, service_path)
        if isinstance(part, Request)
        else _change_set(part, service_path, f"changeset_{place}_{boundary}")
        for place, part in enumerate(parts, start=1)
    ]
    return multipart.join(encoded, boundary)


def decode(content_type: str, body: bytes) -> tuple[Answer, ...]:
    """The answers in an answer to `$batch`. Raises MalformedBatch for one that is not multipart, or was cut off."""
    return tuple(_answer(part) for part in multipart.split(content_type, body))


def check(parts: Sequence[Request | ChangeSet], answers: Sequence[Answer], *, continue_on_error: bool) -> None:
    """Raise MalformedBatch where the answers cannot be those to the parts asked for."""
    complete = len(answers) == len(parts)
    stopped = not continue_on_error and bool(answers) and len(answers) < len(parts) and _is_error(answers[-1])
    if not (complete or stopped):
        raise MalformedBatch(f"{len(parts)} parts were asked for and {len(answers)} answered")
    for part, answer in zip(parts, answers, strict=False):
        if isinstance(part, Request) != isinstance(answer, Response) and not _is_error(answer):
            raise MalformedBatch("a request was answered by a change set, or a change set by a single answer")
        if isinstance(part, ChangeSet) and isinstance(answer, tuple) and len(answer) != len(part.requests):
            raise MalformedBatch("a change set was answered with more or fewer answers than it has requests")


def is_repeatable(part: Request | ChangeSet) -> bool:
    """Whether carrying a part out twice leaves what carrying it out once leaves."""
    requests = part.requests if isinstance(part, ChangeSet) else (part,)
    return all(request.repeatable or request.method == "GET" for request in requests)


def _is_error(answer: Answer) -> bool:
    return isinstance(answer, Response) and answer.status >= 400


def _change_set(change_set: ChangeSet, service_path: str, boundary: str) -> bytes:
    if not change_set.requests:
        raise ValueError("a change set needs at least one request")
    operations = []
    for content_id, request in enumerate(change_set.requests, start=1):
        if request.method == "GET":
            raise ValueError("a change set cannot read")
        if any(not 0 < number < content_id for number in _references(request)):
            raise ValueError("a reference of a change set points to no earlier request of it")
        operations.append(_operation(request, service_path, {"Content-ID": str(content_id)}))
    content = multipart.join(operations, boundary)
    return multipart.head({"Content-Type": f'multipart/mixed; boundary="{boundary}"'}) + content


def _operation(request: Request, service_path: str, extra: Mapping[str, str] | None = None) -> bytes:
    if not _METHOD.fullmatch(request.method) or not _PATH.fullmatch(request.path):
        raise ValueError("a path of a batch is not encoded, or a method is no method")
    target = request.path if _REFERENCE.match(request.path) else service_path + request.path
    content = request.content()
    own = {"Accept": "application/json"} | (_JSON if content else {})
    given = {name.lower() for name in request.headers}
    headers = {name: value for name, value in own.items() if name.lower() not in given} | dict(request.headers)
    mime = {"Content-Type": "application/http", "Content-Transfer-Encoding": "binary"} | dict(extra or {})
    return multipart.head(mime) + f"{request.method} {target} HTTP/1.1\r\n".encode() + multipart.head(headers) + content


def _references(request: Request) -> Iterator[int]:
    """The numbers of the requests that a request refers to: in its URL, and in links to other rows."""
    for text in (request.path, *_links(request.body)):
        match = _REFERENCE.match(text)
        if match is not None:
            yield int(match[1])


def _links(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            if isinstance(member, str) and str(name).endswith(("@odata.bind", "@odata.id")):
                yield member
            else:
                yield from _links(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _links(member)


def _answer(part: Part) -> Answer:
    content_type = part.headers.get("content-type", "")
    if not multipart.is_multipart(content_type):
        return _response(part)
    answers = tuple(_response(inner) for inner in multipart.split(content_type, part.content))
    return next((answer for answer in answers if answer.status >= 400), answers)


def _response(part: Part) -> Response:
    status = _STATUS_LINE.match(part.content)
    if status is None:
        raise MalformedBatch("a part of the batch answer has no status line")
    # A writer may leave out the blank line after the headers of an answer without a body.
    message = multipart.read_part(part.content[status.end() :] + b"\r\n\r\n")
    headers = dict(message.headers)
    if "content-id" in part.headers:
        headers["content-id"] = part.headers["content-id"]
    return Response(status=int(status[1]), headers=headers, body=message.content.strip(b"\r\n"))
