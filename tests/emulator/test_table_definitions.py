"""Tables, columns, keys and choices made over the Web API."""

from __future__ import annotations

import pytest

NOT_UNIQUE, NAME_TAKEN, BAD_PAYLOAD, BAD_PREFIX = "0x80044363", "0x80047013", "0x80048d19", "0x80044366"


def attributes(table):
    return f"EntityDefinitions(LogicalName='{table}')/Attributes"


def test_a_new_table_can_be_used_at_once(fresh, say):
    answer = fresh.post("EntityDefinitions", say.table("new_TextMessage"))
    assert answer.status_code == 204
    found = fresh.row(answer.headers["OData-EntityId"])
    assert (found["LogicalName"], found["EntitySetName"]) == ("new_textmessage", "new_textmessages")
    assert (found["PrimaryIdAttribute"], found["PrimaryNameAttribute"]) == ("new_textmessageid", "new_name")
    assert found["ObjectTypeCode"] >= 10_000
    row = fresh.row(f"new_textmessages({fresh.create('new_textmessages', {'new_name': 'Hello'})})")
    assert (row["new_name"], row["statecode"], row["statuscode"]) == ("Hello", 0, 1)
    assert row["_ownerid_value"] == row["_createdby_value"] == say.application_user


def test_a_table_is_a_row_of_its_own_until_it_is_deleted(fresh, say):
    def row_of(name):
        return fresh.row(f"entities?$select=objecttypecode&$filter=logicalname eq '{name}'")["value"]

    fresh.post("EntityDefinitions", say.table("new_Thing"))
    definition = fresh.row("EntityDefinitions(LogicalName='new_thing')")
    [row] = row_of("new_thing")
    assert (row["entityid"], row["objecttypecode"]) == (definition["MetadataId"], definition["ObjectTypeCode"])
    [contact] = row_of("contact")
    assert contact["objecttypecode"] == 2
    fresh.delete("EntityDefinitions(LogicalName='new_thing')")
    assert row_of("new_thing") == []


@pytest.mark.parametrize(
    ("schema_name", "entity_set"),
    [("new_Company", "new_companies"), ("new_Key", "new_keys"), ("new_Sms", "new_smses"), ("new_Box", "new_boxes"),
     ("new_Batch", "new_batches"), ("new_Wish", "new_wishes")],
)  # fmt: skip
def test_entity_sets_are_plurals(fresh, say, schema_name, entity_set):
    fresh.post("EntityDefinitions", say.table(schema_name))
    assert fresh.create(entity_set, {"new_name": "x"})


def test_an_entity_set_name_can_be_given_once(fresh, say):
    assert fresh.post("EntityDefinitions", say.table("new_A", EntitySetName="new_aset")).status_code == 204
    assert fresh.create("new_aset", {"new_name": "x"})
    answer = fresh.post("EntityDefinitions", say.table("new_B", EntitySetName="new_aset"))
    assert say.code(answer) == "0x8006089b"


def test_who_owns_a_row_depends_on_the_table(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Theirs"))
    fresh.post("EntityDefinitions", say.table("new_Ours", OwnershipType="OrganizationOwned"))
    theirs = fresh.row(f"new_theirses({fresh.create('new_theirses', {'new_name': 'x'})})")
    ours = fresh.row(f"new_ourses({fresh.create('new_ourses', {'new_name': 'x'})})")
    owner = {"_ownerid_value", "_owninguser_value", "_owningteam_value", "_owningbusinessunit_value"}
    assert owner <= theirs.keys()
    assert not owner & ours.keys()
    assert ours["_organizationid_value"]
    assert "_organizationid_value" not in theirs


def test_privileges_come_with_a_table(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.post("EntityDefinitions", say.table("new_Ours", OwnershipType="OrganizationOwned"))
    with fresh.service.store.reading() as db:
        names = {name for (name,) in db.execute("SELECT name FROM privilege WHERE name LIKE '%new_%'")}
        held = db.execute(
            "SELECT count(*) FROM roleprivileges rp JOIN privilege p USING (privilegeid) JOIN role r USING (roleid) "
            "WHERE p.name = 'prvReadnew_Thing' AND r.name = 'System Administrator' AND rp.privilegedepthmask = 8"
        ).fetchone()
    verbs = ("Create", "Read", "Write", "Delete", "Append", "AppendTo")
    expected = {f"prv{verb}new_Thing" for verb in (*verbs, "Assign", "Share")} | {
        f"prv{verb}new_Ours" for verb in verbs
    }
    assert (names, held) == (expected, (1,))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"SchemaName": "Contact"}, BAD_PREFIX),
        ({"SchemaName": "xyz_Thing"}, BAD_PREFIX),
        ({"SchemaName": ""}, BAD_PREFIX),
        ({"SchemaName": "new_Taken"}, NOT_UNIQUE),
        ({"SchemaName": "new_TAKEN"}, NOT_UNIQUE),
        ({"Attributes": []}, BAD_PAYLOAD),
        ({"OwnershipType": "Nobody"}, "0x8004700d"),
        ({"IsActivity": True}, "0x8004f127"),
        ({"IsActivity": True, "OwnershipType": "OrganizationOwned"}, None),
    ],
)
def test_a_table_that_is_refused(fresh, say, change, error):
    fresh.post("EntityDefinitions", say.table("new_Taken"))
    answer = fresh.post("EntityDefinitions", {**say.table("new_Thing"), **change})
    assert answer.status_code == 400
    assert error is None or say.code(answer) == error
    assert fresh.get("EntityDefinitions(LogicalName='new_thing')").status_code == 404


@pytest.mark.parametrize(
    ("kind", "more", "good", "bad", "error"),
    [
        ("String", {"MaxLength": 3}, "abc", "abcd", "0x80044331"),
        ("String", {}, "x" * 100, "x" * 101, "0x80044331"),
        ("Memo", {"MaxLength": 5000}, "x" * 5000, "x" * 5001, "0x80044331"),
        ("Integer", {"MinValue": 1, "MaxValue": 5}, 5, 6, "0x8004432f"),
        ("BigInt", {}, 2**40, "x", BAD_PAYLOAD),
        ("Decimal", {"MinValue": 0, "MaxValue": 1, "Precision": 3}, 0.125, 2, "0x80044330"),
        ("Double", {}, 0.5, -1, "0x80044330"),
        ("Money", {}, 12.5, "12", BAD_PAYLOAD),
        ("DateTime", {}, "2024-01-31T00:00:00Z", "2024-01-31", None),
        ("DateTime", {"DateTimeBehavior": {"Value": "DateOnly"}}, "2024-01-31", "31-1-2024", BAD_PAYLOAD),
        ("Boolean", {}, True, 1, BAD_PAYLOAD),
        ("Picklist", {"OptionSet": {"Options": [{"Value": 7}, {"Value": 8}]}}, 8, 9, "0x8004431a"),
    ],
)
def test_a_column_of_each_type(fresh, say, kind, more, good, bad, error):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    answer = fresh.post(attributes("new_thing"), say.column(kind, "new_Value", **more))
    assert answer.status_code == 204, answer.text
    row = fresh.create("new_things", {"new_value": good})
    assert fresh.row(f"new_things({row})")["new_value"] == good
    answer = fresh.patch(f"new_things({row})", {"new_value": bad})
    assert answer.status_code == 400
    assert error is None or say.code(answer) == error
    found = fresh.row(f"{attributes('new_thing')}(LogicalName='new_value')")
    assert found["AttributeType"] == kind
    assert found["@odata.type"] == f"#Microsoft.Dynamics.CRM.{kind}AttributeMetadata"
    assert more.items() <= {**found, **more}.items()


def test_rows_that_were_there_have_nothing_in_a_new_column(fresh, say):
    row = fresh.create("contacts", {"lastname": "A"})
    fresh.post(attributes("contact"), say.column("String", "new_Nickname"))
    assert fresh.row(f"contacts({row})")["new_nickname"] is None
    assert fresh.patch(f"contacts({row})", {"new_nickname": "Al"}).status_code == 204


@pytest.mark.parametrize(
    ("kind", "change", "status", "error"),
    [
        ("String", {"SchemaName": "new_Name"}, 400, NAME_TAKEN),
        ("String", {"SchemaName": "Value"}, 400, BAD_PREFIX),
        ("String", {"MaxLength": 0}, 400, BAD_PAYLOAD),
        ("String", {"MaxLength": 4001}, 400, BAD_PAYLOAD),
        ("String", {"MaxLength": "10"}, 400, BAD_PAYLOAD),
        ("String", {"@odata.type": None}, 400, BAD_PAYLOAD),
        ("String", {"RequiredLevel": {"Value": "Very"}}, 400, BAD_PAYLOAD),
        ("Integer", {"MinValue": 5, "MaxValue": 1}, 400, BAD_PAYLOAD),
        ("Picklist", {"OptionSet": {"Options": [{"Value": 1}, {"Value": 1}]}}, 400, "0x80044310"),
        ("Picklist", {"GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='new_none')"}, 404, "0x8004024a"),
        ("Lookup", {}, 400, BAD_PAYLOAD),
        ("Strange", {}, 400, BAD_PAYLOAD),
        ("File", {}, 501, None),
        ("String", {"AutoNumberFormat": "A-{SEQNUM:4}"}, 501, None),
    ],
)
def test_a_column_that_is_refused(fresh, say, kind, change, status, error):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    answer = fresh.post(attributes("new_thing"), {**say.column(kind, "new_Value"), **change})
    assert answer.status_code == status
    assert error is None or say.code(answer) == error


def test_options_without_a_value_are_numbered_from_the_publishers_prefix(fresh, say):
    publisher = {"uniquename": "demo", "friendlyname": "Demo", "customizationprefix": "demo"}
    fresh.create("publishers", {**publisher, "customizationoptionvalueprefix": 12345})
    fresh.post("EntityDefinitions", say.table("demo_Thing"))
    options = [{"Label": say.label("A")}, {"Value": 123450000, "Label": say.label("B")}, {"Label": say.label("C")}]
    fresh.post(attributes("demo_thing"), say.column("Picklist", "demo_Kind", OptionSet={"Options": options}))
    path = f"{attributes('demo_thing')}(LogicalName='demo_kind')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
    found = fresh.row(f"{path}?$expand=OptionSet")["OptionSet"]["Options"]
    labels = {option["Label"]["UserLocalizedLabel"]["Label"]: option["Value"] for option in found}
    assert labels == {"A": 123450001, "B": 123450000, "C": 123450002}


def test_columns_share_a_global_choice(fresh, say):
    choice = {
        "Name": "new_status",
        "DisplayName": say.label("Status"),
        "Options": [{"Value": 1, "Label": say.label("On")}],
    }
    answer = fresh.post("GlobalOptionSetDefinitions", choice)
    assert answer.status_code == 204
    by_id = answer.headers["OData-EntityId"].removeprefix(fresh.root)
    assert fresh.row(by_id)["Options"][0]["Value"] == 1
    for name, link in (("new_One", "/GlobalOptionSetDefinitions(Name='new_status')"), ("new_Two", f"/{by_id}")):
        bound = {"GlobalOptionSet@odata.bind": link}
        assert fresh.post(attributes("contact"), say.column("Picklist", name, **bound)).status_code == 204
    assert fresh.post("contacts", {"lastname": "A", "new_one": 1, "new_two": 1}).status_code == 204
    assert fresh.post("contacts", {"lastname": "A", "new_two": 2}).status_code == 400
    assert say.code(fresh.post("GlobalOptionSetDefinitions", choice)) == "0x80044345"


def test_an_index_that_rows_stand_in_the_way_of_fails(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    for _ in range(2):
        fresh.create("new_things", {"new_name": "the same"})
    keys = "EntityDefinitions(LogicalName='new_thing')/Keys"
    key = {"SchemaName": "new_by_name", "KeyAttributes": ["new_name"], "DisplayName": say.label("Name")}
    assert fresh.post(keys, key).status_code == 204
    assert fresh.row(keys)["value"][0]["EntityKeyIndexStatus"] == "Failed"
    assert say.code(fresh.get("new_things(new_name='the same')")) == "0x80060890"


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ({"SchemaName": "new_k1"}, "0x80060893"),
        ({"SchemaName": "new_k2"}, "0x80060894"),
        ({"SchemaName": "k2", "KeyAttributes": ["new_text"]}, BAD_PREFIX),
        ({"SchemaName": "new_k2", "KeyAttributes": ["new_none"]}, BAD_PAYLOAD),
        ({"SchemaName": "new_k2", "KeyAttributes": []}, BAD_PAYLOAD),
        ({"SchemaName": "new_k2", "KeyAttributes": ["new_memo"]}, "0x8006088f"),
        ({"SchemaName": "new_k2", "KeyAttributes": ["new_long"]}, "0x80060895"),
    ],
)
def test_a_key_that_is_refused(fresh, say, key, error):
    columns = [
        say.column("String", "new_Text"),
        say.column("Memo", "new_Memo"),
        say.column("String", "new_Long", MaxLength=451),
    ]
    definition = say.table("new_Thing")
    fresh.post("EntityDefinitions", {**definition, "Attributes": definition["Attributes"] + columns})
    keys = "EntityDefinitions(LogicalName='new_thing')/Keys"
    first = {"SchemaName": "new_k1", "KeyAttributes": ["new_name"], "DisplayName": say.label("k")}
    assert fresh.post(keys, first).status_code == 204
    answer = fresh.post(keys, {**first, **key})
    assert (answer.status_code, say.code(answer)) == (400, error)
    assert len(fresh.row(keys)["value"]) == 1


def test_definitions_become_components_of_the_solution(fresh, say):
    solution = {"uniquename": "Demo", "friendlyname": "Demo", "version": "1.0.0.0"}
    link = {"publisherid@odata.bind": "/publishers(0a000000-0000-4000-8000-0000000000b1)"}
    fresh.create("solutions", {**solution, **link})
    fresh.session.headers["MSCRM.SolutionUniqueName"] = "Demo"
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.post(attributes("new_thing"), say.column("String", "new_Text"))
    fresh.create("environmentvariabledefinitions", {"schemaname": "new_setting", "displayname": "S"})
    with fresh.service.store.reading() as db:
        kinds = {kind for (kind,) in db.execute("SELECT componenttype FROM solutioncomponent")}
    assert kinds == {1, 2, 380}
    fresh.session.headers["MSCRM.SolutionUniqueName"] = "Nowhere"
    assert fresh.post("EntityDefinitions", say.table("new_Other")).status_code == 404
    assert fresh.get("EntityDefinitions(LogicalName='new_other')").status_code == 404


def test_a_column_can_be_widened(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    path = f"{attributes('new_thing')}(LogicalName='new_name')"
    wider = say.column("String", "new_Name", MaxLength=300)
    assert fresh.put(path, wider, MSCRM_MergeLabels="true").status_code == 204
    assert fresh.create("new_things", {"new_name": "x" * 300})
    assert fresh.put(path, say.column("Integer", "new_Name")).status_code == 400


def test_publishing_is_accepted(web, say):
    assert web.post("PublishXml", {"ParameterXml": "<importexportxml/>"}).status_code == 204
    assert web.post("PublishAllXml", {}).status_code == 204
    assert web.post("PublishXml", {}).status_code == 400


def test_sellers_do_not_change_the_schema(fresh, say):
    seller = fresh.as_user(fresh.user("Kim", role=say.salesperson))
    answer = seller.post("EntityDefinitions", say.table("new_Thing"))
    assert (answer.status_code, say.code(answer)) == (403, "0x80040220")
    assert seller.post(attributes("contact"), say.column("String", "new_Text")).status_code == 403
    assert fresh.get("new_things").status_code == 404


def test_the_first_money_column_brings_the_currency(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    for name in ("new_Price", "new_Cost"):
        assert fresh.post(attributes("new_thing"), say.column("Money", name)).status_code == 204
    row = fresh.row(f"new_things({fresh.create('new_things', {'new_price': 5})})")
    assert row["_transactioncurrencyid_value"]
    assert fresh.get(f"new_things({row['new_thingid']})/transactioncurrencyid").json()["isocurrencycode"] == "USD"


@pytest.mark.parametrize("name", ['new_x"; DROP', "new_x y", "$batch", "new/x", "(x)"])
def test_the_name_of_an_entity_set_is_one(fresh, say, name):
    assert fresh.post("EntityDefinitions", say.table("new_Thing", EntitySetName=name)).status_code == 400
    assert fresh.post("EntityDefinitions", say.table("new_Thing")).status_code == 204
    changed = say.table("new_Thing", LogicalName="new_thing", EntitySetName=name)
    assert fresh.put("EntityDefinitions(LogicalName='new_thing')", changed).status_code == 400
