"""Bodies that hold something else than they should, or are no JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import strategies as st

NOISE = st.one_of(
    st.sampled_from([None, True, False, "", "x", "contact", "new_Thing", "$1", "$metadata", "/", "9" * 5000, "²",
    "\x00", "\ud800"]),
    st.sampled_from([0, -1, 2**31, 2**53 + 1, 2**70, -(2**70), 10**400, 1.5, -0.0, 1e308, 1e-308]),
    st.sampled_from([[], {}, [None], ["x"], [[]], {"x": 1}, {"": None}, [{}], {"@odata.type": "x"}, {"@odata.id": []}]),
    st.sampled_from(["2026-02-30", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "1,2", "٣",
                     "0b000000-0000-4000-8000-00000000000a", "contacts(0b000000-0000-4000-8000-00000000000a)",
                     "accounts(0b000000-0000-4000-8000-0000000000ff)",
                     "systemusers(0b000000-0000-4000-8000-00000000000c)",
                     "<fetch/>", 'x"; DROP TABLE contact; --', "sqlite_x", "_version", "<a>" * 2000, "PHA+",
                     "http://127.0.0.1:9/", "http://[", "prvReadContact"]),
    st.text(max_size=8),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
)  # fmt: skip
NAMES = ["@odata.type", "@odata.id", "@odata.etag", "@odata.bind", "lastname@odata.bind", "lastname@x.y", "@x", "x@",
         "", " ",
         "Lastname", "lastname ", "contactid", "_ownerid_value", "ownerid", "ownerid@odata.bind", "statecode",
         "statuscode",
         "versionnumber", "createdon", "overriddencreatedon", "owningbusinessunit", "parentcustomerid_contact",
         "parentcustomerid_account@odata.bind", "contact_customer_contacts", "new_many", "masterid", "\x00", "\ud800",
         "a" * 999]  # fmt: skip
TYPES = [None, b"application/json", b"application/json; charset=utf-16", b"application/json;IEEE754Compatible=true",
         b"text/plain", b"multipart/mixed", b"\xff", b""]  # fmt: skip
DEEP = 30_000
ODD = [
    b"", b" ", b"\x00", b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b"{", b"[]", b"null", b"1", b'"x"', b"NaN", b"{]",
    b"{}{}",
    b'{"lastname":"x","lastname":"y"}', b'{"lastname":NaN}', b'{"lastname":Infinity}', b'{"lastname":-Infinity}',
    b'{"lastname":"\\ud800"}', b'{"\\ud800":1}', b'{"lastname":"\xff"}', b'{"lastname":' + b"9" * 9999 + b"}",
    b'{"lastname":1e99999}', b"[" * DEEP, b'{"a":' * DEEP, b'{"lastname":' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"parentcustomerid_contact":' * 300 + b'{"lastname":"x"}' + b"}" * 300,
    b'{"contact_customer_contacts":[' * 80 + b'{"lastname":"x"}' + b"]}" * 80,
    b'{"lastname":"' + b"x" * 5_000_000 + b'"}', b"{" + b",".join(b'"x%d":1' % n for n in range(50_000)) + b"}",
    b'{"contact_customer_contacts":[' + b",".join([b'{"lastname":"x"}'] * 300) + b"]}",
]  # fmt: skip

# What was answered by 500 once.
FOUND = [
    ("SaveSettingValue", {"SettingName": "new_setting", "Value": "1", "AppUniqueName": [1]}),
    ("SaveSettingValue", {"SettingName": "new_setting", "Value": "\ud800"}),
    ("AddSolutionComponent", {"ComponentId": "0b000000-0000-4000-8000-00000000000a", "ComponentType": 26,
                              "SolutionUniqueName": ["x"]}),
    ("BulkDelete", {"JobName": "\ud800", "QuerySet": [{"EntityName": "lead"}]}),
    ("OrderOption", {"OptionSetName": "new_choice", "Values": [None, 1]}),
    ("UpdateStateValue", {"OptionSetName": "new_choice", "Value": 1, "Label": {}, "MergeLabels": True}),
]  # fmt: skip


@pytest.fixture
def writes(spoil, sent):
    """The writing requests of the corpus with bodies spoilt as JSON or as octets; sometimes with a body of another."""
    all_ = spoil.writes()

    def one(method, path, body):
        text = spoil.values([body] * 9 + [other for _, _, other in all_ if other], NOISE, NAMES).map(json.dumps)
        encoded = text.map(str.encode)
        return st.builds(
            lambda body, headers: sent(method, path.encode(), b"", headers, body),
            encoded | encoded | encoded | encoded | spoil.octets(encoded),
            st.sampled_from([()] * 60 + [((b"content-type", kind),) for kind in TYPES]),
        )

    return st.one_of([one(*each) for each in all_ if each[2]])


def test_a_wrong_body_is_refused_in_time_and_leaves_nothing(fuzz, writes, sent):
    found = [sent("POST", path.encode(), body=json.dumps(body).encode()) for path, body in FOUND]
    fuzz(writes, 2500, found + [sent(method, path, body=body) for body in ODD
                        for method, path in (("POST", b"contacts"), ("POST", b"EntityDefinitions"), ("POST",
                        b"GrantAccess"))])  # fmt: skip
