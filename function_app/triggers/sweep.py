"""Every few minutes: texts that nobody was told of are told of, and entries behind bells that are old news go."""

from __future__ import annotations

from collections.abc import Callable

import azure.functions as func

from function_app.services import Services

SCHEDULE = "0 */5 * * * *"
"""Every five minutes, as NCRONTAB says it: second, minute, hour, day, month, day of the week."""


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `sweep`. What it raises is logged; the next run goes on with it."""

    @app.function_name("sweep")
    @app.timer_trigger("timer", schedule=SCHEDULE, run_on_startup=False, use_monitor=True)
    def sweep(timer: func.TimerRequest) -> None:  # noqa: ARG001  # the binding is called so
        get_services().sweep.run()
