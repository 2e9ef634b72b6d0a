"""Whatever is sent, the server answers in its own words: never with an error of its own."""

from __future__ import annotations

import contextlib
import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.errors import DataverseError
from emulator.exchange import Call
from emulator.parts import standard_parts
from emulator.routes import serve
from emulator.service import Service

USER = "0a000000-0000-4000-8000-00000000000b"
ADMINISTRATOR = "0a000000-0000-4000-8000-00000000000a"
CONTACT = "0b000000-0000-4000-8000-0000000000ff"
OTHER = "0b000000-0000-4000-8000-0000000000fe"
LABEL = {"LocalizedLabels": [{"Label": "x", "LanguageCode": 1033}]}
KIND = "Microsoft.Dynamics.CRM."
COLUMN = {
    "@odata.type": KIND + "StringAttributeMetadata",
    "SchemaName": "new_Name",
    "MaxLength": 10,
    "IsPrimaryName": True,
    "RequiredLevel": {"Value": "None"},
    "DisplayName": LABEL,
    "FormatName": {"Value": "Text"},
}
CHOICE = {
    "@odata.type": KIND + "PicklistAttributeMetadata",
    "SchemaName": "new_Kind",
    "OptionSet": {"IsGlobal": False, "Options": [{"Value": 1, "Label": LABEL}, {"Label": LABEL}]},
}
TABLE = {
    "SchemaName": "new_Thing",
    "OwnershipType": "UserOwned",
    "IsActivity": False,
    "HasNotes": True,
    "DisplayName": LABEL,
    "EntitySetName": "new_things",
    "Attributes": [COLUMN],
}
LINK = {
    "@odata.type": KIND + "OneToManyRelationshipMetadata",
    "SchemaName": "new_link",
    "ReferencedEntity": "contact",
    "ReferencingEntity": "account",
    "Lookup": {"SchemaName": "new_ContactId", "DisplayName": LABEL},
    "CascadeConfiguration": {"Delete": "Cascade", "Assign": "NoCascade"},
}
ROW = {
    "lastname": "A",
    "birthdate": "1990-02-28",
    "lastusedincampaign": "2024-01-31T00:00:00Z",
    "creditlimit": 1.5,
    "gendercode": 1,
    "donotphone": True,
    "numberofchildren": 1,
    "statecode": 0,
    "statuscode": 1,
    "ownerid@odata.bind": f"/systemusers({ADMINISTRATOR})",
    "parentcustomerid_account": None,
}
CALL = {
    "subject": "Call",
    "directioncode": False,
    "actualstart": "2024-01-31T00:00:00Z",
    "phonecall_activity_parties": [{"participationtypemask": 1, "addressused": "+1 555 0100"}],
}
BODIES = {
    "contacts": ROW,
    f"contacts({CONTACT})": ROW,
    f"contacts({CONTACT})/parentcustomerid_account/$ref": {"@odata.id": f"accounts({CONTACT})"},
    f"contacts({CONTACT})/lastname": {"value": "x"},
    "phonecalls": CALL,
    f"phonecalls({CONTACT})/phonecall_activity_parties": {"value": CALL["phonecall_activity_parties"]},
    "contacts/Microsoft.Dynamics.CRM.CreateMultiple": {"Targets": [{"@odata.type": KIND + "contact", **ROW}]},
    "contacts/Microsoft.Dynamics.CRM.UpsertMultiple": {
        "Targets": [{"@odata.type": KIND + "contact", "contactid": CONTACT}]
    },
    "SendAppNotification": {"Title": "x", "Body": "y", "Recipient": f"/systemusers({ADMINISTRATOR})", "Expiry": 60,
                            "Actions": {"actions": [{"title": "x", "data": {"type": "url"}}]}},
    "WinOpportunity": {"Status": 3, "OpportunityClose": {"opportunityid@odata.bind": f"/opportunities({CONTACT})"}},
    f"leads({CONTACT})/Microsoft.Dynamics.CRM.QualifyLead": {"CreateAccount": True, "CreateContact": True, "Status": 3,
                                                            "CreateOpportunity": True},
    "Merge": {"Target": {"@odata.type": KIND + "contact", "contactid": CONTACT}, "PerformParentingChecks": False,
              "Subordinate": {"@odata.type": KIND + "contact", "contactid": OTHER}, "UpdateContent": ROW},
    f"queues({CONTACT})/Microsoft.Dynamics.CRM.AddToQueue": {
        "Target": {"@odata.type": KIND + "phonecall", "activityid": CONTACT}, "QueueItemProperties": {"priority": 1}
    },
    "BulkDelete": {"JobName": "x", "QuerySet": [{"EntityName": "contact", "Criteria": {
        "FilterOperator": "And", "Conditions": [{"AttributeName": "contactid", "Operator": "In", "Values": [CONTACT]}],
    }}]},
    "EntityDefinitions": TABLE,
    "CreateEntities": {"Entities": [TABLE]},
    "EntityDefinitions(LogicalName='contact')": TABLE,
    "EntityDefinitions(LogicalName='contact')/Attributes": CHOICE,
    "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='lastname')": {**COLUMN, "SchemaName": "LastName"},
    "EntityDefinitions(LogicalName='contact')/Keys": {"SchemaName": "new_key", "KeyAttributes": ["emailaddress1"]},
    "RelationshipDefinitions": LINK,
    "GlobalOptionSetDefinitions": {"Name": "new_choice", "Options": [{"Value": 1, "Label": LABEL}]},
    "CreatePolymorphicLookupAttribute": {"OneToManyRelationships": [LINK], "Lookup": LINK["Lookup"]},
    "PublishXml": {"ParameterXml": "<importexportxml/>"},
}  # fmt: skip
URL = "http://127.0.0.1/api/data/v9.2/"
ROWS = (("contacts", CONTACT, "lastname"), ("contacts", OTHER, "lastname"), ("accounts", CONTACT, "name"),
        ("leads", CONTACT, "lastname"), ("phonecalls", CONTACT, "subject"), ("queues", CONTACT, "name"),
        ("opportunities", CONTACT, "name"))  # fmt: skip
NOISE = st.one_of(
    st.sampled_from([None, True, "", "x", "new_Thing", "contact", "$1", 0, -1, 2**40, 1.5]),
    st.sampled_from([[], {}, [None], ["x"], [[]], {"x": 1}]),
    st.text(max_size=8),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
)
QUIET = {"suppress_health_check": list(HealthCheck), "deadline": None, "max_examples": 25}


class Undone(Exception):
    pass


@pytest.fixture(scope="module")
def send():
    """Works on a call as the server does and keeps nothing of it. What the server does not expect comes through."""
    service = Service(standard_parts())
    for name, row, column in ROWS:
        body = json.dumps({column: "There"}).encode()
        assert service.answer(Call(method="PATCH", path=f"{name}({row})", body=body), USER, URL).status == 204

    def one(method, path, body=b"", headers=None):
        call = Call(method=method, path=path, headers=headers or {}, body=body)
        with contextlib.suppress(Undone, DataverseError), service.transaction() as db:
            serve(service.work(db, call, USER, URL))
            raise Undone

    yield one
    service.close()


@st.composite
def spoilt(draw, body):
    """The body with one piece of it replaced by something else, or left out."""
    body = copy.deepcopy(body)
    place, parent, key = body, None, None
    while isinstance(place, dict | list) and place and (parent is None or draw(st.booleans())):
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        parent, place = place, place[key]
    if draw(st.booleans()):
        parent[key] = draw(NOISE)
    else:
        del parent[key]
    return body


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
@settings(**QUIET)
@given(data=st.data())
def test_any_body(send, method, path, data):
    body = data.draw(spoilt(BODIES[path]))
    send(method, path, json.dumps(body).encode())


@settings(**QUIET)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
    path=st.text("contacts()/$='1,@%2F0a-Mb.{}&;é", max_size=40),
)
def test_any_path(send, method, path):
    send(method, path, b"{}")


@settings(**QUIET)
@given(tag=st.text(max_size=20), preference=st.text(max_size=20), solution=st.text(max_size=20))
def test_any_header(send, tag, preference, solution):
    headers = {"if-match": tag, "if-none-match": tag, "prefer": preference, "mscrm.solutionuniquename": solution}
    send("PATCH", f"contacts({CONTACT})", b"{}", headers)
