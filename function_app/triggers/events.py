"""The queue `provider-events`: what providers told us, on its way to Dataverse."""

from __future__ import annotations

from collections.abc import Callable

import azure.functions as func

from function_app.services import Services
from pipeline.accept import PROVIDER_EVENTS


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `process_event`. What it raises makes the Functions host try again, and set aside in the end."""

    @app.function_name("process_event")
    @app.queue_trigger("message", queue_name=PROVIDER_EVENTS, connection="AzureWebJobsStorage")
    def process_event(message: func.QueueMessage) -> None:
        get_services().processing.process(message.get_body().decode())
