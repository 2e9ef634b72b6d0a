"""HTTP: the Web API under `/api/data/v9.x/`, and `/_emulator/` for those who run the tests."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.batch import Caller, answer_batch, operations_of
from emulator.callers import Unauthorized
from emulator.control.connection import Broken
from emulator.control.endpoints import control_routes
from emulator.control.panel import CURRENT, Panel
from emulator.errors import DataverseError
from emulator.exchange import UNKNOWN_TYPE, Answer, Call
from emulator.requestlog import Entry
from emulator.service import refusing

ROOT = re.compile(r"/api/data/(v9\.\d)(?:/|$)")
ORIGIN = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
LONGEST_URL = 32_768
# Dataverse ties a client that returns this cookie to one web server. Clients in parallel had better not: the log tells.
AFFINITY = "ARRAffinity"
_SERVER = uuid4().hex
_CHALLENGE = "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id={origin}/"
_THREADS = 80  # more than the concurrent requests that a user may have


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request to the Web API; `root` is what precedes the service root, None where the path does not lead there."""

    call: Call
    origin: str
    version: str | None
    length: int
    entry: Entry


def make_app(panel: Panel) -> Starlette:
    """The ASGI application of one environment."""

    async def web_api(request: Request) -> Response:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        started = time.perf_counter()
        visit = _visit(panel, request, await request.body())
        CURRENT.set(visit.entry)
        go_on = partial(run_in_threadpool, _work, panel, visit)
        for rule in reversed(panel.faults.on_request(visit.call, partial(operations_of, visit.call))):
            visit.entry.faults.insert(0, rule.number)
            go_on = partial(rule.effect.around, go_on)
        response = await go_on()
        visit.entry.milliseconds = round((time.perf_counter() - started) * 1000, 3)
        _complete(panel, visit.entry, response)
        panel.log.end(visit.entry)
        return response

    async def not_served(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        payload = DataverseError(status, "0x80060888", f"{request.method} {request.url.path} is not served.").payload()
        return JSONResponse(payload, status)

    return Starlette(
        routes=[*control_routes(panel), Route("/api/data/{rest:path}", web_api, methods=list(METHODS))],
        exception_handlers={HTTPException: not_served},
    )


def _visit(panel: Panel, request: Request, body: bytes) -> Visit:
    raw_path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
    headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
    headers.setdefault("content-type", UNKNOWN_TYPE)
    origin = f"{request.scope['scheme']}://{headers.get('host', '127.0.0.1')}"
    path = raw_path + (f"?{query}" if query else "")
    entry = panel.log.begin(request.method, path, headers, affinity=AFFINITY in request.cookies)
    match = ROOT.match(raw_path)
    return Visit(
        call=Call(
            method=request.method,
            path=raw_path[match.end() :] if match else raw_path,
            query=query,
            headers=headers,
            body=body,
        ),
        origin=origin,
        version=match[1] if match else None,
        length=len(raw_path) + len(query) + len(origin),
        entry=entry,
    )


def _work(panel: Panel, visit: Visit) -> Response:
    answer = Answer()
    with panel.service.store.in_use(), refusing() as refused:
        answer = _answer(panel, visit)
    answer = refused[0] if refused else answer
    visit.entry.status = answer.status
    kind, content = answer.content()
    response = Response(content, answer.status, answer.headers)
    if kind:
        response.headers.setdefault("Content-Type", kind)
    return response


def _answer(panel: Panel, visit: Visit) -> Answer:
    service, call = panel.service, visit.call
    if visit.length > LONGEST_URL:
        raise DataverseError(414, "0x80060888", f"The URL is longer than {LONGEST_URL} characters; use $batch.")
    if ORIGIN.fullmatch(visit.origin) is None:
        raise DataverseError(400, "0x80060888", "The header Host is not valid.")
    if visit.version is None:
        raise DataverseError(404, "0x80060888", "The service root is /api/data/v9.2/.")
    url = f"{visit.origin}/api/data/{visit.version}/"
    try:
        user_id = service.identify(call)
    except Unauthorized:
        return Answer(status=401, headers={"WWW-Authenticate": _CHALLENGE.format(origin=visit.origin)})
    visit.entry.user = user_id
    with panel.limits.admitting(user_id):
        if call.path == "$batch":
            return answer_batch(service, call, Caller(user_id, url), visit.entry.operations)
        return service.answer(call, user_id, url)


def _complete(panel: Panel, entry: Entry, response: Response) -> None:
    """The headers that every answer has; a fault's answer has its status only here."""
    if not entry.status and not isinstance(response, Broken):
        entry.status = response.status_code
    entry.service_request_id = str(uuid4())
    headers = {
        "OData-Version": "4.0",
        "x-ms-service-request-id": entry.service_request_id,
        "REQ_ID": str(uuid4()),
        "Set-Cookie": f"{AFFINITY}={_SERVER};Path=/;HttpOnly",
        "x-ms-dop-hint": str(panel.service.behaviour.parallelism),
    }
    if entry.user is not None:
        headers |= panel.limits.headers(entry.user)
    for name, value in headers.items():
        response.headers.setdefault(name, value)
