"""`$metadata`, read by the XML parser of the standard library: all that JSON shows is declared."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
import requests

from emulator.csdl.operations import SIGNATURES
from emulator.operations import registered

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
PREFIX = "mscrm."
DEFINITIONS = "EntityDefinitions(LogicalName='new_message')"


class Document:
    """The types of a document, with what they inherit."""

    def __init__(self, xml):
        self.schema = ET.fromstring(xml).find(f".//{EDM}Schema")
        self.types = {each.get("Name"): each for each in self.schema if each.tag == EDM + "EntityType"}
        self.named = {each.get("Name") for each in self.schema if each.get("Name")}
        self.container = self.schema.find(f"{EDM}EntityContainer")

    def members(self, name, tag):
        """The properties or navigation properties of a type by name, those of its base types included."""
        found = {}
        while name:
            own = {each.get("Name"): each for each in self.types[name].findall(EDM + tag)}
            assert not own.keys() & found.keys(), f"{name} declares again what it inherits"
            found |= own
            name = (self.types[name].get("BaseType") or "").removeprefix(PREFIX)
        return found

    def properties(self, name):
        return self.members(name, "Property")

    def navigations(self, name):
        return self.members(name, "NavigationProperty")

    def keys(self, name):
        while (key := self.types[name].find(f"{EDM}Key")) is None:
            name = self.types[name].get("BaseType").removeprefix(PREFIX)
        return [each.get("Name") for each in key]


def type_of(text):
    return text.removeprefix("Collection(").removesuffix(")").removeprefix(PREFIX)


@pytest.fixture(scope="module")
def document(customized):
    return Document(read(customized).content)


def read(server):
    url = f"{server.url}/api/data/v9.2/$metadata"
    return requests.get(url, headers={"Authorization": "Bearer x"}, timeout=10)


def test_it_is_xml_of_odata_4(customized):
    answer = read(customized)
    assert answer.headers["Content-Type"] == "application/xml"
    root = ET.fromstring(answer.content)
    assert (root.tag, root.get("Version")) == ("{http://docs.oasis-open.org/odata/ns/edmx}Edmx", "4.0")


def test_annotations_can_be_asked_for(custom):
    assert custom.get("$metadata?annotations=true").status_code == 200
    assert custom.post("$metadata", {}).status_code == 405


def test_every_name_is_declared_once_and_every_type_that_is_named(document):
    assert len(document.types) == len(document.schema.findall(f"{EDM}EntityType"))
    for each in document.schema.iter():
        for attribute in ("Type", "BaseType", "EntityType"):
            name = type_of(each.get(attribute) or "Edm.").removeprefix("Microsoft.Dynamics.CRM.")
            if not name.startswith(("Edm.", "OData.")):
                assert name in document.named, f"{each.get('Name')}: {name}"


def test_every_table_is_a_type_with_a_key_and_a_set(custom, document):
    tables = custom.row("EntityDefinitions?$select=LogicalName,EntitySetName")["value"]
    sets = {each.get("Name"): each.get("EntityType") for each in document.container.findall(f"{EDM}EntitySet")}
    for table in tables:
        assert sets[table["EntitySetName"]] == f"Microsoft.Dynamics.CRM.{table['LogicalName']}"
        [key] = document.keys(table["LogicalName"])
        assert document.properties(table["LogicalName"])[key].get("Nullable") == "false"


def test_every_property_of_a_row_is_declared(custom, document):
    contact = custom.create("contacts", {"lastname": "A"})
    custom.create("new_messages", {"new_name": "a"})
    custom.create(
        "new_conversations", {"regardingobjectid_contact_new_conversation@odata.bind": f"/contacts({contact})"}
    )
    seen = 0
    for table in custom.row("EntityDefinitions?$select=LogicalName,EntitySetName")["value"]:
        rows = custom.row(f"{table['EntitySetName']}?$top=3")["value"]
        for row in rows:
            names = {name for name in row if "@" not in name}
            assert names <= document.properties(table["LogicalName"]).keys(), table["LogicalName"]
        seen += bool(rows)
    assert seen > 12


def test_every_relationship_is_declared_on_both_sides(custom, document):
    for link in custom.row("RelationshipDefinitions")["value"]:
        if link["RelationshipType"] == "OneToManyRelationship":
            one, many = link["ReferencedEntity"], link["ReferencingEntity"]
            single = document.navigations(many)[link["ReferencingEntityNavigationPropertyName"]]
            one = "principal" if one == "owner" else one
            if not (many in ("phonecall", "task", "email", "new_conversation") and single.get("Partner") is None):
                assert type_of(single.get("Type")) == one
            collection = document.navigations(one)[link["ReferencedEntityNavigationPropertyName"]]
            assert collection.get("Type") == f"Collection(mscrm.{many})"


def test_partners_lead_back_and_lookups_have_their_property(document):
    partners = 0
    for name in document.types:
        for own in document.types[name].findall(f"{EDM}NavigationProperty"):
            target = type_of(own.get("Type"))
            if own.get("Partner"):
                back = document.navigations(target)[own.get("Partner")]
                assert type_of(back.get("Type")) == name, (name, own.get("Name"))
                partners += 1
            constraint = own.find(f"{EDM}ReferentialConstraint")
            if constraint is not None:
                assert constraint.get("Property") in document.properties(name)
                assert constraint.get("ReferencedProperty") in document.properties(target)
    assert partners > 300


def test_activities_users_and_teams_derive_from_what_they_are(document):
    bases = {name: each.get("BaseType") for name, each in document.types.items()}
    assert bases["new_conversation"] == bases["phonecall"] == "mscrm.activitypointer"
    assert bases["systemuser"] == bases["team"] == "mscrm.principal"
    assert bases["contact"] == bases["new_message"] == "mscrm.crmbaseentity"
    assert document.keys("systemuser") == ["ownerid"]
    assert document.keys("new_conversation") == ["activityid"]
    assert type_of(document.navigations("contact")["ownerid"].get("Type")) == "principal"


@pytest.mark.parametrize(
    ("table", "name", "kind"),
    [
        ("contact", "mobilephone", "Edm.String"),
        ("contact", "birthdate", "Edm.Date"),
        ("contact", "createdon", "Edm.DateTimeOffset"),
        ("contact", "donotphone", "Edm.Boolean"),
        ("contact", "creditlimit", "Edm.Decimal"),
        ("contact", "gendercode", "Edm.Int32"),
        ("contact", "versionnumber", "Edm.Int64"),
        ("contact", "_parentcustomerid_value", "Edm.Guid"),
        ("contact", "address1_latitude", "Edm.Double"),
        ("new_message", "new_body", "Edm.String"),
    ],
)
def test_the_type_of_a_property(document, table, name, kind):
    assert document.properties(table)[name].get("Type") == kind


def test_alternate_keys_are_told(document):
    found = document.types["new_channel"].findall(f".//{EDM}PropertyValue[@PropertyPath]")
    assert [each.get("PropertyPath") for each in found] == ["new_digits", "new_digits", "new_line"]


def test_every_property_of_a_definition_is_declared(custom, document):
    shown = custom.row(f"{DEFINITIONS}?$expand=Keys,ManyToOneRelationships")
    below = {"Keys": "EntityKeyMetadata", "ManyToOneRelationships": "OneToManyRelationshipMetadata"}
    for name, kind in below.items():
        for each in shown.pop(name):
            assert {n for n in each if "@" not in n} <= document.properties(kind).keys()
    assert {n for n in shown if "@" not in n} <= document.properties("EntityMetadata").keys()
    for each in custom.row(f"{DEFINITIONS}/Attributes")["value"]:
        kind = each["@odata.type"].rpartition(".")[2]
        assert {n for n in each if "@" not in n} <= document.properties(kind).keys(), kind


def test_operations_are_declared_with_what_they_take(document):
    insert = document.schema.find(f"{EDM}Action[@Name='InsertOptionValue']")
    given = {each.get("Name"): each.get("Type") for each in insert.findall(f"{EDM}Parameter")}
    assert (given["Value"], given["Label"]) == ("Edm.Int32", "mscrm.Label")
    assert insert.find(f"{EDM}ReturnType").get("Type") == "mscrm.InsertOptionValueResponse"
    imports = {each.get("Name") for each in document.container if each.tag.endswith("Import")}
    assert {"WhoAmI", "PublishXml", "SendAppNotification"} <= imports
    bound = document.schema.find(f"{EDM}Function[@Name='RetrievePrincipalAccess']")
    assert bound.get("IsBound") == "true"
    assert bound.find(f"{EDM}Parameter").get("Type") in ("mscrm.systemuser", "mscrm.team")


def test_no_operation_is_promised_that_is_not_there(document):
    there = {(each.name, each.bound_to) for each in registered()}
    assert SIGNATURES.keys() <= there


def test_bindings_lead_to_sets(document):
    sets = {each.get("Name"): each for each in document.container.findall(f"{EDM}EntitySet")}
    for found in sets.values():
        kind = found.get("EntityType").rpartition(".")[2]
        for binding in found.findall(f"{EDM}NavigationPropertyBinding"):
            assert binding.get("Target") in sets
            assert binding.get("Path") in document.navigations(kind)


def test_a_new_column_shows_at_once(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.post("EntityDefinitions(LogicalName='new_thing')/Attributes", say.column("Integer", "new_Count"))
    assert "new_count" in Document(fresh.get("$metadata").content).properties("new_thing")
