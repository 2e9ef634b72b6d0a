"""The site: static files, and JSON under /api/. It is for this machine alone, and nothing of a text becomes markup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from local.carriers.calls import Away
from local.phone.people import company
from local.phone.reading import Desk
from local.phone.sending import Network, NotThere, Trick
from local.phone.state import Looking, Refresher
from messaging.accounts import ProviderAccount
from messaging.errors import PermanentError, TransientError

STATIC = Path(__file__).with_name("static")
_TYPES = {  # the operating system's own table of types is not to be trusted: on Windows it may say text/plain
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

Given = Mapping[str, str]
Endpoint = Callable[[Request], Awaitable[Response]]


def site(
    *,
    functions_url: str,
    dataverse_url: str,
    accounts: Mapping[str, ProviderAccount],
    waiting: Callable[[], int],
    clock: Callable[[], datetime],
    new_id: Callable[[], UUID],
) -> Starlette:
    """The site as an ASGI application, for `local.server.Server`.

    `functions_url` and `dataverse_url` have no path (`http://127.0.0.1:7071`); `accounts` are the provider accounts by
    callback id, with the secrets that callbacks are signed with; `waiting` counts the events that wait in queues.
    """
    network = Network(functions_url, accounts, clock, new_id)
    desk = Desk(dataverse_url)
    refresher = Refresher(functions_url, desk, waiting)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/api/company", _reads(lambda _: company(accounts))),
            Route("/api/state", _reads(lambda given: refresher.state(_looking(given)))),
            Route("/api/why/{message}", _reads(lambda given: desk.why(given.get("as", ""), _id(given["message"])))),
            Route("/api/texts", _acts(lambda given: _text(network, given)), methods=["POST"]),
            Route("/api/reports", _acts(lambda given: _report(network, desk, given)), methods=["POST"]),
            Route("/", _file),
            Route("/{name}", _file),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])],
    )


def _looking(given: Given) -> Looking:
    conversation = given.get("conversation")
    return Looking(
        reader=given.get("as", ""),
        conversation=_id(conversation) if conversation else None,
        phone=given.get("phone", ""),
        ours=given.get("ours", ""),
    )


def _text(network: Network, given: Given) -> object:
    try:
        trick = Trick(given.get("trick", "none"))
    except ValueError:
        raise ValueError(f"A text can be sent with one of these tricks: {', '.join(Trick)}.") from None
    return network.text(given.get("from", ""), given.get("to", ""), given.get("text", ""), trick)


def _report(network: Network, desk: Desk, given: Given) -> object:
    return network.report(desk.sent(_id(given.get("message", ""))), given.get("outcome", ""))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError("That is no id of a row.") from None


def _reads(handle: Callable[[Given], object]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        given = {**request.query_params, **{name: str(value) for name, value in request.path_params.items()}}
        answer = await run_in_threadpool(_answer, handle, given)
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if answer.status_code == 200 and request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={**_HEADERS, "ETag": tag})
        answer.headers["ETag"] = tag
        return answer

    return endpoint


def _acts(handle: Callable[[Given], object]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        # A form of a foreign page cannot send this type without asking first, and we never allow it.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _json({"error": "Send JSON."}, 415)
        body = await request.body()
        return await run_in_threadpool(lambda: _answer(lambda _: handle(_given(body)), {}))

    return endpoint


def _given(body: bytes) -> Given:
    try:
        values = json.loads(body)
    except ValueError:
        raise ValueError("That is not JSON.") from None
    if not isinstance(values, dict):
        raise ValueError("Send a JSON object.")
    return {str(name): str(value) for name, value in values.items()}


def _answer(handle: Callable[[Given], object], given: Given) -> Response:
    """What a handler returns, or its error as a sentence."""
    try:
        return _json(handle(given))
    except ValueError as error:
        return _json({"error": str(error)}, 400)
    except NotThere as error:
        return _json({"error": str(error)}, 404)
    except Away:
        return _json({"error": "The function app is away. A provider would call again later."}, 502)
    except TransientError:
        return _json({"error": "Dataverse is away."}, 502)
    except PermanentError as error:
        return _json({"error": f"Dataverse refuses: {error}."}, 502)


def _json(value: object, status: int = 200) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, {**_HEADERS, "Content-Type": "application/json; charset=utf-8"})


async def _file(request: Request) -> Response:
    path = STATIC / request.path_params.get("name", "index.html")
    if path.parent != STATIC or path.suffix not in _TYPES or not path.is_file():
        return Response("There is no such page.", 404, _HEADERS, "text/plain")
    return FileResponse(path, headers=_HEADERS, media_type=_TYPES[path.suffix])
