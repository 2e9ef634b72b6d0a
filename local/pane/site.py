"""The pages of `pane` as Dynamics serves them: web resources and the Web API under one address, for one signed-in user.

For this machine alone, and over the emulator alone, which takes a user's id for a sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dataverse.schema.web_resources import WEB_RESOURCES

PANE = Path(__file__).parents[2] / "pane"
_FILES = {resource.name: resource.file for resource in WEB_RESOURCES}
_TYPES = {  # as Dataverse serves them; scripts under their old name
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/jscript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {  # an environment may have a policy nearly as strict; pictures as data: are in Dynamics' own strict one
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_PASSED = ("accept", "content-type", "if-match", "if-none-match", "odata-maxversion", "odata-version", "prefer")
_ANSWERED = ("content-type", "odata-version", "preference-applied", "retry-after")
_PATIENCE_S = 30.0


def site(dataverse_url: str, user: UUID) -> Starlette:
    """The site as an ASGI application for `local.server.Server`; `user` is who is signed in."""

    async def web_api(request: Request) -> Response:
        path = request.scope["raw_path"].decode() + (f"?{request.url.query}" if request.url.query else "")
        headers = {name: request.headers[name] for name in _PASSED if name in request.headers}
        body = await request.body()
        return await run_in_threadpool(
            _passed_on, dataverse_url, request.method, path, {**headers, "authorization": f"Bearer user:{user}"}, body
        )

    return Starlette(
        routes=[
            Route("/WebResources/{name:path}", _web_resource),
            Route("/api/data/v9.2/{path:path}", web_api, methods=["GET", "POST", "PATCH", "DELETE"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


async def _web_resource(request: Request) -> Response:
    file = _FILES.get(request.path_params["name"])
    if file is None:
        return Response("There is no such web resource.", 404, _HEADERS, "text/plain")
    path = PANE / file
    return FileResponse(path, headers=_HEADERS, media_type=_TYPES[path.suffix])


def _passed_on(url: str, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE_S)
    try:
        connection.request(method, path, body=body or None, headers=dict(headers))
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, HTTPException):
        return Response("Dataverse is away.", 502, media_type="text/plain")
    finally:
        connection.close()
    said = {name: value for name in _ANSWERED if (value := answer.headers.get(name)) is not None}
    return Response(content, answer.status, said)
