"""Make an environment have the schema: read, plan, carry out, wait for the keys, publish.

Safe to repeat and to interrupt: each run starts from what is there. Two runs at once get into each other's way (only
one change of metadata runs at a time) and both end with everything in place.
"""

from __future__ import annotations

from collections.abc import Callable

from dataverse.schema.actual import ACTIVE, FAILED, read, read_keys
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Schema
from dataverse.schema.plan import Plan, Step, plan, publish
from dataverse.webapi.client import Client
from dataverse.webapi.errors import CustomizationLocked, PermanentFault
from dataverse.webapi.request import Request
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
    on_step: Callable[[Step], None] = lambda step: None,
) -> tuple[Step, ...]:
    """Carry out what is missing and return it; `on_step` is called before each step.

    Raises ConfigurationError, before anything is changed, where the environment has something else in the way;
    otherwise the errors of `Client.send`. Give it a client with `METADATA_LIMITS`.
    """
    done: list[Step] = []
    for _ in range(_ROUNDS):
        steps = _next_steps(client, schema)
        if not steps:
            break
        for step in steps:
            on_step(step)
            _carry_out(client, schema, step, sleep)
            done.append(step)
    else:
        raise Refused(f"Dataverse accepted every change and still lacks: {', '.join(step.what for step in steps)}")
    _wait_for_keys(client, schema, sleep)
    last = publish(schema)
    on_step(last)
    _unlocked(client, last.request, sleep)
    return tuple(done)


def preview(client: Client, schema: Schema = TEXTVERSE) -> Plan:
    """What `apply` would do, and what stands in its way; changes nothing."""
    return plan(schema, read(client, schema))


def _next_steps(client: Client, schema: Schema) -> tuple[Step, ...]:
    found = preview(client, schema)
    if found.conflicts:
        raise ConfigurationError("The environment cannot take the tables. " + " ".join(found.conflicts))
    return found.steps


def _carry_out(client: Client, schema: Schema, step: Step, sleep: Callable[[float], None]) -> None:
    """Carry out a step. A refusal is none where the step turns out to be done: by another run, or by a request whose
    answer was lost. Dataverse has many codes for that; what is there afterwards is one answer to all."""
    request = step.request
    if step.definition:
        request = _replacement(client, step)
    try:
        _unlocked(client, request, sleep)
    except (Conflict, PermanentFault):
        for _ in range(_SETTLE_ATTEMPTS):
            if step.what not in {each.what for each in _next_steps(client, schema)}:
                return
            sleep(_SETTLE_PAUSE)
        raise


def _replacement(client: Client, step: Step) -> Request:
    """The whole definition as it is, with the step's changes in it."""
    headers = {"Consistency": "Strong"}
    present = client.send(Request(method="GET", path=step.definition, headers=headers, repeatable=True)).json()
    body = {name: value for name, value in present.items() if name != "@odata.context"} | dict(step.request.body or {})
    return Request(
        method=step.request.method, path=step.request.path, headers=step.request.headers, body=body, repeatable=True
    )


def _unlocked(client: Client, request: Request, sleep: Callable[[float], None]) -> None:
    """Send a change; wait while another import, publish or change of metadata is running."""
    for attempt in range(1, _LOCK_ATTEMPTS + 1):
        try:
            client.send(request)
        except CustomizationLocked as error:
            if attempt == _LOCK_ATTEMPTS:
                raise
            sleep(max(_LOCK_PAUSE, error.retry_after or 0.0))
        else:
            return


def _wait_for_keys(client: Client, schema: Schema, sleep: Callable[[float], None]) -> None:
    """Wait until the indexes behind our alternate keys are built: until then no row is found by them."""
    ours = {(table.name, key.name) for table in schema.tables for key in table.keys}
    for _ in range(_KEY_ATTEMPTS):
        present = read_keys(client, sorted({table for table, _ in ours}))
        states = {key: present[table][key].status for table, key in ours if key in present[table]}
        failed = sorted(key for key, status in states.items() if status == FAILED)
        if failed:
            raise Refused(
                f"Dataverse could not build {', '.join(failed)}: rows have the same values. Mend them, then run again."
            )
        if all(states.get(key) == ACTIVE for _, key in ours):
            return
        sleep(_KEY_PAUSE)
    raise Unavailable("The alternate keys are still being built: run again later to finish.")
