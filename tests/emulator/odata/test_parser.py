"""The grammar of `$filter`, held against odata-query's parser where both speak the same language."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from emulator.errors import DataverseError
from emulator.odata import nodes
from emulator.odata.literals import written
from emulator.odata.parser import parse_filter

NAMES = st.sampled_from(["fullname", "_ownerid_value", "statecode", "new_Thing", "order", "notes", "equal", "x1"])
STRINGS = st.text(st.sampled_from("aé '%_()/,:=eq and"), max_size=8).map(
    lambda text: "'" + text.replace("'", "''") + "'"
)
LITERALS = st.one_of(
    STRINGS,
    st.integers(-(2**40), 2**40).map(str),
    st.sampled_from(["1.5", "-0.25", "2.5e3", "1e2", "true", "false", "null"]),
    st.sampled_from(["2026-01-31T12:30:00Z", "2026-01-31T12:30:00+02:00", "2026-01-31"]),
    st.uuids().map(str),
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
COLLECTIONS = st.lists(NAMES, min_size=1, max_size=2).map("/".join)  # odata-query stumbles over longer ones
CONDITIONS = st.one_of(
    st.builds("{} {} {}".format, PATHS, st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]), LITERALS | PATHS),
    st.builds("{}({},{})".format, st.sampled_from(["contains", "startswith", "endswith"]), PATHS, STRINGS),
    st.builds("{}/any()".format, COLLECTIONS),
)
FILTERS = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("({})".format, inner),
        st.builds("not ({})".format, inner),
        st.builds("{}/{}(v:{})".format, COLLECTIONS, st.sampled_from(["any", "all"]), inner),
    ),
    max_leaves=8,
)


def joined(word, parts):
    """`and` and `or` in one list, however they are nested: (a and b) and c is a and b and c."""
    flat = [each for part in parts for each in (part[1:] if part[0] == word else [part])]
    return word, *flat


def negated(tree):
    """`not not a` is a: our parser says so at once, theirs keeps both."""
    return tree[1] if tree[0] == "not" else ("not", tree)


def ours(node):  # noqa: PLR0911 - one case for each kind of node
    match node:
        case nodes.Literal("Edm.DateTimeOffset" | "Edm.Date" | "Edm.Guid" as kind, value):
            return kind, value
        case nodes.Literal(_, value):
            return "value", value
        case nodes.Path(segments):
            return "path", *segments
        case nodes.Compare(word, left, right):
            return word, ours(left), ours(right)
        case nodes.And(parts):
            return joined("and", map(ours, parts))
        case nodes.Or(parts):
            return joined("or", map(ours, parts))
        case nodes.Not(operand):
            return negated(ours(operand))
        case nodes.Call(name, arguments):
            return name, *map(ours, arguments)
        case nodes.Lambda(path, quantifier, variable, body):
            return quantifier, ("path", *path), variable, body and ours(body)
    raise AssertionError(node)


WORDS = {"NotEq": "ne", "LtE": "le", "GtE": "ge"}


def word_of(operator):
    name = type(operator).__name__
    return WORDS.get(name, name.lower())


def theirs(node):  # noqa: C901, PLR0911 - one case for each kind of node
    match node:
        case ast.Identifier(name):
            return "path", name
        case ast.Attribute(owner, name):
            return *theirs(owner), name
        case ast.DateTime():
            return "Edm.DateTimeOffset", written(node.py_val)
        case ast.Date(value):
            return "Edm.Date", value
        case ast.GUID(value):
            return "Edm.Guid", value.lower()
        case ast._Literal():
            return "value", node.py_val
        case ast.Compare(comparator, left, right):
            return word_of(comparator), theirs(left), theirs(right)
        case ast.BoolOp(op, left, right):
            return joined(word_of(op), [theirs(left), theirs(right)])
        case ast.UnaryOp(_, operand):
            return negated(theirs(operand))
        case ast.Call(func, arguments):
            return func.name, *map(theirs, arguments)
        case ast.CollectionLambda(owner, quantifier, body):
            return word_of(quantifier), theirs(owner), body and body.identifier.name, body and theirs(body.expression)
    raise AssertionError(node)


@settings(max_examples=200, deadline=None)
@given(FILTERS)
def test_both_parsers_read_the_same_tree(text):
    assert ours(parse_filter(text, {})) == theirs(ODataParser().parse(ODataLexer().tokenize(text)))


WORDS_OF_FILTERS = [
    *(
        "name",
        "a/b",
        "x1",
        "not",
        "and",
        "or",
        "eq",
        "ne",
        "gt",
        "le",
        "(",
        ")",
        "()",
        ",",
        "/",
        "any",
        "all",
        "v:",
        "v/",
    ),
    *("1", "-2.5", "1e3", "'x'", "'it''s'", "null", "true", "2026-01-31", "2026-01-31T12:30:00Z", "'", "''"),
    *(
        "contains(a,'b')",
        "startswith",
        "endswith(",
        "contains",
        "a/any(v:v/b eq 1)",
        "a/any()",
        "name eq 1",
        "x eq 'y'",
    ),
]
SOUP = st.lists(st.sampled_from(WORDS_OF_FILTERS), min_size=1, max_size=7)


def reading(parse, text):
    """The tree, or None where the text is refused."""
    try:
        return parse(text)
    except (DataverseError, ODataException):
        return None


def parsed_by_them(text):
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(text))
    except AttributeError:  # theirs stumbles over three steps before any or all
        return None
    return theirs(tree) if tree is not None else None


def is_condition(tree):
    """OData lets a filter be any value; Dataverse wants conditions, also inside of others."""
    match tree:
        case ("and" | "or", *parts):
            return all(map(is_condition, parts))
        case ("not", operand):
            return is_condition(operand)
        case ("any" | "all", _, _, body):
            return body is None or is_condition(body)
        case (word, *_):
            return word in {"eq", "ne", "gt", "ge", "lt", "le", "contains", "startswith", "endswith"}
    return False


@settings(max_examples=1000, deadline=None)
@given(SOUP, st.sampled_from(["", " "]))
@example(["not", "not", "not", "a/any(v:v/b eq 1)"], " ")
def test_what_both_parsers_take_they_read_alike(words, glue):
    text = glue.join(words)
    ours_, theirs_ = reading(lambda each: ours(parse_filter(each, {})), text), reading(parsed_by_them, text)
    if ours_ is not None and theirs_ is not None and is_condition(ours_) and is_condition(theirs_):
        assert ours_ == theirs_


def equal(name, value, kind="Edm.Int32"):
    return nodes.Compare("eq", nodes.Path((name,)), nodes.Literal(kind, value))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "a eq 1 or b eq 2 and c eq 3",
            nodes.Or((equal("a", 1), nodes.And((equal("b", 2), equal("c", 3))))),
        ),
        ("not (a eq 1) and b eq 1", nodes.And((nodes.Not(equal("a", 1)), equal("b", 1)))),
        ("(a eq 1)and(b eq 2)", nodes.And((equal("a", 1), equal("b", 2)))),
        ("a eq 'it''s (not) \" over'", equal("a", "it's (not) \" over", "Edm.String")),
        ('a eq "\\u00e9\\"x"', equal("a", 'é"x', "Edm.String")),
        ("anything eq 1", equal("anything", 1)),
        ("nullable eq null", equal("nullable", None, "null")),
    ],
)
def test_precedence_and_literals(text, tree):
    assert parse_filter(text, {}) == tree


def test_an_alias_stands_for_a_value_a_property_or_a_list():
    call = "Microsoft.Dynamics.CRM.In(PropertyName=@a,PropertyValues=@b)"
    node = parse_filter(f"{call} and @c eq @d", {"@a": "'x'", "@b": '["1","2"]', "@c": "name"})
    assert isinstance(node, nodes.And)
    function, compare = node.parts
    assert dict(function.parameters)["PropertyValues"] == nodes.Array(
        (nodes.Literal("Edm.String", "1"), nodes.Literal("Edm.String", "2"))
    )
    assert compare == nodes.Compare("eq", nodes.Path(("name",)), nodes.Literal("null", None))


def test_an_alias_of_an_alias_is_null():
    node = parse_filter("name eq @a", {"@a": "@other", "@other": "1"})
    assert node == nodes.Compare("eq", nodes.Path(("name",)), nodes.Literal("null", None))


@pytest.mark.parametrize("alias", ["1 eq 1", "", "'x", "a b", "x)or(1 eq 1"])
def test_an_alias_is_a_value_and_not_a_piece_of_text(alias):
    with pytest.raises(DataverseError):
        parse_filter("name eq @a", {"@a": alias})
