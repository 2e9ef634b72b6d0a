"""The driver of the real worker, with a small app; and what the local host does, held against the worker."""

from __future__ import annotations

import http.client
import importlib.util
import json
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from local.host import FunctionsHost
from local.queues import SqliteQueues

pytestmark = pytest.mark.runtime

APP = """\
from __future__ import annotations
import json
import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

@app.route("callbacks/{account}/{kind}", methods=["GET", "POST"])
def echo(req: func.HttpRequest) -> func.HttpResponse:
    told = {
        "method": req.method, "url": req.url, "params": dict(req.params), "route": dict(req.route_params),
        "signature": req.headers.get("X-Signature"), "body": req.get_body().decode("latin-1"),
    }
    return func.HttpResponse(json.dumps(told), mimetype="application/json")

ANSWERS = {
    "empty": lambda: func.HttpResponse(),
    "no-content": lambda: func.HttpResponse(status_code=204),
    "text": lambda: func.HttpResponse("grüße"),
    "bytes": lambda: func.HttpResponse(bytes(range(256)), mimetype="application/octet-stream"),
    "xml": lambda: func.HttpResponse("<Response/>", headers={"Content-Type": "text/xml"}),
    "busy": lambda: func.HttpResponse(status_code=503, headers={"Retry-After": "7"}),
}

@app.route("answers/{name}")
def answer(req: func.HttpRequest) -> func.HttpResponse:
    return ANSWERS[req.route_params["name"]]()

@app.queue_trigger(arg_name="message", queue_name="events", connection="AzureWebJobsStorage")
def process(message: func.QueueMessage) -> None:
    if message.get_body() == b"bad":
        raise RuntimeError("this one fails")
    if message.dequeue_count != 3 or message.insertion_time.tzinfo is None:
        raise RuntimeError("the properties are missing")
"""
SETTINGS = {"PYTHON_SCRIPT_FILE_NAME": "sample_app.py", "AzureWebJobsStorage": "UseDevelopmentStorage=true"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("app")
    (folder / "sample_app.py").write_text(APP, encoding="utf-8")
    (folder / "host.json").write_text('{"version": "2.0"}')
    return folder


@pytest.fixture(scope="module")
def worker(start_worker, folder):
    return start_worker(folder, **SETTINGS)


@pytest.fixture(scope="module")
def call_local(folder):
    """The same app in the local host, called over HTTP."""
    spec = importlib.util.spec_from_file_location("sample_app", folder / "sample_app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with closing(SqliteQueues(folder / "queues.sqlite")) as queues:
        host = FunctionsHost(module.app, queues=queues, host_json=folder / "host.json", port=0)
        host.start()

        def call(method, target, body=None, headers=None):
            with closing(http.client.HTTPConnection(urlsplit(host.url).netloc, timeout=60)) as connection:
                connection.request(method, target, body, headers or {})
                answer = connection.getresponse()
                return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

        yield call
        host.stop()


def test_the_index_is_that_of_the_decorators(worker):
    assert worker.index == {
        "echo": {
            "type": "httpTrigger",
            "route": "callbacks/{account}/{kind}",
            "methods": ["GET", "POST"],
            "authLevel": "ANONYMOUS",
        },
        "answer": {"type": "httpTrigger", "route": "answers/{name}", "authLevel": "ANONYMOUS"},
        "process": {"type": "queueTrigger", "queueName": "events", "connection": "AzureWebJobsStorage"},
    }


def test_an_http_function_is_called_with_the_request_as_it_came(worker):
    answer = worker.http(
        "echo",
        "POST",
        "http://localhost/api/callbacks/a/b?t=%2B1",
        headers={"x-signature": "abc="},
        query={"t": "+1"},
        route={"account": "a", "kind": "b"},
        body=b"\x00\xff",
    )

    assert answer["status"] == 200
    assert json.loads(answer["body"]) == {
        "method": "POST",
        "url": "http://localhost/api/callbacks/a/b?t=%2B1",
        "params": {"t": "+1"},
        "route": {"account": "a", "kind": "b"},
        "signature": "abc=",
        "body": "\x00\xff",
    }


def test_a_queue_function_is_called_with_the_message(worker):
    assert worker.queue("process", "good", dequeue_count=3) == {"ok": True, "error": None}


def test_a_queue_function_that_raises_has_failed(worker):
    answer = worker.queue("process", "bad")

    assert not answer["ok"]
    assert answer["error"] == "RuntimeError('this one fails')"


@pytest.mark.parametrize("name", ["empty", "no-content", "text", "bytes", "xml", "busy"])
def test_the_local_host_answers_what_the_worker_answers(worker, call_local, name):
    real = worker.http("answer", route={"name": name})
    status, headers, body = call_local("GET", f"/api/answers/{name}")

    assert (status, body) == (real["status"], real["body"])
    assert real["headers"].items() <= headers.items()


def test_the_local_host_hands_over_the_request_that_the_worker_hands_over(worker, call_local):
    target = "/api/callbacks/a%20b/inbound?To=%2B1&x=1&x=2"
    headers = {"X-Signature": "abc=", "Host": "texts.contoso.example"}
    _, _, body = call_local("POST", target, bytes(range(256)), headers)
    real = worker.http(
        "echo",
        "POST",
        f"http://texts.contoso.example{target}",
        headers={"x-signature": "abc="},
        query={"To": "+1", "x": "1,2"},
        route={"account": "a b", "kind": "inbound"},
        body=bytes(range(256)),
    )

    assert json.loads(body) == json.loads(real["body"])


def test_a_missing_script_starts_without_an_error_and_without_functions(start_worker, folder):
    # This is how a wrong PYTHON_SCRIPT_FILE_NAME shows in Azure: not at all. Hence the tests of the exact index.
    worker = start_worker(folder, PYTHON_SCRIPT_FILE_NAME="function_app.py")

    assert (worker.error, worker.index) == (None, {})


def test_an_app_that_cannot_be_imported_says_why(start_worker, tmp_path):
    (tmp_path / "sample_app.py").write_text("import no_such_module_of_textverse\n")
    worker = start_worker(tmp_path, **SETTINGS)

    assert "no_such_module_of_textverse" in worker.error
