"""Activities: what they are about, who takes part, and their mirror in activitypointer."""

from __future__ import annotations

import pytest


@pytest.fixture
def contact(custom):
    return custom.create("contacts", {"lastname": "A", "mobilephone": "+1 555 0100"})


@pytest.mark.parametrize("entity_set", ["phonecalls", "tasks", "emails", "new_conversations"])
def test_every_activity_is_mirrored(custom, contact, entity_set):
    kind = entity_set[:-1]
    bind = f"regardingobjectid_contact_{kind}@odata.bind"
    row = custom.create(entity_set, {"subject": "Hello", bind: f"/contacts({contact})"})
    mirror = custom.row(f"activitypointers({row})")
    assert (mirror["subject"], mirror["activitytypecode"], mirror["statecode"]) == ("Hello", kind, 0)
    assert mirror["_regardingobjectid_value"] == contact
    assert mirror["@odata.etag"] == custom.row(f"{entity_set}({row})")["@odata.etag"]
    custom.patch(f"{entity_set}({row})", {"subject": "Bye", "statecode": 1})
    mirror = custom.row(f"activitypointers({row})")
    assert (mirror["subject"], mirror["statecode"]) == ("Bye", 1)
    custom.delete(f"{entity_set}({row})")
    assert custom.get(f"activitypointers({row})").status_code == 404


def test_activities_are_found_from_what_they_are_about(custom, contact):
    bind = {"regardingobjectid_contact_new_conversation@odata.bind": f"/contacts({contact})"}
    row = custom.create("new_conversations", {"subject": "Text", **bind})
    for nav in ("Contact_ActivityPointers", "contact_new_conversations"):
        (found,) = custom.get(f"contacts({contact})/{nav}").json()["value"]
        assert found["activityid"] == row
    assert (
        custom.get(f"new_conversations({row})/regardingobjectid_contact_new_conversation").json()["contactid"]
        == contact
    )


def test_an_activity_can_be_about_something_else(custom, contact):
    lead = custom.create("leads", {"lastname": "L"})
    bind = "regardingobjectid_{}_new_conversation@odata.bind"
    row = custom.create("new_conversations", {"subject": "Text", bind.format("lead"): f"/leads({lead})"})
    custom.patch(f"new_conversations({row})", {bind.format("contact"): f"/contacts({contact})"})
    assert custom.row(f"activitypointers({row})")["_regardingobjectid_value"] == contact
    assert custom.get(f"leads({lead})/Lead_ActivityPointers").json()["value"] == []


@pytest.mark.parametrize(
    "nav", ["regardingobjectid", "regardingobjectid_contact", "regardingobjectid_contact_NEW_CONVERSATION"]
)
def test_other_names_for_what_it_is_about_are_refused(custom, say, contact, nav):
    answer = custom.post("new_conversations", {"subject": "x", f"{nav}@odata.bind": f"/contacts({contact})"})
    assert (answer.status_code, say.code(answer)) == (400, "0x80048d19")


def test_a_custom_activity_has_four_states(custom):
    row = custom.create("new_conversations", {"subject": "x"})
    for state, status in ((3, 4), (2, 3), (1, 2), (0, 1)):
        assert custom.patch(f"new_conversations({row})", {"statecode": state}).status_code == 204
        assert custom.row(f"new_conversations({row})")["statuscode"] == status
    assert custom.post("new_conversations", {"subject": "x", "statecode": 1}).status_code == 400


def test_parties_come_with_their_activity(custom, say, contact):
    parties = [
        {"partyid_contact@odata.bind": f"/contacts({contact})", "participationtypemask": 1},
        {"partyid_systemuser@odata.bind": f"/systemusers({say.administrator})", "participationtypemask": 2},
        {"addressused": "+1 555 0199", "participationtypemask": 2},
    ]
    row = custom.create("phonecalls", {"subject": "Call", "phonecall_activity_parties": parties})
    path = f"phonecalls({row})/phonecall_activity_parties"
    found = custom.get(path).json()["value"]
    assert sorted(party["participationtypemask"] for party in found) == [1, 2, 2]
    assert contact in {party["_partyid_value"] for party in found}
    assert len(custom.get(f"activitypointers({row})/activitypointer_activity_parties").json()["value"]) == 3
    replaced = {"value": [{"partyid_contact@odata.bind": f"/contacts({contact})", "participationtypemask": 2}]}
    assert custom.put(path, replaced).status_code == 204
    assert [party["participationtypemask"] for party in custom.get(path).json()["value"]] == [2]
    custom.delete(f"phonecalls({row})")
    assert custom.get(f"activityparties?$filter=_activityid_value eq {row}").json()["value"] == []


@pytest.mark.parametrize(
    "party",
    [
        {"participationtypemask": 1},
        {"addressused": "x"},
        {"addressused": "x", "participationtypemask": 99},
        {"who": "me"},
    ],
)
def test_a_party_that_is_refused(custom, party):
    body = {"subject": "Call", "phonecall_activity_parties": [party]}
    assert custom.post("phonecalls", body).status_code == 400


def test_parties_are_not_written_alone(custom):
    assert custom.post("activityparties", {"participationtypemask": 1, "addressused": "x"}).status_code == 501


def test_a_note_is_about_its_row(custom, contact):
    note = custom.create(
        "annotations", {"subject": "N", "notetext": "t", "objectid_contact@odata.bind": f"/contacts({contact})"}
    )
    found = custom.row(f"annotations({note})")
    assert (found["_objectid_value"], found["objecttypecode"]) == (contact, "contact")
    assert custom.get(f"contacts({contact})/Contact_Annotation").json()["value"][0]["annotationid"] == note


def test_notes_go_to_tables_that_take_them(custom):
    message = custom.create("new_messages", {"new_name": "M"})
    bind = {"objectid_new_message@odata.bind": f"/new_messages({message})"}
    assert custom.create("annotations", {"subject": "N", **bind})
    channel = custom.create("new_channels", {"new_name": "C"})
    bind = {"objectid_new_channel@odata.bind": f"/new_channels({channel})"}
    assert custom.post("annotations", {"subject": "N", **bind}).status_code == 400


def test_the_mirror_is_not_written(custom):
    row = custom.create("phonecalls", {"subject": "Call"})
    assert custom.patch(f"activitypointers({row})", {"subject": "x"}).status_code == 501
    assert custom.delete(f"activitypointers({row})").status_code == 501
    assert custom.row(f"phonecalls({row})")["subject"] == "Call"
