"""Main forms."""

from __future__ import annotations

from dataverse.schema.components import Form
from dataverse.schema.model import Table
from dataverse.schema.rows.form_xml import form_xml
from dataverse.schema.rows.kinds import FORM
from dataverse.schema.rows.row import Ids, Row, described, digest

MAIN = 2


def form_row(form: Form, table: Table, ids: Ids) -> Row:
    """A main form of a table of ours."""
    xml = form_xml(form, table, ids)
    description = described(form.description, digest(form.description, xml))
    ours = {"formxml": xml, "description": description}
    return Row(
        kind=FORM,
        id=form.id,
        what=f"form {form.name} of {form.table}",
        values={"name": form.name, "objecttypecode": form.table, "type": MAIN, **ours},
        kept={"description": description},
        mend=ours,
    )
