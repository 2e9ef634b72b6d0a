"""Web resources as Dataverse takes them: a name with a publisher's prefix, content in base64."""

from __future__ import annotations

import base64
import binascii
import re

from emulator.context import Context
from emulator.errors import DataverseError
from emulator.seams import Change

_NAME = re.compile(r"[A-Za-z0-9]+_/?[\w.\-]+(?:/[\w.\-]+)*", re.ASCII)


def check_web_resource(context: Context, change: Change) -> None:
    """An observer: refuses names with 0x8004f117 and 0x8004f118, and content that is not base64."""
    if change.table.logical_name != "webresource" or change.message == "Delete":
        return
    if change.message == "Create":
        _check_name(context, str(change.values.get("name") or ""))
    content = change.values.get("content")
    if content is not None:
        try:
            base64.b64decode(str(content), validate=True)
        except binascii.Error as error:
            message = "The input is not a valid Base-64 string."
            raise DataverseError(400, "0x80040216", message) from error


def _check_name(context: Context, name: str) -> None:
    prefix = name.partition("_")[0].lower()
    statement = "SELECT 1 FROM publisher WHERE lower(customizationprefix) = ?"
    if "_" not in name or context.db.execute(statement, (prefix,)).fetchone() is None:
        raise DataverseError(400, "0x8004f118", "Webresource name does not contain a valid prefix.")
    if _NAME.fullmatch(name) is None:
        message = (
            "Web resource names may only include letters, numbers, periods, and nonconsecutive forward slash "
            "characters."
        )
        raise DataverseError(400, "0x8004f117", message)
