"""A process with the real worker of Azure Functions in it (PyPI azure-functions-runtime), and one function app.

Azure's host talks to the worker over gRPC. The worker also has an entry without it, `native_invocation`, which runs the
same code; this process offers that as lines of JSON: a request on standard input, its answer on standard output.
Usage: python worker_process.py <folder of the app>; the worker reads PYTHON_SCRIPT_FILE_NAME, as in Azure.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from types import SimpleNamespace

from azure_functions_runtime import functions_metadata_request, start_threadpool_executor, worker_init_request
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.native_invocation import run_invocation_sync


class _Names(type):
    """Any name of a protobuf message is another message, except for the numbers of its enumerations."""

    Success, Failure = 1, 0

    def __getattr__(cls, name):
        return {"inout": 2, "out": 1, "undefined": 0, "in": 0}.get(name, Message)


class Message(metaclass=_Names):
    """Stands for every protobuf message: it keeps the fields that it is made with."""

    def __init__(self, **fields) -> None:
        self.__dict__.update(fields)


async def load(folder):
    """Start the worker with the app in `folder`, as the host does; returns the functions, or what went wrong."""
    request = SimpleNamespace(worker_init_request=SimpleNamespace(capabilities={}, function_app_directory=folder))
    properties = {"host": "127.0.0.1", "protos": Message}
    started = await worker_init_request(SimpleNamespace(request=request, properties=properties))
    if started.result.status != 1:
        return {"error": started.result.exception.message}
    metadata = await functions_metadata_request(None)
    return {"functions": list(metadata.function_metadata_results or ())}


def call(ids, request):
    """Call one function; returns what the host would get."""
    kind = {"http": http_trigger, "queue": queue_trigger}[request["trigger"]]
    datum, metadata = kind(**request["with"])
    inputs = [(request["parameter"], datum)]
    _, ok, returned, _, error, _ = run_invocation_sync("invocation", ids[request["function"]], inputs, metadata)
    answer = {"ok": ok, "error": error}
    if returned is not None and returned.type == "http":
        body = returned.value["body"].value
        answer["status"] = int(returned.value["status_code"].value)
        answer["headers"] = {name.lower(): header.value for name, header in returned.value["headers"].items()}
        answer["body"] = base64.b64encode(body).decode()
    elif returned is not None:
        answer["value"] = returned.value
    return answer


def http_trigger(method, url, *, headers, query, route, body):
    """A request as the host hands it over."""
    value = {
        "method": text(method),
        "url": text(url),
        "headers": {name: text(value) for name, value in headers.items()},
        "query": {name: text(value) for name, value in query.items()},
        "params": {name: text(value) for name, value in route.items()},
        "body": Datum(base64.b64decode(body), "bytes"),
    }
    return Datum(value, "http"), {}


def queue_trigger(body, dequeue_count):
    """A queue message as the host hands it over."""
    moment = Datum('"2026-11-20T09:22:45+00:00"', "json")
    return text(body), {
        "Id": text("7e87a9d2-5b0c-5f3e-9d55-7c1f8f3a6b21"),
        "DequeueCount": text(str(dequeue_count)),
        "PopReceipt": text("receipt"),
        "InsertionTime": moment,
        "ExpirationTime": moment,
        "NextVisibleTime": moment,
    }


def text(value):
    """A string as the host hands it over."""
    return Datum(value, "string")


def main(folder):
    """Load the app, tell its functions, then answer calls until standard input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what functions print must not come between
    sys.path.append(folder)  # at the end, as in Azure: installed packages come first
    start_threadpool_executor()
    loaded = asyncio.run(load(folder))
    functions = loaded.pop("functions", [])
    loaded["functions"] = [[each.name, [json.loads(raw) for raw in each.raw_bindings]] for each in functions]
    ids = {each.name: each.function_id for each in functions}
    print(json.dumps(loaded), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(call(ids, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
