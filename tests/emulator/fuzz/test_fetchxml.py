"""FetchXML that is no XML, or XML that is no FetchXML, or a question that makes no sense."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import strategies as st

TAGS = ["fetch", "entity", "attribute", "all-attributes", "order", "filter", "condition", "value", "link-entity"]
NAMES = ["name", "alias", "from", "to", "link-type", "intersect", "type", "attribute", "operator", "valueof",
         "entityname",
         "count", "page", "top", "distinct", "aggregate", "groupby", "dategrouping", "paging-cookie", "descending",
         "returntotalrecordcount", "useraworderby", "latematerialize", "options", "rowaggregate",
         "usertimezone"]  # fmt: skip
OPERATORS = ["eq", "ne", "like", "in", "not-in", "between", "null", "not-null", "last-x-days", "next-x-months", "on",
             "under",
             "eq-userid", "eq-useroruserteams", "contain-values", "in-fiscal-period-and-year", "begins-with", "gt",
             "above", "eq-or-under", "older-than-x-minutes", "this-week",
             "in-or-after-fiscal-period-and-year"]  # fmt: skip
WORDS = [
    *TAGS, *NAMES, *OPERATORS, "<", ">", "/>", "</", "='", "'", '"', "&lt;", "&amp;", "&", "&x;", "&#0;", "&#x110000;",
    "<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0' encoding='utf-16'?>", "<!DOCTYPE fetch [<!ENTITY x 'y'>]>",
    " xmlns='x'", " xmlns:a='b'", "inner", "outer", "any", "not any", "all", "not all", "exists",
    "matchfirstrowusingcrossapply",
    "sum", "avg", "min", "max", "countcolumn", "day", "week", "month", "quarter", "year", "fiscal-period", "true",
    "false",
    "", "0", "1", "-1", "5001", "9" * 30, "9" * 5000, "1.5", "1e400", "²", "x", "\x00", "\ud800", "\ufffe", "é", "😀",
    " ",
    "0b000000-0000-4000-8000-00000000000a", "2026-01-01", "2026-02-30T00:00:00Z", "%", "_", "[", "O'Hara",
    "<attribute name='fullname'/>", "<filter>", "</filter>",
    "<condition attribute='statecode' operator='eq' value='0'/>",
    "<link-entity name='account' from='accountid' to='parentcustomerid'>", "</link-entity>",
]  # fmt: skip
DEEP = 1500
NESTED = [
    "<fetch>" * DEEP,
    "<fetch><entity name='contact'>" + "<filter>" * DEEP + "</filter>" * DEEP + "</entity></fetch>",
    "<fetch><entity name='contact'>" + "<link-entity name='account' from='accountid' to='parentcustomerid'>" * 300
    + "</link-entity>" * 300 + "</entity></fetch>",
    "<fetch><entity name='contact'>" + "<attribute name='fullname'/>" * DEEP + "</entity></fetch>",
    "<fetch><entity name='contact'>" + "<order attribute='fullname'/>" * DEEP + "</entity></fetch>",
    "<fetch><entity name='contact'><filter>" + "<condition attribute='fullname' operator='eq' value='x'/>" * 400
    + "</filter></entity></fetch>",
    "<!DOCTYPE a [<!ENTITY a0 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};'>" for n in range(1, 30))
    + "]><fetch>&a29;</fetch>",
    "<fetch xmlns:a='" + "a" * 20000 + "'/>",
    "<fetch><entity name='contact'><filter><condition attribute='createdon' operator='last-x-days' value='"
    + "9" * 5000 + "'/></filter></entity></fetch>",
]  # fmt: skip


@pytest.fixture
def fetches(spoil, vocabulary, sent):
    """Fetches of the corpus on any table, spoilt: words, encoding, octets."""
    words = WORDS + vocabulary
    soup = st.lists(st.sampled_from(words), max_size=20).map("".join)
    text = spoil.words(spoil.lines("fetchxml.txt"), words) | soup
    xml = text.map(lambda text: quote(text, safe="", errors="replace").encode()) | spoil.encoded(text)
    prefer = st.sampled_from([None, b'odata.include-annotations="*"', b"odata.maxpagesize=1", b"odata.track-changes"])
    return st.builds(
        lambda path, xml, more, prefer: sent("GET", path, b"fetchXml=" + xml + more, ((b"prefer", prefer),)),
        st.sampled_from([b"contacts", b"contacts", b"accounts", b"systemusers", b"new_messages", b"contacts/$count"]),
        xml | spoil.octets(xml),
        st.sampled_from([b"", b"", b"", b"&$select=fullname", b"&fetchXml=x", b"&savedQuery=x"]),
        prefer,
    )


def test_wrong_fetchxml_is_refused_in_time(fuzz, fetches, sent):
    fuzz(fetches, 1500, [sent("GET", b"contacts", b"fetchXml=" + quote(text, safe="").encode()) for text in NESTED])
