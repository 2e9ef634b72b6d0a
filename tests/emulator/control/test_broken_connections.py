"""Connections that break, as `requests` and a plain socket see it, and what was done by then."""

from __future__ import annotations

import errno
import socket
from urllib.parse import urlsplit

import pytest
import requests


@pytest.fixture
def row(web, new_id):
    return f"contacts({new_id()})"


@pytest.fixture
def speak(server):
    """Sends a request over a socket of its own and returns what comes back, and the error that ends it."""

    def send(text):
        address = urlsplit(server.url)
        received = b""
        with socket.create_connection((address.hostname, address.port), timeout=60) as peer:
            peer.sendall(text.replace("\n", "\r\n").encode())
            try:
                while chunk := peer.recv(65536):
                    received += chunk
            except OSError as error:
                return received, error.errno
        return received, None

    return send


GET = "GET /api/data/v9.2/{} HTTP/1.1\nHost: here\nAuthorization: Bearer x\n\n"


@pytest.mark.parametrize(("kind", "done"), [("reset", False), ("lost", True)])
def test_a_connection_is_reset(control, web, row, kind, done):
    control.fault(fault=kind, method="PATCH", next=1)
    with pytest.raises(requests.ConnectionError) as caught:
        web.patch(row, {"lastname": "A"}, If_None_Match="*")
    assert "ConnectionResetError" in repr(caught.value)
    assert (web.get(row).status_code == 200) is done
    again = web.patch(row, {"lastname": "A"}, If_None_Match="*")
    assert again.status_code == (412 if done else 204)


@pytest.mark.parametrize("kind", ["reset", "lost"])
def test_the_socket_gets_not_a_byte_but_a_reset(control, speak, kind):
    control.fault(fault=kind)
    assert speak(GET.format("WhoAmI")) == (b"", errno.ECONNRESET)


def test_a_lost_answer_of_a_batch(control, web, row):
    control.fault(fault="lost", path="contacts", next=1)
    with pytest.raises(requests.ConnectionError):
        web.batch([("PATCH", row, {"lastname": "A"})])
    assert web.get(row).status_code == 200


def test_the_log_knows_what_was_decided(control, web, row):
    control.fault(fault="lost", method="PATCH")
    control.fault(fault="reset", method="DELETE")
    for method in ("PATCH", "DELETE"):
        with pytest.raises(requests.ConnectionError):
            web(method, row, {"lastname": "A"})
    assert [each["status"] for each in control.log()] == [204, 0]


def test_a_body_that_ends_early(control, web):
    control.fault(fault="truncated", next=1)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError), match="IncompleteRead"):
        web.get("WhoAmI")
    assert web.get("WhoAmI").status_code == 200


@pytest.mark.parametrize(("length", "arrives"), [(0, 0), (10, 10), (100_000, -1)])
def test_how_much_arrives_can_be_chosen(control, speak, length, arrives):
    whole = speak(GET.format("WhoAmI").replace("Host", "Connection: close\nHost"))[0].partition(b"\r\n\r\n")[2]
    control.fault(fault="truncated", bytes=length)
    head, _, body = speak(GET.format("WhoAmI"))[0].partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert body == whole[: arrives % len(whole)]


def test_an_answer_without_a_body_does_not_arrive_at_all(control, web, row):
    control.fault(fault="truncated", method="PATCH")
    with pytest.raises(requests.ConnectionError, match="closed connection without response"):
        web.patch(row, {"lastname": "A"})
    assert web.get(row).status_code == 200


def test_the_server_complains_of_nothing(control, web, capfd):
    for kind in ("reset", "lost", "truncated"):
        control.fault(fault=kind, next=1)
        with pytest.raises(requests.RequestException):
            web.get("WhoAmI")
    assert capfd.readouterr() == ("", "")
