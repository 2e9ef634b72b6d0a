"""Paths by alternate key find the row that was meant, or are refused before anything is sent."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odata_query import ast
from odata_query.grammar import ODataLexer, ODataParser

from dataverse.webapi.keys import NOT_ADDRESSABLE, KeyValue, row_by_key

GUID = UUID("0b000000-0000-4000-8000-000000000001")
COLUMNS = st.from_regex(r"[a-z_][a-z0-9_]{0,20}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters=NOT_ADDRESSABLE), min_size=1)
VALUES = TEXTS | st.integers() | st.uuids()


def read(value: str) -> object:
    """A literal of a path, decoded once, as a parser that is not ours reads it."""
    tree = ODataParser().parse(ODataLexer().tokenize(f"x eq {unquote(value, errors='strict')}"))
    assert isinstance(tree, ast.Compare)
    if isinstance(tree.right, ast.UnaryOp):
        assert isinstance(tree.right.operand, ast.Integer)
        return -int(tree.right.operand.val)
    assert isinstance(tree.right, ast.GUID | ast.Integer | ast.String)
    return {ast.GUID: UUID, ast.Integer: int, ast.String: str}[type(tree.right)](tree.right.val)


@given(st.dictionaries(COLUMNS, VALUES, min_size=1, max_size=3))
def test_a_key_is_read_back_as_it_was_meant(key: dict[str, KeyValue]) -> None:
    path = row_by_key("txv_things", key)

    inside = re.fullmatch(r"txv_things\(([!-~]+)\)", path)
    assert inside
    parts = re.findall(r"([a-z0-9_]+)=((?:'(?:[^']|'')*'|[^',])+)(?:,|$)", inside[1])
    assert [column for column, _ in parts] == list(key)
    for (_, value), meant in zip(parts, key.values(), strict=True):
        assert not set(value) & set("/#?&+ ")
        if isinstance(meant, str):  # the parser knows no line breaks in texts; the rule is doubled quotes
            assert unquote(value, errors="strict")[1:-1].replace("''", "'") == meant
        else:
            assert read(value) == meant


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters=NOT_ADDRESSABLE), min_size=1))
def test_an_independent_parser_reads_one_text(text: str) -> None:
    assert read(row_by_key("s", {"k": text}).removeprefix("s(k=").removesuffix(")")) == text


@given(st.text(), st.sampled_from(NOT_ADDRESSABLE), st.text())
def test_what_no_key_finds_is_refused_and_not_quoted(before: str, character: str, after: str) -> None:
    value = f"kim {before}{character}{after}"
    with pytest.raises(ValueError, match="txv_digits has one of the characters") as raised:
        row_by_key("txv_phonenumbers", {"txv_digits": value})
    assert "kim" not in str(raised.value)


def test_the_forms_of_the_documentation() -> None:
    assert row_by_key("contacts", {"emailaddress1": "kim@contoso.example"}) == (
        "contacts(emailaddress1='kim%40contoso.example')"
    )
    assert row_by_key("things", {"k1": "O'Brien #1", "k2": 2}) == "things(k1='O''Brien%20%231',k2=2)"
    assert row_by_key("things", {"_parentid_value": GUID}) == f"things(_parentid_value={GUID})"
    assert row_by_key("things", {"amount": Decimal("1.50")}) == "things(amount=1.50)"


@pytest.mark.parametrize(
    ("set_name", "key"),
    [("", {"k": 1}), ("a b", {"k": 1}), ("contacts(1)", {"k": 1}), ("s", {}), ("s", {"k='x'": 1}), ("s", {"": 1})],
)
def test_what_is_no_name_is_refused(set_name: str, key: dict[str, KeyValue]) -> None:
    with pytest.raises(ValueError, match="a row is addressed by"):
        row_by_key(set_name, key)


@pytest.mark.parametrize("value", ["", None, True, 1.5, b"x", Decimal("NaN"), "\ud800"])
def test_a_value_that_no_row_can_be_found_by_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        row_by_key("s", {"k": value})
