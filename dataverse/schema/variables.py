"""What administrators change while the service runs."""

from __future__ import annotations

from dataverse.schema.components import Variable

VARIABLES: tuple[Variable, ...] = ()
