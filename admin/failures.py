"""What went wrong, for a person: a sentence, what to do next, and the exit code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from admin.exits import Exit, Stopped
from dataverse.webapi.errors import (
    CustomizationLocked,
    PermanentFault,
    PrivilegeMissing,
    RowNotFound,
    TokenNotAccepted,
    TransientFault,
)
from messaging.errors import ConfigurationError, PermanentError, Throttled, TransientError, Unavailable

_REQUEST = re.compile(r"^([A-Z]+ [\w$.]*) \((request [^)]*)\): (.*)$")
_NO_USER = {"0x80072560", "0x80040225"}  # not a member of the organization; disabled, or without a business unit
_UNKNOWN_NAMES = {"0x80060888", "0x80041102"}  # there is no such table, column or navigation
_AGAIN = "Run the same command again in a few minutes: what is done stays done."

_REACH = "Check the URL and the network (an emulator has to be started first), then run the same command again."


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence, what to do next, and how the command ends."""

    sentence: str
    advice: str
    exit_code: Exit


# The first that an error is one of counts; {} is the error's own text.
_KINDS: tuple[tuple[type[Exception], Failure], ...] = (
    (
        TokenNotAccepted,
        Failure(
            "Dataverse does not accept the token (401): it is for another directory, or this is no environment.",
            "Check the URL, and name the directory of the environment with --tenant <id or domain>.",
            Exit.FOUND,
        ),
    ),
    (ConfigurationError, Failure("{}", "", Exit.FOUND)),
    (
        CustomizationLocked,
        Failure("Somebody else is changing tables or importing a solution there.", _AGAIN, Exit.LATER),
    ),
    (Throttled, Failure("Dataverse asks us to slow down.", _AGAIN, Exit.LATER)),
    (TransientFault, Failure("Dataverse cannot do it now: {}", _AGAIN, Exit.LATER)),
    (Unavailable, Failure("{}", _REACH, Exit.LATER)),
    (TransientError, Failure("{}", _AGAIN, Exit.LATER)),
    (
        PrivilegeMissing,
        Failure(
            "You lack a privilege in this environment: {}",
            "Sign in as somebody with the role System Administrator there.",
            Exit.FOUND,
        ),
    ),
    (PermanentFault, Failure("Dataverse refuses: {}", "", Exit.FOUND)),
    (PermanentError, Failure("{}", "", Exit.FOUND)),
)
_STRANGER = Failure(
    "Dataverse knows who you are, but you are no enabled user of this environment.",
    "Ask an administrator of the environment to add you (Power Platform admin center > the environment > Settings > "
    "Users), or sign in as somebody else.",
    Exit.FOUND,
)
_EMPTY = Failure("The tables of Textverse are not in this environment.", "Run: python -m admin provision", Exit.FOUND)


def explain(error: Exception) -> Failure | None:
    """What an error means to an administrator; None for a defect of ours."""
    if isinstance(error, Stopped):
        return Failure(str(error), error.advice, error.exit_code)
    if isinstance(error, PermanentFault) and error.code in _NO_USER:
        return _STRANGER
    if isinstance(error, PermanentFault) and _lacks_our_tables(error):
        return _EMPTY
    found = next((failure for kind, failure in _KINDS if isinstance(error, kind)), None)
    return found and Failure(found.sentence.format(_told(error)), found.advice, found.exit_code)


def _lacks_our_tables(error: PermanentFault) -> bool:
    fault = error.fault
    unknown = isinstance(error, RowNotFound) or fault.code in _UNKNOWN_NAMES
    return unknown and "txv_" in f"{fault.operation} {fault.message}"


def _told(error: Exception) -> str:
    """The error's text; with Dataverse's own sentence, which administrators may see, before the ids of the request."""
    if isinstance(error, TransientFault | PermanentFault) and error.fault.message:
        return f"{error.fault.message.strip()} [{error}]"
    # What happened first, and then the request that it happened to.
    return _REQUEST.sub(r"\3 [\1, \2]", str(error))
