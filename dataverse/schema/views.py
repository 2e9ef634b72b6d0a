"""The views of our tables."""

from __future__ import annotations

from dataverse.schema.components import View

VIEWS: tuple[View, ...] = ()
