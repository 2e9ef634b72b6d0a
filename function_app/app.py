"""The function app: its functions, and nothing else. It imports with an empty environment."""

from __future__ import annotations

from collections.abc import Callable

import azure.functions as func

from function_app import services
from function_app.services import Services
from function_app.triggers import (
    dataverse_events,
    events,
    health,
    phone_index,
    provider_callbacks,
    record_changes,
    sweep,
    visibility,
)


def create_app(get_services: Callable[[], Services]) -> func.FunctionApp:
    """All functions over these services. Azure's worker wants exactly one app in the entry module: `app`, below; the
    local host makes another one over local queues."""
    made = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    triggers = (provider_callbacks, dataverse_events, events, record_changes, phone_index, visibility, sweep, health)
    for trigger in triggers:
        trigger.register(made, get_services)
    return made


app = create_app(services.from_environment)
