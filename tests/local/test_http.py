"""HTTP triggers of the local host, over real HTTP."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from urllib.parse import urlsplit

import azure.functions as func
import pytest

from local.host import FunctionsHost
from local.server import PortInUse


@pytest.fixture
def echo(app, serve):
    """A host whose function tells what it was called with."""

    @app.route("callbacks/{account}/{kind:alpha?}", methods=["GET", "POST"])
    def callback(req: func.HttpRequest) -> func.HttpResponse:
        told = {
            "method": req.method,
            "url": req.url,
            "params": dict(req.params),
            "route": dict(req.route_params),
            "headers": dict(req.headers.items()),
            "body": hashlib.sha256(req.get_body()).hexdigest(),
        }
        return func.HttpResponse(json.dumps(told), mimetype="application/json")

    @app.route("anything")
    def anything(req: func.HttpRequest) -> str:
        return req.method

    return serve()


def told(answer):
    status, _, body = answer
    assert status == 200
    return json.loads(body)


def test_the_url_reaches_the_function_byte_for_byte(echo, call):
    target = "/api/callbacks/a%2Db/inbound?To=%2B1&To=%2b2&empty=&plus=a+b&t=%7E~&z"

    assert told(call(echo, "POST", target, b""))["url"] == echo.url + target


def test_the_host_that_the_caller_named_is_kept(echo, call):
    answer = call(echo, "GET", "/api/callbacks/a/status", headers={"Host": "texts.contoso.example"})

    assert told(answer)["url"] == "http://texts.contoso.example/api/callbacks/a/status"


def test_repeated_parameters_are_joined_and_empty_ones_left_out_as_in_azure(echo, call):
    seen = told(call(echo, "GET", "/api/callbacks/a/status?x=1&x=2&empty=&name=J%C3%BCrgen+M"))

    assert seen["params"] == {"x": "1,2", "name": "Jürgen M"}


def test_the_body_reaches_the_function_byte_for_byte(echo, call):
    body = bytes(range(256)) * 1000

    assert told(call(echo, "POST", "/api/callbacks/a/inbound", body))["body"] == hashlib.sha256(body).hexdigest()


def test_a_body_in_chunks_is_put_together(echo, call):
    parts = [b"one,", b"two,", b"three"]
    answer = call(echo, "POST", "/api/callbacks/a/inbound", iter(parts))

    assert told(answer)["body"] == hashlib.sha256(b"".join(parts)).hexdigest()


def test_headers_reach_the_function_in_any_case(echo, call):
    seen = told(call(echo, "GET", "/api/callbacks/a/status", headers={"X-Twilio-Signature": "abc="}))

    assert seen["headers"]["x-twilio-signature"] == "abc="


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/api/callbacks/twilio-demo/inbound", {"account": "twilio-demo", "kind": "inbound"}),
        ("/api/callbacks/J%C3%BCrgen/inbound", {"account": "Jürgen", "kind": "inbound"}),
        ("/api/callbacks/twilio-demo", {"account": "twilio-demo"}),
        ("/api/callbacks/twilio-demo/", {"account": "twilio-demo"}),
        ("/API/Callbacks/x/inbound", {"account": "x", "kind": "inbound"}),
    ],
)
def test_the_parameters_of_the_route_are_read(echo, call, path, parameters):
    assert told(call(echo, "GET", path))["route"] == parameters


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/api",
        "/api/",
        "/api/callbacks",
        "/callbacks/a/b",
        "/api/callbacks/a/123",
        "/api/callbacks/a/b/c",
        "/api/x",
    ],
)
def test_an_unknown_route_is_404_without_a_body(echo, call, target):
    status, _, body = call(echo, "GET", target)

    assert (status, body) == (404, b"")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS", "HEAD"])
def test_a_method_that_the_route_does_not_take_is_404_as_in_azure(echo, call, method):
    # https://github.com/Azure/azure-functions-host/issues/10098
    assert call(echo, method, "/api/callbacks/a/inbound")[0] == 404


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_route_without_methods_takes_all_of_them(echo, call, method):
    status, headers, body = call(echo, method, "/api/anything")

    assert (status, headers["content-type"], body) == (200, "text/plain; charset=utf-8", method.encode())


def test_an_answer_goes_back_as_the_function_gave_it(app, serve, call):
    @app.route("answer")
    def answer(req: func.HttpRequest) -> func.HttpResponse:
        headers = {"Content-Type": "application/problem+json", "Retry-After": "7"}
        return func.HttpResponse(b'{"title": "busy"}', status_code=503, headers=headers)

    status, headers, body = call(serve(), "GET", "/api/answer")

    assert (status, body) == (503, b'{"title": "busy"}')
    assert (headers["content-type"], headers["retry-after"]) == ("application/problem+json", "7")


def test_an_exception_is_500_without_a_body_and_is_logged(app, serve, call, caplog):
    @app.route("broken")
    def broken(req: func.HttpRequest) -> func.HttpResponse:
        raise RuntimeError("a secret of the server")

    host = serve()
    status, _, body = call(host, "GET", "/api/broken")

    assert (status, body) == (500, b"")
    assert "Executed 'broken' (Failed)" in caplog.text
    assert call(host, "GET", "/api/broken")[0] == 500


def test_a_function_that_returns_nothing_is_500(app, serve, call):
    @app.route("nothing")
    def nothing(req: func.HttpRequest) -> func.HttpResponse:
        return None

    assert call(serve(), "GET", "/api/nothing")[0] == 500


def test_the_most_specific_route_is_meant_whatever_the_order(app, serve, call):
    @app.route("things/{*rest}")
    def rest(req: func.HttpRequest) -> str:
        return "rest"

    @app.route("things/{name}")
    def name(req: func.HttpRequest) -> str:
        return "name"

    @app.route("things/{number:int}")
    def number(req: func.HttpRequest) -> str:
        return "number"

    @app.route("things/all")
    def everything(req: func.HttpRequest) -> str:
        return "all"

    host = serve()
    paths = ["things/all", "things/12", "things/twelve", "things/a/b"]

    assert [call(host, "GET", f"/api/{path}")[2] for path in paths] == [b"all", b"number", b"name", b"rest"]


def test_the_route_prefix_is_that_of_host_json(app, serve, call, host_json):
    host_json.write_text('{"extensions": {"http": {"routePrefix": ""}}}')

    @app.route("health")
    def health(req: func.HttpRequest) -> str:
        return "well"

    host = serve()

    assert call(host, "GET", "/health")[2] == b"well"
    assert call(host, "GET", "/api/health")[0] == 404


def test_requests_are_answered_side_by_side(app, serve, call):
    both_are_here = threading.Barrier(2)

    @app.route("meet")
    def meet(req: func.HttpRequest) -> str:
        both_are_here.wait(timeout=60)
        return "met"

    host = serve()
    other = threading.Thread(target=call, args=(host, "GET", "/api/meet"))
    other.start()

    assert call(host, "GET", "/api/meet")[2] == b"met"
    other.join()


def test_a_client_that_leaves_in_the_middle_of_its_request_calls_nothing(app, serve, call):
    called = []

    @app.route("take")
    def take(req: func.HttpRequest) -> str:
        called.append(req.get_body())
        return ""

    host = serve()
    port = urlsplit(host.url).port
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"POST /api/take HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    call(host, "POST", "/api/take", b"whole")

    assert called == [b"whole"]


def test_a_request_under_way_is_answered_when_the_host_is_stopped(app, serve, call):
    begun, answers = threading.Event(), []

    @app.route("slow")
    def slow(req: func.HttpRequest) -> str:
        begun.set()
        stopping.wait(timeout=60)
        return "done"

    host, stopping = serve(), threading.Event()
    client = threading.Thread(target=lambda: answers.append(call(host, "GET", "/api/slow")))
    client.start()
    begun.wait(timeout=60)
    threading.Timer(0.3, stopping.set).start()
    host.stop()
    client.join()

    assert answers[0][2] == b"done"


def test_a_port_in_use_is_said_in_a_sentence(app, queues, host_json):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortInUse, match=f"port {port} is taken by another program"):
            FunctionsHost(app, queues=queues, host_json=host_json, port=port)


def test_only_this_machine_is_served(echo):
    assert urlsplit(echo.url).hostname == "127.0.0.1"


def test_a_port_is_free_again_after_the_host_stopped(app, queues, host_json):
    first = FunctionsHost(app, queues=queues, host_json=host_json, port=0)
    port = urlsplit(first.url).port
    first.start()
    first.stop()
    second = FunctionsHost(app, queues=queues, host_json=host_json, port=port)
    second.start()
    second.stop()

    assert second.url == first.url
