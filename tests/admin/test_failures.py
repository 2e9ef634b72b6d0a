"""What Dataverse refuses, as sentences with the next step and an exit code."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        status, code, message = self.server.answer
        body = json.dumps({"error": {"code": code, "message": message}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def dataverse():
    """A Dataverse that gives one answer to everything."""
    served = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    served.daemon_threads = True
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.mark.parametrize(
    ("answer", "code", "message", "advice"),
    [
        ((401, "", ""), 1, "Dataverse does not accept the token (401)", "--tenant"),
        ((403, "0x80072560", "The user is not a member of the organization."), 1, "no enabled user", "add you"),
        ((403, "0x80040225", "The specified user is disabled."), 1, "no enabled user", "sign in as somebody else"),
        ((403, "0x80040220", "missing prvReadUser privilege"), 1, "missing prvReadUser", "System Administrator"),
        ((400, "0x80040203", "Something is wrong."), 1, "refuses: Something is wrong. [GET systemusers: 400", ""),
        ((404, "0x80060888", "Resource not found for the segment 'txv_x'"), 1, "tables of Textverse", "provision"),
        ((400, "0x80071151", "another import is running"), 3, "Somebody else is changing tables", "again"),
        ((429, "0x80072322", "Number of requests exceeded"), 3, "asks us to slow down", "again"),
        ((503, "", ""), 3, "Dataverse cannot do it now", "again"),
    ],
)  # fmt: skip
def test_each_refusal_is_a_sentence_with_the_next_step(admin, dataverse, answer, code, message, advice):
    dataverse.answer = answer
    ran = admin("users", "list", "--url", f"http://127.0.0.1:{dataverse.server_port}", "--json")

    assert ran.code == ran.document["exit"] == code
    assert message in ran.error["message"]
    assert advice in ran.error["next"]


def test_an_environment_that_is_out_of_reach_is_to_be_tried_again(admin, unused_port):
    ran = admin("users", "list", "--url", f"http://127.0.0.1:{unused_port}")

    assert ran.code == 3
    assert "cannot be reached" in ran.err
    assert "Next: Check the URL" in ran.err


def test_a_setting_that_is_wrong_is_named_with_the_file_that_it_stands_in(admin, settings, unused_port):
    values = json.loads(settings.read_text())
    settings.write_text(json.dumps([*values, {"name": "DEFAULT_REGION", "value": "Narnia"}]))
    ran = admin("provision", "--plan", "--settings", str(settings), "--url", f"http://127.0.0.1:{unused_port}")

    assert ran.code == 1
    assert f"In {settings}: DEFAULT_REGION:" in ran.err
    assert "Narnia" not in ran.err
