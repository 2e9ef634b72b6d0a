"""What happens on the wire, against a real server: connections, cookies, compression, lost answers."""

from __future__ import annotations

import gzip
import socket
import struct
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataverse.webapi.client import Client
from dataverse.webapi.request import Request, Response
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


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Reset the connection, as a load balancer does that has forgotten it."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def break_off_in_a_chunk(handler: BaseHTTPRequestHandler) -> None:
    """Lose the connection in the middle of a chunk of an answer whose length nobody knows."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b'20\r\n{"value": [')
    hang_up(handler)


def break_off_in_the_headers(handler: BaseHTTPRequestHandler) -> None:
    """Lose the connection before the answer has begun."""
    handler.wfile.write(b"HTTP/1.1 20")
    hang_up(handler)


LOSSES = [hang_up, break_off, reset, break_off_in_a_chunk, break_off_in_the_headers]


def in_chunks(body: bytes, sizes: Iterable[int], **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer whose body comes in chunks of these sizes, each sent by itself; the rest comes at the end."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in {"Transfer-Encoding": "chunked", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        at = 0
        for size in [*sizes, len(body)]:
            if piece := body[at : at + size]:
                handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                handler.wfile.flush()
                at += size
        handler.wfile.write(b"0\r\n\r\n")

    return answer


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


@pytest.mark.parametrize("lose", LOSSES)
def test_a_create_whose_answer_is_lost_is_sent_once(server: Any, connect: Connect, lose: Any) -> None:
    server.script = [lose]
    with pytest.raises(UncertainError):
        connect(server.url).send(CREATE)
    assert len(server.seen) == 1


@pytest.mark.parametrize("lose", LOSSES)
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
    assert time.monotonic() - began < 25


@pytest.mark.parametrize("length", ["chunked", "known"])
def test_an_answer_that_trickles_ends_with_the_call(
    server: Any, connect: Connect, request: pytest.FixtureRequest, length: str
) -> None:
    over = Event()
    request.addfinalizer(over.set)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        known = {"Content-Length": "100000"} if length == "known" else {"Transfer-Encoding": "chunked"}
        for name, value in known.items():
            handler.send_header(name, value)
        handler.end_headers()
        while not over.wait(0.02):
            handler.wfile.write(b" " if length == "known" else b"1\r\n \r\n")

    server.script = [trickle]
    began = time.monotonic()
    with pytest.raises(UncertainError, match="took too long"):
        connect(server.url, limits=Limits(read=5, total=0.3), clock=time.monotonic).send(CREATE)
    assert 0.25 < time.monotonic() - began < 30


@given(st.lists(st.integers(1, 60), max_size=30), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_answer_to_a_batch_may_come_in_any_pieces(
    server: Any, connect: Connect, sizes: list[int], compressed: bool
) -> None:
    parts = [f"HTTP/1.1 200 OK\r\nREQ_ID: {number}\r\n\r\n{{}}" for number in range(3)]
    mime = "--b\r\nContent-Type: application/http\r\n\r\n"
    body = "".join(f"{mime}{part}\r\n" for part in parts).encode() + b"--b--\r\n"
    headers = {"Content_Type": "multipart/mixed; boundary=b"} | ({"Content_Encoding": "gzip"} if compressed else {})
    server.script = [in_chunks(gzip.compress(body) if compressed else body, sizes, **headers)]
    with connect(server.url) as client:
        answer = client.batch([READ, READ, READ])
    assert [part.headers["req_id"] for part in answer.parts if isinstance(part, Response)] == ["0", "1", "2"]


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
