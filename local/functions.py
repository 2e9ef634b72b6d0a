"""What a function app consists of, read from the index that Azure reads too."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

import azure.functions as func

from local.routes import Route

Handler = Callable[..., object]


@dataclass(frozen=True, slots=True)
class HttpFunction:
    """A function that answers requests; `methods` are upper case, none means all.

    The `auth_level` is told, not enforced: keys are the business of the host in Azure, and `func start` asks for none.
    """

    name: str
    parameter: str
    handler: Handler
    route: Route
    methods: frozenset[str]
    auth_level: str


@dataclass(frozen=True, slots=True)
class QueueFunction:
    """A function that is called for every message of a queue."""

    name: str
    parameter: str
    handler: Handler
    queue: str


@dataclass(frozen=True, slots=True)
class TimerFunction:
    """A function that is called when its `schedule` (NCRONTAB) says."""

    name: str
    parameter: str
    handler: Handler
    schedule: str


@dataclass(frozen=True, slots=True)
class Functions:
    """Everything in one app; `http` is in the order in which routes are tried: the most specific first."""

    http: tuple[HttpFunction, ...]
    queue: tuple[QueueFunction, ...]
    timer: tuple[TimerFunction, ...] = ()


@cache  # an app can be asked for its functions only once: the second time, every name is taken
def read_functions(app: func.FunctionApp, route_prefix: str) -> Functions:
    """The functions of an app. Raises UnsupportedFunction for what this host would not run as Azure does."""
    http, queue, timer = [], [], []
    for function in app.get_functions():
        trigger = _trigger(function)
        handler = function.get_user_function()
        name = function.get_function_name() or handler.__name__
        _check(name, handler, trigger["name"])
        if trigger["type"] == "httpTrigger":
            route = Route.parse("/".join(filter(None, (route_prefix, trigger["route"]))))
            methods = frozenset(str(method.value).upper() for method in trigger.get("methods") or ())
            http.append(HttpFunction(name, trigger["name"], handler, route, methods, trigger["authLevel"].value))
        elif trigger["type"] == "timerTrigger":
            timer.append(TimerFunction(name, trigger["name"], handler, trigger["schedule"]))
        else:
            queue.append(QueueFunction(name, trigger["name"], handler, trigger["queueName"]))
    return Functions(tuple(sorted(http, key=lambda each: each.route.precedence)), tuple(queue), tuple(timer))


class UnsupportedFunction(Exception):
    """A function that Azure may run and this host does not: it says so at the start rather than act differently."""


def _trigger(function: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the builders of azure.functions carry no types
    name = function.get_function_name()
    trigger: Mapping[str, Any] = function.get_trigger().get_dict_repr()
    if trigger["type"] not in {"httpTrigger", "queueTrigger", "timerTrigger"}:
        _refuse(name, f"has a {trigger['type']}; HTTP, queue and timer triggers are known here")
    others = [
        each.get_dict_repr() for each in function.get_bindings() if each.get_dict_repr()["name"] != trigger["name"]
    ]
    if any(each["name"] != "$return" or trigger["type"] != "httpTrigger" for each in others):
        _refuse(name, "has a binding besides its trigger")
    return trigger


def _check(name: str, handler: Handler, parameter: str) -> None:
    if inspect.iscoroutinefunction(handler):
        _refuse(name, "is async; write def, it runs in a thread")
    if list(inspect.signature(handler).parameters) != [parameter]:
        _refuse(name, f"must take exactly one parameter, {parameter}")


def _refuse(name: str, why: str) -> NoReturn:
    raise UnsupportedFunction(f"the local host cannot run the function {name}: it {why}")
