"""Put events that were set aside back on the queue that they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from admin.replay.set_aside import QUEUES, SUFFIX, SetAside, set_aside
from admin.storage import Storage


@dataclass(slots=True)
class Found:
    """The events that were asked for, and the others."""

    chosen: list[SetAside] = field(default_factory=list)
    others: list[SetAside] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.chosen) + len(self.others)


def look(storage: Storage, is_wanted: Callable[[SetAside], bool]) -> Found:
    """Everything that was set aside; nothing is changed, and all of it is let go of in the end."""
    found = Found()
    try:
        for one in _all(storage):
            (found.chosen if is_wanted(one) else found.others).append(one)
    finally:
        _release(storage, [*found.chosen, *found.others])
    return found


def put_back(storage: Storage, is_wanted: Callable[[SetAside], bool], tell: Callable[[int], None]) -> Found:
    """Put what is wanted back, afresh; `tell` hears how many that are by now. The others are let go of in the end.

    An event is on its queue again before it is deleted here. Cut off in between it is in both, and goes twice, which
    does no harm: the ids of all that is written are derived from it, so that the second run meets the first one's rows.
    """
    found = Found()
    try:
        for one in _all(storage):
            if is_wanted(one):
                storage.put(one.held.queue.removesuffix(SUFFIX), one.content)
                storage.delete(one.held)
                found.chosen.append(one)
                tell(len(found.chosen))
            else:
                found.others.append(one)
    finally:
        _release(storage, found.others)
    return found


def _all(storage: Storage) -> Iterator[SetAside]:
    for queue in QUEUES:
        yield from map(set_aside, storage.hold(queue + SUFFIX))


def _release(storage: Storage, those: Iterable[SetAside]) -> None:
    for one in those:
        storage.release(one.held)
