"""Which parts the emulator is put together from. The one place that knows them all."""

from __future__ import annotations

import emulator.actions  # noqa: F401 - registers its operations
from emulator.odata import connection, read
from emulator.seams import Parts


def standard_parts() -> Parts:
    """The parts of `python -m emulator`."""
    return Parts(reader=read, prepare=(connection.register,))
