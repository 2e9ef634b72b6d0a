"""The security roles: what a seller, an administrator and the service may do, and why.

Privileges are called prv, verb, schema name of the table (`prvReadtxv_textmessage`); conversations are activities and
have those of `Activity`. Sellers reach their own rows and those of their teams: that, with who owns a conversation and
whom it is shared with, is who sees a text.
"""

from __future__ import annotations

from dataverse.schema.components import Role
from dataverse.schema.roles.administrator import ADMINISTRATOR
from dataverse.schema.roles.service import SERVICE
from dataverse.schema.roles.user import USER

ROLES: tuple[Role, ...] = (USER, ADMINISTRATOR, SERVICE)

__all__ = ["ADMINISTRATOR", "ROLES", "SERVICE", "USER"]
