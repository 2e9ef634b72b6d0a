"""The security roles."""

from __future__ import annotations

from dataverse.schema.components import Role

ROLES: tuple[Role, ...] = ()
