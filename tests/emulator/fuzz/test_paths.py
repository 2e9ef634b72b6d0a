"""Paths that lead nowhere, or somewhere else than they look, with any method."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

WORDS = [
    "(", ")", "()", "((", "))", "/", "//", "..", "/../", "./", "'", "''", "'x'", "=", ",", ",,", ";", "@", "@t", "$",
    "$1", "$99",
    "$batch", "$metadata", "$ref", "$value", "$count", "$entity", "$all", "$crossjoin", "$it", "null", "true", "0",
    "1", "-1",
    "1.5", "9" * 30, "9" * 5000, "²", "x", "%", "%2", "%2F", "%252F", "%00", "%27", "%28", "%FF", "%F0%9F%98%80", "é",
    "\ud800",
    "\\", "?", "#", "&", "+", " ", "\t", "\n", "<", "*", ":", "{", "}", "[", "]", '"', "|", "~",
    "0b000000-0000-4000-8000-00000000000a", "0B000000-0000-4000-8000-00000000000A",
    "0b000000-0000-4000-8000-0000000000ff",
    "0b00000000004000800000000000000a", "{0b000000-0000-4000-8000-00000000000a}",
    "(0b000000-0000-4000-8000-00000000000a)", "(LogicalName='contact')", "(contactid=x)", "(new_digits='1')",
    "(new_digits='14255550100')", "(new_digits=@t)", "Microsoft.Dynamics.CRM.", "/Microsoft.Dynamics.CRM.contact",
    "/$ref", "/$value", "/$count", "/$ref/$ref", "/Attributes", "/Keys", "/OptionSet", "/GlobalOptionSet",
    "@odata.bind",
]  # fmt: skip
QUERIES = [b"", b"", b"$select=name", b"$id=contacts(0b000000-0000-4000-8000-00000000000a)", b"$id=x", b"@t={}",
           b"@t='x'",
           b"@t={'@odata.id':'contacts(0b000000-0000-4000-8000-00000000000a)'}", b"@t=[1]", b"@q={}",
           b"tag=x"]  # fmt: skip
BODIES = [b"", b"", b"{}", b"[]", b"null", b'{"value":null}', b'{"value":1}', b'{"value":[]}', b'{"@odata.id":null}',
          b'{"@odata.id":"contacts(0b000000-0000-4000-8000-00000000000a)"}', b'{"lastname":"x"}', b"{"]  # fmt: skip
LONG = [
    b"contacts" * 3000,
    b"/" * 30000,
    b"(" * 30000,
    b"contacts(" + b"(" * 9000 + b")" * 9000 + b")",
    b"contacts(" + b"a=1," * 7000 + b"a=1)",
    b"contacts(0b000000-0000-4000-8000-00000000000a)" + b"/parentcustomerid_contact" * 900,
    b"%28" * 10000,
    b"WhoAmI(" + b"[" * 9000 + b")",
    b"RetrieveTotalRecordCount(EntityNames=" + b"[" * 9000 + b"]" * 9000 + b")",
    b"RetrieveTotalRecordCount(EntityNames=['" + b"account','" * 2000 + b"account'])",
    b"'" * 30001,
]


@pytest.fixture
def requests(spoil, vocabulary, sent):
    """Paths of the corpus and of nowhere, spoilt, with every method."""
    known = [line.partition("?")[0] for line in spoil.lines("reads.txt")]
    known += [path for _, path, _ in spoil.writes()]
    words = WORDS + vocabulary
    soup = st.lists(st.sampled_from(words), max_size=8).map("".join)
    path = spoil.encoded(spoil.words(known, words, most=3) | soup)
    return st.builds(
        lambda method, path, query, body: sent(method, path.replace(b"?", b"%3F"), query, body=body),
        st.sampled_from(["GET", "GET", "POST", "PATCH", "PUT", "DELETE"]),
        path | spoil.octets(path),
        st.sampled_from(QUERIES),
        st.sampled_from(BODIES),
    )


def test_a_wrong_path_is_refused_in_time(fuzz, requests, sent):
    fuzz(requests, 1600, [sent(method, path) for path in LONG for method in ("GET", "DELETE")])
