"""How others are asked: over a real server, and nothing is sent where it does not belong."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from admin.doctor import web
from admin.doctor.web import NoToken, Web, open_session
from providers.inspection import Question


class Remote:
    """A server on this machine that answers as told, and remembers what it was sent."""

    def __init__(self):
        remote = self
        self.status, self.body, self.headers, self.asked = 200, b'{"a": 1}', {}, []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                remote.asked.append((self.path, dict(self.headers)))
                self.send_response(remote.status)
                for name, value in {"Content-Length": str(len(remote.body)), **remote.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(remote.body)

            def log_message(self, format, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def remote():
    server = Remote()
    yield server
    server.close()


@pytest.fixture
def ask():
    with open_session() as session:
        yield Web(session, lambda scope: f"token for {scope}").ask


def test_a_question_is_asked_as_it_is(remote, ask):
    answer = ask(Question(url=f"{remote.url}/x?y=%2B1", headers={"Authorization": "Basic abc"}))
    ((path, headers),) = remote.asked

    assert (answer.status, answer.json()) == (200, {"a": 1})
    assert (path, headers["Authorization"], headers["User-Agent"]) == ("/x?y=%2B1", "Basic abc", "Textverse")


def test_with_a_scope_a_token_goes_along(remote, ask):
    ask(Question(url=remote.url, scope="https://management.azure.com/.default"))

    assert remote.asked[0][1]["Authorization"] == "Bearer token for https://management.azure.com/.default"


def test_without_a_token_nothing_is_asked(remote):
    def refuse(scope):
        raise NoToken("nobody is signed in")

    with open_session() as session:
        answer = Web(session, refuse).ask(Question(url=remote.url, scope="x"))

    assert (answer.status, answer.why, remote.asked) == (401, "nobody is signed in", [])


def test_a_redirect_is_an_answer_and_is_not_followed(remote, ask):
    remote.status, remote.headers = 302, {"Location": f"{remote.url}/elsewhere"}

    assert ask(Question(url=f"{remote.url}/here", headers={"Authorization": "Basic abc"})).status == 302
    assert [path for path, _ in remote.asked] == ["/here"]


def test_a_netrc_file_replaces_nothing(remote, ask, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login stranger password hidden")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    ask(Question(url=remote.url, headers={"Authorization": "Basic abc"}))
    ask(Question(url=remote.url))

    assert [headers.get("Authorization") for _, headers in remote.asked] == ["Basic abc", None]


def test_a_cookie_is_not_kept(remote, ask):
    remote.headers = {"Set-Cookie": "session=1"}
    for _ in range(2):
        ask(Question(url=remote.url))

    assert "Cookie" not in remote.asked[1][1]


@pytest.mark.parametrize("url", ["http://api.twilio.com/x", "ftp://api.twilio.com/x", "api.twilio.com", ""])
def test_credentials_never_travel_in_the_clear(ask, url):
    assert ask(Question(url=url, headers={"Authorization": "Basic abc"})).status == 0


def test_nobody_there_is_an_answer_too(ask):
    answer = ask(Question(url="http://127.0.0.1:9/x?code=hidden"))

    assert (answer.status, answer.why) == (0, "ConnectionError")


def test_silence_ends(ask, remote, monkeypatch):
    monkeypatch.setattr(web, "TIMEOUT_S", (1.0, 0.1))
    remote.headers = {"Content-Length": "1000"}

    assert ask(Question(url=remote.url)).status == 0


def test_an_answer_without_end_is_cut_off(ask, remote, monkeypatch):
    monkeypatch.setattr(web, "LONGEST", 1000)
    remote.body = b"x" * 100_000

    assert ask(Question(url=remote.url)).why == "its answer does not end"
