"""The app in which administrators work."""

from __future__ import annotations

from dataverse.schema.components import App

APPS: tuple[App, ...] = ()
