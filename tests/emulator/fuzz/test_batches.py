"""Batches with broken boundaries, headers, Content-IDs, line ends and ends."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

ROW = "0b000000-0000-4000-8000-00000000000a"
HOST = "http://127.0.0.1:7072"
PART = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
JSON = "Content-Type: application/json"
READ = [
    "--b",
    *PART,
    "",
    f"GET {HOST}/api/data/v9.2/contacts?$select=fullname&$top=1 HTTP/1.1",
    "Accept: application/json",
    "",
]
READ_RELATIVE = ["--b", *PART, "", f"GET /api/data/v9.2/contacts({ROW})?$select=fullname HTTP/1.1", "", ""]
WRITE = ["--b", *PART, "", "POST contacts HTTP/1.1", f"{JSON};type=entry", "", '{"lastname":"x"}']
SET = [
    "--b", 'Content-Type: multipart/mixed; boundary="c"', "",
    "--c", *PART, "Content-ID: 1", "", f"POST {HOST}/api/data/v9.2/accounts HTTP/1.1", JSON, "", '{"name":"x"}',
    "--c", *PART, "Content-ID: 2", "", "POST /api/data/v9.2/contacts HTTP/1.1", JSON, "",
    '{"lastname":"x","parentcustomerid_account@odata.bind":"$1"}',
    "--c", *PART, "Content-ID: 3", "", "PUT $2/lastname HTTP/1.1", JSON, "", '{"value":"y"}',
    "--c", *PART, "Content-ID: 4", "", "DELETE $1 HTTP/1.1", "", "",
    "--c--",
]  # fmt: skip
# As dynamics-web-api and dataverse-api write it.
OTHER = ["--b", *PART, "Content-ID: 100001", "", "PATCH $100000/lastname HTTP/1.1", "If-Match: *", JSON, "", "{}"]
BATCHES = [
    [*READ, *SET, *READ_RELATIVE, "--b--"],
    [*READ, *WRITE, "--b--"],
    [*SET, *SET, "--b--", ""],
    ["preamble", *WRITE, *OTHER, *READ, "--b--", "epilogue"],
]
LINES = [
    *READ, *WRITE, *SET, *OTHER, "--b--", "--c--", "--d", "--", "--b ", " --b", "--b--x", "--B", "Content-ID: 1",
    "Content-ID:",
    "Content-ID: $1", "Content-ID: \xff", "Content-Length: 1", "Content-Length: -1", "Transfer-Encoding: chunked",
    "no header",
    ": x", "Content-Type: application/json", "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: multipart/mixed",
    "Content-Type: multipart/mixed; boundary=", "GET $1 HTTP/1.1", "GET $batch HTTP/1.1",
    "POST /api/data/v9.2/$batch HTTP/1.1",
    "GET contacts", "GET  HTTP/1.1", "GET contacts HTTP/", "get contacts?$top=1 http/1.1", "BREW contacts HTTP/1.1",
    "GET http://[::1/contacts HTTP/1.1", "GET ../../x HTTP/1.1", "DELETE $1/x HTTP/1.1",
    "GET contacts HTTP/1.1 HTTP/1.1",
    "MSCRMCallerID: x", "CallerObjectId: 0b000000-0000-4000-8000-00000000000c", "If-None-Match: *",
    "Prefer: return=representation",
    f"DELETE contacts({ROW}) HTTP/1.1", "PATCH $1 HTTP/1.1", '{"primarycontactid@odata.bind":"$2"}', "{", "[]", "\x00",
    "é",
    "GET contacts?$filter=" + "x" * 70_000 + " HTTP/1.1", "POST EntityDefinitions HTTP/1.1", "GET $metadata HTTP/1.1",
]  # fmt: skip
TYPES = [b"multipart/mixed; boundary=b"] * 12 + [
    b'multipart/mixed;boundary="b"', b"Multipart/Mixed ; Boundary = b", b"multipart/mixed; boundary=b; charset=utf-8",
    b"multipart/mixed", b"multipart/mixed; boundary=", b'multipart/mixed; boundary="', b"multipart/mixed; boundary=c",
    b"multipart/mixed; boundary=\xff", b"multipart/form-data; boundary=b", b"application/json", b"text/plain", b"",
    b"multipart/mixed; boundary=" + b"b" * 9000,
]  # fmt: skip
NL = "\r\n"


def several(count, item):
    return NL.join([*item * count, "--b--", ""]).encode()


HUGE = [
    several(1000, READ_RELATIVE),
    several(1001, READ_RELATIVE),
    several(5000, ["--b"]),
    NL.join(["--b", 'Content-Type: multipart/mixed; boundary="c"', "", *SET[3:11] * 1001, "--c--", "--b--"]).encode(),
    several(1, ["--b", *["x: y"] * 100_000]),
    several(1, ["--b", *PART, "", "POST contacts HTTP/1.1", JSON, "", "x" * 5_000_000]),
    several(1, ["--b", *PART, "", "GET " + "(" * 60_000 + " HTTP/1.1", "", ""]),
    several(1, ["--b", *PART, "", "GET " + " " * 60_000 + "x", "", ""]),
    b"\n" * 1_000_000,
    b"--b" + b"\r" * 1_000_000 + b"\n--b--",
    NL.join("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n" for _ in range(2000)).encode(),
]


@st.composite
def assembled(draw):
    """The lines of a batch with some taken out, doubled, exchanged, put in; their ends of one kind or of all."""
    lines = list(draw(st.sampled_from(BATCHES)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines)))
        match draw(st.integers(0, 4)):
            case 0:
                del lines[at : at + draw(st.integers(1, 3))]
            case 1:
                lines[at:at] = lines[at : at + draw(st.integers(1, 12))]
            case 2:
                lines[at : at + 1] = [draw(st.sampled_from(LINES))]
            case 3:
                lines[at:at] = [draw(st.sampled_from(LINES))]
            case 4:
                lines[at : at + 2] = reversed(lines[at : at + 2])
    end = draw(st.sampled_from([NL, NL, "\n", "\r", "\n\r", "\r\r\n"]))
    return end.join(lines).encode("utf-8")


@pytest.fixture
def batches(spoil, sent):
    body = assembled()
    prefer = st.sampled_from(
        [b"", b"odata.continue-on-error", b"return=representation", b"odata.continue-on-error=false"]
    )
    return st.builds(
        lambda body, kind, prefer: sent("POST", b"$batch", b"", ((b"content-type", kind), (b"prefer", prefer)), body),
        body | body | spoil.octets(body),
        st.sampled_from(TYPES),
        prefer,
    )


def test_a_wrong_batch_is_refused_in_time(fuzz, batches, sent):
    kind = ((b"content-type", TYPES[0]),)
    fuzz(batches, 1200, [sent("POST", b"$batch", b"", kind, body) for body in HUGE])
