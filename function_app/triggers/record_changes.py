"""The queue `record-changes`: what Dataverse told of its records, on its way to the phone index."""

from __future__ import annotations

from collections.abc import Callable

import azure.functions as func

from function_app.services import Services
from pipeline.listen import RECORD_CHANGES


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `follow_record`. What it raises makes the Functions host try again, and set aside in the end."""

    @app.function_name("follow_record")
    @app.queue_trigger("message", queue_name=RECORD_CHANGES, connection="AzureWebJobsStorage")
    def follow_record(message: func.QueueMessage) -> None:
        get_services().following.follow(message.get_body().decode())
