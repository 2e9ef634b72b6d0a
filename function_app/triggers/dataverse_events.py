"""POST /api/dataverse/events: what Dataverse's webhook calls when rows change."""

from __future__ import annotations

import logging
from collections.abc import Callable

import azure.functions as func

from function_app import http
from function_app.services import Services
from messaging.errors import ConfigurationError
from messaging.web import HttpResponse

_log = logging.getLogger("textverse.dataverse")


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `dataverse_event`. It is anonymous to Azure: a secret in a header proves who calls."""

    @app.function_name("dataverse_event")
    @app.route("dataverse/events", methods=["POST"])
    def dataverse_event(req: func.HttpRequest) -> func.HttpResponse:
        try:
            services = get_services()
            return http.answer(services.listening.hear(http.read(req, services.settings.public_base_url)))
        except ConfigurationError as error:
            # An administrator has to act; Dataverse tries once more.
            _log.error("event not taken: %s", error)  # the sentence says it all
            return http.answer(HttpResponse(status=503, headers={"retry-after": "60"}))
