"""The buttons that lead to texts."""

from __future__ import annotations

from dataverse.schema.components import Command

COMMANDS: tuple[Command, ...] = ()
