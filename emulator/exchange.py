"""One request and one answer, the same for a request of its own and for a part of a batch."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from emulator.errors import DataverseError
from emulator.jsontext import read_json

JSON_TYPE = "application/json; odata.metadata=minimal"
# What a body is taken for that came without a Content-Type.
UNKNOWN_TYPE = "application/octet-stream"
_PREFERENCE = re.compile(r'\s*([^=,;\s"]+)\s*(?:=\s*("[^"]*"|[^,;"]*))?\s*(?:[,;]|$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. `path` is what follows the service root, undecoded, without a leading slash; header names are lower
    case; `references` are the Content-IDs of a change set so far, each with the path of its row."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    references: Mapping[str, str] = field(default_factory=dict)
    in_change_set: bool = False

    def json(self, *, may_be_empty: bool = False) -> dict[str, object]:
        """The body as a JSON object; raises 415 for another media type, 400 0x80048d19 for anything else. `$1` in links
        is replaced."""
        if not self.body and may_be_empty:
            return {}
        kind = self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if self.body and kind != "application/json":
            message = f"The request entity's media type '{kind}' is not supported for this resource."
            raise DataverseError(415, "0x80060888", message)
        if not self.body:
            raise DataverseError(400, "0x80048d19", "The request needs a body: a JSON object.")
        try:
            body = read_json(self.body)
        except ValueError as error:
            raise DataverseError(400, "0x80048d19", f"The body is not valid JSON: {str(error)[:200]}.") from error
        if not isinstance(body, dict):
            raise DataverseError(400, "0x80048d19", "The body must be a JSON object.")
        if self.references or self.in_change_set:
            _resolve_links(body, self.references)
        return body

    def parameters(self) -> dict[str, str]:
        """The query string, decoded."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def preferences(self) -> dict[str, str]:
        """The entries of the Prefer header, names in lower case, values without their quotes."""
        return {
            match[1].lower(): (match[2] or "").strip().strip('"')
            for match in _PREFERENCE.finditer(self.headers.get("prefer", ""))
        }


def applied(preferences: Mapping[str, str]) -> dict[str, str]:
    """The header that tells which preferences a reading was answered by; none without any."""
    quoted = {"odata.include-annotations"}
    told = [
        f'{name}="{value}"' if name in quoted else f"{name}={value}"
        for name, value in preferences.items()
        if name in quoted or (name == "odata.maxpagesize" and value.isdigit())
    ]
    return {"Preference-Applied": ",".join(told)} if told else {}


@dataclass(slots=True, kw_only=True)
class Answer:
    """A response. `payload` becomes JSON, `text` and `binary` go out as they are; `row` is the path of the row that was
    written, by which a later request of the change set can refer to it."""

    status: int = 204
    payload: Mapping[str, object] | None = None
    text: str | None = None
    binary: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    row: str | None = None

    def content(self) -> tuple[str, bytes]:
        """Content type and body."""
        if self.payload is not None:
            text = json.dumps(self.payload, ensure_ascii=False, separators=(",", ":"))
            return JSON_TYPE, text.encode(errors="replace")  # a refusal may quote half a character
        if self.text is not None:
            return "text/plain", self.text.encode()
        return "", self.binary or b""


def refusal(error: DataverseError) -> Answer:
    """A refused request as a response."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    return Answer(status=error.status, payload=error.payload(), headers=headers)


def wrong_method(call: Call) -> DataverseError:
    """405: the resource is there, but not for this method."""
    return DataverseError(405, "0x80060888", f"The requested resource does not support http method '{call.method}'.")


def unknown_reference(reference: str) -> DataverseError:
    """400: `$1` without a Content-ID 1 before it."""
    text = f"Content-ID Reference: '{reference}' does not exist in the batch context."
    return DataverseError(400, "0x80060888", text)


def expand_reference(path: str, references: Mapping[str, str]) -> str:
    """`$1/primarycontactid/$ref` with the path of the row that Content-ID 1 wrote; other paths stay as they are."""
    match = re.match(r"/?(\$(\w[\w.-]*))(?=/|$)", path)
    if match is None or match[1] in ("$batch", "$metadata"):
        return path
    if match[2] not in references:
        raise unknown_reference(match[1])
    return references[match[2]] + path[match.end() :]


def _resolve_links(value: object, references: Mapping[str, str]) -> None:
    if isinstance(value, list):
        for item in value:
            _resolve_links(item, references)
    if not isinstance(value, dict):
        return
    for name, item in value.items():
        if name.endswith(("@odata.bind", "@odata.id")):
            value[name] = _resolved(item, references)
        else:
            _resolve_links(item, references)


def _resolved(link: object, references: Mapping[str, str]) -> object:
    if isinstance(link, list):
        return [_resolved(item, references) for item in link]
    return expand_reference(link, references) if isinstance(link, str) and link.startswith("$") else link
