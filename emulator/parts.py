"""Which parts the emulator is put together from. The one place that knows them all."""

from __future__ import annotations

from collections.abc import Mapping

import emulator.actions  # noqa: F401 - registers its operations
from emulator.odata import connection, read
from emulator.operations import Handler, Json, Target, action, function
from emulator.seams import Parts, Work
from emulator.security import checks
from emulator.security.operations import OPERATIONS, SecurityOperation


def standard_parts() -> Parts:
    """The parts of `python -m emulator`."""
    return Parts(reader=read, security=checks, observers=(checks.observe,), prepare=(connection.register,))


def _handler(operation: SecurityOperation) -> Handler:
    def handle(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
        return operation.run(work.context, target, arguments)

    return handle


for _operation in OPERATIONS:
    _register = function if _operation.method == "GET" else action
    _register(_operation.name, _operation.bound_to)(_handler(_operation))
