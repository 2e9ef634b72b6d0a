"""Every night: conversations that belong to somebody else than the owner of their record, in case that events of
Dataverse were lost."""

from __future__ import annotations

from collections.abc import Callable

import azure.functions as func

from function_app.services import Services

SCHEDULE = "0 0 3 * * *"
"""Three o'clock (UTC), when the phone index is repaired; second, minute, hour, day, month, day of the week."""


def register(app: func.FunctionApp, get_services: Callable[[], Services]) -> None:
    """Add the function `repair_visibility`. What it raises is logged; the next night goes on with it."""

    @app.function_name("repair_visibility")
    @app.timer_trigger("timer", schedule=SCHEDULE, run_on_startup=False, use_monitor=True)
    def repair_visibility(timer: func.TimerRequest) -> None:  # noqa: ARG001  # the binding is called so
        get_services().visibility_repair.run()
