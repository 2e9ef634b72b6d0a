"""What webhooks post, read: which row and what happened. All else is malformed, and nothing else is raised."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataverse.webapi.execution_context import ExecutionContext, choice, read_context
from messaging.errors import Malformed
from tests.dataverse import contexts
from tests.dataverse.contexts import body, context

UPDATE = context(
    "Update",
    "contact",
    {"mobilephone": "+12065550187", "statecode": contexts.choice(0), "ownerid": contexts.reference("systemuser")},
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*UPDATE, "key", "value"]), inner),
    max_leaves=12,
)


def test_a_context_is_read() -> None:
    read = read_context(body(UPDATE))

    assert read == ExecutionContext(
        message="Update",
        table="contact",
        row_id=UUID(contexts.ROW),
        written={pair["key"]: pair["value"] for pair in _target(UPDATE)["Attributes"]},
        occurred_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),  # whatever distance from UTC stands behind it
        operation_id=UUID(contexts.OPERATION),
        correlation_id=UUID(contexts.CORRELATION),
    )
    assert "0187" not in repr(read)


def test_a_delete_says_nothing_of_columns() -> None:
    assert read_context(body(context("Delete", "lead"))).written == {}


@pytest.mark.parametrize("left", [{}, {"InputParameters": None}, {"InputParameters": []}])
def test_what_was_too_large_tells_the_row_and_not_what_was_written(left: dict[str, object]) -> None:
    parts = ("ParentContext", "InputParameters", "PreEntityImages", "PostEntityImages")
    stripped = {name: value for name, value in UPDATE.items() if name not in parts}

    read = read_context(body(stripped | left))

    assert (read.table, read.row_id, read.written) == ("contact", UUID(contexts.ROW), None)


@pytest.mark.parametrize("member", ["OperationCreatedOn", "OperationId", "CorrelationId"])
@pytest.mark.parametrize("value", [None, 7, "yesterday", "/Date(99999999999999999999)/", "/Date(999999999999999)/", {}])
def test_what_only_tells_more_may_be_missing_or_unreadable(member: str, value: object) -> None:
    read = read_context(body(UPDATE | {member: value}))

    assert None in (read.occurred_at, read.operation_id, read.correlation_id)
    assert read.written is not None


@pytest.mark.parametrize("member", ["MessageName", "PrimaryEntityName", "PrimaryEntityId"])
@pytest.mark.parametrize("value", [None, 7, True, "", " ", "two words", [], {}, "Secret word", "ä" * 36, "a" * 200])
def test_without_a_row_or_a_message_it_is_malformed_and_says_what_is_missing(member: str, value: object) -> None:
    with pytest.raises(Malformed, match=f"^{member} is missing or is no") as caught:
        read_context(body(UPDATE | {member: value}))

    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("x", "InputParameters is not a list of keys with values"),
        ({"Target": {}}, "InputParameters is not a list of keys with values"),
        (["x"], "InputParameters is not a list of keys with values"),
        ([{"value": 1}], "a key of InputParameters is no name"),
        ([{"key": ["Target"], "value": {}}], "a key of InputParameters is no name"),
        (contexts.pairs({"Target": "x"}), "Target of InputParameters is not an object"),
        (contexts.pairs({"Target": {"Attributes": {"mobilephone": "1"}}}), "Attributes is not a list of keys"),
        (contexts.pairs({"Target": {"Attributes": [{"key": "a b", "value": 1}]}}), "a key of Attributes is no name"),
    ],
)
def test_parameters_of_another_shape_are_malformed(parameters: object, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read_context(body(UPDATE | {"InputParameters": parameters}))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b"\x00", b"[" * 100_000, b'{"a":' * 100_000,
        b'{"MessageName": 1' + b"0" * 5000 + b"}", b"not json", b"<xml/>",
    ],
)  # fmt: skip
def test_what_is_no_json_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed, match="the body is not"):
        read_context(raw)


def test_any_encoding_of_unicode_is_read() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read_context(body(UPDATE).decode().encode(encoding)).table == "contact"


@pytest.mark.parametrize(("value", "number"), [(contexts.choice(3), 3), ({"Value": None}, None), (None, None), (4, 4)])
def test_the_value_of_a_choice_is_its_number(value: object, number: int | None) -> None:
    assert choice(value) == number


@pytest.mark.parametrize("value", ["1", True, 1.0, [1], {"Value": "1"}, {"Value": False}])
def test_what_is_no_choice_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        choice(value)


@given(st.binary(max_size=100) | DOCUMENTS.map(lambda document: json.dumps(document).encode()))
def test_whatever_is_posted_is_read_or_malformed(raw: bytes) -> None:
    _read_or_malformed(raw)


@given(st.data())
def test_a_context_with_any_part_replaced_is_read_or_malformed(data: st.DataObject) -> None:
    posted = copy.deepcopy(UPDATE)
    spoilt: Any = posted
    while True:
        members = list(spoilt) if isinstance(spoilt, dict) else range(len(spoilt))
        member = data.draw(st.sampled_from(list(members)))
        inner = spoilt[member]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            spoilt[member] = data.draw(DOCUMENTS)
            break
        spoilt = inner

    _read_or_malformed(json.dumps(posted).encode())


def _read_or_malformed(raw: bytes) -> None:
    try:
        read = read_context(raw)
    except Malformed:
        return
    assert isinstance(read.row_id, UUID)
    assert read.written is None or all(isinstance(name, str) for name in read.written)


def _target(posted: dict[str, Any]) -> dict[str, Any]:
    return posted["InputParameters"][0]["value"]
