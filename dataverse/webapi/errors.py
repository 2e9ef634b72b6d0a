"""What Dataverse refuses, as errors that say what to do about it.

    TransientError
    └─ TransientFault
       ├─ TooManyRequests      Throttled     service protection limits
       ├─ ServiceDown          Unavailable   502, 503, 504, and any other server error
       ├─ CustomizationLocked                another import, publish or change of metadata is running
       ├─ Deadlocked                         rolled back in favour of another transaction
       ├─ VersionChanged       Conflict      If-Match: the row has another version by now
       └─ AlreadyExists        Conflict      If-None-Match, a primary key, an alternate key, a schema name
    PermanentError
    └─ PermanentFault
       ├─ RowNotFound          NotFound
       └─ RequestRefused       Refused       everything else, including redirects
          ├─ PrivilegeMissing
          └─ ChangesExpired                  a delta link that was kept too long
    ConfigurationError
    └─ TokenNotAccepted                      401

The text of these errors has the operation, the status, the code and the ids under which both sides log the request.
Dataverse's own sentence may quote what is in a row: it is kept in `fault.message`, out of the text and the repr.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dataverse.webapi import retry
from dataverse.webapi.request import Response
from messaging import errors
from messaging.errors import (
    ConfigurationError,
    Conflict,
    NotFound,
    PermanentError,
    Refused,
    Throttled,
    TransientError,
    Unavailable,
)

_OPERATION = re.compile(r"\$?[A-Za-z_0-9.]*")
_CODE = re.compile(r"0x[0-9a-f]{1,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A refusal: `operation` is method and table (`PATCH contacts`), `code` Dataverse's error code in lower-case
    hexadecimal, or empty; the ids are the client's and the service's own for the request."""

    operation: str
    status: int
    code: str = ""
    request_id: str = ""
    service_request_id: str = ""
    retry_after: float | None = None
    message: str = field(default="", repr=False)

    def __str__(self) -> str:
        ids = f"request {self.request_id}, service request {self.service_request_id}"
        return f"{self.operation}: {' '.join(filter(None, (str(self.status), self.code)))} ({ids})"


class TokenNotAccepted(ConfigurationError):
    """Dataverse answers 401 also to a new token: it is for somebody, or for some place, else."""


class TransientFault(TransientError):
    """Dataverse refused, and may not refuse next time."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault), retry_after=fault.retry_after)
        self.fault = fault


class TooManyRequests(TransientFault, Throttled):
    """A service protection limit was hit."""


class ServiceDown(TransientFault, Unavailable):
    """Dataverse is down, restarting, or failed in itself."""


class CustomizationLocked(TransientFault):
    """Another import, publish or change of metadata is running."""


class Deadlocked(TransientFault):
    """The database rolled the operation back, in favour of another one."""


class VersionChanged(TransientFault, Conflict):
    """The row has another version than the one that was read."""


class AlreadyExists(TransientFault, errors.AlreadyExists):
    """A row with this key, or a table, column or choice with this name, is there already."""


class PermanentFault(PermanentError):
    """Dataverse refused, and will refuse again."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault), code=fault.code)
        self.fault = fault


class RowNotFound(PermanentFault, NotFound):
    """No such row, table or column, or none that the caller may see."""


class RequestRefused(PermanentFault, Refused):
    """Dataverse does not accept the request."""


class PrivilegeMissing(RequestRefused, errors.PrivilegeMissing):
    """The caller's security roles do not allow it."""


class ChangesExpired(RequestRefused):
    """What changed since then is no longer known: read everything again (`changes`)."""


Kind = type[TransientFault] | type[PermanentFault]

BY_CODE: dict[str, Kind] = {
    "0x80072322": TooManyRequests,  # number of requests
    "0x80072321": TooManyRequests,  # combined execution time
    "0x80072326": TooManyRequests,  # requests at the same time
    "0x8005f103": TooManyRequests,
    "0x80071151": CustomizationLocked,
    "0x7c27f812": CustomizationLocked,
    "0x7c27f9fd": CustomizationLocked,
    "0x7c27f89f": CustomizationLocked,
    "0x80044150": Deadlocked,  # generic SQL error
    "0x80044151": Deadlocked,  # SQL time-out
    "0x80060882": VersionChanged,
    "0x80040237": AlreadyExists,  # primary key
    "0x80060892": AlreadyExists,  # alternate key
    "0x80044363": AlreadyExists,  # schema name
    "0x80047013": AlreadyExists,  # schema name of a column
    "0x80040333": RequestRefused,  # duplicate detection rule: 412, and yet no matter of versions
    "0x80040217": RowNotFound,
    "0x80060891": RowNotFound,  # by alternate key
    "0x80044352": ChangesExpired,  # ExpiredVersionStamp: also where the table's definition has changed since
    "0x80040220": PrivilegeMissing,
    "0x80048306": PrivilegeMissing,
}

BY_STATUS: dict[int, Kind] = {
    404: RowNotFound,
    412: VersionChanged,
    429: TooManyRequests,
    501: RequestRefused,
}


def operation_of(method: str, path: str) -> str:
    """Method and table of a request, without keys and conditions: they may hold what must not be logged."""
    name = _OPERATION.match(path.removeprefix("/"))
    return f"{method} {name[0] if name else ''}".strip()


def is_error(response: Response) -> bool:
    """Whether an answer is a refusal. Redirects are: they are never followed, so nothing was done."""
    return response.status >= 300 and response.status != 304


def fault_of(response: Response, *, operation: str, request_id: str) -> Fault:
    """A refusal as it was answered, alone or as a part of a batch; a body that is no JSON is no obstacle."""
    code, message = _error_of(response)
    return Fault(
        operation=operation,
        status=response.status,
        code=code,
        request_id=request_id,
        service_request_id=response.headers.get("x-ms-service-request-id") or response.headers.get("req_id", ""),
        retry_after=retry.retry_after(response.headers),
        message=message,
    )


def error_for(fault: Fault) -> TransientFault | PermanentFault:
    """The error for a refusal: by its code, else by its status."""
    by_status = BY_STATUS.get(fault.status, ServiceDown if fault.status >= 500 else RequestRefused)
    return BY_CODE.get(fault.code, by_status)(fault)


def _error_of(response: Response) -> tuple[str, str]:
    try:
        error = response.json().get("error")
    except ValueError:
        return "", ""
    if not isinstance(error, dict):
        return "", ""
    code = str(error.get("code", "")).lower()
    return code if _CODE.fullmatch(code) else "", str(error.get("message", ""))
