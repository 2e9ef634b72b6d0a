"""One user acting for another: what both may do.

Source: Learn, "Impersonate another user using the Web API": the privileges are the intersection of both users'. So each
privilege of the impersonated user reaches from that user, as far as the sender holds it too; what was shared counts by
whom it was shared with. A refusal names the impersonated user, whichever of the two lacks the privilege.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import cached_property

from emulator.metadata.model import Schema
from emulator.security.privileges import Grant
from emulator.security.row_security import RowSecurity

ACT_FOR_OTHERS = "prvActOnBehalfOfAnotherUser"


class Impersonation(RowSecurity):
    """The rights of a request that `sender` makes as somebody else."""

    def __init__(self, db: sqlite3.Connection, schema: Schema, user_id: str, sender: RowSecurity) -> None:
        super().__init__(db, schema, user_id)
        self._sender = sender
        self._impersonated = RowSecurity(db, schema, user_id)

    @cached_property
    def is_administrator(self) -> bool:
        return self._impersonated.is_administrator and self._sender.is_administrator

    @cached_property
    def grants(self) -> dict[str, list[Grant]]:
        names = self._impersonated.grants if not self._impersonated.is_administrator else self._sender.grants
        return {name: found for name in names if (found := self._both(name))}

    def _both(self, name: str) -> list[Grant]:
        most = self._sender.privilege_depth(name)
        if most is None:
            return []
        if self._impersonated.is_administrator:
            return [Grant(most, self.principal_id, self.holders[self.principal_id])]
        return [replace(grant, depth=min(grant.depth, most)) for grant in self._impersonated.grants[name]]
