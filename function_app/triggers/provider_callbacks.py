"""POST, GET or OPTIONS /api/callbacks/{account}/{kind}: what providers call."""

from __future__ import annotations

import logging
from collections.abc import Callable

import azure.functions as func

from function_app import http
from function_app.services import Services
from messaging.errors import ConfigurationError
from messaging.web import HttpResponse

_log = logging.getLogger("textverse.callbacks")


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `provider_callback`. It is anonymous to Azure: the provider's own proof is checked instead."""

    @app.function_name("provider_callback")
    @app.route("callbacks/{account}/{kind}", methods=["POST", "GET", "OPTIONS"])
    def provider_callback(req: func.HttpRequest) -> func.HttpResponse:
        try:
            services = get_services()
            request = http.read(req, services.settings.public_base_url)
            account, kind = req.route_params["account"], req.route_params["kind"]
            return http.answer(services.acceptance.accept(request, account, kind))
        except ConfigurationError as error:
            # An administrator has to act; until then the provider shall try again.
            _log.error("callback not taken: %s", error)  # the sentence says it all
            return http.answer(HttpResponse(status=503, headers={"retry-after": "60"}))
