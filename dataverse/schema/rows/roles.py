"""Security roles of the root business unit; those of other units follow them. Privileges are given by `steps`."""

from __future__ import annotations

from dataverse.schema.components import Role
from dataverse.schema.rows.kinds import ROLE
from dataverse.schema.rows.references import Sort, placeholder
from dataverse.schema.rows.row import Row

ROOT_UNIT = placeholder(Sort.ROOT_UNIT)
_ALSO_AS_ONE_S_OWN = 1
"""Members of a team that holds the role hold it as if it were given to them (`isinherited`)."""


def role_row(role: Role) -> Row:
    """A role, without its privileges."""
    return Row(
        kind=ROLE,
        id=role.id,
        what=f"role {role.name}",
        name=role.name,
        values={
            "name": role.name,
            "description": role.description,
            "isinherited": _ALSO_AS_ONE_S_OWN,
            "businessunitid@odata.bind": f"/businessunits({ROOT_UNIT})",
        },
    )
