"""HTTP triggers: from the bytes of a request to a function of the app, and back, as the Functions host does it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import azure.functions as func

from local.functions import HttpFunction

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came over the wire: `path` and `query` are as they were sent, never decoded and encoded again."""

    method: str
    host: str
    path: str
    query: str = ""
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


def answer(functions: Iterable[HttpFunction], request: Incoming) -> Answer:
    """Call the function that the request is for.

    A method that the route does not take is a 404 without a body, not a 405: so is it in Azure (azure-functions-host
    issue 10098). What a function raises is a 500 without a body; it is logged.
    """
    for function in functions:
        parameters = function.route.match(request.path)
        if parameters is not None and (not function.methods or request.method in function.methods):
            return _call(function, _http_request(request, parameters))
    return Answer(404)


def _call(function: HttpFunction, request: func.HttpRequest) -> Answer:
    started = time.monotonic()
    try:
        result = _answer(function.handler(**{function.parameter: request}))
    except Exception:  # whatever a function raises, the host answers and goes on
        logger.exception("Executed '%s' (Failed)", function.name)
        return Answer(500)
    logger.info("Executed '%s' (%d, %.0f ms)", function.name, result.status, 1000 * (time.monotonic() - started))
    return result


def _http_request(request: Incoming, parameters: dict[str, str]) -> func.HttpRequest:
    headers: dict[str, str] = {}
    for name, value in request.headers:  # repeated ones are joined, as the host does
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    query = f"?{request.query}" if request.query else ""
    return func.HttpRequest(
        request.method,
        f"http://{request.host}{request.path}{query}",
        headers=headers,
        params={name: ",".join(values) for name, values in parse_qs(request.query).items()},
        route_params=parameters,
        body=request.body,
    )


def _answer(result: object) -> Answer:
    if isinstance(result, str):
        result = func.HttpResponse(result)
    if not isinstance(result, func.HttpResponse):
        raise TypeError(f"an HTTP function returns an HttpResponse, not {type(result).__name__}")
    headers = [(name, value) for name, value in result.headers.items()]
    if "content-type" not in result.headers:  # the worker adds one even where there is no body
        charset = f"; charset={result.charset}" if result.mimetype.startswith("text/") else ""
        headers.append(("Content-Type", result.mimetype + charset))
    return Answer(result.status_code, headers, result.get_body())


class Application:
    """The functions as an ASGI application; they run in the threads of `executor`."""

    def __init__(self, functions: Sequence[HttpFunction], executor: Executor) -> None:
        self._functions = functions
        self._executor = executor

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """One request (ASGI 3)."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            return
        request = _incoming(scope, body)
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._executor, answer, self._functions, request)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in result.headers]
        headers.append((b"content-length", str(len(result.body)).encode()))
        await send({"type": "http.response.start", "status": result.status, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": result.body, "more_body": False})


def _incoming(scope: HTTPScope, body: bytes) -> Incoming:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    return Incoming(
        method=scope["method"],
        host=dict(headers).get("host", "127.0.0.1"),
        path=(scope.get("raw_path") or b"").decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


async def _body(receive: ASGIReceiveCallable) -> bytes | None:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":  # the client left in the middle of its request
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
