"""What Dataverse posts to the function app when rows change."""

from __future__ import annotations

from dataverse.schema.components import EventStep

EVENTS_HEADER = "X-Textverse-Secret"
EVENTS_PATH = "/api/dataverse/events"

STEPS: tuple[EventStep, ...] = ()
