"""GET /api/health: is this deployment configured so that it can work?"""

from __future__ import annotations

import json
from collections.abc import Callable

import azure.functions as func

from function_app import http
from function_app.services import Services
from function_app.version import VERSION
from messaging.errors import ConfigurationError
from messaging.web import HttpResponse


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `health`: 200 and `{"status": "ok"}`, or 503 and what to mend. It calls nobody."""

    @app.function_name("health")
    @app.route("health", methods=["GET"])
    def health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001  # the binding is called so
        try:
            problems = get_services().problems()
        except ConfigurationError as error:
            problems = [str(error)]
        told = {"status": "misconfigured" if problems else "ok", "version": VERSION, "problems": problems}
        return http.answer(
            HttpResponse(
                status=503 if problems else 200,
                headers={"content-type": "application/json"},
                body=json.dumps(told).encode(),
            )
        )
