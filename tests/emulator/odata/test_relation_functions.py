"""Query functions about hierarchies, about who asks, and about choices columns."""

import pytest

from emulator.errors import DataverseError
from emulator.odata.functions import named_condition
from emulator.odata.joins import ROOT, Links, Source

ANNA, BEN = 0xA1, 0xA2


@pytest.fixture
def tree(insert, make_guid):
    """World over Europe over France and Spain; Paris under France; Mars alone; two that are each other's parent."""
    parents = {
        "World": None,
        "Europe": 1,
        "France": 2,
        "Spain": 2,
        "Paris": 3,
        "Mars": None,
        "Hen": 8,
        "Egg": 7,
    }
    for number, (name, parent) in enumerate(parents.items(), 1):
        insert("account", number, name=name, parentaccountid=parent and make_guid(parent))
        insert("contact", number, fullname=f"of {name}", parentcustomerid=("account", make_guid(number)))
    insert("contact", 0x20, fullname="of nobody")


@pytest.mark.parametrize(
    ("function", "row", "found"),
    [
        ("Under", 2, ["France", "Spain", "Paris"]),
        ("Under", 5, []),
        ("UnderOrEqual", 2, ["Europe", "France", "Spain", "Paris"]),
        ("UnderOrEqual", 99, []),
        ("NotUnder", 2, ["World", "Europe", "Mars", "Hen", "Egg"]),
        ("Above", 3, ["World", "Europe"]),
        ("Above", 1, []),
        ("AboveOrEqual", 3, ["World", "Europe", "France"]),
        ("Under", 7, ["Hen", "Egg"]),
        ("Above", 7, ["Hen", "Egg"]),
    ],
)
def test_a_hierarchy_is_walked(names, tree, make_guid, function, row, found):
    call = f"Microsoft.Dynamics.CRM.{function}(PropertyName='accountid',PropertyValue='{make_guid(row)}')"
    assert names("accounts", call) == found


def test_a_lookup_to_a_hierarchy_is_walked_too(names, tree, make_guid):
    call = f"Microsoft.Dynamics.CRM.UnderOrEqual(PropertyName='parentcustomerid',PropertyValue='{make_guid(3)}')"
    assert names("contacts", call) == ["of France", "of Paris"]
    outside = call.replace("UnderOrEqual", "NotUnder")
    others = ["World", "Europe", "France", "Spain", "Mars", "Hen", "Egg", "nobody"]
    assert names("contacts", outside) == [f"of {name}" for name in others]


@pytest.mark.parametrize(
    ("set_name", "call"),
    [
        ("contacts", "Under(PropertyName='contactid',PropertyValue='00000000-0000-4000-8000-000000000001')"),
        ("accounts", "Under(PropertyName='name',PropertyValue='x')"),
        ("accounts", "Under(PropertyName='accountid',PropertyValue='x')"),
        ("accounts", "Under(PropertyName='accountid',PropertyValues=['x'])"),
    ],
)
def test_where_there_is_no_hierarchy_the_functions_are_refused(names, set_name, call):
    with pytest.raises(DataverseError) as caught:
        names(set_name, f"Microsoft.Dynamics.CRM.{call}")
    assert caught.value.status == 400


@pytest.fixture
def reports(people, insert, make_guid, db):
    """Ben reports to Anna, Cleo to Ben, Dana to Cleo, Elin to Dana; Elin is in the Sales team."""
    db.execute(
        f"update systemuser set parentsystemuserid = '{make_guid(ANNA)}' where systemuserid = '{make_guid(BEN)}'"
    )
    for number, name in enumerate(("Cleo", "Dana", "Elin"), BEN + 1):
        insert("systemuser", number, fullname=name, parentsystemuserid=make_guid(number - 1))
        insert("account", number, name=f"{name}'s", ownerid=("systemuser", make_guid(number)))
    insert("account", 0xB2, name="of Sales", ownerid=("team", make_guid(0xB2)))
    insert("teammembership", 0xC2, name=None, teamid=make_guid(0xB2), systemuserid=make_guid(BEN + 2))


def test_those_who_report_to_the_user_count_three_levels_deep(names, reports):
    call = "Microsoft.Dynamics.CRM.EqualUserOrUserHierarchy(PropertyName='ownerid')"
    assert names("accounts", call) == ["Fabrikam", "Cleo's", "Dana's"]


def test_the_organization_says_how_deep(names, reports, insert):
    insert("organization", 0xF0, maxdepthforhierarchicalsecuritymodel=9)
    call = "Microsoft.Dynamics.CRM.EqualUserOrUserHierarchy(PropertyName='ownerid')"
    assert names("accounts", call) == ["Fabrikam", "Cleo's", "Dana's", "Elin's"]


def test_the_teams_of_those_who_report_to_the_user_count_too(names, reports):
    call = "Microsoft.Dynamics.CRM.EqualUserOrUserHierarchyAndTeams(PropertyName='ownerid')"
    assert names("accounts", call) == ["Fabrikam", "Adventure Works", "Cleo's", "Dana's", "of Sales"]


def test_the_users_language_is_the_organizations(names, people, db, insert):
    call = "Microsoft.Dynamics.CRM.EqualUserLanguage(PropertyName='age')"
    db.execute("update contact set age = 1033 where fullname like 'Jim%'")
    assert names("contacts", call) == ["Jim Glynn"]
    insert("organization", 0xF0, languagecode=1043)
    assert names("contacts", call) == []


@pytest.fixture
def hikers(insert):
    for number, hobbies in enumerate(["1,10", "2", "1,2,10", "10", None]):
        insert("contact", number, fullname=str(hobbies), hobbies=hobbies)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Microsoft.Dynamics.CRM.ContainValues(PropertyName='hobbies',PropertyValues=['2'])", ["2", "1,2,10"]),
        (
            "Microsoft.Dynamics.CRM.ContainValues(PropertyName='hobbies',PropertyValues=['1','2'])",
            ["1,10", "2", "1,2,10"],
        ),
        (
            "Microsoft.Dynamics.CRM.DoesNotContainValues(PropertyName='hobbies',PropertyValues=['1'])",
            ["2", "10", "None"],
        ),
        ("hobbies eq '10, 1'", ["1,10"]),
        ("hobbies ne '10,1'", ["2", "1,2,10", "10", "None"]),
        ("hobbies eq null", ["None"]),
        ("Microsoft.Dynamics.CRM.In(PropertyName='hobbies',PropertyValues=['10,1','2'])", ["1,10", "2"]),
    ],
)
def test_choices_are_found_by_what_they_hold(names, hikers, text, found):
    assert names("contacts", text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Microsoft.Dynamics.CRM.ContainValues(PropertyName='age',PropertyValues=['2'])",
        "Microsoft.Dynamics.CRM.ContainValues(PropertyName='hobbies',PropertyValues=['x'])",
        "Microsoft.Dynamics.CRM.Contains(PropertyName='fullname',PropertyValue='x')",
        "hobbies eq 'Hiking'",
    ],
)
def test_what_is_no_choice_is_refused(names, hikers, text):
    with pytest.raises(DataverseError) as caught:
        names("contacts", text)
    assert caught.value.status == 400


def test_choices_are_shown_with_their_labels(query, hikers):
    label = "OData.Community.Display.V1.FormattedValue"
    rows = query("contacts", "$select=hobbies", prefer={"odata.include-annotations": label})["value"]
    assert [row.get(f"hobbies@{label}") for row in rows[2:]] == ["Swimming; Hiking; Camping", "Camping", None]
    assert rows[2]["hobbies"] == "1,2,10"


@pytest.mark.parametrize(("name", "values"), [("LastXDays", []), ("LastXDays", ["1", "2"]), ("LastXDays", ["x"])])
def test_values_that_an_operator_does_not_take_are_refused(context, schema, name, values):
    operand = Source(context, schema.tables["account"], ROOT, Links()).operand(("createdon",))
    with pytest.raises(DataverseError) as caught:
        named_condition(name, operand, values)
    assert caught.value.status == 400


def test_an_operator_that_does_not_exist_is_answered_with_501(context, schema):
    operand = Source(context, schema.tables["account"], ROOT, Links()).operand(("createdon",))
    with pytest.raises(DataverseError) as caught:
        named_condition("Sometimes", operand, [])
    assert caught.value.status == 501
