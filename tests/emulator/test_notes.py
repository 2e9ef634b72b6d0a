"""Notes with documents, on tables that allow notes from the start or later."""

from __future__ import annotations

from base64 import b64encode

import pytest

DOCUMENT = b64encode(b"0123456789").decode()


def test_a_document_counts_its_own_bytes_and_makes_the_note_one(web) -> None:
    note = web.create("annotations", {"subject": "Plan"})
    assert _facts(web, note) == (None, False)

    web.patch(f"annotations({note})", {"filename": "plan.txt", "documentbody": DOCUMENT})
    assert _facts(web, note) == (10, True)
    assert web.row(f"annotations({note})?$select=documentbody")["documentbody"] == DOCUMENT

    web.patch(f"annotations({note})", {"documentbody": None})
    assert _facts(web, note) == (0, False)


@pytest.mark.parametrize("body", ["not base64!", "abc"])
def test_a_document_is_base64(web, say, body: str) -> None:
    assert say.code(web.post("annotations", {"subject": "Plan", "documentbody": body})) == "0x80040203"


def test_a_table_may_get_notes_later_and_keeps_them(fresh, say) -> None:
    path = "EntityDefinitions(LogicalName='new_plain')"
    assert fresh.post("EntityDefinitions", say.table("new_Plain")).status_code == 204
    row = fresh.create("new_plains", {"new_name": "A row"})
    note = {"subject": "Plan", "objectid_new_plain@odata.bind": f"/new_plains({row})"}
    assert fresh.post("annotations", note).status_code == 400

    on, off = ({**say.table("new_Plain"), "HasNotes": value} for value in (True, False))
    assert fresh.put(path, on).status_code == 204
    made = fresh.create("annotations", note)
    assert fresh.put(path, off).status_code == 400

    assert fresh.row(f"{path}?$select=HasNotes")["HasNotes"] is True
    (found,) = fresh.row(f"new_plains({row})?$expand=new_Plain_Annotations($select=subject)")["new_Plain_Annotations"]
    assert (found["annotationid"], found["subject"]) == (made, "Plan")


def _facts(web, note: str) -> tuple[object, object]:
    row = web.row(f"annotations({note})?$select=filesize,isdocument")
    return row["filesize"], row["isdocument"]
