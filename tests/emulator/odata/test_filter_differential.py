"""Random filters over random rows: SQLite finds what a few lines of Python find by walking the same tree."""

import json
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.odata.nodes import And, Call, Compare, Lambda, Literal, Not, Or, Path, QueryFunction
from emulator.odata.parser import parse_filter

TEXTS = [None, "", "a", "A", "á", "ab", "B ", "b", "a%b", "_", "[x]", "ß", "SS", "O'Hara", "\u0130i", "ﬁ"]
NUMBERS = [None, -1, 0, 1, 7, 40]
MOMENTS = [None, "2026-01-01T00:00:00Z", "2026-01-01T12:30:00Z", "2025-12-31T23:59:59Z"]
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "fullname": st.sampled_from(TEXTS),
            "firstname": st.sampled_from(TEXTS),
            "age": st.sampled_from(NUMBERS),
            "donotphone": st.sampled_from([None, 0, 1]),
            "createdon": st.sampled_from(MOMENTS),
            "parent": st.integers(0, 8),
        }
    ),
    max_size=6,
)
STRINGS = st.sampled_from(["", "a", "A", "á", "b", "%", "_", "[a-b]", "[^a]", "[", "a_", "[%]", "ss", "o'h", "i"])


def compares(prefix):
    def path(name):
        return Path((*prefix, name))

    order = st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"])
    equality = st.sampled_from(["eq", "ne"])
    text = st.sampled_from(["fullname", "firstname"]).map(path)
    strings = STRINGS.map(lambda value: Literal("Edm.String", value))
    numbers = st.sampled_from([-1, 0, 1, 7, 40]).map(lambda value: Literal("Edm.Int32", value)) | st.just(
        Literal("Edm.Decimal", 6.5)
    )
    moments = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z.5", "2025-12-31T23:59:59Z"])
    return st.one_of(
        st.builds(Compare, order, text, strings),
        st.builds(Compare, order, text, text),
        st.builds(Compare, order, st.just(path("age")), numbers),
        st.builds(
            Compare, equality, st.just(path("donotphone")), st.booleans().map(lambda v: Literal("Edm.Boolean", v))
        ),
        st.builds(Compare, order, st.just(path("createdon")), moments.map(lambda v: Literal("Edm.DateTimeOffset", v))),
        st.builds(Compare, equality, text | st.just(path("age")), st.just(Literal("null", None))),
        st.builds(
            lambda name, column, value: Call(name, (column, value)),
            st.sampled_from(["contains", "startswith", "endswith"]),
            text,
            strings,
        ),
        st.builds(
            lambda name, items: QueryFunction(
                prefix, f"Microsoft.Dynamics.CRM.{name}", (("PropertyName", "age"), ("PropertyValues", tuple(items)))
            ),
            st.sampled_from(["In", "NotIn"]),
            st.lists(st.sampled_from([-1, 0, 1, 7]), min_size=1, max_size=3),
        ),
    )


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


CHILDREN = ("contact_customer_contacts",)
LAMBDAS = st.one_of(
    st.just(Lambda(CHILDREN, "any", None, None)),
    st.builds(
        lambda quantifier, body: Lambda(CHILDREN, quantifier, "c", body),
        st.sampled_from(["any", "all"]),
        filters(compares(("c",))),
    ),
)
PARENTS = compares(("parentcustomerid_contact",)).filter(
    lambda node: not isinstance(node, QueryFunction)  # a query function behind a path is not supported
)
FILTERS = filters(st.one_of(compares(()), PARENTS, LAMBDAS))


def written(node):  # noqa: C901, PLR0911 - one case for each kind of node
    """A tree as the text of a filter."""
    match node:
        case Literal("Edm.String", value):
            return "'" + value.replace("'", "''") + "'"
        case Literal("Edm.DateTimeOffset", value):
            second, _, fraction = value.partition("Z.")
            return f"{second}.{fraction}Z" if fraction else value
        case Literal(_, value):
            return str(value) if _is_number(value) else json.dumps(value)
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
        case QueryFunction(path, name, ((_, column), (_, values))):
            items = ",".join(f'"{value}"' for value in values)
            return f"{''.join(each + '/' for each in path)}{name}(PropertyName='{column}',PropertyValues=[{items}])"
        case Lambda(path, quantifier, variable, body):
            return f"{'/'.join(path)}/{quantifier}({f'{variable}:{written(body)}' if body else ''})"
    raise AssertionError(node)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


class World:
    """What filters mean, said a second time. Rows know their parent by its number in the list (8: none)."""

    def __init__(self, rows):
        self.rows = rows

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
            case QueryFunction(path, name, ((_, column), (_, values))):
                found = self.value(Path((*path, column)), row, variables) in values
                return found if name.endswith(".In") else not found
            case Lambda(_, quantifier, variable, body):
                members = [each for each in self.rows if self.parent(each) is row]
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
def fill(db, make_guid):
    def put(rows):
        db.execute('delete from "contact"')
        for number, row in enumerate(rows):
            parent = make_guid(row["parent"]) if row["parent"] < len(rows) else None
            db.execute(
                'insert into "contact" ("contactid", "fullname", "firstname", "age", "donotphone", "createdon", '
                '"parentcustomerid", "parentcustomerid__table", "versionnumber") values (?, ?, ?, ?, ?, ?, ?, ?, 1)',
                (
                    make_guid(number),
                    *(row[name] for name in ("fullname", "firstname", "age", "donotphone", "createdon")),
                    parent,
                    parent and "contact",
                ),
            )

    return put


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=PEOPLE, node=FILTERS)
def test_a_filter_means_what_its_tree_says(fill, query, make_guid, rows, node):
    fill(rows)
    world = World(rows)
    body = query("contacts", f"$select=contactid&$filter={quote(written(node))}")
    found = [row["contactid"] for row in body["value"]]
    assert found == [make_guid(number) for number, row in enumerate(rows) if world.holds(node, row, {})]


def test_the_tree_is_what_its_text_is_read_as():
    node = Or((Compare("eq", Path(("age",)), Literal("Edm.Int32", 1)), Not(Lambda(CHILDREN, "any", None, None))))
    assert parse_filter(written(node), {}) == node
