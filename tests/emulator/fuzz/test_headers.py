"""Headers that say something else than they should."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

ROW = b"0b000000-0000-4000-8000-00000000000a"
SELLER = b"0b000000-0000-4000-8000-00000000000c"
VALUES = {
    b"prefer": [b"return=representation", b"odata.maxpagesize=1", b'odata.include-annotations="*"',
                b"odata.track-changes",
                b"odata.continue-on-error", b"respond-async", b"odata.maxpagesize=0", b"odata.maxpagesize=-1"],
    b"if-match": [b"*", b'W/"1"', b'W/"x"', b'"1"', b"1", b'W/"1000001", W/"1000002"'],
    b"if-none-match": [b"*", b"null", b'W/"1"'],
    b"content-type": [b"application/json", b"application/json; charset=utf-8; odata.metadata=minimal", b"text/plain",
                      b"multipart/mixed; boundary=b", b"application/json;"],
    b"accept": [b"application/json", b"application/xml", b"*/*", b"application/json;odata.metadata=full"],
    b"authorization": [b"Bearer x", b"Bearer user:" + SELLER, b"Bearer user:", b"Bearer", b"bearer  x", b"Basic eDp5",
                       b"Bearer user:0a000000-0000-4000-8000-00000000000a", b"Bearer user:" + ROW],
    b"callerobjectid": [SELLER, ROW, b"{" + SELLER + b"}", b"x"],
    b"mscrmcallerid": [SELLER, b"0a000000-0000-4000-8000-00000000000a", ROW, b"x"],
    b"mscrm.solutionuniquename": [b"Default", b"nosuch", b"new_solution"],
    b"mscrm.mergelabels": [b"true", b"false", b"x"],
    b"mscrm.suppressduplicatedetection": [b"true", b"false", b"x"],
    b"mscrm.bypassbusinesslogicexecution": [b"CustomSync,CustomAsync", b"Custom", b","],
    b"mscrm.bypassbusinesslogicexecutionstepids": [ROW, b",".join([ROW, SELLER] * 2), b"x"],
    b"mscrm.bypasscustompluginexecution": [b"true", b"false", b"x"],
    b"consistency": [b"Strong", b"x"],
    b"odata-version": [b"4.0", b"4.01", b"3.0", b"x"],
    b"odata-maxversion": [b"4.0", b"4.01", b"x"],
    b"content-length": [b"0", b"-1", b"99999999999"],
    b"host": [b"127.0.0.1:7072", b"[::1", b"a:b:c", b"x:99999999", b"", b"evil.example/x?"],
    b"cookie": [b"ARRAffinity=x", b"ARRAffinity", b"=;=;=", b"a=b; a=c"],
    b"x-ms-client-request-id": [ROW, b"x"],
    b"x-http-method-override": [b"DELETE"],
}  # fmt: skip
CHANNEL = b"new_channels(new_digits='14255550100')"
REQUESTS = [
    ("GET", b"contacts", b"$select=fullname", b""),
    ("GET", b"contacts(" + ROW + b")", b"", b""),
    ("GET", CHANNEL, b"", b""),
    ("GET", b"EntityDefinitions", b"$select=LogicalName", b""),
    ("GET", b"WhoAmI", b"", b""),
    ("POST", b"contacts", b"$select=fullname", b'{"lastname":"x"}'),
    ("PATCH", b"contacts(" + ROW + b")", b"", b'{"lastname":"x"}'),
    ("PATCH", CHANNEL, b"tag=x", b'{"new_name":"x"}'),
    ("PUT", b"contacts(" + ROW + b")/lastname", b"", b'{"value":"x"}'),
    ("DELETE", b"contacts(" + ROW + b")", b"", b""),
    ("DELETE", b"accounts(" + ROW + b")/primarycontactid/$ref", b"", b""),
    ("POST", b"PublishAllXml", b"", b"{}"),
    ("POST", b"SendAppNotification", b"", b'{"Title":"x","Recipient":"systemusers(' + SELLER + b')"}'),
]


@pytest.fixture
def requests(spoil, sent):
    noise = st.sampled_from([b"", b" ", b"\xff", b"\xc3\xa9", b'"', b",", b";", b"=", b"a=b", b"x" * 9000,
    b",".join([b"a=b"] * 3000),
                             b'"' * 5000, b"=" * 5000, b"9" * 5000, b"\t",
                             b"\x00"]) | st.binary(max_size=9)  # fmt: skip

    def header(name):
        valid = st.sampled_from(VALUES[name])
        joined = st.lists(valid, min_size=1, max_size=3).map(b",".join)
        return st.tuples(st.just(name), valid | spoil.octets(joined) | noise)

    return st.builds(
        lambda request, headers: sent(*request[:3], tuple(headers), request[3]),
        st.sampled_from(REQUESTS),
        st.lists(st.one_of([header(name) for name in VALUES]), min_size=1, max_size=4),
    )


def test_a_wrong_header_is_refused_in_time(fuzz, requests):
    fuzz(requests, 800)
