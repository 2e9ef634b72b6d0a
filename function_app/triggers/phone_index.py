"""Every night: the phone index is compared with what changed, in case that events of Dataverse were lost."""

from __future__ import annotations

from collections.abc import Callable

import azure.functions as func

from function_app.services import Services

SCHEDULE = "0 30 2 * * *"
"""Half past two (UTC), as NCRONTAB says it: second, minute, hour, day, month, day of the week."""


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `repair_phone_index`. What it raises is logged; the next night goes on with it."""

    @app.function_name("repair_phone_index")
    @app.timer_trigger("timer", schedule=SCHEDULE, run_on_startup=False, use_monitor=True)
    def repair_phone_index(timer: func.TimerRequest) -> None:  # noqa: ARG001  # the binding is called so
        get_services().repair.run()
