"""Many reads in one call, each as fresh as the last change to the metadata."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import TypeVar

from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request, Response
from messaging.errors import NotFound

Row = Mapping[str, object]
Part = TypeVar("Part")
Other = TypeVar("Other")

Reading = Generator[list[str], list[Row], Part]
"""Something that is read step by step: it yields paths, is sent the answers, and returns what it made of them."""


def ask(client: Client, paths: Iterable[str]) -> list[Row]:
    """The answer to each path, in order; empty for what there is not. Raises the errors of `Client.batch`, and of its
    parts."""
    requests = [Request(method="GET", path=path, headers={"Consistency": "Strong"}, repeatable=True) for path in paths]
    if not requests:
        return []
    answer = client.batch(requests, continue_on_error=True)
    return [_found(answer, part) for part in answer.parts if isinstance(part, Response)]


def read_both(client: Client, first: Reading[Part], second: Reading[Other]) -> tuple[Part, Other]:
    """What two readings come to, each of their steps in one call with the other's. Both take as many steps."""
    one, other = next(first), next(second)
    while True:
        answers = ask(client, [*one, *other])
        here, there = answers[: len(one)], answers[len(one) :]
        try:
            one = first.send(here)
        except StopIteration as end:
            return end.value, _end(second, there)
        other = second.send(there)


def _end(reading: Reading[Part], answers: list[Row]) -> Part:
    try:
        reading.send(answers)
    except StopIteration as end:
        result: Part = end.value
        return result
    raise ValueError("one of the readings asks for more than the other")


def rows_of(page: Row) -> list[Row]:
    """The rows of an answer that holds several."""
    return [row for row in list_of(page.get("value")) if isinstance(row, Mapping)]


def list_of(value: object) -> list[object]:
    """A list in an answer, empty where there is none."""
    return value if isinstance(value, list) else []


def _found(answer: BatchAnswer, part: Response) -> Row:
    try:
        answer.raise_for(part)
    except NotFound:
        return {}
    return part.json()
