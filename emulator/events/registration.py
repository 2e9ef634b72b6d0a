"""What cannot be registered: checked when an endpoint, a step or an image is written.

Sources: Learn, "Register a webhook", "Register a plug-in" (stages, modes, images), "Web service error codes". The texts
of 0x80044170 tell more than the platform's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from emulator.context import Context
from emulator.errors import DataverseError, not_supported
from emulator.events.authentication import check_url
from emulator.events.images import BOTH, POST, PRE
from emulator.events.steps import ASYNCHRONOUS, POST_OPERATION, SILENT, WEBHOOK, names
from emulator.metadata.model import Table
from emulator.records.rows import Row, fetch
from emulator.seams import Change

STAGES = (10, 20, POST_OPERATION)
MESSAGES = ("Create", "Update", "Delete")
# The property of the message that an image shows, and which images it can have.
_IMAGES = {"Create": ("Id", {POST}), "Update": ("Target", {PRE, POST, BOTH}), "Delete": ("Target", {PRE})}


def check_registration(context: Context, change: Change) -> None:
    """An observer. Raises 400 for what Dataverse refuses, 501 for messages and contracts that are not served."""
    check = _CHECKS.get(change.table.logical_name)
    row = fetch(context.db, change.table, change.row_id) if check and change.message != "Delete" else None
    if check is not None and row is not None:
        check(context, row)


def _check_endpoint(context: Context, row: Row) -> None:
    if row["contract"] != WEBHOOK:
        raise not_supported(f"endpoints of contract {row['contract']}, only webhooks ({WEBHOOK})")
    check_url(row["url"])


def _check_step(context: Context, row: Row) -> None:
    message = _message(context, row)
    if message not in MESSAGES:
        raise not_supported(f"steps of the message {message}")
    if row["stage"] not in STAGES:
        raise _refused(f"the stage must be {', '.join(map(str, STAGES[:-1]))} or {STAGES[-1]}")
    if row["mode"] == ASYNCHRONOUS and row["stage"] != POST_OPERATION:
        raise _refused(f"asynchronous steps run after the operation, in stage {POST_OPERATION}")
    table = _table(context, row)
    if table is not None and table.logical_name in SILENT:
        text = "Custom SdkMessageProcessingStep is not allowed on the specified message and entity."
        raise DataverseError(400, "0x80044187", text)
    if row["filteringattributes"]:
        _check_columns(table, str(row["filteringattributes"]), "filteringattributes")


def _table(context: Context, row: Row) -> Table | None:
    """The table of a step's filter, which must be one of its message; None for all tables."""
    if row["sdkmessagefilterid"] is None:
        return None
    statement = "SELECT sdkmessageid, primaryobjecttypecode FROM sdkmessagefilter WHERE sdkmessagefilterid = ?"
    message, name = context.db.execute(statement, (row["sdkmessagefilterid"],)).fetchone()
    if message != row["sdkmessageid"]:
        raise _refused("the message filter belongs to another message")
    return context.schema.tables[name]


def _message(context: Context, step: Mapping[str, object]) -> str:
    statement = "SELECT name FROM sdkmessage WHERE sdkmessageid = ?"
    return str(context.db.execute(statement, (step["sdkmessageid"],)).fetchone()[0])


def _check_image(context: Context, row: Row) -> None:
    step = fetch(context.db, context.schema.tables["sdkmessageprocessingstep"], str(row["sdkmessageprocessingstepid"]))
    if step is None:
        raise _refused("an image belongs to a step")
    message = _message(context, step)
    part, kinds = _IMAGES[message]
    if row["messagepropertyname"] != part:
        text = f"Message property name '{row['messagepropertyname']}' is not valid on message {message}."
        raise DataverseError(400, "0x8004416b", text)
    if row["imagetype"] not in kinds:
        raise DataverseError(400, "0x8004416d", f"Message {message} does not support this image type.")
    if row["imagetype"] != PRE and step["stage"] != POST_OPERATION:
        raise DataverseError(400, "0x8004416e", "PreEvent step registration does not support Post Image.")
    if row["attributes"]:
        _check_columns(_table(context, step), str(row["attributes"]), "attributes")


def _check_columns(table: Table | None, text: str, where: str) -> None:
    """Names of columns; a misspelt one would never be noticed otherwise."""
    unknown = sorted(names(text) - table.columns.keys()) if table is not None else []
    if table is None or unknown:
        what = f"{unknown[0]} is no column of {table.logical_name}" if table else "without a table there are no columns"
        raise _refused(f"{where}: {what}")


def _refused(why: str) -> DataverseError:
    return DataverseError(400, "0x80044170", f"The plug-in assembly registration configuration is invalid: {why}.")


_CHECKS: dict[str, Callable[[Context, Row], None]] = {
    "serviceendpoint": _check_endpoint,
    "sdkmessageprocessingstep": _check_step,
    "sdkmessageprocessingstepimage": _check_image,
}
