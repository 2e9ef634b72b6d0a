"""Many calls at once, as many as the environment recommends: for filling up a table, not for a single text.

Dataverse says with its answers how many calls at the same time suit it (`x-ms-dop-hint`); more of them do not make it
faster, and run into its limits. Each call still waits and repeats by itself, as `Client` does.

Source: Microsoft Learn, "Send parallel requests".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from dataverse.webapi.client import Client
from dataverse.webapi.transport import POOL_SIZE

Item = TypeVar("Item")
Result = TypeVar("Result")

BEFORE_A_HINT = 4
"""Calls at once until the first answer has said how many are welcome."""

AHEAD = 4
"""Items taken in and not yet handed out, as a multiple of the calls at once: one slow call does not stop the others."""


def in_parallel(
    client: Client, work: Callable[[Item], Result], items: Iterable[Item], *, at_most: int = POOL_SIZE
) -> Generator[Result, None, None]:
    """`work(item)` for each item, in the order of the items, on several threads; `work` calls the client.

    `client.send` over requests and `client.batch` over lists of parts are such work. Items are taken as they are
    needed, so they may be endless. Never more than `at_most` calls run at once, nor more than Dataverse recommended
    last; raises ValueError where `at_most` is less than one.

    The first error in the order of the items is raised at its place, after the results before it. Once one call has
    failed no other is begun; those under way are waited for, so nothing runs on behind the caller's back, and what
    they did stays done. The same holds where the caller stops early, which is when the iterator is closed. Work that
    should outlast errors returns them instead of raising.
    """
    if at_most < 1:
        raise ValueError("at least one call at a time")
    return _results(work, iter(items), lambda: min(at_most, client.recommended_calls or BEFORE_A_HINT), at_most)


def _results(
    work: Callable[[Item], Result], items: Iterator[Item], degree: Callable[[], int], at_most: int
) -> Generator[Result, None, None]:
    begun: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(at_most, thread_name_prefix="dataverse")
    try:
        while True:
            running = [future for future in begun if not future.done()]
            room = min(degree() - len(running), at_most * AHEAD - len(begun))
            if room > 0 and not any(map(_failed, begun)):
                fresh = [pool.submit(work, item) for item in islice(items, room)]
                begun.extend(fresh)
                running.extend(fresh)
            if not begun:
                return
            if begun[0].done():
                yield begun.popleft().result()
            else:
                wait(running, return_when=FIRST_COMPLETED)
    finally:
        pool.shutdown(cancel_futures=True)


def _failed(future: Future[Result]) -> bool:
    return future.done() and future.exception() is not None
