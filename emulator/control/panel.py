"""Everything about an emulator that is not Dataverse: its log, faults, limits and copies."""

from __future__ import annotations

from contextvars import ContextVar

from emulator.control.copies import Copies
from emulator.control.faults import Faults
from emulator.control.limits import Limits
from emulator.control.switches import restore_defaults
from emulator.exchange import Call
from emulator.requestlog import Entry, RequestLog
from emulator.service import Service

# The request that is being worked on; it goes along into the thread that does the work.
CURRENT: ContextVar[Entry | None] = ContextVar("CURRENT", default=None)


class Panel:
    """What stands beside the service of one environment."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.log = RequestLog(service.clock)
        self.faults = Faults()
        self.limits = Limits(service.behaviour, service.clock)
        self.copies = Copies(service.store.copy_to, service.put_back, service.copy_of_fresh_one)
        service.before = self._before

    def reset(self) -> None:
        """A fresh environment, without faults, as if nothing had been asked yet."""
        self.copies.reset()
        restore_defaults(self.service.behaviour)
        self.faults.clear()
        self.limits.clear()
        self.log.clear()

    def close(self) -> None:
        """Removes the copies."""
        self.copies.close()

    def _before(self, call: Call, user_id: str) -> None:
        entry = CURRENT.get()
        if entry is not None and user_id != entry.user and user_id not in entry.acting:
            entry.acting.append(user_id)
        for rule in self.faults.on_operation(call):
            if entry is not None:
                entry.faults.append(rule.number)
            rule.effect.within()
