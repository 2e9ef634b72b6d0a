"""HTTP: the Web API under `/api/data/v9.x/`, and `/_emulator/` for those who run the tests."""

from __future__ import annotations

import re
from uuid import uuid4

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.batch import Caller, answer_batch
from emulator.callers import Unauthorized
from emulator.errors import DataverseError
from emulator.exchange import UNKNOWN_TYPE, Answer, Call
from emulator.requestlog import Entry, RequestLog
from emulator.service import Service, refusing

ROOT = re.compile(r"/api/data/(v9\.\d)(?:/|$)")
LONGEST_URL = 32_768
# Dataverse ties a client that returns this cookie to one web server. Clients in parallel had better not: the log tells.
AFFINITY = "ARRAffinity"
_SERVER = uuid4().hex
_CHALLENGE = "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id={origin}/"


def make_app(service: Service) -> Starlette:
    """The ASGI application of one environment."""
    log = RequestLog()

    async def web_api(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(_web_api, service, log, request, body)

    async def requests(request: Request) -> Response:
        if request.method == "DELETE":
            log.clear()
            return Response(status_code=204)
        return JSONResponse(log.entries())

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "tables": len(service.catalog.schema.tables)})

    async def not_served(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        payload = DataverseError(status, "0x80060888", f"{request.method} {request.url.path} is not served.").payload()
        return JSONResponse(payload, status)

    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    return Starlette(
        routes=[
            Route("/_emulator/requests", requests, methods=["GET", "DELETE"]),
            Route("/_emulator/health", health),
            Route("/api/data/{rest:path}", web_api, methods=methods),
        ],
        exception_handlers={HTTPException: not_served},
    )


def _web_api(service: Service, log: RequestLog, request: Request, body: bytes) -> Response:
    raw_path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
    path = raw_path + (f"?{query}" if query else "")
    entry = Entry(method=request.method, path=path, affinity=AFFINITY in request.cookies)
    log.add(entry)
    origin = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
    answer = Answer()
    with refusing() as refused:
        answer = _answer(service, entry, origin, raw_path, query, request, body)
    answer = refused[0] if refused else answer
    entry.status = answer.status
    kind, content = answer.content()
    headers = {"OData-Version": "4.0", "x-ms-service-request-id": str(uuid4()), "REQ_ID": str(uuid4())}
    headers["Set-Cookie"] = f"{AFFINITY}={_SERVER};Path=/;HttpOnly"
    headers.update(answer.headers)
    if kind:
        headers.setdefault("Content-Type", kind)
    return Response(content, answer.status, headers)


def _answer(
    service: Service, entry: Entry, origin: str, raw_path: str, query: str, request: Request, body: bytes
) -> Answer:
    if len(raw_path) + len(query) + len(origin) > LONGEST_URL:
        raise DataverseError(414, "0x80060888", f"The URL is longer than {LONGEST_URL} characters; use $batch.")
    match = ROOT.match(raw_path)
    if match is None:
        raise DataverseError(404, "0x80060888", "The service root is /api/data/v9.2/.")
    url = f"{origin}/api/data/{match[1]}/"
    headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
    headers.setdefault("content-type", UNKNOWN_TYPE)
    path = raw_path[match.end() :]
    call = Call(method=request.method, path=path, query=query, headers=headers, body=body)
    try:
        user_id = service.identify(call)
    except Unauthorized:
        return Answer(status=401, headers={"WWW-Authenticate": _CHALLENGE.format(origin=origin)})
    if path == "$batch":
        return answer_batch(service, call, Caller(user_id, url), entry.operations)
    return service.answer(call, user_id, url)
