"""What goes together in one round trip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from dataverse.store.rows import Row, rows
from dataverse.webapi.batch import Answer
from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.client import Client
from dataverse.webapi.request import Json, Request, Response
from messaging.errors import NotFound

Item = TypeVar("Item")


def pages(client: Client, queries: Sequence[Request]) -> list[Json]:
    """The first page of each query as it was answered, in order; one `$batch`. Raises what the first failing query
    calls for."""
    answer = client.batch(queries)
    raise_for_all(answer)
    return [part.json() for part in answer.parts if isinstance(part, Response)]


def answers(client: Client, queries: Sequence[Request]) -> list[list[Row]]:
    """The rows of each query, in order; one `$batch`. Raises what the first failing query calls for."""
    return [rows(page) for page in pages(client, queries)]


def has_more(page: Json) -> bool:
    """Whether there are more rows than were answered."""
    return "@odata.nextLink" in page


def is_gone(answer: BatchAnswer, part: Answer) -> bool:
    """Whether what a part is about was deleted meanwhile. Raises any other error that it calls for."""
    try:
        answer.raise_for(part)
    except NotFound:
        return True
    return False


def raise_for_all(answer: BatchAnswer) -> None:
    """Raise the error that ended the batch, if one did."""
    for part in answer.parts:
        answer.raise_for(part)


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter."""
    left = iter(items)
    while part := list(islice(left, size)):
        yield part
