"""`SaveSettingValue` and `RetrieveSetting`: the value of a setting, of an app before that of the environment.

What is saved for an app comes into force when the app is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from emulator.errors import DataverseError, does_not_exist
from emulator.operations import Json, Target, action, function
from emulator.records.rows import Row, fetch, insert
from emulator.records.values import written
from emulator.records.writing import write
from emulator.seams import Work


@action("SaveSettingValue")
def save_setting_value(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Sets a setting for an app, or for the environment where no app is named."""
    setting, value = _definition(work, arguments), arguments.get("Value")
    if not isinstance(value, str):
        raise DataverseError(400, "0x80040203", "The parameter Value of SaveSettingValue is required.")
    app = _app(work, arguments)
    table = work.context.schema.tables["appsetting" if app else "organizationsetting"]
    work.parts.security.check_privilege(work.context, table, "Create")
    where, parameters = _place(str(setting["settingdefinitionid"]), app)
    statement = f'SELECT "{table.primary_id}" FROM "{table.logical_name}" WHERE {where}'
    found = work.context.db.execute(statement, parameters).fetchone()
    if found is not None:
        before = fetch(work.context.db, table, found[0]) or {}
        write(work, table, found[0], {"value": value}, before)
        return None
    now = written(work.context.now())
    row: Row = {table.primary_id: str(uuid4()), "settingdefinitionid": setting["settingdefinitionid"], "value": value}
    row.update(uniquename=setting["uniquename"], displayname=setting["displayname"], statecode=0, statuscode=1)
    row.update(createdon=now, modifiedon=now, createdby=work.context.user_id, modifiedby=work.context.user_id)
    row.update({"parentappmoduleid": app, "componentstate": 1} if app else {})
    insert(work.context.db, table, row)
    return None


@function("RetrieveSetting")
def retrieve_setting(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """The value in force."""
    setting, app = _definition(work, arguments), _app(work, arguments)
    identity, value = str(setting["settingdefinitionid"]), setting["defaultvalue"]
    of_environment = "SELECT value FROM organizationsetting WHERE settingdefinitionid = ?"
    of_app = (
        "SELECT value FROM appsetting WHERE settingdefinitionid = ? AND parentappmoduleid = ? AND componentstate = 0"
    )
    for statement, parameters in ((of_environment, (identity,)), (of_app, (identity, app))):
        found = work.context.db.execute(statement, parameters).fetchone()
        value = found[0] if found else value
    return {"SettingDetail": {"Name": setting["uniquename"], "Value": value, "DataType": setting["datatype"]}}


def _place(setting: str, app: str | None) -> tuple[str, tuple[str, ...]]:
    if app is None:
        return "settingdefinitionid = ?", (setting,)
    return "settingdefinitionid = ? AND parentappmoduleid = ?", (setting, app)


def _definition(work: Work, arguments: Mapping[str, object]) -> Row:
    name = str(arguments.get("SettingName") or "")
    statement = "SELECT settingdefinitionid FROM settingdefinition WHERE uniquename = ?"
    found = work.context.db.execute(statement, (name,)).fetchone()
    row = fetch(work.context.db, work.context.schema.tables["settingdefinition"], found[0]) if found else None
    if row is None:
        raise does_not_exist("settingdefinition", name)
    return row


def _app(work: Work, arguments: Mapping[str, object]) -> str | None:
    name = arguments.get("AppUniqueName")
    if not name:
        return None
    name = str(name)
    statement = "SELECT appmoduleid FROM appmodule WHERE uniquename = ?"
    found = work.context.db.execute(statement, (name,)).fetchone()
    if found is None:
        raise does_not_exist("appmodule", name)
    return str(found[0])
