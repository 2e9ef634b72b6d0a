"""The faults there are: what each takes, and what it does. Everything that lists them reads this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emulator.control.effects import Delayed, Effect, Lost, Refused, Reset, Truncated
from emulator.control.fields import Field, number, one_of, text, whole
from emulator.errors import DataverseError

Values = Mapping[str, object]
# Source: Learn, "Service protection API limits".
THROTTLED = {
    "burst": "0x80072322 Number of requests exceeded the limit of {requests} over time window of {window} seconds.",
    "time": "0x80072321 Combined execution time of incoming requests exceeded limit of {milliseconds:,} milliseconds "
    "over time window of {window} seconds. Decrease number of concurrent requests or reduce the duration of "
    "requests and try again later.",
    "concurrency": "0x80072326 Number of concurrent requests exceeded the limit of {concurrent}.",
}
_USUAL = {"requests": 6000, "window": 300, "milliseconds": 1_200_000, "concurrent": 52}
_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_WAIT = whole(0, 3600, meaning="seconds, for the header Retry-After; without it there is none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One fault. `word` is the field that a bare word of the short form fills; `operations`: one operation of a batch
    can have it."""

    meaning: str
    make: Callable[[Values], Effect]
    fields: Mapping[str, Field] = field(default_factory=dict)
    word: str = ""
    operations: bool = False


def throttled(reason: str, retry_after: int, numbers: Mapping[str, int] = _USUAL) -> DataverseError:
    """429 for one of the three reasons: `burst`, `time` or `concurrency`."""
    code, _, message = THROTTLED[reason].partition(" ")
    return DataverseError(429, code, message.format(**numbers), retry_after=retry_after)


def _throttle(values: Values) -> Effect:
    return Refused(throttled(str(values["reason"]), _seconds(values) or 0))


def _gateway(status: int, title: str) -> Callable[[Values], Effect]:
    def make(values: Values) -> Effect:
        error = DataverseError(status, "0x80060888", title, retry_after=_seconds(values))
        return Refused(error, _PAGE.format(f"{status} {title}"))

    return make


def _error(values: Values) -> Effect:
    status, code = int(str(values["status"])), str(values["code"])
    return Refused(DataverseError(status, code, str(values["message"]), retry_after=_seconds(values)))


def _seconds(values: Values) -> int | None:
    given = values.get("retry_after")
    return given if isinstance(given, int) else None


def _length(values: Values) -> int | None:
    given = values["bytes"]
    return given if isinstance(given, int) else None


_REASON = one_of(*THROTTLED, default="burst", meaning="which limit was exceeded")
_STATUS = whole(400, 599, required=True, meaning="the HTTP status")
_CODE = text("0x[0-9a-fA-F]{8}", "a code such as 0x80040203", required=True, meaning="the error's code")
KINDS: dict[str, Kind] = {
    "429": Kind(
        meaning="Too many requests, with the code and the sentence of one of the three service protection limits.",
        fields={
            "reason": _REASON,
            "retry_after": whole(0, 3600, default=5, meaning="seconds, for the header Retry-After; 5 by itself"),
        },
        word="reason",
        operations=True,
        make=_throttle,
    ),
    "503": Kind(
        meaning="Service unavailable, as a page of HTML; in a batch as JSON.",
        fields={"retry_after": _WAIT},
        word="retry_after",
        operations=True,
        make=_gateway(503, "Service Unavailable"),
    ),
    "502": Kind(meaning="Bad gateway: a page of HTML, and nothing was done.", make=_gateway(502, "Bad Gateway")),
    "504": Kind(
        meaning="Gateway timeout: a page of HTML, and nothing was done.", make=_gateway(504, "Gateway Timeout")
    ),
    "error": Kind(
        meaning="Any error of Dataverse.",
        fields={
            "status": _STATUS,
            "code": _CODE,
            "message": text(default="Made to fail.", meaning="the error's sentence"),
            "retry_after": _WAIT,
        },
        word="status",
        operations=True,
        make=_error,
    ),
    "delay": Kind(
        meaning="The answer comes later. An operation of a batch holds its transaction open meanwhile.",
        fields={"seconds": number(0, 3600, "seconds", required=True, meaning="how much later")},
        word="seconds",
        operations=True,
        make=lambda values: Delayed(float(str(values["seconds"]))),
    ),
    "reset": Kind(meaning="The connection is reset, and nothing was done.", make=lambda values: Reset()),
    "lost": Kind(meaning="Everything was done, then the connection is reset: no answer.", make=lambda values: Lost()),
    "truncated": Kind(
        meaning="Everything was done, but the connection closes within the body of the answer.",
        fields={"bytes": whole(0, meaning="how much of the body arrives; without it half")},
        word="bytes",
        make=lambda values: Truncated(_length(values)),
    ),
}
