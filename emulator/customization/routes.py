"""POST, PUT and DELETE under `EntityDefinitions` and its like."""

from __future__ import annotations

from emulator.customization.create import make_column, make_option_set, make_relationship, make_table
from emulator.customization.gate import Body, Made, note
from emulator.customization.keys import make_key
from emulator.customization.remove import remove_definition
from emulator.customization.replace import replace_definition
from emulator.definition_paths import find_table
from emulator.errors import not_supported
from emulator.exchange import Answer, wrong_method
from emulator.paths import Segment
from emulator.seams import Work

_MAKERS = {
    "EntityDefinitions": make_table,
    "RelationshipDefinitions": make_relationship,
    "GlobalOptionSetDefinitions": make_option_set,
}
_BELOW = {"Attributes": make_column, "Keys": make_key}


def customize(work: Work, segments: list[Segment]) -> Answer:
    """Changes a definition. Answers 204, for what is made or replaced with its address."""
    if work.call.method == "DELETE" and segments[0].arguments is not None:
        return remove_definition(work, segments)
    if work.call.method not in ("POST", "PUT"):
        raise wrong_method(work.call)
    made = _made(work, segments, dict(work.call.json()))
    note(work, made)
    url = work.context.url + made.path
    return Answer(headers={"OData-EntityId": url, "Location": url})


def _made(work: Work, segments: list[Segment], body: Body) -> Made:
    first = segments[0]
    if work.call.method == "PUT" and first.arguments is not None:
        return replace_definition(work, segments, body)
    if work.call.method != "POST" or (first.arguments is None) != (len(segments) == 1):
        raise wrong_method(work.call)
    if len(segments) == 1:
        return _MAKERS[first.name](work, body)
    kind = segments[1].name
    if segments[1].arguments is not None:
        raise wrong_method(work.call)
    if kind not in _BELOW:
        raise not_supported(f"creating {kind}")
    return _BELOW[kind](work, find_table(work.context.schema, first.arguments or ""), body)
