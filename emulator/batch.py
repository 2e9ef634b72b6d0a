"""`$batch`: many requests in one, change sets among them that are kept or undone as a whole.

Source: Learn, "Execute batch operations using the Web API". Requests are worked on one after the other. At the first
failure the batch ends, with the status of that failure, unless the client prefers `odata.continue-on-error`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from emulator.callers import IMPERSONATION
from emulator.errors import DataverseError, bad_query
from emulator.exchange import UNKNOWN_TYPE, Answer, Call
from emulator.multipart import (
    HttpRequest,
    Part,
    boundary_of,
    malformed,
    media_type,
    read_parts,
    read_request,
    write_part,
    write_parts,
    write_response,
)
from emulator.records.links import relative
from emulator.requestlog import Operation
from emulator.routes import serve
from emulator.service import Service, refusing

MOST_OPERATIONS = 1000
LONGEST_URL = 65_536
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PART_HEADERS = {"Content-Type": "application/http", "Content-Transfer-Encoding": "binary"}


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Calls that are kept or undone together, each with its Content-ID."""

    calls: tuple[tuple[str, Call], ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and under which service root."""

    user_id: str
    url: str


def answer_batch(service: Service, call: Call, caller: Caller, log: list[Operation]) -> Answer:
    """Answers a batch; `log` receives its operations. Raises 400 for one that cannot be read: none of it is done."""
    if call.method != "POST":
        raise DataverseError(405, "0x80060888", "$batch takes POST.")
    items = _read(call)
    goes_on = "odata.continue-on-error" in call.preferences()
    parts: list[bytes] = []
    outer = 200
    for item in items:
        if isinstance(item, ChangeSet):
            part, status = _change_set(service, item, caller, log)
        else:
            answer = service.answer(item, caller.user_id, caller.url)
            log.append(_logged(item, answer.status))
            part, status = _written(answer), answer.status
        parts.append(part)
        if status >= 400 and not goes_on:
            outer = status
            break
    boundary = f"batchresponse_{uuid4()}"
    content_type = f"multipart/mixed; boundary={boundary}"
    return Answer(status=outer, binary=write_parts(parts, boundary), headers={"Content-Type": content_type})


def operations_of(call: Call) -> list[Call]:
    """The operations of a batch, as far as it can be read; none for another request."""
    if call.path != "$batch":
        return []
    try:
        items = _read(call)
    except DataverseError:
        return []
    return [call for item in items for call in _calls(item)]


def _calls(item: Call | ChangeSet) -> list[Call]:
    return [call for _, call in item.calls] if isinstance(item, ChangeSet) else [item]


def _read(call: Call) -> list[Call | ChangeSet]:
    """The operations; whom the batch acts for counts for those that name nobody themselves."""
    content_type = call.headers.get("content-type", "")
    if media_type(content_type) == "application/json":
        raise bad_query("JSON batches are not supported: send multipart/mixed.")
    acting = {name: call.headers[name] for name in IMPERSONATION if name in call.headers}
    items = [_item(part, acting) for part in read_parts(call.body, boundary_of(content_type))]
    if not items:
        raise malformed("it holds no operation")
    _check_size(items)
    return items


def _check_size(items: Sequence[Call | ChangeSet]) -> None:
    """Raises 400 for too many operations, in the words of Microsoft's OData library."""
    sizes = [len(_calls(item)) for item in items]
    if max(sizes) > MOST_OPERATIONS:
        message = (
            "The current change set contains too many operations. Only change sets with a maximum number of "
            f"'{MOST_OPERATIONS}' operations are allowed."
        )
        raise DataverseError(400, "0x80060888", message)
    if sum(sizes) > MOST_OPERATIONS:
        message = (
            "The current batch message contains too many parts. Only batch messages with a maximum number of "
            f"'{MOST_OPERATIONS}' query operations and change sets are allowed."
        )
        raise DataverseError(400, "0x80060888", message)


def _item(part: Part, acting: Mapping[str, str]) -> Call | ChangeSet:
    if part.kind != "multipart/mixed":
        return _call(read_request(part), acting)
    calls: dict[str, Call] = {}
    for inner in read_parts(part.content, boundary_of(part.headers["content-type"])):
        call = _call(read_request(inner), acting)
        content_id = inner.headers.get("content-id") or call.headers.get("content-id", "")
        if call.method not in _CHANGES:
            raise malformed(f"{call.method} is not allowed in a change set, only POST, PUT, PATCH and DELETE")
        if not content_id or content_id in calls:
            raise malformed(f"the requests of a change set need a Content-ID each ('{content_id}')")
        calls[content_id] = call
    return ChangeSet(tuple(calls.items()))


def _call(request: HttpRequest, acting: Mapping[str, str]) -> Call:
    if len(request.target) > LONGEST_URL:
        raise malformed(f"a URL is longer than {LONGEST_URL} characters")
    path, _, query = request.target.partition("?")
    path = path if path.startswith("$") else relative(path)
    if path == "$batch":
        raise malformed("batches cannot be nested")
    named = IMPERSONATION.keys() & request.headers.keys()
    headers = {"content-type": UNKNOWN_TYPE, **({} if named else acting), **request.headers}
    return Call(method=request.method, path=path, query=query, headers=headers, body=request.body)


def _change_set(service: Service, changes: ChangeSet, caller: Caller, log: list[Operation]) -> tuple[bytes, int]:
    """Works on a change set in one transaction: the parts of all its answers, or the one of the failure."""
    answers: dict[str, Answer] = {}
    with refusing() as refused, service.transaction() as db:
        answers.update(_one_after_the_other(service, changes, caller, db))
    if refused:
        # Those before the failure were answered; a failure of the commit itself counts for the last.
        failed = changes.calls[min(len(answers), len(changes.calls) - 1)][0]
        answers = {failed: refused[0]}
    for content_id, call in changes.calls:
        log.append(_logged(call, answers[content_id].status if content_id in answers else None))
    boundary = f"changesetresponse_{uuid4()}"
    inner = [_written(answer, {"Content-ID": content_id}) for content_id, answer in answers.items()]
    headers = {"Content-Type": f"multipart/mixed; boundary={boundary}"}
    status = refused[0].status if refused else 200
    return write_part(headers, write_parts(inner, boundary)), status


def _one_after_the_other(
    service: Service, changes: ChangeSet, caller: Caller, db: sqlite3.Connection
) -> Iterator[tuple[str, Answer]]:
    references: dict[str, str] = {}
    for content_id, call in changes.calls:
        bound = replace(call, references=dict(references), in_change_set=True)
        answer = serve(service.work(db, bound, caller.user_id, caller.url))
        if answer.row is not None:
            references[content_id] = answer.row
        yield content_id, answer


def _written(answer: Answer, extra: Mapping[str, str] | None = None) -> bytes:
    kind, body = answer.content()
    headers = {"OData-Version": "4.0", **answer.headers}
    if kind:
        headers["Content-Type"] = f"{kind}; odata.streaming=true" if kind.startswith("application/json") else kind
    if answer.status >= 400:
        headers["REQ_ID"] = str(uuid4())
    return write_part({**_PART_HEADERS, **(extra or {})}, write_response(answer.status, headers, body))


def _logged(call: Call, status: int | None) -> Operation:
    """An entry of the request log; the status is None for what a failing change set took with it."""
    path = call.path + (f"?{call.query}" if call.query else "")
    return {"method": call.method, "path": path, "status": status}
