"""Queries that are wrong in every way that we could think of, and in some that nobody would."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import strategies as st

OPTIONS = ["$filter", "$orderby", "$select", "$expand", "$apply", "$top", "$count", "$skiptoken", "$deltatoken", "@p",
           "@q", "$skip", "$search", "fetchXml", "savedQuery", "userQuery", "$id", "tag", "LabelLanguages"]  # fmt: skip
WORDS = [
    *OPTIONS, "$ref", "$value", "$it", "$root", "$count", "has", "in", "mul", "eq", "ne", "gt", "le", "and", "or",
    "not",
    " eq ", " and ", " or ", "not ", "asc", "desc", "null", "true", "false", "0", "1", "-1", "1.5", "-0", "1e400",
    "9" * 30, "9" * 5000, "NaN", "INF", "0x10", "٣", "²", "2026-01-01", "2026-02-30", "0000-00-00", "P1D",
    "2026-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "0b000000-0000-4000-8000-00000000000a", "''", "'x'", "'''",
    '"', '"x"', '"\\ud800"', '["a","b"]', "[1,2]", "[[", "\\", "{", "}", "{}", "\x00", "\x1f", "\u2028", "é", "😀",
    "\ud800", "(", ")", "((((", "))))", "/any(", "any()", "all(", "c:", "c/", "any(c:c/statecode eq 0)", "/", "//",
    "..",
    "&", "&&", "=", "==", ",", ",,", ";", ":", "@", "#", "?", "%", "%2", "%25", "%00", "%FF", "%u0041", "+", "-", " ",
    "groupby(", "aggregate(", "$count as n", "with sum as x", "with countdistinct as x", "filter(", "concat(",
    "PropertyName=", "PropertyName='createdon'", "PropertyValue=1", "PropertyValues=", "contains(", "startswith(",
    "<cookie pagenumber='2' />", "1000000!01/01/2026 00:00:00!x",
]  # fmt: skip
PREFER = [b"odata.maxpagesize=1", b'odata.maxpagesize=2,odata.include-annotations="*"', b"odata.track-changes",
          b'odata.include-annotations="OData.*,-x,Microsoft.Dynamics.CRM.*"',
          b"odata.maxpagesize=99999999999"]  # fmt: skip
DEEP = 2000
NESTED = [
    "$filter=" + "(" * DEEP + "statecode eq 0" + ")" * DEEP,
    "$filter=" + "not " * DEEP + "statecode eq 0",
    "$filter=" + " and ".join(["not (" * 25 + "statecode eq 0" + ")" * 25] * 16),
    "$filter=" + "parentcustomerid_contact/" * DEEP + "fullname eq 'x'",
    "$filter=" + "contact_customer_contacts/any(c:" * 500 + "c/age eq 1" + ")" * 500,
    "$filter=" + "contact_customer_contacts/any(a:a/" * 12 + "statecode eq 0" + ")" * 12,
    "$filter=" + " or ".join(["fullname eq 'x'"] * 500),
    "$filter=" + " or ".join(["fullname eq 'x'"] * DEEP),
    "$filter=" + " and ".join(["parentcustomerid_contact/fullname eq 'x'"] * 400),
    "$filter=" + " and ".join(f"contact_customer_contacts/any(c:c/fullname eq '{n}')" for n in range(60)),
    "$filter=" + "parentcustomerid_contact/parentcustomerid_contact/" * 20 + "fullname eq 'x'",
    "$expand=" + "contact_customer_contacts($expand=" * DEEP + "owninguser" + ")" * DEEP,
    "$expand=" + "parentcustomerid_contact($expand=" * 40 + "owninguser" + ")" * 40,
    "$expand=" + ",".join(["owninguser"] * DEEP),
    "$orderby=" + ",".join(["fullname"] * DEEP),
    "$orderby=" + ",".join(f"{'parentcustomerid_contact/' * n}fullname" for n in range(1, 40)),
    "$select=" + ",".join(["fullname"] * DEEP),
    "$apply=" + "filter(statecode eq 0)/" * DEEP + "groupby((statecode))",
    "$apply=groupby((" + ",".join(["fullname"] * DEEP) + "))",
    "$filter=contains(fullname,'" + "%25_" * DEEP + "')",
    "$filter=contains(fullname,'" + "%25a" * DEEP + "')",
    "$filter=contains(fullname,'" + "[" * DEEP + "')",
    "&".join(f"@p{n}=1" for n in range(DEEP)),
    "$filter=@p eq @p&@p=@p",
    "$filter=@p0 eq 1&" + "&".join(f"@p{n}=@p{n + 1}" for n in range(1000)),
    "$filter=Microsoft.Dynamics.CRM.In(PropertyName='fullname',PropertyValues=[" + ",".join(["1"] * 9999) + "])",
    "$top=" + "9" * 9999,
    "$skiptoken=" + "%3C" * 9999,
    "$filter=Microsoft.Dynamics.CRM.OlderThanXDays(PropertyName='createdon',PropertyValue=99999999999)",
    "$filter=createdon eq 0001-01-01T00:00:00%2B14:00",
]


@pytest.fixture
def queries(spoil, vocabulary, sent):
    """GET of the corpus, spoilt: words of the query, words of the path, how it is encoded, octets."""
    reads = [line.partition("?") for line in spoil.lines("reads.txt")]
    paths = sorted({path for path, _, _ in reads})
    words = WORDS + vocabulary
    soup = st.lists(st.sampled_from(words), max_size=15).map("".join)
    text = spoil.words([query for _, _, query in reads if query], words) | st.builds(
        "{}={}".format, st.sampled_from(OPTIONS), soup
    )
    query = spoil.encoded(text)
    prefer = st.none() | st.sampled_from(PREFER)
    user = st.sampled_from([b"Bearer x", b"Bearer user:0b000000-0000-4000-8000-00000000000c"])
    return st.builds(
        lambda path, query, prefer, user: sent("GET", path, query, ((b"prefer", prefer), (b"authorization", user))),
        st.sampled_from(paths).map(str.encode),
        query | spoil.octets(query),
        prefer,
        user,
    )


def test_a_wrong_query_is_refused_in_time(fuzz, queries, sent):
    fuzz(queries, 2500, [sent("GET", b"contacts", quote(text, safe="$&=@(),'/:;?%").encode()) for text in NESTED])
