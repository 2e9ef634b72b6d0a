"""Environment variables: what they are and what holds while nobody has given them a value.

How they read, and the value that an administrator gives, are none of our business once they are there.
"""

from __future__ import annotations

from dataverse.schema.components import Variable
from dataverse.schema.rows.kinds import VARIABLE
from dataverse.schema.rows.row import Row


def variable_row(variable: Variable) -> Row:
    """The definition of an environment variable."""
    default = {"defaultvalue": variable.default or None}
    return Row(
        kind=VARIABLE,
        id=variable.id,
        what=f"environment variable {variable.name}",
        name=variable.name,
        values={
            "schemaname": variable.name,
            "displayname": variable.display,
            "description": variable.description,
            "type": variable.type,
            **default,
        },
        fixed={"type": variable.type},
        kept=default,
        mend=default,
    )
