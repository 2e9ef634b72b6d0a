"""Reading the index of a function app, and refusing what would not run as it does in Azure."""

from __future__ import annotations

import azure.functions as func
import pytest

from local.functions import UnsupportedFunction, read_functions
from local.routes import Route


def test_the_index_of_an_app_is_read_with_its_blueprints(app):
    blueprint = func.Blueprint()

    @blueprint.function_name("answer")
    @blueprint.route("answers/{id:int}", methods=[func.HttpMethod.GET], auth_level=func.AuthLevel.FUNCTION)
    def handle(req: func.HttpRequest) -> str:
        return ""

    @blueprint.queue_trigger(arg_name="message", queue_name="events", connection="AzureWebJobsStorage")
    def process(message: func.QueueMessage) -> None: ...

    app.register_functions(blueprint)
    functions = read_functions(app, "api")

    assert [(each.name, each.route.template, each.methods, each.auth_level) for each in functions.http] == [
        ("answer", "api/answers/{id:int}", {"GET"}, "function")
    ]
    assert [(each.name, each.queue, each.parameter) for each in functions.queue] == [("process", "events", "message")]


def test_an_app_can_be_read_again(app):
    @app.route("one")
    def one(req: func.HttpRequest) -> str:
        return ""

    assert read_functions(app, "api") == read_functions(app, "api")


def test_another_trigger_is_refused(app):
    @app.blob_trigger(arg_name="blob", path="container/name", connection="AzureWebJobsStorage")
    def tick(blob: func.InputStream) -> None: ...

    with pytest.raises(UnsupportedFunction, match="the function tick: it has a blobTrigger"):
        read_functions(app, "api")


def test_an_async_function_is_refused(app):
    @app.route("later")
    async def later(req: func.HttpRequest) -> str:
        return ""

    with pytest.raises(UnsupportedFunction, match="it is async; write def"):
        read_functions(app, "api")


def test_a_further_binding_is_refused(app):
    @app.route("send")
    @app.queue_output(arg_name="out", queue_name="events", connection="AzureWebJobsStorage")
    def send(req: func.HttpRequest, out: func.Out[str]) -> str:
        return ""

    with pytest.raises(UnsupportedFunction, match="it has a binding besides its trigger"):
        read_functions(app, "api")


def test_a_function_with_another_parameter_is_refused(app):
    @app.route("context")
    def with_context(req: func.HttpRequest, context: func.Context) -> str:
        return ""

    with pytest.raises(UnsupportedFunction, match="must take exactly one parameter, req"):
        read_functions(app, "api")


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("a/{id:int}", "/a/-12", {"id": "-12"}),
        ("a/{id:int}", "/a/x", None),
        ("a/{id:guid}", "/a/7e87a9d2-5b0c-5f3e-9d55-7c1f8f3a6b21", {"id": "7e87a9d2-5b0c-5f3e-9d55-7c1f8f3a6b21"}),
        ("a/{id:guid}", "/a/7e87a9d2", None),
        ("a/{flag:bool}", "/a/True", {"flag": "True"}),
        ("a/{n:long}", "/a/12345678901", {"n": "12345678901"}),
        ("a/{x?}", "/a", {}),
        ("a/{*rest}", "/a/b/c%20d", {"rest": "b/c d"}),
        ("a/{*rest}", "/a", {}),
        ("a.b/c-d", "/a.b/c-d", {}),
        ("a.b", "/axb", None),
        ("a/{x}", "/a/b%2Fc", {"x": "b/c"}),
        ("a/{x}", "/a/", None),
    ],
)
def test_a_route_template_is_matched_as_aspnet_does(template, path, values):
    assert Route.parse(template).match(path) == values


@pytest.mark.parametrize("template", ["a/{x:min(3)}", "a/{x:datetime}", "a/{x}-{y}", "a/{x=5}", "a b"])
def test_a_route_template_that_is_not_understood_is_refused(template):
    with pytest.raises(ValueError, match="the route"):
        Route.parse(template)
