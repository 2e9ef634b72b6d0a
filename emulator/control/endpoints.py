"""`/_emulator/…`: the control endpoints, one line each in a table."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.control import switches
from emulator.control.fields import Misunderstood
from emulator.control.panel import Panel
from emulator.control.rules import read_rule
from emulator.errors import DataverseError

# Answers with what becomes JSON, or with None for 204. `given` is the body's JSON; for GET and DELETE the query string.
Handler = Callable[[Panel, object], object]
ROOT = "/_emulator/"
_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method on a path under `/_emulator/`, and what it is for."""

    method: str
    path: str
    meaning: str
    handler: Handler


def _health(panel: Panel, given: object) -> object:
    return {"status": "ok", "tables": len(panel.service.catalog.schema.tables)}


def _requests(panel: Panel, given: object) -> object:
    since = dict(given).get("since", "0") if isinstance(given, dict) else "0"
    if not since.isascii() or not since.isdigit() or len(since) > _LONGEST_NUMBER:
        raise Misunderstood(f"since is the number of an entry, not '{since[:60]}'.")
    return panel.log.entries(int(since))


def _add_fault(panel: Panel, given: object) -> object:
    return panel.faults.add(read_rule(given)).as_json()


def _behaviour(panel: Panel, given: object) -> object:
    return switches.as_json(panel.service.behaviour)


def _behave(panel: Panel, given: object) -> object:
    switches.change(panel.service.behaviour, given)
    return _behaviour(panel, given)


def _restore(panel: Panel, given: object) -> object:
    if not isinstance(given, dict) or set(given) != {"id"}:
        raise Misunderstood('What to restore is a JSON object such as {"id": "0123456789ab"}.')
    panel.copies.restore(given["id"])
    return None


ENDPOINTS = (
    Endpoint("GET", "health", "It runs: `status` and the number of `tables`.", _health),
    Endpoint("GET", "requests", "What was asked, oldest first; `?since=N` after entry N.", _requests),
    Endpoint("DELETE", "requests", "Forgets what was asked.", lambda panel, given: panel.log.clear()),
    Endpoint("GET", "faults", "The rules in force, with their matches and hits.",
             lambda panel, given: panel.faults.as_json()),
    Endpoint("POST", "faults", "Puts a rule into force; answers with it and its `id`.", _add_fault),
    Endpoint("DELETE", "faults", "Removes all rules.", lambda panel, given: panel.faults.clear()),
    Endpoint("GET", "behaviour", "All switches.", _behaviour),
    Endpoint("PATCH", "behaviour", "Sets the switches given, all or none; answers with all.", _behave),
    Endpoint("POST", "reset", "A fresh environment: rows, definitions, switches, faults, limits and log.",
             lambda panel, given: panel.reset()),
    Endpoint("POST", "snapshot", "Copies rows and definitions; answers with the `id` of the copy.",
             lambda panel, given: {"id": panel.copies.snapshot()}),
    Endpoint("POST", "restore", 'Puts the copy `{"id": …}` in the place of rows and definitions.', _restore),
)  # fmt: skip


def control_routes(panel: Panel) -> list[Route]:
    """The endpoints as routes; other methods on their paths are refused."""
    by_path = groupby(sorted(ENDPOINTS, key=lambda each: each.path), key=lambda each: each.path)
    return [_route(panel, path, {each.method: each for each in endpoints}) for path, endpoints in by_path]


def _route(panel: Panel, path: str, endpoints: dict[str, Endpoint]) -> Route:
    async def serve(request: Request) -> Response:
        endpoint = endpoints["GET" if request.method == "HEAD" else request.method]
        try:
            given = await _given(request)
            result = await run_in_threadpool(endpoint.handler, panel, given)
        except Misunderstood as error:
            return JSONResponse(DataverseError(400, "0x80040203", str(error)).payload(), 400)
        return Response(status_code=204) if result is None else JSONResponse(result)

    return Route(ROOT + path, serve, methods=list(endpoints))


async def _given(request: Request) -> object:
    if request.method not in ("POST", "PATCH"):
        return dict(request.query_params)
    try:
        return json.loads(await request.body() or b"null")
    except (ValueError, RecursionError) as error:
        raise Misunderstood(f"The body is not JSON: {error}.") from error
