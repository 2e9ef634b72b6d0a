"""State and status belong together: each status to one state, each state with the status it starts with."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.errors import DataverseError
from emulator.metadata.model import Table


def settle(table: Table, given: Mapping[str, object], current: object, row_id: str) -> dict[str, object]:
    """The state and status that result from what was given, on top of the current state (None for a new row).

    A state alone brings its default status. Raises 0x80048408 for a status of another state.
    """
    state_column, status_column = table.columns.get("statecode"), table.columns.get("statuscode")
    if state_column is None or status_column is None:
        return {}
    states = {option.value: option for option in state_column.options}
    if given.get("statecode") is None and given.get("statuscode") is None and current is not None:
        return {}
    state = given.get("statecode")
    state = state if state is not None else current
    state = state if state is not None else state_column.options[0].value
    status = given.get("statuscode")
    if status is None:
        status = states[int(str(state))].default_status
    belongs = {option.value: option.state for option in status_column.options}
    if belongs.get(int(str(status))) != state:
        label = states[int(str(state))].label.replace(" ", "")
        message = (
            f"{status} is not a valid status code for state code {table.schema_name}State.{label} on "
            f"{table.logical_name} with Id {row_id}."
        )
        raise DataverseError(400, "0x80048408", message)
    return {"statecode": state, "statuscode": status}
