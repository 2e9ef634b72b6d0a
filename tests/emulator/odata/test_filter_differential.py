"""Random queries over random rows: SQLite finds what a few lines of Python find by walking the same tree."""

import json
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.odata.nodes import And, Call, Compare, Lambda, Literal, Not, Or, Path
from emulator.odata.parser import parse_filter

TEXTS = [None, "", "a", "A", "á", "ab", "B ", "b", "a%b", "_", "[x]", "ß", "SS", "O'Hara", "\u0130i", "ﬁ"]
COLUMNS = {
    "fullname": TEXTS,
    "firstname": TEXTS,
    "age": [None, -1, 0, 1, 7, 40],
    "annualincome": [None, -0.5, 0.0, 6.5, 7.0, 1000000.25],
    "gendercode": [None, 1, 2],
    "donotphone": [None, 0, 1],
    "createdon": [
        *(None, "2026-01-01T00:00:00Z", "2026-01-01T12:30:00Z", "2025-12-31T23:59:59Z", "2024-02-29T00:00:00Z"),
        *("2026-03-10T11:59:59Z", "2026-03-10T12:00:00Z", "2026-03-10T12:00:01Z", "2026-03-07T23:59:59Z"),
        *("2026-03-08T00:00:00Z", "2026-02-28T23:59:59Z", "2026-04-01T00:00:00Z", "2026-06-30T23:59:59Z"),
    ],
    "birthdate": [None, "1999-12-31", "2026-03-09", "2026-03-10", "2026-03-11"],
}
PARENT, CHILDREN = "parentcustomerid_contact", ("contact_customer_contacts",)
PEOPLE = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in COLUMNS.items()})
    .flatmap(lambda row: st.integers(0, 8).map(lambda parent: {**row, "parent": parent})),
    min_size=1,
    max_size=9,
)  # fmt: skip
STRINGS = st.sampled_from(["", "a", "A", "á", "b", "%", "_", "[a-b]", "[^a]", "[", "a_", "[%]", "ss", "o'h", "i", "b "])
# Each says of a moment, as text, whether it is in the period; the clock of the fixtures stands at noon.
PERIODS = {
    "Today()": lambda at: at[:10] == "2026-03-10",
    "LastWeek()": lambda at: "2026-03-01" <= at[:10] <= "2026-03-07",
    "ThisMonth()": lambda at: at[:7] == "2026-03",
    "LastXHours(1)": lambda at: "2026-03-10T11:00:00Z" <= at <= "2026-03-10T12:00:00Z",
    "NextXMonths(1)": lambda at: "2026-03-10T12:00:00Z" <= at < "2026-04-11",
    "OlderThanXYears(2)": lambda at: at < "2024-03-10",
    "LastFiscalPeriod()": lambda at: at[:4] == "2025" and at[5:7] in {"10", "11", "12"},
    "InFiscalPeriod(2)": lambda at: at[5:7] in {"04", "05", "06"},
    "OnOrBefore('2026-01-01')": lambda at: at[:10] <= "2026-01-01",
}


@dataclass(frozen=True)
class Function:
    """A query function: what stands before it, its name (with its one value, if any), its column, its values."""

    path: tuple
    name: str
    column: str
    values: list | None

    def __str__(self):
        name, _, value = self.name.rstrip(")").partition("(")
        more = f",PropertyValues={json.dumps([str(each) for each in self.values])}" if self.values else ""
        inside = f"PropertyName='{self.column}'{f',PropertyValue={value}' if value else more}"
        return "/".join([*self.path, f"Microsoft.Dynamics.CRM.{name}({inside})"])


def compares(prefix):
    def path(*names):
        return st.sampled_from([Path((*prefix, name)) for name in names])

    def some(kind, *values):
        return st.sampled_from([Literal(kind, value) for value in values])

    order = st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"])
    equality = st.sampled_from(["eq", "ne"])
    text, strings = path("fullname", "firstname"), STRINGS.map(lambda value: Literal("Edm.String", value))
    numbers = some("Edm.Int32", -1, 0, 1, 7, 40) | some("Edm.Decimal", 6.5, -0.5)
    moments = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z.5", "2025-12-31T23:59:59Z", "2026-03-10T12:00:00Z"]
    conditions = [
        st.builds(Compare, order, text, strings),
        st.builds(Compare, order, text, text),
        st.builds(Compare, equality, text, some("Edm.String", "A", "ab", "ss", "b", "o'hara")),
        st.builds(Compare, order, path("age", "annualincome"), numbers | path("age", "annualincome")),
        st.builds(Compare, order, path("gendercode"), some("Edm.Int32", 1, 2, 3)),
        st.builds(Compare, equality, path("donotphone"), some("Edm.Boolean", True, False)),
        st.builds(Compare, order, path("createdon"), some("Edm.DateTimeOffset", *moments)),
        st.builds(Compare, order, path("birthdate"), some("Edm.Date", "1999-12-31", "2026-03-10")),
        st.builds(Compare, equality, path("contactid", "_parentcustomerid_value"), st.integers(0, 7).map(identity)),
        st.builds(Compare, equality, path(*COLUMNS), st.just(Literal("null", None))),
        st.builds(
            lambda name, column, value: Call(name, (column, value)),
            st.sampled_from(["contains", "startswith", "endswith"]),
            text,
            strings,
        ),
    ]
    return st.one_of(conditions)


def functions(*prefix):
    lists = [("In", "age", [-1, 7]), ("NotIn", "age", [0, 1, 7]), ("Between", "annualincome", ["-1", "6.75"])]
    lists += [("NotBetween", "age", [0, 7]), ("In", "fullname", ["A", "ss", "b"]), ("NotIn", "firstname", ["á"])]
    dates = [(name, "createdon", None) for name in PERIODS]
    return st.sampled_from([*lists, *dates]).map(lambda call: Function(prefix, *call))


def identity(number):
    return Literal("Edm.Guid", f"00000000-0000-4000-8000-{number:012x}")


def filters(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=6,
    )


def lambdas(path, variable, leaves):
    body = filters(leaves)
    return st.just(Lambda(path, "any", None, None)) | st.builds(
        lambda quantifier, inside: Lambda(path, quantifier, variable, inside), st.sampled_from(["any", "all"]), body
    )


COLLECTIONS = lambdas(CHILDREN, "c", compares(("c",)) | compares(("c", PARENT)) | functions("c"))
GRANDCHILDREN = lambdas(CHILDREN, "c", lambdas(("c", *CHILDREN), "d", compares(("d",))) | compares(("c",)))
FILTERS = {
    "columns": filters(compares(())),
    "functions": filters(functions()),
    "paths": filters(compares((PARENT,)) | compares((PARENT, PARENT))),
    "collections": filters(COLLECTIONS),
    "nested collections": filters(GRANDCHILDREN),
    "all": filters(st.one_of(compares(()), functions(), compares((PARENT,)), COLLECTIONS)),
}


def written(node):  # noqa: C901, PLR0911 - one case for each kind of node
    """A tree as the text of a filter."""
    match node:
        case Literal("Edm.String", value):
            return "'" + value.replace("'", "''") + "'"
        case Literal("Edm.DateTimeOffset", value):
            second, _, fraction = value.partition("Z.")
            return f"{second}.{fraction}Z" if fraction else value
        case Literal("Edm.Guid" | "Edm.Date", value):
            return value
        case Literal(_, value):
            return json.dumps(value)
        case Path(segments):
            return "/".join(segments)
        case Compare(word, left, right):
            return f"{written(left)} {word} {written(right)}"
        case And(parts):
            return "(" + " and ".join(map(written, parts)) + ")"
        case Or(parts):
            return "(" + " or ".join(map(written, parts)) + ")"
        case Not(operand):
            return f"not ({written(operand)})"
        case Call(name, arguments):
            return f"{name}({','.join(map(written, arguments))})"
        case Function():
            return str(node)
        case Lambda(path, quantifier, variable, body):
            return f"{'/'.join(path)}/{quantifier}({f'{variable}:{written(body)}' if body else ''})"
    raise AssertionError(node)


class World:
    """What filters mean, said a second time. Rows know their parent by its number in the list (8: none)."""

    def __init__(self, rows):
        self.rows = [{**row, "contactid": identity(number).value} for number, row in enumerate(rows)]
        for row in self.rows:
            row["_parentcustomerid_value"] = identity(row["parent"]).value if row["parent"] < len(rows) else None

    def holds(self, node, row, variables):  # noqa: PLR0911 - one case for each kind of node
        match node:
            case And(parts):
                return all(self.holds(part, row, variables) for part in parts)
            case Or(parts):
                return any(self.holds(part, row, variables) for part in parts)
            case Not(operand):
                return not self.holds(operand, row, variables)
            case Compare("ne", left, right):
                return not self.holds(Compare("eq", left, right), row, variables)
            case Compare("eq", left, Literal("null")):
                return self.value(left, row, variables) is None
            case Compare(word, left, right):
                return compared(word, self.value(left, row, variables), self.value(right, row, variables))
            case Call(name, (column, Literal(_, pattern))):
                around = {"contains": "%{}%", "startswith": "{}%", "endswith": "%{}"}[name]
                text = self.value(column, row, variables)
                return text is not None and like(list(around.format(pattern)), plain(text))
            case Function(path, name, column, values):
                return called(name, self.value(Path((*path, column)), row, variables), values)
            case Lambda(path, quantifier, variable, body):
                owner = variables.get(path[0], row)
                members = [each for each in self.rows if self.parent(each) is owner]
                check = (self.holds(body, row, {**variables, variable: each}) if body else True for each in members)
                return any(check) if quantifier == "any" else all(check)
        raise AssertionError(node)

    def parent(self, row):
        return self.rows[row["parent"]] if row and row["parent"] < len(self.rows) else None

    def value(self, node, row, variables):
        if isinstance(node, Literal):
            return int(node.value) if isinstance(node.value, bool) else node.value
        *before, name = node.segments
        for step in before:
            row = variables[step] if step in variables else self.parent(row)
        return row[name] if row else None


def called(name, value, values):
    """What a query function says of a value; those that begin with Not are true for null."""
    if name in PERIODS:
        return value is not None and PERIODS[name](value)
    if isinstance(value, str):
        value, values = plain(value).rstrip(" "), [plain(each) for each in values]
    within = value is not None and (
        float(values[0]) <= value <= float(values[1]) if "Between" in name else value in values
    )
    return within != name.startswith("Not")


def plain(text):
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in folded if not unicodedata.combining(each))


def compared(word, left, right):
    if left is None or right is None:
        return False
    if isinstance(left, str):
        left, right = plain(left).rstrip(" "), plain(right).rstrip(" ")
    return {"eq": left == right, "gt": left > right, "ge": left >= right, "lt": left < right, "le": left <= right}[word]


def like(pattern, text):
    """T-SQL's LIKE, one character of the pattern at a time."""
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "%":
        return any(like(rest, text[start:]) for start in range(len(text) + 1))
    if head == "[":
        if "]" not in rest:
            return False
        end = rest.index("]")
        members, negative = rest[:end], rest[:1] == ["^"]
        members = members[1:] if negative else members
        if len(members) == 3 and members[1] == "-":
            members = [chr(code) for code in range(ord(members[0]), ord(members[2]) + 1)]
        return bool(text) and (text[0] in members) != negative and like(rest[end + 1 :], text[1:])
    if head == "_":
        return bool(text) and like(rest, text[1:])
    literal_text = plain(head)
    return text.startswith(literal_text) and like(rest, text[len(literal_text) :])


@pytest.fixture
def fill(db):
    def put(rows):
        db.execute('delete from "contact"')
        names = ["contactid", *COLUMNS, "parentcustomerid", "parentcustomerid__table", "versionnumber"]
        statement = f"insert into contact ({', '.join(names)}) values ({', '.join('?' * len(names))})"
        for number, row in enumerate(rows):
            parent = identity(row["parent"]).value if row["parent"] < len(rows) else None
            values = [row[name] for name in COLUMNS]
            db.execute(statement, (identity(number).value, *values, parent, parent and "contact", 1))

    return put


@pytest.mark.parametrize("kind", FILTERS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=PEOPLE, data=st.data())
def test_a_filter_means_what_its_tree_says(fill, query, kind, rows, data):
    node = data.draw(FILTERS[kind])
    fill(rows)
    world = World(rows)
    body = query("contacts", f"$select=contactid&$filter={quote(written(node))}")
    found = [row["contactid"] for row in body["value"]]
    assert found == [row["contactid"] for row in world.rows if world.holds(node, row, {})]


def test_the_tree_is_what_its_text_is_read_as():
    node = Or((Compare("eq", Path(("age",)), Literal("Edm.Int32", 1)), Not(Lambda(CHILDREN, "any", None, None))))
    assert parse_filter(written(node), {}) == node
