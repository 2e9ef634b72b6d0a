"""What we send to `$batch`, read back by Python's own e-mail parser."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataverse.webapi.batch import encode
from dataverse.webapi.request import ChangeSet, Request

SERVICE = "/api/data/v9.2/"
BOUNDARY = "batch_80dd1615"
TEXT = st.text(st.characters(codec="utf-8"))
BODIES = st.none() | st.dictionaries(TEXT, TEXT | st.integers() | st.lists(TEXT))
PATHS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1).filter(
    lambda path: not path.startswith("$") and "--" not in path
)


@st.composite
def requests(draw: st.DrawFn, methods: tuple[str, ...] = ("GET", "POST", "PATCH", "DELETE")) -> Request:
    return Request(method=draw(st.sampled_from(methods)), path=draw(PATHS), body=draw(BODIES))


WRITES = requests(methods=("POST", "PATCH", "PUT", "DELETE"))
CHANGE_SETS = st.lists(WRITES, min_size=1, max_size=3).map(lambda drawn: ChangeSet(tuple(drawn)))


def read(body: bytes, boundary: str = BOUNDARY) -> list[Message]:
    """The parts of a multipart body, as the e-mail parser of the standard library sees them."""
    message = message_from_bytes(f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode() + body)
    assert message.defects == []
    return inner(message)


def inner(message: Message) -> list[Message]:
    """The parts of a multipart message."""
    parts = message.get_payload()
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, Message)]


def http(part: Message) -> tuple[str, Message, bytes]:
    """Request line, headers and body of an `application/http` part."""
    assert part.get_content_type() == "application/http"
    assert part["Content-Transfer-Encoding"] == "binary"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    line, _, rest = content.partition(b"\r\n")
    headers, _, body = rest.partition(b"\r\n\r\n")
    return line.decode(), message_from_bytes(headers), body


def assert_carries(part: Message, request: Request) -> None:
    line, _headers, body = http(part)
    assert line == f"{request.method} {SERVICE}{request.path} HTTP/1.1"
    assert body == request.content()


@given(st.lists(requests() | CHANGE_SETS, min_size=1, max_size=4))
def test_an_independent_parser_reads_every_request_back(parts: list[Request | ChangeSet]) -> None:
    for part, sent in zip(read(encode(parts, service_path=SERVICE, boundary=BOUNDARY)), parts, strict=True):
        if isinstance(sent, Request):
            assert "Content-ID" not in part
            assert_carries(part, sent)
            continue
        for number, (operation, request) in enumerate(zip(inner(part), sent.requests, strict=True), start=1):
            assert_carries(operation, request)
            assert operation["Content-ID"] == str(number)


def strictly(body: bytes, boundary: bytes) -> list[tuple[dict[bytes, bytes], bytes]]:
    """The parts of a multipart body, by the letter of RFC 2046 §5.1.1: CRLF, nothing before, nothing after."""
    assert body.startswith(b"--" + boundary + b"\r\n")
    assert body.endswith(b"\r\n--" + boundary + b"--\r\n")
    inside = body[len(boundary) + 4 : -len(boundary) - 8]
    return [headed(part) for part in inside.split(b"\r\n--" + boundary + b"\r\n")]


def headed(message: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """Header lines by the letter of RFC 9110 §5, a blank line, and what follows."""
    head, blank, content = message.partition(b"\r\n\r\n")
    assert blank
    lines = [re.fullmatch(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ([\x20-\x7e]+)", line) for line in head.split(b"\r\n")]
    headers = {line[1].lower(): line[2] for line in lines if line}
    assert len(headers) == len(lines)
    return headers, content


def assert_strictly(part: tuple[dict[bytes, bytes], bytes], request: Request, content_id: bytes | None) -> None:
    mime, content = part
    expected = {b"content-type": b"application/http", b"content-transfer-encoding": b"binary"}
    assert mime == expected | ({} if content_id is None else {b"content-id": content_id})
    line, _, rest = content.partition(b"\r\n")
    assert line == f"{request.method} {SERVICE}{request.path} HTTP/1.1".encode("ascii")
    headers, body = headed(rest)
    json_type = {b"content-type": b"application/json; charset=utf-8"}
    assert headers == {b"accept": b"application/json"} | (json_type if body else {})
    assert (json.loads(body) if body else None) == request.body


@given(st.lists(requests() | CHANGE_SETS, min_size=1, max_size=4))
def test_a_strict_reader_reads_every_request_back(parts: list[Request | ChangeSet]) -> None:
    body = encode(parts, service_path=SERVICE, boundary=BOUNDARY)
    for part, sent in zip(strictly(body, BOUNDARY.encode()), parts, strict=True):
        if isinstance(sent, Request):
            assert_strictly(part, sent, None)
            continue
        headers, content = part
        [(name, value)] = headers.items()
        boundary = re.fullmatch(rb'multipart/mixed; boundary="([^"]+)"', value)
        assert name == b"content-type"
        assert boundary
        for number, (inside, request) in enumerate(zip(strictly(content, boundary[1]), sent.requests, strict=True), 1):
            assert_strictly(inside, request, str(number).encode())


@given(CHANGE_SETS, st.lists(requests() | CHANGE_SETS, max_size=2))
def test_a_change_set_is_the_same_wherever_it_stands(one: ChangeSet, before: list[Request | ChangeSet]) -> None:
    def last(parts: list[Request | ChangeSet]) -> list[bytes]:
        part = read(encode(parts, service_path=SERVICE, boundary=BOUNDARY))[-1]
        return [operation.as_bytes() for operation in inner(part)]

    assert last([one]) == last([*before, one])


def test_lines_end_as_http_lines_end() -> None:
    body = encode([Request(method="GET", path="contacts")], service_path=SERVICE, boundary=BOUNDARY)
    assert body.count(b"\n") == body.count(b"\r\n")


def test_the_headers_of_a_request_go_with_it_and_win_over_ours() -> None:
    request = Request(
        method="PATCH", path="contacts(1)", headers={"If-None-Match": "*", "accept": "text/plain"}, body={}
    )
    [part] = read(encode([request], service_path=SERVICE, boundary=BOUNDARY))
    _line, headers, body = http(part)
    assert headers["If-None-Match"] == "*"
    assert headers.get_all("Accept") == ["text/plain"]
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(body) == {}


def test_references_to_earlier_requests_are_sent_as_written() -> None:
    parts: list[Request | ChangeSet] = [
        Request(method="GET", path="leads"),
        ChangeSet(
            (
                Request(method="POST", path="leads", body={"lastname": "x"}),
                Request(method="POST", path="txv_textmessages", body={"txv_leadid@odata.bind": "$1"}),
                Request(method="PATCH", path="$1", body={"subject": "y"}),
            )
        ),
        ChangeSet((Request(method="POST", path="leads"), Request(method="DELETE", path="$1/ownerid/$ref"))),
    ]
    _read, first, second = read(encode(parts, service_path=SERVICE, boundary=BOUNDARY))
    lines = [http(operation)[0] for part in (first, second) for operation in inner(part)]
    assert lines[2] == "PATCH $1 HTTP/1.1"
    assert lines[4] == "DELETE $1/ownerid/$ref HTTP/1.1"
    assert json.loads(http(inner(first)[1])[2]) == {"txv_leadid@odata.bind": "$1"}


@pytest.mark.parametrize(
    "later",
    [
        Request(method="PATCH", path="$2"),
        Request(method="PATCH", path="$3"),
        Request(method="PATCH", path="$0"),
        Request(method="POST", path="x", body={"rows": [{"parent@odata.bind": "$9"}]}),
        Request(method="POST", path="x/$ref", body={"@odata.id": "$2"}),
    ],
)
def test_a_reference_that_points_nowhere_is_refused(later: Request) -> None:
    with pytest.raises(ValueError, match="points to no earlier request"):
        encode([ChangeSet((Request(method="POST", path="x"), later))], service_path=SERVICE, boundary=BOUNDARY)


def test_a_reference_into_another_change_set_is_refused() -> None:
    first = ChangeSet((Request(method="POST", path="x"),) * 2)
    second = ChangeSet((Request(method="PATCH", path="$1"),))
    with pytest.raises(ValueError, match="points to no earlier request"):
        encode([first, second], service_path=SERVICE, boundary=BOUNDARY)


def test_text_that_looks_like_a_reference_is_left_alone() -> None:
    change_set = ChangeSet((Request(method="POST", path="x", body={"txv_body": "$100"}),))
    assert b"$100" in encode([change_set], service_path=SERVICE, boundary=BOUNDARY)


def test_a_body_that_holds_the_boundary_is_refused() -> None:
    evil = Request(method="POST", path="x", body={"txv_body": f"hi --{BOUNDARY}-- bye"})
    for part in (evil, ChangeSet((evil,))):
        with pytest.raises(ValueError, match="the boundary occurs"):
            encode([part], service_path=SERVICE, boundary=BOUNDARY)


def test_a_body_that_holds_the_boundary_of_its_change_set_is_refused() -> None:
    evil = Request(method="POST", path="x", body={"txv_body": f"hi --changeset_1_{BOUNDARY}"})
    with pytest.raises(ValueError, match="the boundary occurs"):
        encode([ChangeSet((evil,))], service_path=SERVICE, boundary=BOUNDARY)


@pytest.mark.parametrize("path", ["contacts?$filter=a eq 'b'", "x\r\nHost: evil", "über", ""])
def test_a_path_that_is_not_encoded_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not encoded"):
        encode([Request(method="GET", path=path)], service_path=SERVICE, boundary=BOUNDARY)


@pytest.mark.parametrize("headers", [{"Prefer": "a\r\nHost: evil"}, {"a\nb": "c"}, {"Prefer": "é"}])
def test_a_header_that_would_become_two_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="header"):
        encode([Request(method="GET", path="x", headers=headers)], service_path=SERVICE, boundary=BOUNDARY)


@pytest.mark.parametrize("boundary", ["", "a b", 'a"b', "x" * 71, "a\r\nb"])
def test_a_boundary_that_rfc_2046_does_not_know_is_refused(boundary: str) -> None:
    with pytest.raises(ValueError, match="boundary"):
        encode([Request(method="GET", path="x")], service_path=SERVICE, boundary=boundary)


def test_more_operations_than_dataverse_takes_are_refused() -> None:
    read_one = Request(method="GET", path="x")
    change_set = ChangeSet((Request(method="POST", path="x"),) * 999)
    assert encode([read_one, change_set], service_path=SERVICE, boundary=BOUNDARY)
    too_few_or_many: list[list[Request | ChangeSet]] = [[], [read_one] * 1001, [read_one, read_one, change_set]]
    for parts in too_few_or_many:
        with pytest.raises(ValueError, match="1 to 1000 operations"):
            encode(parts, service_path=SERVICE, boundary=BOUNDARY)


def test_a_change_set_neither_reads_nor_is_empty() -> None:
    with pytest.raises(ValueError, match="cannot read"):
        encode([ChangeSet((Request(method="GET", path="x"),))], service_path=SERVICE, boundary=BOUNDARY)
    with pytest.raises(ValueError, match="at least one request"):
        encode([Request(method="GET", path="x"), ChangeSet(())], service_path=SERVICE, boundary=BOUNDARY)
