"""Connections that break: what happens below HTTP, which ASGI does not speak of."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from typing import cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_TRANSPORT = "transport"
_DROP_WHAT_IS_UNSENT = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # closing sends RST, not FIN


class Connection(H11Protocol):
    """HTTP/1.1 by uvicorn; the connection itself travels with the request, in its state."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self.app_state = {**self.app_state, _TRANSPORT: transport}


class Broken(Response):
    """No answer: the client sees its connection reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = _transport(scope)
        peer: socket.socket = transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP_WHAT_IS_UNSENT)
        transport.abort()
        await _gone(receive)


class Cut(Response):
    """The head of an answer, that much of its body, and the end of the connection."""

    def __init__(self, whole: Response, length: int) -> None:
        super().__init__(whole.body, whole.status_code)
        self.raw_headers = whole.raw_headers
        self._length = length

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        part = bytes(self.body)[: min(self._length, len(self.body) - 1)] if self.body else b""
        if self.body:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": part, "more_body": True})
        _transport(scope).close()
        await _gone(receive)


def _transport(scope: Scope) -> asyncio.Transport:
    return cast("asyncio.Transport", scope["state"][_TRANSPORT])


async def _gone(receive: Receive) -> None:
    """Waits until the server knows that the connection is closed; it would answer in our place otherwise."""
    while (await receive())["type"] != "http.disconnect":
        pass
