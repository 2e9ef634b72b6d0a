"""What a note says of its document: that it has one, and how large it is, which the platform fills in itself."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping

from emulator.errors import DataverseError
from emulator.metadata.model import Table


def about_document(table: Table, given: Mapping[str, object]) -> dict[str, object]:
    """`filesize` and `isdocument` where a document was given; nothing for other tables. Raises 400 for what is not in
    base64, with a code and a sentence of ours: Learn does not tell them."""
    if table.logical_name != "annotation" or "documentbody" not in given:
        return {}
    body = given["documentbody"]
    if not isinstance(body, str):
        return {"filesize": 0, "isdocument": 0}
    try:
        size = len(b64decode(body, validate=True))
    except Error:
        raise DataverseError(400, "0x80040203", "documentbody is no document in base64.") from None
    return {"filesize": size, "isdocument": 1}
