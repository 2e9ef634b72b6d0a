"""What `$batch` answers, in every shape that Dataverse, proxies and broken connections give it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email import policy
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataverse.webapi.batch import Answer, check, decode
from dataverse.webapi.multipart import MalformedBatch
from dataverse.webapi.request import ChangeSet, Request, Response

OUTER = "batchresponse_2f8a"
BOUNDARIES = st.text("abcXYZ0189'()+_,./:=?-", min_size=1, max_size=40)
TEXT = st.text(st.characters(codec="utf-8"))
NEWLINES = st.sampled_from([b"\r\n", b"\n"])
HEADERS = st.dictionaries(
    st.sampled_from(["odata-version", "location", "odata-entityid", "req_id"]),
    st.text("abc(1)/:'", min_size=1),
    max_size=3,
)


@st.composite
def responses(draw: st.DrawFn, lowest: int = 200, highest: int = 599, *, ascii_only: bool = False) -> Response:
    body = draw(st.none() | st.dictionaries(TEXT, TEXT | st.just(f"\n--{OUTER}--\n") | st.just(f"--{OUTER}")))
    content = b"" if body is None else json.dumps(body, ensure_ascii=ascii_only or draw(st.booleans())).encode()
    return Response(status=draw(st.integers(lowest, highest)), headers=draw(HEADERS), body=content)


CARRIED_OUT = st.lists(responses(highest=399), min_size=1, max_size=3).map(tuple)
CARRIED_OUT_ASCII = st.lists(responses(highest=399, ascii_only=True), min_size=1, max_size=3).map(tuple)
PROSE = st.text("abc -:\n", max_size=30).map(lambda text: text.strip("\n"))
POLICY = policy.compat32.clone(linesep="\r\n", max_line_length=0, mangle_from_=False)


def written(answers: Sequence[Answer], newline: bytes = b"\r\n", boundary: str = OUTER) -> bytes:
    """An answer to a batch, as a server writes it."""

    def one(answer: Answer) -> bytes:
        if isinstance(answer, tuple):
            inner = b"".join([b"--cs_" + boundary.encode() + newline + one(each) + newline for each in answer])
            head = f'Content-Type: multipart/mixed; boundary="cs_{boundary}"'.encode()
            return head + newline + newline + inner + b"--cs_" + boundary.encode() + b"--"
        lines = [b"Content-Type: application/http", b"Content-Transfer-Encoding: binary"]
        lines += [b"", f"HTTP/1.1 {answer.status} Some Reason".encode()]
        lines += [f"{name}: {value}".encode() for name, value in answer.headers.items()]
        return newline.join([*lines, b"", answer.body])

    delimiter = b"--" + boundary.encode()
    return b"".join(delimiter + newline + one(answer) + newline for answer in answers) + delimiter + b"--" + newline


@given(st.lists(responses() | CARRIED_OUT, min_size=1, max_size=4), NEWLINES, BOUNDARIES, st.booleans())
def test_every_answer_comes_back(answers: list[Answer], newline: bytes, boundary: str, quoted: bool) -> None:
    value = f'"{boundary}"' if quoted else boundary
    body = written(answers, newline, boundary)
    assert decode(f"multipart/mixed; boundary={value}", body) == tuple(answers)


def written_by_the_library(answers: Sequence[Answer], preamble: str, epilogue: str) -> tuple[str, bytes]:
    """An answer to a batch as Python's e-mail package writes it, and the Content-Type with its boundary."""
    outer = MIMEMultipart("mixed", _subparts=[mime(answer) for answer in answers])
    outer.preamble, outer.epilogue = preamble, epilogue
    body = outer.as_bytes(policy=POLICY).partition(b"\r\n\r\n")[2]
    return str(outer["Content-Type"]), body


def mime(answer: Answer) -> MIMEBase:
    if isinstance(answer, tuple):
        return MIMEMultipart("mixed", _subparts=[mime(each) for each in answer])
    part = MIMEBase("application", "http")
    part["Content-Transfer-Encoding"] = "binary"
    lines = [f"HTTP/1.1 {answer.status} Reason", *(f"{name}: {value}" for name, value in answer.headers.items())]
    part.set_payload("\r\n".join([*lines, "", answer.body.decode("ascii")]))
    return part


@given(st.lists(responses(ascii_only=True) | CARRIED_OUT_ASCII, min_size=1, max_size=4), PROSE, PROSE)
def test_what_an_independent_writer_writes_comes_back(answers: list[Answer], preamble: str, epilogue: str) -> None:
    content_type, body = written_by_the_library(answers, preamble, epilogue)
    assert decode(content_type, body) == tuple(answers)


@given(st.lists(responses() | CARRIED_OUT, min_size=1, max_size=3), NEWLINES, st.data())
def test_an_answer_that_was_cut_off_is_never_taken_for_whole(
    answers: list[Answer], newline: bytes, data: st.DataObject
) -> None:
    body = written(answers, newline)
    length = data.draw(st.integers(0, len(body) - len(newline) - 1))
    with pytest.raises(MalformedBatch):
        decode(f"multipart/mixed; boundary={OUTER}", body[:length])


@given(st.binary())
def test_rubbish_is_refused_and_nothing_else(body: bytes) -> None:
    with pytest.raises(MalformedBatch):
        decode(f"multipart/mixed; boundary={OUTER}", body)


def test_text_around_the_parts_and_space_after_boundaries_is_ignored() -> None:
    answer = Response(status=204)
    body = written([answer]).replace(f"--{OUTER}\r\n".encode(), f"--{OUTER} \t\r\n".encode())
    assert decode(f"multipart/mixed; boundary={OUTER}", b"preamble\r\n" + body + b"epilogue") == (answer,)


@pytest.mark.parametrize(
    "content_type",
    [
        f"multipart/mixed;boundary={OUTER}",
        f'Multipart/Mixed; charset=utf-8; BOUNDARY="{OUTER}"',
        f'multipart/mixed; boundary = "{OUTER}" ; x=y',
    ],
)
def test_a_content_type_is_read_in_all_its_spellings(content_type: str) -> None:
    assert decode(content_type, written([Response(status=204)])) == (Response(status=204),)


@pytest.mark.parametrize(
    "content_type", ["application/json; odata.metadata=minimal", "", "multipart/mixed", "text/html"]
)
def test_an_answer_that_is_not_multipart_is_an_error_and_not_an_empty_success(content_type: str) -> None:
    with pytest.raises(MalformedBatch, match="not multipart"):
        decode(content_type, b"{}")


def test_a_failed_change_set_is_one_error_that_names_its_request() -> None:
    body = (
        b"--b\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n"
        b"--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-ID: 2\r\n\r\nHTTP/1.1 412 Precondition Failed\r\nREQ_ID: 77\r\n"
        b"Content-Type: application/json; odata.metadata=minimal\r\n\r\n"
        b'{"error":{"code":"0x80040237","message":"exists"}}\r\n'
        b"--changesetresponse_1--\r\n--b--\r\n"
    )
    [answer] = decode("multipart/mixed; boundary=b", body)
    assert isinstance(answer, Response)
    assert answer.status == 412
    assert answer.headers["content-id"] == "2"
    assert answer.headers["req_id"] == "77"
    assert answer.json() == {"error": {"code": "0x80040237", "message": "exists"}}


def test_a_part_whose_headers_end_without_a_blank_line_is_read() -> None:
    body = b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n--b--"
    assert decode("multipart/mixed; boundary=b", body) == (Response(status=204, headers={"odata-version": "4.0"}),)


def test_a_status_line_without_a_reason_is_read() -> None:
    body = b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204\r\n\r\n\r\n--b--"
    assert decode("multipart/mixed; boundary=b", body) == (Response(status=204),)


def test_folded_headers_are_read() -> None:
    inner = b"--c\n\nHTTP/1.1 204 No Content\n\n\n--c--"
    body = b"--b\nContent-Type: multipart/mixed;\n boundary=c\n\n" + inner + b"\n--b--"
    assert decode("multipart/mixed; boundary=b", body) == ((Response(status=204),),)


@pytest.mark.parametrize(
    "part", [b"", b"Content-Type: application/http", b"\r\n\r\nno status line", b"\r\n\r\nHTTP/1.1 99 Odd\r\n\r\n"]
)
def test_a_part_without_headers_or_a_status_is_refused(part: bytes) -> None:
    with pytest.raises(MalformedBatch):
        decode("multipart/mixed; boundary=b", b"--b\r\n" + part + b"\r\n--b--\r\n")


READ = Request(method="GET", path="contacts")
WRITE = ChangeSet((Request(method="POST", path="leads"), Request(method="POST", path="contacts")))
OK = Response(status=200)
FAILED = Response(status=404)


@pytest.mark.parametrize("answers", [[OK, (OK, OK), OK], [OK, FAILED, OK], [FAILED], [OK, FAILED]])
def test_answers_that_fit_what_was_asked_are_accepted(answers: list[Answer]) -> None:
    check([READ, WRITE, READ], answers, continue_on_error=False)


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [OK],
        [OK, (OK, OK)],
        [OK, (OK,), OK],
        [(OK, OK), (OK, OK), OK],
        [OK, OK, OK],
        [OK, (OK, OK), OK, OK],
        [FAILED, (OK, OK)],
    ],
)
def test_answers_that_do_not_fit_are_refused(answers: list[Answer]) -> None:
    with pytest.raises(MalformedBatch):
        check([READ, WRITE, READ], answers, continue_on_error=False)


ASKED = st.lists(st.sampled_from([READ, WRITE]), min_size=1, max_size=5)


def fitting(part: Request | ChangeSet) -> Answer:
    return OK if isinstance(part, Request) else (OK,) * len(part.requests)


@given(ASKED, st.data())
def test_a_part_too_many_or_too_few_is_never_overlooked(asked: list[Request | ChangeSet], data: st.DataObject) -> None:
    answers = [fitting(part) for part in asked]
    check(asked, answers, continue_on_error=False)
    place = data.draw(st.integers(0, len(answers) - 1))
    for wrong in (answers[:place] + answers[place + 1 :], [*answers[:place], OK, *answers[place:]]):
        for continue_on_error in (True, False):
            with pytest.raises(MalformedBatch):
                check(asked, wrong, continue_on_error=continue_on_error)


@given(ASKED, st.data())
def test_a_batch_that_stopped_ends_with_its_error(asked: list[Request | ChangeSet], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(asked) - 1))
    stopped = [*map(fitting, asked[:place]), FAILED]
    check(asked, stopped, continue_on_error=False)
    if len(stopped) < len(asked):
        with pytest.raises(MalformedBatch):
            check(asked, stopped, continue_on_error=True)


def test_with_continue_on_error_every_part_is_answered() -> None:
    check([READ, READ], [FAILED, FAILED], continue_on_error=True)
    with pytest.raises(MalformedBatch, match="2 parts were asked for and 1 answered"):
        check([READ, READ], [FAILED], continue_on_error=True)
