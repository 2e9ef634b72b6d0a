"""`$filter`: what it finds, and what it refuses."""

import pytest

from emulator.errors import DataverseError

RENEE, JIM, SALE = "Renée O'Hara", "Jim Glynn", "50% off_[now]"
FABRIKAM, WORKS = "Fabrikam", "Adventure Works"


@pytest.fixture(autouse=True)
def _filled(people):
    """Everything here asks the same organization."""


CASES = [
    ("contacts", "fullname eq 'Jim Glynn'", [JIM]),
    ("contacts", "fullname eq 'JIM GLYNN'", [JIM]),
    ("contacts", "fullname eq 'jim glynn  '", [JIM]),
    ("contacts", "fullname eq 'renee o''HARA'", [RENEE]),
    ("contacts", "'Jim Glynn' eq fullname", [JIM]),
    ("contacts", "fullname ne 'Jim Glynn'", [RENEE, SALE]),
    ("contacts", "fullname gt 'Jim Glynn'", [RENEE]),
    ("contacts", "'K' lt fullname", [RENEE]),
    ("contacts", "age eq null", [JIM]),
    ("contacts", "age ne null", [RENEE, SALE]),
    ("contacts", "age ne 40", [JIM, SALE]),
    ("contacts", "age gt 7", [RENEE]),
    ("contacts", "age ge 7", [RENEE, SALE]),
    ("contacts", "age lt 7.5", [SALE]),
    ("contacts", "not (age gt 7)", [JIM, SALE]),
    ("contacts", "not not (age gt 7)", [RENEE]),
    ("contacts", "age ge 7 and age le 7 or fullname eq 'jim glynn'", [JIM, SALE]),
    ("contacts", "age ge 7 and (age le 7 or fullname eq 'jim glynn')", [SALE]),
    ("contacts", "donotphone eq true", [JIM]),
    ("contacts", "donotphone ne true", [RENEE, SALE]),
    ("contacts", "firstname eq fullname", [SALE]),
    ("contacts", "firstname ne fullname", [RENEE, JIM]),
    ("contacts", "telephone1 eq mobilephone", []),
    ("contacts", "contactid eq 00000000-0000-4000-8000-000000000021", [JIM]),
    ("contacts", "contactid eq '00000000-0000-4000-8000-000000000021'", [JIM]),
    ("contacts", "_parentcustomerid_value eq 00000000-0000-4000-8000-000000000010", [RENEE, JIM]),
    ("contacts", "_parentcustomerid_value ne 00000000-0000-4000-8000-000000000010", [SALE]),
    ("contacts", "contains(fullname,'LYN')", [JIM]),
    ("contacts", "contains(fullname,'nee o')", [RENEE]),
    ("contacts", "startswith(fullname,'j')", [JIM]),
    ("contacts", "endswith(fullname,'HARA')", [RENEE]),
    ("contacts", "not contains(telephone1,'x')", [RENEE, JIM, SALE]),
    ("contacts", "contains(fullname,'o''h')", [RENEE]),
    ("contacts", "contains(fullname,'x'' or 1=1 --')", []),
    ("contacts", "contains(fullname,'j%25g')", [JIM]),
    ("contacts", "contains(fullname,'j_m')", [JIM]),
    ("contacts", "contains(fullname,'[a-k]im')", [JIM]),
    ("contacts", "contains(fullname,'[^a-i]im')", [JIM]),
    ("contacts", "contains(fullname,'[^j]im')", []),
    ("contacts", "contains(fullname,'[%25]')", [SALE]),
    ("contacts", "contains(fullname,'f[_]')", [SALE]),
    ("contacts", "contains(fullname,'[[]now]')", [SALE]),
    ("contacts", "contains(fullname,'[')", []),
    ("contacts", "createdon ge 2026-03-09T12:00:00Z", [RENEE, JIM]),
    ("contacts", "createdon gt 2026-03-09T12:00:00Z", [RENEE]),
    ("contacts", "createdon ge 2026-03-09T12:00:00.001Z", [RENEE]),
    ("contacts", "createdon eq 2026-03-09T14:00:00%2B02:00", [JIM]),
    ("contacts", "createdon lt 2026-03-10", [JIM, SALE]),
    ("accounts", "foundedon eq 1999-05-01", [FABRIKAM]),
    ("accounts", "revenue ge 20000", [FABRIKAM]),
    ("accounts", "revenue eq 2e4", [FABRIKAM]),
    ("accounts", "score gt 1 and score lt 2.0", [FABRIKAM]),
    ("accounts", "industrycode eq 2", [WORKS]),
    ("accounts", 'primarycontactid/fullname eq "Renée O\'Hara"', [FABRIKAM]),
    ("accounts", "primarycontactid/contactid eq 00000000-0000-4000-8000-000000000020", [FABRIKAM]),
    ("accounts", "primarycontactid/age eq null", [WORKS, None]),
    ("accounts", "primarycontactid/owninguser/fullname eq 'Anna Seller'", [FABRIKAM]),
    ("accounts", "parentaccountid/primarycontactid/mobilephone eq '+14255550110'".replace("+", "%2B"), [WORKS]),
    ("opportunities", "parentcontactid/mobilephone eq '%2B14255550110'", ["Big deal"]),
    ("opportunities", "customerid_contact/mobilephone eq '%2B14255550111'", ["Small deal"]),
    ("opportunities", "customerid_account/name eq 'FABRIKAM'", ["Big deal"]),
    ("teams", "team_txv_phonenumber/any(n:n/txv_digits eq '14255550188')", ["Support"]),
    ("teams", "team_txv_phonenumber/any()", ["Support"]),
    ("teams", "not team_txv_phonenumber/any()", ["Sales"]),
    ("txv_phonenumbers", "txv_TeamId/name eq 'support'", ["Support line"]),
    ("accounts", "contact_customer_accounts/any(c:c/mobilephone eq '%2B14255550111')", [FABRIKAM]),
    ("accounts", "contact_customer_accounts/all(c:c/statecode eq 0)", [FABRIKAM, WORKS, None]),
    ("accounts", "contact_customer_accounts/all(c:c/age eq 40)", [WORKS, None]),
    (
        "accounts",
        "contact_customer_accounts/any(c:c/opportunity_parent_contact/any(o:o/name eq 'big deal'))",
        [FABRIKAM],
    ),
    ("accounts", "contact_customer_accounts/any(c:c/opportunity_customer_contacts/all(o:o/name eq 'x'))", [FABRIKAM]),
    ("accounts", "contact_customer_accounts/any(c:c/owninguser/fullname eq 'Ben Seller')", [FABRIKAM]),
    ("accounts", "account_tags/any(c:c/fullname eq 'jim glynn')", [FABRIKAM, WORKS]),
    ("accounts", "account_tags/all(c:c/fullname eq 'jim glynn')", [WORKS, None]),
    ("contacts", "contact_tags/any(a:a/name eq 'Adventure Works')", [JIM]),
    ("systemusers", "teammembership_association/any(t:t/name eq 'Support')", ["Anna Seller"]),
    ("teams", "teammembership_association/any(u:u/fullname eq 'Anna Seller')", ["Support"]),
    ("owners", "owner_accounts/any(a:a/name eq 'Fabrikam')", ["Anna Seller"]),
    ("owners", "owner_accounts/any()", ["Anna Seller", "Support"]),
    ("systemusers", "ownerid eq 00000000-0000-4000-8000-0000000000a1", ["Anna Seller"]),
    ("accounts", "ownerid/ownerid eq 00000000-0000-4000-8000-0000000000b1", [WORKS]),
    ("contacts", "fullname eq @who&@who='Jim Glynn'", [JIM]),
    ("contacts", "@p1 eq @p2&@p1=age&@p2=7", [SALE]),
    ("contacts", "age eq @nobody", [JIM]),
]


@pytest.mark.parametrize(("set_name", "text", "found"), CASES)
def test_a_filter_finds_the_rows_it_describes(names, set_name, text, found):
    assert names(set_name, text) == found


FUNCTIONS = [
    ("contacts", 'In(PropertyName=\'fullname\',PropertyValues=["jim glynn","RENEE O\'Hara"])', [RENEE, JIM]),
    ("contacts", "In(PropertyName='fullname',PropertyValues=['Jim Glynn'])", [JIM]),
    ("contacts", "In(PropertyName=@p1,PropertyValues=@p2)&@p1='fullname'&@p2=[\"Jim Glynn\"]", [JIM]),
    ("contacts", 'In(PropertyName=\'age\',PropertyValues=["7","40"])', [RENEE, SALE]),
    ("contacts", "In(PropertyName='age',PropertyValues=[7])", [SALE]),
    ("contacts", "NotIn(PropertyName='age',PropertyValues=[\"7\"])", [RENEE, JIM]),
    ("accounts", "In(PropertyName='ownerid',PropertyValues=['00000000-0000-4000-8000-0000000000B1'])", [WORKS]),
    ("accounts", "In(PropertyName='_ownerid_value',PropertyValues=['00000000-0000-4000-8000-0000000000b1'])", [WORKS]),
    ("accounts", 'Between(PropertyName=\'numberofemployees\',PropertyValues=["5","2000"])', [FABRIKAM, WORKS]),
    ("accounts", 'NotBetween(PropertyName=\'numberofemployees\',PropertyValues=["5","1999"])', [WORKS, None]),
    ("accounts", "EqualUserId(PropertyName='ownerid')", [FABRIKAM]),
    ("accounts", "NotEqualUserId(PropertyName='ownerid')", [WORKS, None]),
    ("accounts", "EqualUserTeams(PropertyName='ownerid')", [WORKS]),
    ("accounts", "EqualUserOrUserTeams(PropertyName='ownerid')", [FABRIKAM, WORKS]),
    ("accounts", "EqualBusinessId(PropertyName='owningbusinessunit')", [FABRIKAM, WORKS]),
    ("contacts", "LastXHours(PropertyName='createdon',PropertyValue=1)", [RENEE]),
    ("contacts", "LastXHours(PropertyName='createdon',PropertyValue=24)", [RENEE, JIM]),
    ("contacts", "LastXDays(PropertyName='createdon',PropertyValue=1)", [RENEE, JIM]),
    ("contacts", "OlderThanXMinutes(PropertyName='createdon',PropertyValue=90)", [JIM, SALE]),
    ("contacts", "OlderThanXHours(PropertyName='createdon',PropertyValue=2)", [JIM, SALE]),
    ("contacts", "OlderThanXDays(PropertyName='createdon',PropertyValue=1)", [SALE]),
    ("contacts", "NextXHours(PropertyName='createdon',PropertyValue=5)", []),
    ("contacts", "NextXDays(PropertyName='createdon',PropertyValue=5)", []),
    ("contacts", "Today(PropertyName='createdon')", [RENEE]),
    ("contacts", "Yesterday(PropertyName='createdon')", [JIM]),
    ("contacts", "On(PropertyName='createdon',PropertyValue='2026-03-09')", [JIM]),
    ("contacts", "OnOrAfter(PropertyName='createdon',PropertyValue=2026-03-09)", [RENEE, JIM]),
    ("contacts", "OnOrBefore(PropertyName='createdon',PropertyValue='2026-03-09T23:00:00Z')", [JIM, SALE]),
    ("accounts", "On(PropertyName='foundedon',PropertyValue='1999-05-01')", [FABRIKAM]),
]


@pytest.mark.parametrize(
    ("set_name", "path", "found"),
    [("accounts", "primarycontactid", [FABRIKAM]), ("opportunities", "parentcontactid", ["Big deal"])],
)
def test_a_query_function_stands_behind_a_path(names, set_name, path, found):
    assert names(set_name, f"{path}/Microsoft.Dynamics.CRM.In(PropertyName='age',PropertyValues=['40'])") == found


@pytest.mark.parametrize(("set_name", "call", "found"), FUNCTIONS)
def test_a_query_function_finds_the_rows_it_describes(names, set_name, call, found):
    assert names(set_name, f"Microsoft.Dynamics.CRM.{call}") == found


def test_a_query_function_stands_behind_a_variable_in_a_lambda(names):
    call = "c/Microsoft.Dynamics.CRM.In(PropertyName='age',PropertyValues=['40'])"
    assert names("accounts", f"contact_customer_accounts/any(c:{call})") == [FABRIKAM]


REFUSED = [
    ("nosuch eq 1", "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.contact'."),
    ("FullName eq 'x'", "Could not find a property named 'FullName'"),
    ("ownerid eq 00000000-0000-4000-8000-0000000000a1", "Could not find a property named 'ownerid'"),
    ("_fullname_value eq 'x'", "Could not find a property named '_fullname_value'"),
    ("parentcustomerid_Account/name eq 'x'", "Could not find a property named 'parentcustomerid_Account'"),
    ("parentcustomerid_account/nosuch eq 'x'", "on type 'Microsoft.Dynamics.CRM.account'"),
    ("fullname eq 5", "Found operand types 'Edm.String' and 'Edm.Int32' for operator kind 'Equal'."),
    ("age eq 'x'", "incompatible types"),
    ("age eq true", "incompatible types"),
    ("contactid eq 'Jim'", "incompatible types"),
    ("fullname eq 00000000-0000-4000-8000-0000000000a1", "incompatible types"),
    ("createdon eq 'yesterday'", "incompatible types"),
    ("fullname eq age", "incompatible types"),
    ("donotphone eq 1", "incompatible types"),
    ("age gt null", "requires 1 value/s, not 0"),
    ("fullname in ('a','b')", "The query node In is not supported."),
    ("age add 1 eq 2", "The query node BinaryOperator is not supported."),
    ("fullname eq 'x", "unterminated literal"),
    ("fullname eq 'O'Hara'", "unterminated literal"),
    ("fullname eq", "Syntax error"),
    ("(age eq 1", "Syntax error"),
    ("age eq 1 and", "Syntax error"),
    ("age EQ 1", "Syntax error"),
    ("age eq 1 xor age eq 2", "Syntax error"),
    ("age eq age eq true", "Syntax error"),
    ("tolower(fullname) eq 'x'", "unknown function with name 'tolower'"),
    ("contains(age,'1')", "No function signature for the function with name 'contains'"),
    ("contains(fullname,1)", "No function signature"),
    ("contains(fullname)", "No function signature"),
    ("fullname", "single boolean value"),
    ("donotphone", "The query node SingleValuePropertyAccess is not supported."),
    ("not donotphone", "The query node SingleValuePropertyAccess is not supported."),
    ("donotphone gt false", "for numbers, dates and strings"),
    ("contactid gt 00000000-0000-4000-8000-0000000000a1", "for numbers, dates and strings"),
    ("ownerid/fullname eq 'x'", "'fullname' on type 'Microsoft.Dynamics.CRM.principal'"),
    ("contact_customer_contacts/$count gt 1", "is a collection"),
    ("nosuch/Microsoft.Dynamics.CRM.Today(PropertyName='createdon')", "named 'nosuch'"),
    ("contact_customer_contacts/Microsoft.Dynamics.CRM.Today(PropertyName='createdon')", "is a collection"),
    ("'x'", "single boolean value"),
    ("fullname/any()", "Could not find a property named 'fullname'"),
    ("parentcustomerid_account/contact_customer_accounts/any()", "lambda operator is not supported"),
    ("parentcustomerid_account/any()", "is not a collection"),
    ("contact_customer_contacts/age eq 1", "is a collection"),
    ("contact_customer_contacts/any(c:c eq 1)", "range variable"),
    ("parentcustomerid_account/name eq fullname", "same row"),
    ("createdon eq 2026-13-01T00:00:00Z", "Unrecognized 'Edm.DateTimeOffset' literal"),
    ("createdon eq 2026-02-30", "Unrecognized 'Edm.Date' literal"),
    ("createdon eq 2026-02-01T00:00:00", "Syntax error"),
    ("age eq 99999999999999999999", "Unrecognized 'Edm.Int64' literal"),
    ("age eq 1e999", "Unrecognized 'Edm.Double' literal"),
    ("In(PropertyName='age',PropertyValues=['1'])", "unknown function with name 'In'"),
    ("Microsoft.Dynamics.CRM.Nonsense(PropertyName='age')", "unknown function"),
    ("Microsoft.Dynamics.CRM.In(PropertyName='age')", "The parameters of"),
    ("Microsoft.Dynamics.CRM.In(PropertyName='nosuch',PropertyValues=['1'])", "'nosuch'"),
    ("Microsoft.Dynamics.CRM.In(PropertyName='age',PropertyValues=['x'])", "does not fit"),
    ("Microsoft.Dynamics.CRM.In(PropertyName='age',PropertyValues=[])", "list of strings"),
    ("Microsoft.Dynamics.CRM.In(PropertyName='fullname',PropertyValues=['O'Hara'])", "unterminated literal"),
    ("Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue=0)", "positive number"),
    ("Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue=9999999999)", "too large"),
    ("Microsoft.Dynamics.CRM.LastXHours(PropertyName='age',PropertyValue=1)", "not a date"),
    ("Microsoft.Dynamics.CRM.EqualUserId(PropertyName='age')", "no identifier"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_filter_that_dataverse_refuses_is_refused(names, text, message):
    with pytest.raises(DataverseError) as caught:
        names("contacts", text)
    assert caught.value.status == 400
    assert message in caught.value.message


UNSUPPORTED = [
    "contains(fullname,'x') eq true",
    "1 eq 1",
    "contact_customer_contacts/any(c:age eq 1)",
]


@pytest.mark.parametrize("text", UNSUPPORTED)
def test_what_only_dataverse_can_do_is_answered_with_501(names, text):
    with pytest.raises(DataverseError) as caught:
        names("contacts", text)
    assert caught.value.status == 501


def test_more_than_500_conditions_are_refused(names):
    assert names("contacts", " or ".join(["age eq 7"] * 500)) == [SALE]
    with pytest.raises(DataverseError) as caught:
        names("contacts", " or ".join(["age eq 7"] * 501))
    assert caught.value.code == "0x8004430c"


def test_deep_nesting_is_refused_before_it_hurts(names):
    assert names("contacts", "not (" * 30 + "age eq 7" + ")" * 30) == [SALE]
    with pytest.raises(DataverseError, match="Recursion depth"):
        names("contacts", "(" * 5000 + "age eq 7" + ")" * 5000)


def test_the_sixteenth_related_table_is_refused(names):
    with pytest.raises(DataverseError) as caught:
        names("contacts", " or ".join(["contact_customer_contacts/any()"] * 16))
    assert caught.value.code == "0x8004430d"
