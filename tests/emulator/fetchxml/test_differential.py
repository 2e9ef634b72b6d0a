"""The same question in FetchXML and in OData has the same answer."""

from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.server import Server

TEXTS = [None, "", "a", "A", "á", "ab", "B ", "b", "a%b", "_", "[x]", "O'Hara", "<&>", "ﬁ"]
NUMBERS = [None, 0, 1, 7, 40]
DAYS = [None, "1990-05-01", "1999-12-31", "2000-01-01"]
WORDS = st.sampled_from([text for text in TEXTS if text] + ["%", "[a-b]", "[^a]", "["])
COUNTS = st.sampled_from(NUMBERS[1:])
DATES = st.sampled_from(DAYS[1:])
CRM = "Microsoft.Dynamics.CRM."
MIRRORS = {"like": "contains", "begins-with": "startswith", "ends-with": "endswith"}
NEGATED = {"not-like": "like", "not-begin-with": "begins-with", "not-end-with": "ends-with"}
EITHER = st.sampled_from(["eq", "ne"])
COMPARED = st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"])


@pytest.fixture(scope="module")
def server_of_its_own():
    """Another server than the one of the other tests: whether it has its rows yet is told by the list."""
    with Server() as running:
        yield running, []


@pytest.fixture
def mixed(server_of_its_own, say):
    """Contacts of all kinds, half of them of an account, accounts with a primary contact or none."""
    running, filled = server_of_its_own
    web = say.web(running.url)
    if not filled:
        fill(web)
        filled.append(True)
    yield web
    web.session.close()


def fill(web):
    accounts = [web.create("accounts", {"name": text}) for text in TEXTS]
    for number in range(60):
        values = {
            "firstname": TEXTS[number % len(TEXTS)],
            "lastname": TEXTS[number * 5 % len(TEXTS)] or "x",
            "numberofchildren": NUMBERS[number % len(NUMBERS)],
            "birthdate": DAYS[number % len(DAYS)],
            "donotphone": number % 3 == 0,
        }
        if number % 2:
            values["parentcustomerid_account@odata.bind"] = f"/accounts({accounts[number % len(accounts)]})"
        contact = web.create("contacts", values)
        if number % 7 == 0:
            link = {"primarycontactid@odata.bind": f"/contacts({contact})"}
            assert web.patch(f"accounts({accounts[number % 9]})", link).status_code == 204


def compare(column, operator, value, literal):
    return f"<condition attribute='{column}' operator='{operator}' value={quoteattr(str(value))}/>", (
        f"{column} {operator} {literal}"
    )


def text_literal(text):
    return "'" + text.replace("'", "''") + "'"


def liked(column, operator, value):
    pattern = f"%{value}%" if "like" in operator else value
    xml = f"<condition attribute='{column}' operator='{operator}' value={quoteattr(pattern)}/>"
    filtered = f"{MIRRORS[NEGATED.get(operator, operator)]}({column},{text_literal(value)})"
    return xml, f"not {filtered}" if operator in NEGATED else filtered


def listed(column, operator, name, values):
    inside = "".join(f"<value>{escape(str(value))}</value>" for value in values)
    array = ",".join('"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    xml = f"<condition attribute='{column}' operator='{operator}'>{inside}</condition>"
    return xml, f"{CRM}{name}(PropertyName='{column}',PropertyValues=[{array}])"


NAMES = st.sampled_from(["firstname", "lastname", "fullname"])
LEAVES = st.one_of(
    st.builds(lambda c, o, v: compare(c, o, v, text_literal(v)), NAMES, COMPARED, WORDS),
    st.builds(lambda o, v: compare("numberofchildren", o, v, v), COMPARED, COUNTS),
    st.builds(lambda o, v: compare("birthdate", o, v, v), COMPARED, DATES),
    st.builds(lambda o, v: compare("donotphone", o, v, v), EITHER, st.sampled_from(["true", "false"])),
    st.builds(liked, NAMES, st.sampled_from([*MIRRORS, *NEGATED]), WORDS),
    st.builds(
        lambda c, o: (f"<condition attribute='{c}' operator='{o[0]}'/>", f"{c} {o[1]} null"),
        NAMES | st.sampled_from(["numberofchildren", "birthdate"]),
        st.sampled_from([("null", "eq"), ("not-null", "ne")]),
    ),
    st.builds(
        lambda o, a, b: (f"<condition attribute='{a}' operator='{o}' valueof='{b}'/>", f"{a} {o} {b}"),
        *(COMPARED, NAMES, NAMES),
    ),
    st.builds(
        lambda o, v: listed("numberofchildren", o[0], o[1], v),
        st.sampled_from([("in", "In"), ("not-in", "NotIn")]),
        st.lists(COUNTS, min_size=1, max_size=3),
    ),
    st.builds(
        lambda o, v: listed("numberofchildren", o[0], o[1], v),
        st.sampled_from([("between", "Between"), ("not-between", "NotBetween")]),
        st.lists(COUNTS, min_size=2, max_size=2),
    ),
    st.builds(
        lambda o, v: (
            f"<condition attribute='birthdate' operator='{o[0]}' value='{v}'/>",
            f"{CRM}{o[1]}(PropertyName='birthdate',PropertyValue='{v}')",
        ),
        st.sampled_from([("on", "On"), ("on-or-after", "OnOrAfter"), ("on-or-before", "OnOrBefore")]),
        DATES,
    ),
)  # fmt: skip
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, parts: (
            f"<filter type='{kind}'>{''.join(xml for xml, _ in parts)}</filter>",
            "(" + f" {kind} ".join(text for _, text in parts) + ")",
        ),
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


def found_by(web, path):
    return web.row(path)["value"]


def ids(web, entity_set, key, xml=None, text=None):
    if xml is not None:
        table = {"contacts": "contact", "accounts": "account"}[entity_set]
        query = f"<fetch><entity name='{table}'><attribute name='{key}'/>{xml}</entity></fetch>"
        path = f"{entity_set}?fetchXml={quote(query, safe='')}"
    else:
        path = f"{entity_set}?$select={key}&$filter={quote(text, safe='')}"
    return [row[key] for row in found_by(web, path)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(both=FILTERS)
def test_a_filter_finds_the_same_rows(mixed, both):
    xml, text = both
    found = ids(mixed, "contacts", "contactid", xml=f"<filter>{xml}</filter>")
    assert sorted(found) == sorted(ids(mixed, "contacts", "contactid", text=text))


def prefixed(text, variable):
    """The filter with the range variable of a lambda before each column."""
    for column in ("firstname", "lastname", "fullname", "numberofchildren", "birthdate", "donotphone"):
        text = text.replace(f"{column} ", f"{variable}/{column} ").replace(f"({column},", f"({variable}/{column},")
    return text


COMPARISONS = st.one_of(
    st.builds(lambda c, o, v: compare(c, o, v, text_literal(v)), NAMES, COMPARED, st.sampled_from(["a", "b", "x"])),
    st.builds(lambda o, v: compare("numberofchildren", o, v, v), COMPARED, COUNTS),
    st.builds(liked, NAMES, st.sampled_from([*MIRRORS, *NEGATED]), st.sampled_from(["a", "b"])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(both=COMPARISONS, kind=st.sampled_from(["any", "exists", "in", "not any", "not all", "inner"]))
def test_a_link_finds_the_rows_that_any_does(mixed, both, kind):
    xml, text = both
    link = f"<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='{kind}'>"
    link += f"<filter>{xml}</filter></link-entity>"
    inside = link if kind in {"exists", "in", "inner"} else f"<filter>{link}</filter>"
    found = ids(mixed, "accounts", "accountid", xml=inside)
    any_of = f"contact_customer_accounts/any(c:{prefixed(text, 'c')})"
    expected = ids(mixed, "accounts", "accountid", text=f"not {any_of}" if kind == "not any" else any_of)
    assert sorted(set(found) if kind == "inner" else found) == sorted(expected)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(both=COMPARISONS)
def test_none_of_some_related_rows_is_what_all_with_the_opposite_finds(mixed, both):
    xml, text = both
    link = "<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='all'>"
    found = ids(mixed, "accounts", "accountid", xml=f"<filter>{link}<filter>{xml}</filter></link-entity></filter>")
    some = "contact_customer_accounts/any()"
    none = f"contact_customer_accounts/all(c:not ({prefixed(text, 'c')}))"
    assert sorted(found) == sorted(ids(mixed, "accounts", "accountid", text=f"{some} and {none}"))


@pytest.mark.parametrize("kind", ["outer", "inner"])
def test_a_link_shows_what_an_expansion_does(mixed, kind):
    link = f"""<link-entity name='contact' from='contactid' to='primarycontactid' link-type='{kind}' alias='c'>
      <attribute name='fullname'/><attribute name='numberofchildren'/></link-entity>"""
    query = (
        f"<fetch><entity name='account'><attribute name='name'/>{link}<order attribute='accountid'/></entity></fetch>"
    )
    linked = found_by(mixed, f"accounts?fetchXml={quote(query, safe='')}")
    expanded = found_by(
        mixed, "accounts?$select=name&$orderby=accountid&$expand=primarycontactid($select=fullname,numberofchildren)"
    )
    assert [(row["accountid"], row.get("c.fullname"), row.get("c.numberofchildren")) for row in linked] == [
        (
            row["accountid"],
            (row["primarycontactid"] or {}).get("fullname"),
            (row["primarycontactid"] or {}).get("numberofchildren"),
        )
        for row in expanded
        if kind == "outer" or row["primarycontactid"]
    ]


def test_groups_are_those_of_apply(mixed):
    query = """<fetch aggregate='true'><entity name='contact'>
      <attribute name='numberofchildren' alias='size' groupby='true'/>
      <attribute name='contactid' alias='n' aggregate='count'/><order alias='size'/></entity></fetch>"""
    grouped = found_by(mixed, f"contacts?fetchXml={quote(query, safe='')}")
    applied = found_by(mixed, "contacts?$apply=groupby((numberofchildren),aggregate($count as n))")
    assert sorted((row.get("size", -1), row["n"]) for row in grouped) == sorted(
        (row.get("numberofchildren", -1), row["n"]) for row in applied
    )
