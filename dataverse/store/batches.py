"""Reads that go together in one round trip."""

from __future__ import annotations

from collections.abc import Sequence

from dataverse.store.rows import Row, rows
from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request, Response


def answers(client: Client, queries: Sequence[Request]) -> list[list[Row]]:
    """The rows of each query, in order; one `$batch`. Raises what the first failing query calls for."""
    answer = client.batch(queries)
    raise_for_all(answer)
    return [rows(part.json()) for part in answer.parts if isinstance(part, Response)]


def raise_for_all(answer: BatchAnswer) -> None:
    """Raise the error that ended the batch, if one did."""
    for part in answer.parts:
        answer.raise_for(part)
