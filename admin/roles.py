"""The security roles by the words of the command line."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from dataverse.schema.components import Role
from dataverse.schema.roles.administrator import ADMINISTRATOR
from dataverse.schema.roles.service import SERVICE
from dataverse.schema.roles.user import USER


class RoleName(StrEnum):
    """Whom a role is for."""

    USER = "user"
    ADMIN = "admin"
    SERVICE = "service"


_ROLES: dict[RoleName, Role] = {RoleName.USER: USER, RoleName.ADMIN: ADMINISTRATOR, RoleName.SERVICE: SERVICE}
TITLES = {name: role.name for name, role in _ROLES.items()}


def role_id(role: RoleName) -> UUID:
    """The role's id in the root business unit."""
    return UUID(_ROLES[role].id)
