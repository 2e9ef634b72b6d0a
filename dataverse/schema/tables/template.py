"""`txv_texttemplate`: a text to begin with."""

from __future__ import annotations

from dataverse.schema.model import Ownership, Table, memo, text, whole_number, yes_or_no
from dataverse.schema.names import ColumnName, SetName, TableName

TEXT_TEMPLATE = Table(
    name=TableName.TEXT_TEMPLATE,
    set_name=SetName.TEXT_TEMPLATES,
    display="SMS template",
    plural="SMS templates",
    description="A text to begin a message with, and what to put into it from the record.",
    ownership=Ownership.USER,
    primary=text(ColumnName.TITLE, 97, "Title", "What sellers find the template by."),
    columns=(
        text(ColumnName.TABLE, 100, "Table", "The logical name of the table whose records it is for."),
        whole_number(
            ColumnName.LANGUAGE, "Language", "The language of the text, as a Windows language code such as 1033."
        ),
        memo(ColumnName.TEXT, 6_000, "Text", "The text, with placeholders in braces."),
        memo(
            ColumnName.PLACEHOLDERS, 100_000, "Placeholders", "What stands in where the record has no value, as JSON."
        ),
        yes_or_no(ColumnName.SHARED, "Shared", "Whether everyone can use it, or its owner alone."),
    ),
)
