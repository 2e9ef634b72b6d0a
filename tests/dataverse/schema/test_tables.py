"""The declared tables: complete, described, and within what Dataverse allows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from dataverse.schema import names
from dataverse.schema.choices import STATUS
from dataverse.schema.definitions import column, relationship, table
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import CHILD_OF, Column, Lookup, Table, Type
from dataverse.store.tables import RECORD_TABLES
from messaging.status import Status

TABLES = {table.name: table for table in TEXTVERSE.tables}


def columns_of(declared: Table) -> list[Column | Lookup]:
    return [declared.primary, *declared.columns, *declared.lookups]


def labelled() -> Iterator[tuple[str, str, str]]:
    for choice in TEXTVERSE.choices:
        yield choice.name, choice.display, choice.description
    for declared in TEXTVERSE.tables:
        yield declared.name, declared.display, declared.description
        for each in columns_of(declared):
            yield f"{declared.name}.{each.name}", each.display, each.description


@pytest.mark.parametrize(("name", "display", "description"), list(labelled()))
def test_everything_has_a_label_and_a_sentence(name: str, display: str, description: str) -> None:
    assert re.fullmatch(r"[A-Z][\w'’ -]{1,49}", display)
    assert re.fullmatch(r"[A-Z].{10,}\.", description)
    assert len(description) <= 2000


def test_every_name_is_in_lower_case_and_has_our_prefix() -> None:
    for declared in TEXTVERSE.tables:
        relationships = [lookup.relationship for lookup in declared.lookups]
        columns = [each.name for each in columns_of(declared)]
        for name in [declared.name, declared.set_name, *relationships, *columns, *(key.name for key in declared.keys)]:
            assert re.fullmatch(r"txv_[a-z_]{1,46}|subject", name)


def test_every_name_is_used() -> None:
    text = json.dumps([table(each) for each in TEXTVERSE.tables])
    text += json.dumps([column(each) for declared in TEXTVERSE.tables for each in declared.columns])
    text += json.dumps([relationship(each, own.name) for own in TEXTVERSE.tables for each in own.lookups])
    for kind in (names.TableName, names.SetName, names.ColumnName, names.RelationshipName):
        for name in kind:
            assert f'"{name}"' in text or name == names.ColumnName.SUBJECT


def test_names_are_unique() -> None:
    relationships = [lookup.relationship for declared in TEXTVERSE.tables for lookup in declared.lookups]
    keys = [key.name for declared in TEXTVERSE.tables for key in declared.keys]
    assert len({*relationships, *keys, *TABLES}) == len(relationships) + len(keys) + len(TABLES)
    for declared in TEXTVERSE.tables:
        columns = [each.name for each in columns_of(declared)]
        assert len(set(columns)) == len(columns)


@pytest.mark.parametrize("declared", TEXTVERSE.tables, ids=lambda declared: declared.name)
def test_keys_are_over_columns_of_the_table_and_fit_their_index(declared: Table) -> None:
    lengths = {each.name: each.length for each in (declared.primary, *declared.columns) if each.type is Type.STRING}
    for key in declared.keys:
        assert sum(2 * (lengths[name] or 0) for name in key.columns) <= 900  # bytes, at two a character


def test_the_statuses_of_a_message_are_those_of_the_lattice() -> None:
    assert [option.value for option in STATUS.options] == list(range(471100000, 471100009))
    assert {option.label for option in STATUS.options} == {status.value for status in Status}
    assert [option.label for option in STATUS.options][:3] == ["Received", "Scheduled", "Queued"]


def test_option_values_begin_with_the_prefix_of_the_publisher() -> None:
    options = [option for choice in TEXTVERSE.choices for option in choice.options]
    options += [option for declared in TEXTVERSE.tables for each in declared.columns for option in each.options]
    assert {option.value // 10_000 for option in options} == {TEXTVERSE.publisher.option_prefix}


def test_a_message_is_a_child_of_its_conversation_and_of_nothing_else() -> None:
    lookups = {lookup.name: lookup for lookup in TABLES["txv_textmessage"].lookups}
    assert lookups["txv_conversationid"].cascades == CHILD_OF
    assert relationship(lookups["txv_conversationid"], "txv_textmessage")["ReferencedAttribute"] == "activityid"
    assert sum("Cascade" in (lookup.cascades.assign, lookup.cascades.share) for lookup in lookups.values()) == 1


def test_an_index_entry_goes_with_its_record_and_evidence_does_not_take_consent_with_it() -> None:
    assert {lookup.cascades.delete for lookup in TABLES["txv_phonekey"].lookups} == {"Cascade"}
    [evidence] = TABLES["txv_consent"].lookups
    assert evidence.cascades.delete == "RemoveLink"


def test_texts_outlive_every_record_that_they_can_be_about() -> None:
    assert TABLES["txv_textconversation"].outlives == tuple(map(str, RECORD_TABLES))


def test_an_activity_is_what_dataverse_requires_of_one() -> None:
    body = table(TABLES["txv_textconversation"])
    attributes = body["Attributes"]
    assert isinstance(attributes, list)
    [primary] = attributes
    assert primary["SchemaName"] == "Subject"
    assert (body["IsActivity"], body["HasActivities"], body["HasNotes"]) == (True, False, True)
    assert (body["OwnershipType"], body["IsAvailableOffline"]) == ("UserOwned", True)


def test_no_conversation_holds_the_text_of_a_message() -> None:
    assert not [each for each in TABLES["txv_textconversation"].columns if each.type is Type.MEMO]


EXPECTED = """
txv_smsprovider OrganizationOwned txv_name: txv_type String 50, txv_callbackid String 100, txv_inboundurl String 500,
  txv_statusurl String 500, txv_twoway Boolean, txv_deliveryreports Boolean, txv_media Boolean
txv_phonenumber UserOwned txv_name: txv_number String 50, txv_digits String 50, txv_numbertype Picklist,
  txv_newleads Picklist, txv_notices Memo 4000, txv_smsproviderid txv_smsprovider
txv_textconversation UserOwned subject: txv_ourdigits String 50, txv_customerdigits String 200, txv_customer String 200,
  txv_lastmessageon DateTime, txv_lastdirection Picklist, txv_leadmadeon DateTime, txv_unreadcount Integer,
  txv_phonenumberid txv_phonenumber
txv_textmessage UserOwned txv_name: txv_direction Picklist, txv_body Memo 10000, txv_from String 200, txv_to String 50,
  txv_status Picklist, txv_failurereason String 100, txv_statusdetail String 1000, txv_failedon DateTime,
  txv_providermessageid String 200, txv_provideraccount String 100, txv_segments Integer, txv_mediacount Integer,
  txv_providertime DateTime, txv_arrivedon DateTime, txv_arrivedms Integer, txv_scheduledfor DateTime,
  txv_notifiedon DateTime,
  txv_routing Memo 100000, txv_raw Memo 100000, txv_conversationid txv_textconversation, txv_sentbyid systemuser
txv_texttemplate UserOwned txv_title: txv_table String 100, txv_language Integer, txv_text Memo 6000,
  txv_placeholders Memo 100000, txv_shared Boolean
txv_phonekey OrganizationOwned txv_name: txv_digits String 50, txv_column String 100, txv_contactid contact,
  txv_accountid account, txv_leadid lead
txv_consent OrganizationOwned txv_name: txv_digits String 200, txv_choice Picklist, txv_decidedon DateTime,
  txv_source String 200, txv_evidenceid txv_textmessage
"""


def test_the_tables_are_those_of_the_design() -> None:
    written = [
        f"{declared.name} {declared.ownership} {declared.primary.name}: "
        + ", ".join(
            [
                *(" ".join(filter(None, (each.name, each.type, str(each.length or "")))) for each in declared.columns),
                *(f"{lookup.name} {lookup.target}" for lookup in declared.lookups),
            ]
        )
        for declared in TEXTVERSE.tables
    ]
    assert written == EXPECTED.strip().replace("\n  ", " ").split("\n")
