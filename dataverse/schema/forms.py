"""The main forms of our tables."""

from __future__ import annotations

from dataverse.schema.components import Form

FORMS: tuple[Form, ...] = ()
