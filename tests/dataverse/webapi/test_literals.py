"""Literals survive the way into a URL and back, whatever a customer, a seller or an attacker wrote."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odata_query import ast
from odata_query.grammar import ODataLexer, ODataParser

from dataverse.webapi.literals import escape_like, in_list, literal, quote_literal

ENCODED = re.compile(r"(?:[A-Za-z0-9\-._~']|%[0-9A-F]{2})*")
TEXT = st.text(st.characters(codec="utf-8"))


def parsed(expression: str) -> ast._Node:
    """The right-hand side of a comparison, as an OData parser that is not ours reads it."""
    tree = ODataParser().parse(ODataLexer().tokenize(f"x eq {expression}"))
    assert isinstance(tree, ast.Compare)
    return tree.right


@given(TEXT)
def test_any_text_comes_back_from_the_url_as_it_was(text: str) -> None:
    encoded = quote_literal(text)
    assert ENCODED.fullmatch(encoded)
    decoded = unquote(encoded, errors="strict")
    assert decoded[0] == decoded[-1] == "'"
    assert decoded[1:-1].replace("''", "'") == text
    assert "'" not in decoded[1:-1].replace("''", "")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_an_independent_parser_reads_one_string_whatever_the_text(text: str) -> None:
    node = parsed(literal(text))
    assert isinstance(node, ast.String)
    assert node.val == text


@given(st.uuids())
def test_a_guid_stands_bare(value: UUID) -> None:
    assert parsed(literal(value)) == ast.GUID(str(value))


@given(st.integers(-(2**62), 2**62) | st.booleans())
def test_numbers_and_booleans_are_read_as_such(value: int) -> None:
    node = parsed(literal(value))
    if isinstance(value, bool):
        assert node == ast.Boolean(str(value).lower())
    else:
        assert node in (ast.Integer(str(value)), ast.UnaryOp(ast.USub(), ast.Integer(str(-value))))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_keeps_its_value(value: float) -> None:
    assert float(unquote(quote_literal(value))) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_a_decimal_is_written_without_an_exponent(value: Decimal) -> None:
    assert Decimal(literal(value)) == value
    assert "E" not in literal(value)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2999, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_date_time_is_written_in_utc(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    written = literal(moment)
    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == moment


def test_the_forms_of_the_documentation() -> None:
    assert literal("O'Brien") == "'O''Brien'"
    assert literal(datetime(2024, 1, 31, tzinfo=UTC)) == "2024-01-31T00:00:00Z"
    assert literal(date(2024, 1, 31)) == "2024-01-31"
    assert literal(None) == "null"
    assert quote_literal("+1 & 2#3/4") == "'%2B1%20%26%202%233%2F4'"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("Infinity")])
def test_what_has_no_literal_is_refused(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="no literal"):
        literal(value)


def test_a_date_time_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        literal(datetime(2024, 1, 31))


@given(st.lists(TEXT | st.uuids() | st.integers(), min_size=1))
def test_an_in_list_carries_exactly_the_values_asked_for(values: list[str | UUID | int]) -> None:
    encoded = in_list("telephone1", values)
    match = re.fullmatch(r"Microsoft\.Dynamics\.CRM\.In\(PropertyName='telephone1',PropertyValues=(.*)\)", encoded)
    assert match is not None
    assert ENCODED.fullmatch(match[1])
    assert json.loads(unquote(match[1], errors="strict")) == [str(value) for value in values]


def test_an_in_list_is_never_the_bare_operator() -> None:
    assert " in " not in unquote(in_list("mobilephone", ["a", "b"]))


def test_an_empty_in_list_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        in_list("telephone1", [])


@pytest.mark.parametrize("column", ["", "a b", "x') or true or ('", "a//b", "1a", "telephone1\n"])
def test_a_column_that_is_no_name_is_refused(column: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        in_list(column, ["a"])


@given(TEXT, TEXT)
def test_an_escaped_text_matches_itself_and_nothing_else(text: str, other: str) -> None:
    pattern = _as_regular_expression(escape_like(text))
    assert re.fullmatch(pattern, text, re.DOTALL)
    assert (re.fullmatch(pattern, other, re.DOTALL) is not None) == (text == other)


def _as_regular_expression(like: str) -> str:
    """SQL LIKE as a regular expression: `%` any run, `_` any character, `[…]` one of a set."""
    tokens = re.findall(r"\[\[\]|\[[^\]]*\]|.", like, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return "".join(re.escape(token[1]) if len(token) > 1 else wild.get(token, re.escape(token)) for token in tokens)
