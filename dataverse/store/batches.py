"""Reads that go together in one round trip."""

from __future__ import annotations

from collections.abc import Sequence

from dataverse.store.rows import Row, rows
from dataverse.webapi.client import Client
from dataverse.webapi.errors import raise_for
from dataverse.webapi.request import Request, Response


def answers(client: Client, queries: Sequence[Request]) -> list[list[Row]]:
    """The rows of each query, in order; one `$batch`. Raises what the first failing query calls for."""
    found = []
    for query, part in zip(queries, client.batch(queries).parts, strict=False):
        assert isinstance(part, Response), "a query is never a change set"
        raise_for(part, query)
        found.append(rows(part.json()))
    return found
