"""`PublishXml` and `PublishAllXml`: what was customized comes into force.

Tables, columns and choices are in force at once here, so publishing a table only brings its views and forms. What the
XML names has to be there; the codes of these refusals are not documented. `PublishAllXml` does not publish apps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from emulator.components.layers import publish_row
from emulator.components.markup import read_markup
from emulator.context import HIDDEN
from emulator.customization.gate import check_unlocked
from emulator.errors import DataverseError, does_not_exist
from emulator.operations import Json, Target, action
from emulator.paths import parse_guid
from emulator.records.rows import exists
from emulator.records.values import written
from emulator.seams import Work

PRIVILEGE = "prvPublishCustomization"
# Rows that belong to a table, with the column that names it.
_OF_TABLE = {"savedquery": "returnedtypecode", "systemform": "objecttypecode"}
# What the XML lists by id, and the table of the rows.
_ROWS = {"webresource": "webresource", "sitemap": "sitemap", "dashboard": "systemform"}


@action("PublishXml")
def publish(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Publishes what the XML names. Raises 403 without the privilege to publish."""
    given = arguments.get("ParameterXml")
    if not isinstance(given, str):
        raise DataverseError(400, "0x80040203", "The parameter ParameterXml of PublishXml is required.")
    root = _read(given)
    _check(work)
    for group in root:
        for item in group:
            _publish(work, item.tag, (item.text or "").strip())
    return None


@action("PublishAllXml")
def publish_all(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Publishes everything but apps."""
    _check(work)
    statement = "SELECT tablename, rowid_ FROM _unpublished"
    for name, row_id in work.context.db.execute(statement).fetchall():
        if name not in HIDDEN:
            publish_row(work.context.db, work.context.schema.tables[name], row_id)
    return None


def _check(work: Work) -> None:
    work.parts.security.check_named(work.context, PRIVILEGE)
    check_unlocked(work)


def _read(text: str) -> Element:
    try:
        root = read_markup(text)
    except ValueError as error:
        raise DataverseError(400, "0x80040201", f"Invalid XML: {error}.") from error
    if root.tag != "importexportxml":
        raise DataverseError(400, "0x80040201", "Invalid XML: the root of ParameterXml must be importexportxml.")
    return root


def _publish(work: Work, kind: str, name: str) -> None:
    if kind in _PUBLISHERS:
        _PUBLISHERS[kind](work, name)
    elif kind in _ROWS:
        _row(work, _ROWS[kind], name)


def _table(work: Work, name: str) -> None:
    if name not in work.context.schema.tables:
        message = f"The entity with a name = '{name}' was not found in the MetadataCache."
        raise DataverseError(400, "0x80041102", message)
    for below, column in _OF_TABLE.items():
        table = work.context.schema.tables[below]
        statement = f'SELECT "{table.primary_id}" FROM "{below}" WHERE "{column}" = ?'
        for (row_id,) in work.context.db.execute(statement, (name,)).fetchall():
            publish_row(work.context.db, table, row_id)


def _option_set(work: Work, name: str) -> None:
    if name.lower() not in {each.lower() for each in work.context.schema.option_sets}:
        raise DataverseError(400, "0x80048403", f"The option set {name} does not exist.")


def _app(work: Work, name: str) -> None:
    """An app comes with its settings."""
    row_id = _row(work, "appmodule", name)
    db, settings = work.context.db, work.context.schema.tables["appsetting"]
    db.execute("UPDATE appmodule SET publishedon = ? WHERE appmoduleid = ?", (written(work.context.now()), row_id))
    statement = "SELECT appsettingid FROM appsetting WHERE parentappmoduleid = ?"
    for (setting,) in db.execute(statement, (row_id,)).fetchall():
        publish_row(db, settings, setting)


def _row(work: Work, table_name: str, name: str) -> str:
    table, row_id = work.context.schema.tables[table_name], parse_guid(name.strip("{}"))
    if row_id is None or not exists(work.context.db, table, row_id):
        raise does_not_exist(table_name, name)
    publish_row(work.context.db, table, row_id)
    return row_id


_PUBLISHERS: dict[str, Callable[[Work, str], object]] = {"entity": _table, "optionset": _option_set, "appmodule": _app}
