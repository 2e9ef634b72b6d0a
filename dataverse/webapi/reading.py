"""A client that reads, and cannot do anything else."""

from __future__ import annotations

from collections.abc import Sequence

from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.client import Client
from dataverse.webapi.request import ChangeSet, Request, Response


class OnlyReads(RuntimeError):
    """Something was to be written by who only looks: a defect of ours. Nothing was sent."""


class ReadingClient(Client):
    """A client through which nothing can be written: whatever is not a GET raises OnlyReads before it is sent."""

    def send(self, request: Request) -> Response:
        """As `Client.send`."""
        _check(request)
        return super().send(request)

    def batch(self, parts: Sequence[Request | ChangeSet], *, continue_on_error: bool = False) -> BatchAnswer:
        """As `Client.batch`."""
        for part in parts:
            _check(part)
        return super().batch(parts, continue_on_error=continue_on_error)


def _check(part: Request | ChangeSet) -> None:
    if isinstance(part, ChangeSet) or part.method != "GET":
        raise OnlyReads("a write was asked of a client that only reads")
