"""Below HTTP: what is no request, or half of one, is refused or hung up on, and others are served meanwhile."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

HEAD = b"Host: 127.0.0.1\r\nAuthorization: Bearer x\r\n"
ROOT = b"/api/data/v9.2/"
BODY = b'{"lastname":"x"}'
CREATE = b"POST " + ROOT + b"contacts HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\n"
RIGHT = [
    b"GET " + ROOT + b"WhoAmI HTTP/1.1\r\n" + HEAD + b"\r\n",
    b"GET " + ROOT + b"contacts?$top=1 HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n",
    CREATE + b"Content-Length: 16\r\n\r\n" + BODY,
    CREATE + b"Transfer-Encoding: chunked\r\n\r\n10\r\n" + BODY + b"\r\n0\r\n\r\n",
    b"GET /_emulator/health HTTP/1.0\r\n\r\n",
]
PIECES = [
    b"\r\n", b"\n", b"\r", b"\x00", b" ", b"\t", b"HTTP/1.1", b"HTTP/9.9", b"HTTP/", b"GET", b"BREW", b"\xff\xfe",
    b"%", b"%00", b"#",
    b"?", b"\xc3\xa9", b"Host: x\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
    b"Content-Length: 9999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
    b"no header\r\n",
    b": x\r\n", b"X: \x01\r\n", b" folded\r\n", b"FFFFFFFFFFFFFFFFF\r\n", b"zz\r\n", b"A" * 70_000, b"/" * 40_000,
]  # fmt: skip
STATUSES = {100, 200, 204, 400, 401, 404, 405, 411, 413, 414, 415, 417, 431, 501, 505}


@st.composite
def garbled(draw):
    """A request, or what is left of it."""
    found = draw(st.sampled_from(RIGHT) | st.binary(max_size=30))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(found)))
        found = found[:at] + draw(st.sampled_from([*PIECES, b""])) + found[at + draw(st.integers(0, 8)) :]
    return found


@pytest.fixture
def status(server):
    """The statuses of what comes back when the other side has said all that it has to say."""

    def speak(octets):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as peer:
            try:
                peer.sendall(octets)
                peer.shutdown(socket.SHUT_WR)
                received = b"".join(iter(lambda: peer.recv(65_536), b""))
            except OSError:  # hung up on before everything was said
                return []
        return [int(line[9:12]) for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]

    return speak


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(garbled())
@example(b"")
@example(b"\r\n" * 5000)
@example(b"GET " + b"/" * 300_000)
@example(b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 60_000)
@example(RIGHT[0] * 50)
def test_what_is_no_request_is_refused_or_hung_up_on(status, octets):
    begun = time.monotonic()
    assert set(status(octets)) <= STATUSES
    assert time.monotonic() - begun < 30


def test_who_says_nothing_more_holds_nobody_up(server, web):
    with ExitStack() as stack:
        for number in range(100):
            peer = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            peer.sendall(RIGHT[2][: 10 + number])
        assert web.get("WhoAmI").status_code == 200
    answer = web.get("contacts?$top=1")
    assert (answer.status_code, list(answer.json())) == (200, ["@odata.context", "value"])
