"""Functions and actions by name, bound to rows or not. Modules register theirs when they are imported.

    @function("WhoAmI")
    def who_am_i(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None: ...

    @action("AddMembersTeam", bound_to="team")
    def add_members(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None: ...

What a handler returns becomes the JSON of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from emulator.errors import DataverseError, bad_query, not_supported
from emulator.exchange import Answer, Call
from emulator.metadata.model import Table
from emulator.paths import Segment, literal, named_arguments
from emulator.seams import Work

NAMESPACE = "Microsoft.Dynamics.CRM."
ANY_TABLE = "*"
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Target:
    """What a bound operation is called on: a table, and a row of it unless it is bound to the collection."""

    table: Table
    row_id: str | None


Handler = Callable[[Work, Target | None, Mapping[str, object]], Json | None]


@dataclass(frozen=True, slots=True)
class Operation:
    """A registered function (GET) or action (POST)."""

    name: str
    method: str
    bound_to: str | None
    handler: Handler


_REGISTERED: dict[tuple[str, str | None], Operation] = {}


def function(name: str, bound_to: str | None = None) -> Callable[[Handler], Handler]:
    """Registers a function; `bound_to` is a table's logical name."""
    return _registering(name, "GET", bound_to)


def action(name: str, bound_to: str | None = None) -> Callable[[Handler], Handler]:
    """Registers an action; `bound_to` is a table's logical name, or `ANY_TABLE`. Returning None, it answers 204."""
    return _registering(name, "POST", bound_to)


def _registering(name: str, method: str, bound_to: str | None) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        add(Operation(name, method, bound_to, handler))
        return handler

    return register


def add(operation: Operation) -> None:
    """Registers an operation that is described already."""
    _REGISTERED[operation.name, operation.bound_to] = operation


def registered() -> list[Operation]:
    """Every operation that can be called, by name."""
    return sorted(_REGISTERED.values(), key=lambda each: (each.name, each.bound_to or ""))


def call_operation(work: Work, segment: Segment, target: Target | None) -> Answer:
    """Runs the operation that the segment names. Raises 501 for one that is not registered."""
    name = segment.name.removeprefix(NAMESPACE)
    operation = _REGISTERED.get((name, target.table.logical_name if target else None))
    if operation is None and target is not None:
        operation = _REGISTERED.get((name, ANY_TABLE))
    if operation is None:
        raise not_supported(f"the operation {name}")
    if work.call.method != operation.method:
        raise DataverseError(
            405, "0x80060888", f"The operation {name} takes {operation.method}, not {work.call.method}."
        )
    arguments = _arguments(work.call, segment) if operation.method == "GET" else work.call.json(may_be_empty=True)
    result = operation.handler(work, target, arguments)
    if result is None:
        return Answer()
    context = f"{work.context.url}$metadata#{NAMESPACE}{name}Response"
    return Answer(status=200, payload={"@odata.context": context, **result})


def _arguments(call: Call, segment: Segment) -> dict[str, object]:
    """The parameters of a function: inline, or by alias (`Target=@t` with `?@t=…`)."""
    given = call.parameters()
    named = named_arguments(segment.arguments) if segment.arguments else {}
    missing = [text for text in named.values() if text.startswith("@") and text not in given]
    if missing:
        raise bad_query(f"The parameter alias {missing[0]} has no value.")
    return {name: literal(given[text] if text.startswith("@") else text) for name, text in named.items()}
