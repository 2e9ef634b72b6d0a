"""Whatever is asked of the whole emulator: an answer in time, with rows or with an error that Dataverse could give."""

import re
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

ID = "00000000-0000-4000-8000-000000000001"
CRM = "Microsoft.Dynamics.CRM."
VALID = [
    "$select=fullname,_ownerid_value,createdon&$orderby=fullname desc,createdon&$top=3&$count=true",
    "$filter=fullname eq 'O''Hara' and (mobilephone ne null or not startswith(emailaddress1,'kim'))",
    f"$filter=_parentcustomerid_value eq {ID} and statecode eq 0 and modifiedon ge 2026-01-01T00:00:00Z",
    "$filter=parentcustomerid_account/primarycontactid/fullname eq 'x' and contains(lastname,'%25a_[b-c]')",
    "$filter=contact_customer_accounts/any(c:c/lastname eq 'x' and c/opportunity_parent_contact/all(o:o/name ne 'y'))",
    f'$filter={CRM}In(PropertyName=\'mobilephone\',PropertyValues=["1","2"])',
    f"$filter=not {CRM}NotIn(PropertyName=@p,PropertyValues=@q)&@p='fullname'&@q=['a']",
    f"$filter={CRM}LastXDays(PropertyName='createdon',PropertyValue=3)",
    f"$filter={CRM}Between(PropertyName='creditlimit',PropertyValues=['1','2.5'])",
    f"$filter={CRM}InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=1,PropertyValue2=2026)",
    f"$filter={CRM}EqualUserOrUserHierarchyAndTeams(PropertyName='ownerid')&$orderby=_ownerid_value",
    "$expand=parentcustomerid_account($select=name;$expand=primarycontactid($select=fullname)),owninguser",
    "$expand=contact_customer_contacts($select=fullname;$filter=statecode eq 0;$orderby=fullname;$top=2),ownerid",
    "$expand=parentcustomerid_account/$ref&$select=fullname",
    "$apply=filter(statecode eq 0)/groupby((statecode,parentcustomerid_account/name),aggregate($count as n))",
    "$apply=groupby((_ownerid_value),aggregate(creditlimit with sum as total,createdon with max as last))&$top=5",
]
PATHS = ["contacts", "accounts", f"contacts({ID})", "contacts/$count", f"accounts({ID})/contact_customer_accounts"]
PATHS += ["phonecalls", "systemusers", "activitypointers", "owners", "principalobjectaccessset"]
TOKENS = re.compile(r"[\w.@$%]+|\W")
WORDS = sorted({word for query in VALID for word in TOKENS.findall(query)})
WORDS += [
    "$ref",
    "$value",
    "$it",
    "has",
    "in",
    "mul",
    "null",
    "1e400",
    "-0",
    "''",
    '"',
    "\\",
    "{",
    "}",
    "\x00",
    "é",
    "😀",
]
WORDS += [
    "(",
    ")",
    "((((",
    "))))",
    "/any(",
    "any()",
    "all(",
    "/",
    "//",
    "&",
    "&&",
    "=",
    ",,",
    ";",
    "%",
    "%2",
    "%FF",
    "+",
]


@st.composite
def mutated(draw):
    """A valid query with some of its words taken out, put twice, replaced or swapped."""
    words = TOKENS.findall(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(words) - 1, 0)))
        word = draw(st.sampled_from(WORDS))
        match draw(st.sampled_from(["drop", "double", "replace", "insert", "swap", "cut"])):
            case "drop":
                words[at : at + 1] = []
            case "double":
                words[at:at] = words[at : at + draw(st.integers(1, 9))]
            case "replace":
                words[at : at + 1] = [word]
            case "insert":
                words[at:at] = [word]
            case "swap":
                words[at : at + 2] = reversed(words[at : at + 2])
            case "cut":
                words = words[: at + 1]
    return "".join(words)


SOUP = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
OPTIONS = st.sampled_from(["$filter", "$orderby", "$select", "$expand", "$apply", "$top", "$count", "$skiptoken", "@p"])
QUERIES = mutated() | st.builds("{}={}".format, OPTIONS, SOUP) | SOUP
PREFERENCES = st.sampled_from(
    ["", "odata.maxpagesize=1", 'odata.include-annotations="*"', 'odata.maxpagesize=2,odata.include-annotations="*"']
)
DEEP = 2000


@pytest.fixture
def answered(get):
    """The status of the answer, which has come within two seconds and says what is wrong if something is."""

    def ask(path, query, prefer):
        begun = time.process_time()
        answer = get(path, query, prefer=prefer)
        assert time.process_time() - begun < 2
        if answer.status >= 400:
            error = answer.payload["error"]
            assert re.fullmatch("0x[0-9a-f]{8}", error["code"])
            assert error["message"]
        answer.content()  # can be sent
        return answer.status

    return ask


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), query=QUERIES, prefer=PREFERENCES)
@example("contacts", "$filter=" + "(" * DEEP + "statecode eq 0" + ")" * DEEP, "")
@example("contacts", "$filter=" + "not " * DEEP + "statecode eq 0", "")
@example("contacts", "$filter=" + "parentcustomerid_contact/" * DEEP + "fullname eq 'x'", "")
@example("contacts", "$filter=" + "contact_customer_contacts/any(c:" * 500 + "c/age eq 1" + ")" * 500, "")
@example("contacts", "$filter=" + " or ".join(["fullname eq 'x'"] * 500), "")
@example("contacts", "$filter=" + " or ".join(["fullname eq 'x'"] * DEEP), "")
@example("contacts", "$filter=" + " and ".join(["parentcustomerid_contact/fullname eq 'x'"] * 400), "")
@example("contacts", "$expand=" + "contact_customer_contacts($expand=" * DEEP + "owninguser" + ")" * DEEP, "")
@example("contacts", "$expand=" + ",".join(["owninguser"] * DEEP), "")
@example("contacts", "$orderby=" + ",".join(["fullname"] * DEEP), "")
@example("contacts", "$orderby=" + ",".join(f"{'parentcustomerid_contact/' * n}fullname" for n in range(1, 40)), "")
@example("contacts", "$select=" + ",".join(["fullname"] * DEEP), "")
@example("contacts", "$apply=" + "filter(statecode eq 0)/" * DEEP + "groupby((statecode))", "")
@example("contacts", "$apply=groupby((" + ",".join(["fullname"] * DEEP) + "))", "")
@example("contacts", "$filter=contains(fullname,'" + "%25_" * DEEP + "')", "")
@example("contacts", "$filter=contains(fullname,'" + "[" * DEEP + "')", "")
@example("contacts", "&".join(f"@p{n}=1" for n in range(DEEP)), "")
@example("contacts", "$filter=@p eq @p&@p=@p", "")
@example("contacts", f"$filter={CRM}In(PropertyName='fullname',PropertyValues=[{','.join(['1'] * DEEP * 10)}])", "")
@example("contacts", "$top=" + "9" * DEEP, "")
def test_every_question_has_an_answer_in_time(answered, path, query, prefer):
    assert answered(path, query, prefer) in {200, 304, 400, 403, 404, 501}


@pytest.mark.parametrize("query", VALID)
def test_what_is_mutated_was_valid(answered, query):
    path = "accounts" if "contact_customer_accounts" in query else "contacts"
    assert answered(path, query, "") == 200


@pytest.fixture(autouse=True)
def _people(service, get, post):
    """A few rows to be found."""
    if not get("contacts", "$top=1").payload["value"]:
        account = post("accounts", {"name": "x"})
        for name in ("a", "O'Hara", "😀"):
            post("contacts", {"lastname": name, "parentcustomerid_account@odata.bind": f"/accounts({account})"})
