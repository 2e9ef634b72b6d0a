"""`txv_phonekey`: the index that finds records by a number, however it is spelled on them."""

from __future__ import annotations

from dataverse.schema.model import GOES_WITH, Key, Lookup, Ownership, Table, text
from dataverse.schema.names import ColumnName, KeyName, RelationshipName, SetName, TableName


def _on(column: ColumnName, target: TableName, relationship: RelationshipName, display: str) -> Lookup:
    return Lookup(
        name=column,
        target=target,
        relationship=relationship,
        display=display,
        description=f"The {display.lower()} that carries the number; the entry goes when it goes.",
        cascades=GOES_WITH,
    )


PHONE_KEY = Table(
    name=TableName.PHONE_KEY,
    set_name=SetName.PHONE_KEYS,
    display="Phone index entry",
    plural="Phone index entries",
    description="A number on a contact, an account or a lead, in the one form by which it is found.",
    ownership=Ownership.ORGANIZATION,
    primary=text(ColumnName.NAME, 100, "Name", "The digits, the column and the record: what tells entries apart."),
    columns=(
        text(ColumnName.DIGITS, 50, "Digits", "The digits of the number with its country code, without a plus sign."),
        text(ColumnName.COLUMN, 100, "Column", "The logical name of the column that the number stands in."),
    ),
    lookups=(
        _on(ColumnName.CONTACT, TableName.CONTACT, RelationshipName.CONTACT_PHONE_KEYS, "Contact"),
        _on(ColumnName.ACCOUNT, TableName.ACCOUNT, RelationshipName.ACCOUNT_PHONE_KEYS, "Account"),
        _on(ColumnName.LEAD, TableName.LEAD, RelationshipName.LEAD_PHONE_KEYS, "Lead"),
    ),
    # Dataverse makes an index for a key, beginning with its first column: that is what finds the digits at once.
    keys=(Key(KeyName.PHONE_KEY_DIGITS, "Digits on a record", (ColumnName.DIGITS, ColumnName.NAME)),),
)
