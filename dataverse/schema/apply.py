"""Make an environment have the schema: read, plan, carry out, wait for the keys, publish.

Safe to repeat and to interrupt: each run starts from what is there. Two runs at once get into each other's way (only
one change of metadata runs at a time) and both end with everything in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dataverse.schema.actual import ACTIVE, FAILED, read, read_keys
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Schema
from dataverse.schema.plan import Plan, plan, publish
from dataverse.schema.rows.references import filled, look_up, placeholders
from dataverse.schema.steps import Step
from dataverse.schema.watcher import SILENT, Watcher
from dataverse.webapi.client import Client
from dataverse.webapi.errors import CustomizationLocked, PermanentFault, RowNotFound
from dataverse.webapi.request import Json, Request
from dataverse.webapi.retry import Limits
from messaging.errors import ConfigurationError, Conflict, Refused, Unavailable

METADATA_LIMITS = Limits(read=300.0, total=900.0)
"""What a client for this needs: creating a table or publishing takes Dataverse up to minutes."""

_LOCK_PAUSE, _LOCK_ATTEMPTS = 10.0, 60
_SETTLE_PAUSE, _SETTLE_ATTEMPTS = 2.0, 5
_KEY_PAUSE, _KEY_ATTEMPTS = 5.0, 120
_ROUNDS = 3


def apply(
    client: Client,
    schema: Schema = TEXTVERSE,
    *,
    sleep: Callable[[float], None],
    watch: Watcher = SILENT,
) -> tuple[Step, ...]:
    """Carry out what is missing and return it; `watch` is told of each step before it.

    Raises ConfigurationError, before anything is changed, where the environment has something else in the way;
    otherwise the errors of `Client.send`. Give it a client with `METADATA_LIMITS`.
    """
    return _Run(client, schema, sleep, watch).carry_out()


def preview(client: Client, schema: Schema = TEXTVERSE) -> Plan:
    """What `apply` would do, and what stands in its way; changes nothing."""
    return plan(schema, read(client, schema))


@dataclass(frozen=True, slots=True)
class _Run:
    """One application of the schema."""

    client: Client
    schema: Schema
    sleep: Callable[[float], None]
    watch: Watcher
    known: dict[str, str] = field(default_factory=dict)

    def carry_out(self) -> tuple[Step, ...]:
        """All steps, the keys, publishing; and a look at whether that was all."""
        done: list[Step] = []
        steps, last = self._next_steps()
        for _ in range(_ROUNDS):
            self.watch.planned((*steps, *last))
            for place, step in enumerate(steps):
                self.watch.started(step)
                self._make(step, steps[place:])
                done.append(step)
            self._wait_for_keys()
            for step in last:
                self.watch.started(step)
                self._unlocked(step.request)
            steps, last = self._next_steps()
            if not steps:
                return tuple(done)
        raise Refused(f"Dataverse accepted every change and still lacks: {', '.join(map(str, steps))}")

    def _next_steps(self) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
        """The steps from what there is, and those that publish; nothing stands in their way."""
        actual = read(self.client, self.schema)
        found = plan(self.schema, actual)
        if found.conflicts:
            raise ConfigurationError("The environment cannot take the schema. " + " ".join(found.conflicts))
        return found.steps, publish(self.schema, actual.components)

    def _make(self, step: Step, upcoming: Sequence[Step]) -> None:
        """Carry out a step. A refusal is none where the step turns out to be done: by another run, or by a request
        whose answer was lost. Dataverse has many codes for that; what is there afterwards is one answer to all."""
        try:
            request = self._replacement(step) if step.definition else self._filled(step.request, upcoming)
        except RowNotFound:  # what Dataverse makes by itself has another name, or is not there: the next look tells
            return
        try:
            self._unlocked(request)
        except (Conflict, PermanentFault):
            for _ in range(_SETTLE_ATTEMPTS):
                if step.what not in {each.what for each in self._next_steps()[0]}:
                    return
                self.watch.waiting("Dataverse refused a step that it may have carried out before.")
                self.sleep(_SETTLE_PAUSE)
            raise

    def _filled(self, request: Request, upcoming: Sequence[Step]) -> Request:
        """The request with what only the environment knows. What was just made may take a moment to be known; what the
        steps after it need is looked up on the same occasion. Raises ConfigurationError for what there is not."""
        needed = placeholders(request)
        for attempt in range(_SETTLE_ATTEMPTS):
            if needed <= self.known.keys():
                return filled(request, self.known)
            if attempt:
                self.watch.waiting("Dataverse does not know yet what was just made.")
                self.sleep(_SETTLE_PAUSE)
            wanted = {each for step in upcoming for each in placeholders(step.request)}
            self.known.update(look_up(self.client, wanted))
        missing = ", ".join(sorted(needed - self.known.keys())).translate(str.maketrans(":", " ", "«»"))
        raise ConfigurationError(f"There is no {missing} in this environment: is the app installed that it belongs to?")

    def _replacement(self, step: Step) -> Request:
        """The whole definition as it is, with the step's changes in it; of a member that has members, only those."""
        headers = {"Consistency": "Strong"}
        asked = Request(method="GET", path=step.definition, headers=headers, repeatable=True)
        present = self.client.send(asked).json()
        present.pop("@odata.context", None)
        return replace(step.request, body=present | dict(_merged(present, step.request.body or {})))

    def _unlocked(self, request: Request) -> None:
        """Send a change; wait while another import, publish or change of metadata is running."""
        for attempt in range(1, _LOCK_ATTEMPTS + 1):
            try:
                self.client.send(request)
            except CustomizationLocked as error:
                if attempt == _LOCK_ATTEMPTS:
                    raise
                self.watch.waiting("Another import, publish or change of tables is running in this environment.")
                self.sleep(max(_LOCK_PAUSE, error.retry_after or 0.0))
            else:
                return

    def _wait_for_keys(self) -> None:
        """Wait until the indexes behind our alternate keys are built: until then no row is found by them."""
        ours = {(table.name, key.name) for table in self.schema.tables for key in table.keys}
        for _ in range(_KEY_ATTEMPTS):
            present = read_keys(self.client, sorted({table for table, _ in ours}))
            states = {key: present[table][key].status for table, key in ours if key in present[table]}
            failed = sorted(key for key, status in states.items() if status == FAILED)
            if failed:
                raise Refused(
                    f"Dataverse could not build {', '.join(failed)}: rows have the same values. "
                    "Mend them, then run again."
                )
            unfinished = sorted(key for key, status in states.items() if status != ACTIVE)
            if not unfinished:
                return
            self.watch.waiting(f"Dataverse is building the index of {', '.join(unfinished)}.")
            self.sleep(_KEY_PAUSE)
        raise Unavailable("The alternate keys are still being built: run again later to finish.")


def _merged(present: Json, changes: Json) -> Iterator[tuple[str, object]]:
    for name, new in changes.items():
        old = present.get(name)
        yield name, {**old, **new} if isinstance(old, Mapping) and isinstance(new, Mapping) else new
