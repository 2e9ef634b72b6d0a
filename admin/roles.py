"""The security roles by the words of the command line."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from dataverse.schema.components import component_id


class RoleName(StrEnum):
    """Whom a role is for."""

    USER = "user"
    ADMIN = "admin"
    SERVICE = "service"


TITLES = {
    RoleName.USER: "Text Messaging User",
    RoleName.ADMIN: "Text Messaging Administrator",
    RoleName.SERVICE: "Text Messaging Service",
}


def role_id(role: RoleName) -> UUID:
    """The role's id in the root business unit."""
    return UUID(component_id("role", TITLES[role]))
