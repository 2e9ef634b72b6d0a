"""What a fault does to a request: it comes around the work, before it, after it, or in its place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.responses import HTMLResponse, JSONResponse, Response

from emulator.control.connection import Broken, Cut
from emulator.errors import DataverseError
from emulator.exchange import JSON_TYPE, refusal

GoOn = Callable[[], Awaitable[Response]]


class Effect(Protocol):
    """`around` a whole request, whose work is `go_on`; `within` one operation, before its work."""

    async def around(self, go_on: GoOn) -> Response: ...

    def within(self) -> None:
        """May wait, or raise `DataverseError`."""
        ...


@dataclass(frozen=True, slots=True)
class Refused:
    """An error instead of the work; `page` is the HTML of a gateway that has no JSON."""

    error: DataverseError
    page: str = ""

    async def around(self, go_on: GoOn) -> Response:
        answer = refusal(self.error)
        if self.page:
            return HTMLResponse(self.page, answer.status, answer.headers)
        return JSONResponse(answer.payload, answer.status, answer.headers, media_type=JSON_TYPE)

    def within(self) -> None:
        raise self.error


@dataclass(frozen=True, slots=True)
class Delayed:
    """The work, later. An operation holds its transaction open meanwhile, as a slow plug-in does."""

    seconds: float

    async def around(self, go_on: GoOn) -> Response:
        await asyncio.sleep(self.seconds)
        return await go_on()

    def within(self) -> None:
        time.sleep(self.seconds)


class Whole:
    """What happens to a connection happens to a whole request."""

    def within(self) -> None:
        raise NotImplementedError("rules for operations do not take such faults")


@dataclass(frozen=True, slots=True)
class Reset(Whole):
    """The connection is reset, and nothing was done."""

    async def around(self, go_on: GoOn) -> Response:
        return Broken()


@dataclass(frozen=True, slots=True)
class Lost(Whole):
    """Everything was done, and then the connection is reset."""

    async def around(self, go_on: GoOn) -> Response:
        await go_on()
        return Broken()


@dataclass(frozen=True, slots=True)
class Truncated(Whole):
    """Everything was done, but the connection closes within the body of the answer; without a body, before it."""

    length: int | None

    async def around(self, go_on: GoOn) -> Response:
        answer = await go_on()
        return Cut(answer, len(answer.body) // 2 if self.length is None else self.length)
