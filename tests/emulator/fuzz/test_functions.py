"""Functions with arguments that they do not take: of another type, too large, JSON that says something else."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import strategies as st

CALL = re.compile(r"(?P<name>[^?]*?)\((?P<arguments>\w+=.*)\)(\?@\w=(?P<json>.*))?")
TEXTS = ["", "x", "contact", "Attributes", "1!x", "²!x", "-1!x", "9" * 5000 + "!x", "9" * 5000, "new_setting",
         "prvReadContact",
         "0b000000-0000-4000-8000-00000000000a", "\ud800", "\x00", "é😀", "'", "a" * 5000, "contacts", "%",
         "*"]  # fmt: skip
NUMBERS = [
    "0",
    "1",
    "-1",
    "1.5",
    "1e5",
    "-0",
    "٣",
    "²",
    "9" * 19,
    "9" * 30,
    "9" * 5000,
    "1." + "9" * 5000,
    "NaN",
    "0x1",
]
VALUES = st.one_of(
    st.sampled_from([None, True, 0, -1, 2**70, 1.5, 1e308, [], {}, [[]], [None], {"Value": []}, {"Value": "[1,"}]),
    st.sampled_from(
        ["Equals", "NotEquals", "In", "NotIn", "GreaterThan", "LessThan", "Or", "x", "[]", "[[[1]]]", *TEXTS]
    ),
    st.sampled_from(["LogicalName", "Attributes", "ObjectTypeCode", "IsActivity", "DisplayName", "MetadataId"]),
)
NAMES = ["Criteria", "Conditions", "Filters", "PropertyName", "Value", "Properties", "AttributeQuery", "x", "@odata.id"]
DEEP = 9000
NESTED = ["[" * DEEP, "{'a':" * DEEP, "[" * 900 + "]" * 900, '{"Criteria":' + '{"Filters":[' * 200 + "]}" * 200 + "}"]


@st.composite
def literals(draw):
    """An argument as it may stand in a URL; some of them are right somewhere else."""
    match draw(st.integers(0, 5)):
        case 0:
            return draw(st.sampled_from(NUMBERS))
        case 1:
            return draw(
                st.sampled_from(["null", "true", "", "@x", "@", "[", "{", "[1]", "['x']", '["x"]', "{'a':1}", *NESTED])
            )
        case 2:
            return "Microsoft.Dynamics.CRM.EntityFilters'" + draw(st.sampled_from(TEXTS)) + "'"
        case 3:
            return json.dumps(draw(VALUES))
        case _:
            return "'" + draw(st.sampled_from(TEXTS)) + "'"


@pytest.fixture
def calls(spoil, sent):
    """The functions of the corpus: an argument exchanged, left out or given by an alias; its JSON spoilt."""
    found = [match for line in spoil.lines("reads.txt") if (match := CALL.fullmatch(line))]
    bodies = [json.loads(match["json"].replace("'", '"')) for match in found if match["json"]]
    spoilt = spoil.values(bodies, VALUES, NAMES).map(json.dumps)

    @st.composite
    def call(draw):
        match = draw(st.sampled_from(found))
        pairs = [pair.split("=", 1) for pair in re.split(r",(?=\w+=)", match["arguments"])]
        at = draw(st.integers(0, len(pairs) - 1))
        if match["json"] is None:
            pairs[at][1] = draw(literals())
        elif draw(st.integers(0, 3)) == 0:
            pairs.insert(
                at,
                [draw(st.sampled_from(["Query", "Target", "x", "DeletedMetadataFilters", "ClientVersionStamp"])), "0"],
            )
        alias = draw(spoilt if match["json"] and draw(st.integers(0, 4)) else literals())
        arguments = ",".join("=".join(pair) for pair in pairs)
        path = quote(f"{match['name']}({arguments})", safe="$&=@(),'/:;", errors="surrogatepass")
        query = "&".join(f"@{name}={quote(alias, safe='', errors='surrogatepass')}" for name in "tqx")
        return sent("GET", path.encode(), query.encode())

    return call()


def condition(**more):
    query = {"Criteria": {"Conditions": [{"PropertyName": "LogicalName", "ConditionOperator": "Equals", **more}]}}
    return f"RetrieveMetadataChanges(Query=@q)?@q={json.dumps(query)}"


# What was answered by 500 once.
FOUND = [
    *(f"EntityDefinitions?LabelLanguages={languages}" for languages in ("²", "9" * 5000, "1033,x,,")),
    *(f"new_channels(new_digits={number})" for number in NUMBERS),
    *(f"RetrieveMetadataChanges(ClientVersionStamp='{stamp}!x')" for stamp in ("²", "9" * 5000, "-1", "")),
    *(condition(Value=value, ConditionOperator=operator) for value in ([], None, "x", "1" + "0" * 400, [[]])
      for operator in ("Equals", "NotEquals", "In", "GreaterThan", "LessThan")),
    *(condition(PropertyName=name) for name in ([], {}, None, "Attributes")),
    "RetrieveSetting(SettingName='new_setting',AppUniqueName=@t)?@t={'a':1}",
    "RetrieveSetting(SettingName='new_setting',AppUniqueName=@t)?@t=[1]",
    'RetrieveSetting(SettingName=@t)?@t=["\\ud800"]',
    "RetrieveMetadataChanges(DeletedMetadataFilters=99999999999999999999,ClientVersionStamp='0!x')",
]  # fmt: skip


def test_a_wrong_argument_is_refused_in_time(fuzz, calls, sent):
    targets = [line.partition("?") for line in FOUND]
    fuzz(calls, 1000, [sent("GET", quote(path, safe="=@(),'!").encode(), quote(query, safe="=@").encode())
                       for path, _, query in targets])  # fmt: skip
