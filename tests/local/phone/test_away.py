"""When the function app or Dataverse is away: always an answer, and a sentence that says what is the matter."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from emulator.server import Server as Emulator
from local.company.cast import MAYA, MAYAS

ADA = "+12065550187"


def test_without_anything_the_state_says_so_and_what_was_typed_is_still_read(page_over):
    state = page_over(waiting=3).state(MAYA, phone="206 555 0187", ours=MAYAS.e164)

    assert state["services"]["functions"] == {
        "up": False,
        "problem": "The function app is away. Providers get no answer and call again later.",
    }
    assert state["services"]["dataverse"]["up"] is False
    assert "they wait in the queue" in state["services"]["dataverse"]["problem"]
    assert state["services"]["waiting"] == 3
    assert state["phone"] == {"number": ADA, "shown": "+1 206-555-0187", "problem": "", "thread": None}
    assert state["view"] is None


def test_a_text_without_a_function_app_is_a_502_with_a_sentence(page_over):
    refused = page_over().text(ADA, MAYAS)

    assert refused.status_code == 502
    assert refused.json()["error"] == "The function app is away. A provider would call again later."


def test_why_without_dataverse_is_a_502_with_a_sentence(page_over):
    refused = page_over().why(MAYA, "00000000-0000-4000-8000-000000000000")

    assert (refused.status_code, refused.json()["error"]) == (502, "Dataverse is away.")


def test_a_dataverse_without_our_tables_or_sellers_is_not_said_to_be_away(page_over):
    with Emulator() as emulator:
        page = page_over(dataverse_url=emulator.url)

        seller, administrator = page.state(MAYA), page.state("administrator")

    assert seller["services"]["dataverse"]["problem"] == "Dataverse does not know this reader yet."
    assert administrator["services"]["dataverse"]["problem"] == "Dataverse does not have the tables of Textverse yet."


@pytest.mark.parametrize(("status", "problem"), [(503, "something is misconfigured"), (200, "")])
def test_a_function_app_that_answers_is_up_even_if_something_is_misconfigured(page_over, answering, status, problem):
    functions = page_over(functions_url=answering(status)).state()["services"]["functions"]

    assert functions["up"] is True
    assert problem in functions["problem"]
    assert bool(problem) == bool(functions["problem"])


@pytest.fixture
def answering():
    """Starts a web server that answers everything with one status."""
    running = []

    def serve(status):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in running:
        server.shutdown()
        server.server_close()
