"""Carry a plan out, and tell what goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from admin.output import Tell
from admin.provision.installation import Desired
from admin.provision.whole_plan import Sign, WholePlan, told
from dataverse.schema.apply import apply, preview
from dataverse.schema.steps import Step
from dataverse.store import provider_accounts
from dataverse.store.provider_accounts import changes, stored_accounts
from dataverse.webapi.client import Client


def make_plan(client: Client, desired: Desired) -> WholePlan:
    """What is to be done in the environment; changes nothing."""
    stored = stored_accounts(client)
    accounts = tuple(changes(desired.accounts, stored))
    changed = {change.callback_id for change in accounts}
    return WholePlan(
        schema=preview(client, desired.schema),
        accounts=accounts,
        same_accounts=tuple(name for name in desired.accounts if name not in changed),
    )


def carry_out(client: Client, desired: Desired, *, sleep: Callable[[float], None], tell: Tell) -> list[str]:
    """Make everything as it should be, and return what was done, in words. Cut off at any point, the next run finishes
    it: what is missing is read from the environment, also by this one."""
    watcher = _Watcher(tell, len(desired.accounts))
    done = [str(step) for step in apply(client, desired.schema, sleep=sleep, watch=watcher)]
    for change in changes(desired.accounts, stored_accounts(client)):
        what = f"{Sign.CREATE if change.stored is None else Sign.CHANGE} {told(change)}"
        watcher.doing(what)
        provider_accounts.carry_out(client, change)
        done.append(what)
    return done


class _Watcher:
    """Looks on while the schema is applied. `more` is how much follows then."""

    def __init__(self, tell: Tell, more: int) -> None:
        self._tell = tell
        self._more = more
        self._total = more
        self._begun = 0

    def planned(self, steps: Sequence[Step]) -> None:
        self._total = self._begun + len(steps) + self._more

    def started(self, step: Step) -> None:
        self.doing(str(step))

    def waiting(self, why: str) -> None:
        self._tell(f"waiting: {why}", self._begun, self._total)

    def doing(self, what: str) -> None:
        self._begun += 1
        self._tell(what, self._begun, self._total)
