"""Unbound functions and actions: who am I, notify a user, publish."""

from __future__ import annotations

import json
from collections.abc import Mapping

from emulator.errors import DataverseError
from emulator.operations import Json, Target, action, function
from emulator.records.deep import create
from emulator.records.links import existing
from emulator.records.payload import Submission
from emulator.records.values import stored
from emulator.seams import Work

TWO_WEEKS = 1_209_600
NOTIFYING = "prvSendAppNotification"
# Parameter of SendAppNotification, and the column of appnotification that keeps it.
_NOTIFICATION = {
    "Title": "title",
    "Body": "body",
    "IconType": "icontype",
    "ToastType": "toasttype",
    "Priority": "priority",
    "Expiry": "ttlinseconds",
}


@function("WhoAmI")
def who_am_i(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """The caller, its business unit and the organization."""
    statement = "SELECT businessunitid, organizationid FROM systemuser, organization WHERE systemuserid = ?"
    unit, organization = work.context.db.execute(statement, (work.context.user_id,)).fetchone()
    return {"BusinessUnitId": unit, "UserId": work.context.user_id, "OrganizationId": organization}


@function("RetrieveAvailableLanguages")
def retrieve_available_languages(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """The languages that labels can be in: the organization's only."""
    found = work.context.db.execute("SELECT languagecode FROM organization").fetchone()
    return {"LocaleIds": [found[0]]}


@function("RetrieveTotalRecordCount")
def retrieve_total_record_count(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """How many rows tables hold, whoever may read them. Dataverse answers from a count of the last day, this by
    counting. Raises 400 0x80041102 for a table that is not there."""
    names = arguments.get("EntityNames")
    if not isinstance(names, list) or not names:
        raise DataverseError(400, "0x80040203", "The parameter EntityNames must name a table.")
    counts = []
    for name in names:
        table = work.context.schema.tables.get(str(name))
        if table is None:
            raise DataverseError(400, "0x80041102", f"The entity with a name = '{name}' was not found.")
        counts.append(work.context.db.execute(f'SELECT count(*) FROM "{table.logical_name}"').fetchone()[0])
    found = {"Count": len(names), "IsReadOnly": False, "Keys": names, "Values": counts}
    return {"EntityRecordCountCollection": found}


@action("SendAppNotification")
def send_app_notification(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """A row of appnotification for one enabled user. Source: "Send in-app notifications", Learn; there the answer is
    204, in the description of the action it has the id: a switch of the environment decides. Takes a privilege of its
    own beside Create on the row."""
    work.parts.security.check_named(work.context, NOTIFYING)
    table = work.context.schema.tables["appnotification"]
    values: dict[str, object] = {"ttlinseconds": TWO_WEEKS}
    for parameter, column in _NOTIFICATION.items():
        if arguments.get(parameter) is not None:
            values[column] = stored(table, table.columns[column], arguments[parameter])
    if not values.get("title"):
        raise DataverseError(400, "0x80040203", "The parameter Title of SendAppNotification is required.")
    values.update(ownerid=_recipient(work, arguments.get("Recipient")), ownerid__table="systemuser")
    values["data"] = _data(arguments)
    made: Json = {"NotificationId": create(work, table, Submission(values))}
    return None if work.behaviour.notifications_without_body else made


def _recipient(work: Work, recipient: object) -> str:
    if not isinstance(recipient, str):
        raise DataverseError(400, "0x80040203", "The parameter Recipient of SendAppNotification is required.")
    address = existing(work.context, recipient)
    if address.table.logical_name != "systemuser":
        raise DataverseError(400, "0x80040203", "The recipient of a notification must be a user.")
    statement = "SELECT isdisabled FROM systemuser WHERE systemuserid = ?"
    if work.context.db.execute(statement, (address.row_id,)).fetchone()[0]:
        raise DataverseError(400, "0x80040203", f"The user {address.row_id} is disabled and cannot be notified.")
    return str(address.row_id)


def _data(arguments: Mapping[str, object]) -> str | None:
    """Actions and overriding content as the app reads them from the row: without the OData type annotations."""
    data: dict[str, object] = {}
    for parameter in ("Actions", "OverrideContent"):
        given = _without_annotations(arguments.get(parameter))
        if isinstance(given, dict):
            data.update(given)
    return json.dumps(data, ensure_ascii=False) if data else None


def _without_annotations(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_annotations(item) for name, item in value.items() if "@odata." not in name}
    if isinstance(value, list):
        return [_without_annotations(item) for item in value]
    return value
