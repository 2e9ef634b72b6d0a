"""Every query function in the whole emulator: as OData asks for it, and as an operator with values as text."""

import pytest

from emulator.exchange import Call
from emulator.metadata.model import ColumnType
from emulator.odata.functions import FUNCTIONS, named_condition
from emulator.odata.joins import ROOT, Links, Source
from emulator.seeds import ADMINISTRATOR, BUSINESS_UNIT

ID = "00000000-0000-4000-8000-000000000001"
# Property and values, by the functions that they fit; all others are about dates and take a number.
FITTING = [
    ({"In", "NotIn", "Between", "NotBetween"}, "numberofemployees", ["5", "20"]),
    ({"ContainValues", "DoesNotContainValues"}, "new_hobbies", ["2"]),
    ({"Above", "AboveOrEqual", "Under", "UnderOrEqual", "NotUnder"}, "accountid", [ID]),
    ({"EqualBusinessId", "NotEqualBusinessId", "EqualRoleBusinessId"}, "owningbusinessunit", []),
    ({name for name in FUNCTIONS if "EqualUser" in name}, "ownerid", []),
    ({"EqualUserLanguage"}, "numberofemployees", []),
    ({"On", "NotOn", "OnOrAfter", "OnOrBefore"}, "createdon", ["2026-03-10"]),
    ({name for name in FUNCTIONS if name.endswith("AndYear")}, "createdon", ["1", "2026"]),
    ({"InFiscalYear"}, "createdon", ["2026"]),
]


def fitting(name):
    found = [(column, values) for names, column, values in FITTING if name in names]
    return found[-1] if found else ("createdon", ["2"] if FUNCTIONS[name].parameters else [])


@pytest.fixture(scope="session")
def accounts(service):
    """Accounts with a choices column of our own, under one another."""

    def send(method, path, body):
        answer = service.answer(Call(method=method, path=path, body=body.encode()), ADMINISTRATOR, "http://x/")
        assert answer.status == 204, answer.payload

    kind, options = "Microsoft.Dynamics.CRM.MultiSelectPicklistAttributeMetadata", '[{"Value":1},{"Value":2}]'
    definition = f'{{"@odata.type":"{kind}","SchemaName":"new_Hobbies","OptionSet":{{"Options":{options}}}}}'
    send("POST", "EntityDefinitions(LogicalName='account')/Attributes", definition)
    for number, hobbies in ((1, "2, 1"), (2, "1"), (3, "")):
        parent = f',"parentaccountid@odata.bind":"accounts({ID[:-1]}{number - 1})"' if number > 1 else ""
        body = f'{{"name":"{number}","numberofemployees":{number * 10},"new_hobbies":"{hobbies}"{parent}}}'
        send("PATCH", f"accounts({ID[:-1]}{number})", body)
    return service


def literal(name, parameter, values):
    if parameter == "PropertyValues":
        return str(values)
    value = values[int(parameter[-1]) - 1 if parameter[-1].isdigit() else 0]
    return value if value.isdigit() else f"'{value}'"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_odata_and_operator_find_the_same_rows(accounts, get, name):
    column, values = fitting(name)
    given = [f"{each}={literal(name, each, values)}" for each in FUNCTIONS[name].parameters]
    call = f"Microsoft.Dynamics.CRM.{name}({','.join([f'PropertyName={column!r}', *given])})"
    answer = get("accounts", f"$select=accountid&$filter={call}")
    assert answer.status == 200, answer.payload
    with accounts.store.reading() as db:
        context = accounts.work(db, Call(method="GET", path=""), ADMINISTRATOR, "http://x/").context
        source = Source(context, context.schema.tables["account"], ROOT, Links())
        is_lookup = source.table.columns[column].is_lookup
        operand = source.operand((f"_{column}_value" if is_lookup else column,))
        condition, parameters = named_condition(name, operand, values)
        rows = db.execute(f"select accountid from account t0 where {condition} order by 1", parameters).fetchall()
    assert [row["accountid"] for row in answer.payload["value"]] == [key for (key,) in rows]


def test_choices_are_stored_in_order_and_shown(accounts, get):
    ours = "Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['1','2','3'])"
    rows = get("accounts", f"$select=new_hobbies&$filter={ours}&$orderby=name").payload["value"]
    assert [row["new_hobbies"] for row in rows] == ["1,2", "1", None]
    kind = get("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='new_hobbies')").payload
    assert (kind["AttributeType"], kind["AttributeTypeName"]["Value"]) == ("Virtual", "MultiSelectPicklistType")
    assert accounts.catalog.schema.tables["account"].columns["new_hobbies"].type is ColumnType.CHOICES


@pytest.mark.parametrize("hobbies", ['"3"', '"x"', "1", "[1]", '"1,"'])
def test_what_is_no_option_is_not_stored(accounts, hobbies):
    call = Call(method="POST", path="accounts", body=f'{{"name":"x","new_hobbies":{hobbies}}}'.encode())
    assert accounts.answer(call, ADMINISTRATOR, "http://x/").status == 400


def test_the_units_of_the_users_roles_are_found(get):
    call = "Microsoft.Dynamics.CRM.EqualRoleBusinessId(PropertyName='businessunitid')"
    rows = get("businessunits", f"$select=businessunitid&$filter={call}").payload["value"]
    assert [row["businessunitid"] for row in rows] == [BUSINESS_UNIT]


def test_definitions_tell_which_relationship_is_a_hierarchy(get):
    links = get("RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata").payload["value"]
    hierarchies = {link["SchemaName"] for link in links if link["IsHierarchical"]}
    assert hierarchies == {"account_parent_account", "business_unit_parent_business_unit", "user_parent_user"}


def test_the_version_of_the_definitions_grows_with_them(accounts, get):
    def version():
        body = get("accounts", "$top=1", prefer='odata.include-annotations="*"').payload
        return int(body["@Microsoft.Dynamics.CRM.globalmetadataversion"])

    before = version()
    definition = b'{"@odata.type":"Microsoft.Dynamics.CRM.StringAttributeMetadata","SchemaName":"new_Version"}'
    path = "EntityDefinitions(LogicalName='account')/Attributes"
    answer = accounts.answer(Call(method="POST", path=path, body=definition), ADMINISTRATOR, "http://x/")
    assert answer.status == 204
    assert version() > before


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("$select=name", {}, 304),
        ("$select=name&$expand=primarycontactid($select=fullname)", {}, 200),
        ("$select=name", {"prefer": 'odata.include-annotations="*"'}, 200),
    ],
)
def test_a_row_is_not_sent_again_unless_more_than_the_row_is_asked_for(get, post, query, headers, status):
    path = f"accounts({post('accounts', {'name': 'unchanged'})})"
    tag = get(path, query).headers["ETag"]
    assert get(path, query, **{"if-none-match": tag, **headers}).status == status
    assert get(path, query, **{"if-none-match": 'W/"1"', **headers}).status == 200
