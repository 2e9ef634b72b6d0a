"""What happens on the wire, against a real server: connections, cookies, compression, lost answers."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from dataverse.webapi.retry import Limits
from dataverse.webapi.transport import open_session
from messaging.errors import Unavailable, UncertainError

READ = Request(method="GET", path="contacts")
CREATE = Request(method="POST", path="contacts", body={"lastname": "x"})
UPSERT = Request(method="PATCH", path="contacts(1)", body={"lastname": "x"}, repeatable=True)
Connect = Callable[..., Client]


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Carry the request out, and lose the answer."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def break_off(handler: BaseHTTPRequestHandler) -> None:
    """Lose the connection in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"value": [')
    hang_up(handler)


def test_one_connection_serves_many_calls(server: Any, reply: Any, connect: Connect) -> None:
    server.script = [reply() for _ in range(10)]
    client = connect(server.url)
    for _ in range(10):
        client.send(READ)
    assert server.connections == 1


def test_threads_keep_a_connection_each(server: Any, reply: Any, connect: Connect) -> None:
    threads, rounds = 8, 5
    meeting = Barrier(threads)

    def together(handler: BaseHTTPRequestHandler) -> None:
        meeting.wait(10)
        reply()(handler)

    server.script = [together] * (threads * rounds)
    client = connect(server.url, session_factory=partial(open_session, pool_size=threads))
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(rounds):
            for answer in [pool.submit(client.send, READ) for _ in range(threads)]:
                assert answer.result(10).status == 200
    assert server.connections == threads


def test_no_cookie_is_ever_sent_back(server: Any, reply: Any, connect: Connect) -> None:
    affinity = {"Set_Cookie": "ARRAffinity=abc;Path=/;HttpOnly"}
    server.script = [reply(**affinity), reply(503, **affinity), reply(), reply()]
    client = connect(server.url)
    for _ in range(3):
        client.send(READ)
    assert len(server.seen) == 4
    assert all(seen.headers["Cookie"] is None for seen in server.seen)


def test_compressed_answers_are_read(server: Any, reply: Any, connect: Connect) -> None:
    server.script = [reply(200, gzip.compress(b'{"value": [1]}'), Content_Encoding="gzip")]
    assert connect(server.url).send(READ).json() == {"value": [1]}
    assert "gzip" in server.seen[0].headers["Accept-Encoding"]


def test_a_body_arrives_as_it_was_sent(server: Any, reply: Any, connect: Connect) -> None:
    server.script = [reply(204, b"")]
    connect(server.url).send(Request(method="POST", path="contacts", body={"lastname": "Ångström"}))
    [seen] = server.seen
    assert (seen.method, seen.path) == ("POST", "/api/data/v9.2/contacts")
    assert seen.body == '{"lastname": "Ångström"}'.encode()
    assert seen.headers["Authorization"] == "Bearer t1"


@pytest.mark.parametrize("lose", [hang_up, break_off])
def test_a_create_whose_answer_is_lost_is_sent_once(server: Any, connect: Connect, lose: Any) -> None:
    server.script = [lose]
    with pytest.raises(UncertainError):
        connect(server.url).send(CREATE)
    assert len(server.seen) == 1


@pytest.mark.parametrize("lose", [hang_up, break_off])
@pytest.mark.parametrize("request_", [READ, UPSERT])
def test_what_can_be_repeated_is_sent_again(
    server: Any, reply: Any, connect: Connect, lose: Any, request_: Request
) -> None:
    server.script = [lose, lose, reply()]
    assert connect(server.url).send(request_).status == 200
    assert [seen.method for seen in server.seen] == [request_.method] * 3


def test_silence_ends_a_call(server: Any, connect: Connect) -> None:
    server.script = [lambda handler: handler.rfile.read(1)]
    with pytest.raises(UncertainError, match="ReadTimeout"):
        connect(server.url, limits=Limits(read=0.05)).send(CREATE)


def test_silence_lasts_no_longer_than_the_call_may(server: Any, connect: Connect) -> None:
    server.script = [lambda handler: handler.rfile.read(1)]
    began = time.monotonic()
    with pytest.raises(UncertainError, match="ReadTimeout"):
        connect(server.url, limits=Limits(read=30, total=0.2)).send(CREATE)
    assert time.monotonic() - began < 10


def test_an_answer_that_is_not_what_its_encoding_says_is_lost(server: Any, reply: Any, connect: Connect) -> None:
    server.script = [reply(200, b"not gzip", Content_Encoding="gzip"), reply()]
    assert connect(server.url).send(READ).status == 200


def test_where_nobody_listens_nothing_was_sent(connect: Connect, clock: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="cannot be reached"):
        connect(f"http://127.0.0.1:{port}").send(CREATE)
    assert len(clock.slept) == 4


def test_a_netrc_file_and_a_proxy_do_not_get_in_the_way(
    server: Any, reply: Any, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.script = [reply()]
    connect(server.url, session_factory=open_session).send(READ)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.script = [reply()]
    connect(server.url).send(READ)
    assert [seen.headers["Authorization"] for seen in server.seen] == ["Bearer t1", "Bearer t1"]


def test_a_client_can_be_closed_by_leaving_it(server: Any, reply: Any, connect: Connect) -> None:
    server.script = [reply(), reply()]
    with connect(server.url) as client:
        client.send(READ)
    client.send(READ)
    assert server.connections == 2
