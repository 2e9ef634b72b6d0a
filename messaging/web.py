"""HTTP requests and answers as plain values, so that nobody below the Azure skin knows a web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A callback as it arrived: `url` exactly as the provider called it (query undecoded), `headers` with lower-case
    names, `body` the raw bytes. Signatures are computed over these, so nothing here is ever re-written."""

    method: str
    url: str = field(repr=False)  # may hold a secret, in a GET also a number and a text
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", _lower(self.headers))


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """What the provider is answered, `headers` with lower-case names. No Content-Type without a body: Twilio texts a
    text/plain body to the customer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", _lower(self.headers))


def _lower(headers: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({name.lower(): value for name, value in headers.items()})
