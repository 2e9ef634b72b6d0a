"""Resource paths: `contacts(<id>)/contact_customer_accounts/$ref` in segments, keys and parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from emulator.errors import DataverseError, bad_query
from emulator.jsontext import read_json

# Values with these characters cannot be used in a key, not even encoded.
REFUSED_IN_KEYS = frozenset("/<>*%&:\\?+")
_LONGEST_INTEGER = 20
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a path. `arguments` is the decoded text between the parentheses, None where there are none."""

    name: str
    arguments: str | None = None


def split_path(path: str) -> list[Segment]:
    """The segments of an undecoded path; slashes inside parentheses and quotes do not split."""
    return [_segment(part) for part in _split(path, "/") if part]


def _split(text: str, separator: str) -> list[str]:
    if separator not in text:
        return [text]
    parts, start, depth, quoted = [], 0, 0, False
    for position, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == separator and depth <= 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return parts


def _segment(part: str) -> Segment:
    text = unquote(part)
    name, parenthesis, rest = text.partition("(")
    if not parenthesis:
        return Segment(text)
    if not rest.endswith(")"):
        raise bad_query(f"Bad Request - Error in query syntax: '{text}' lacks its closing parenthesis.")
    return Segment(name, rest[:-1])


def parse_guid(text: str) -> str | None:
    """The id in lower case, or None if the text is none."""
    return text.lower() if _GUID.fullmatch(text) else None


def named_arguments(arguments: str) -> dict[str, str]:
    """`k1='a',k2=2` as names and literals, the literals still as written."""
    found: dict[str, str] = {}
    for part in _split(arguments, ","):
        name, equals, literal = part.partition("=")
        if not equals or not name.strip():
            raise bad_query(f"Bad Request - Error in query syntax: '{part}' is not a name with a value.")
        found[name.strip()] = literal.strip()
    return found


def literal(text: str) -> object:
    """An OData literal as Python: quoted text, number, boolean, null, id (as text), JSON with either kind of quotes."""
    if len(text) >= 2 and text[0] == "'" and text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if text in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text]
    if text[:1] in ("{", "["):
        return _json(text)
    enumeration = re.fullmatch(r"Microsoft\.Dynamics\.CRM\.\w+'(.*)'", text)
    if enumeration:
        return enumeration[1]
    if re.fullmatch(r"-?\d+", text, re.ASCII):
        return _integer(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text, re.ASCII) else text


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise bad_query(f"The integer {text[:60]} is too large.")
    return int(text)


def _json(text: str) -> object:
    for candidate in (text, text.replace("'", '"')):
        try:
            return read_json(candidate)
        except ValueError:
            continue
    raise bad_query(f"The parameter value {text[:1000]} is not valid JSON.")


def key_value(text: str) -> object:
    """A literal of a key; characters that Dataverse cannot address by are refused."""
    value = literal(text)
    if isinstance(value, str) and parse_guid(value) is None and not _is_datetime(value):
        refused = sorted(REFUSED_IN_KEYS.intersection(value))
        if refused:
            message = f"Bad Request - Error in query syntax: key values cannot contain {' '.join(refused)}"
            raise DataverseError(400, "0x80060888", message)
    return value


def _is_datetime(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text) is not None
