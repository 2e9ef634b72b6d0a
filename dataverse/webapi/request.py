"""Web API requests and answers as values: the same request can be sent alone or as a part of a `$batch`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One operation. `path` is relative to `/api/data/v9.2/` and already encoded (`contacts?$select=fullname`).

    `repeatable` says that carrying it out twice leaves what carrying it out once leaves: reads, deletes, and writes to
    an id of our own choosing. Only such a request is sent again when its answer was lost.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = field(default=None, repr=False)
    repeatable: bool = False

    def content(self) -> bytes:
        """The body as it goes over the wire (UTF-8 JSON), empty without one."""
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Writes that are carried out together or not at all. A later one may refer to an earlier one of the same change
    set as `$1`, `$2`, …: in its path, or as the value of a link (`"primarycontactid@odata.bind": "$1"`)."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One operation's answer; `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    def json(self) -> dict[str, object]:
        """The body as a JSON object (empty without one)."""
        value = json.loads(self.body) if self.body else {}
        if not isinstance(value, dict):
            raise ValueError("the answer is not a JSON object")
        return value
