"""The errors of Textverse.

    TextverseError
    ├─ TransientError(retry_after)     the same work may succeed later: it goes back to the queue
    │  ├─ Throttled                    the other side asked us to slow down
    │  ├─ Unavailable                  the other side could not be reached or is down
    │  ├─ Conflict                     someone else wrote first: read again, decide again
    │  │  └─ AlreadyExists             …and what we meant to create is there
    │  └─ UncertainError               the request left, the answer was lost: find out before doing it again
    ├─ PermanentError                  repeating it changes nothing: it is set aside with its reason
    │  ├─ Refused                      the other side said no
    │  │  └─ PrivilegeMissing          …because someone lacks a privilege
    │  └─ NotFound                     what was asked for does not exist
    └─ CallbackRejected                a call from outside that we do not accept; carries the HTTP status
       ├─ UnknownAccount        404
       ├─ CallbacksOff          404    known, but without a secret: anyone could sign with an empty key
       ├─ MethodNotAllowed      405
       ├─ SignatureMissing      403
       ├─ SignatureInvalid      403
       ├─ TooLarge              413
       └─ Malformed             400

    ConfigurationError                 outside the tree on purpose: nothing may swallow it

No message of these errors holds a secret, a phone number or the text of a message: they are written to logs.
"""

from __future__ import annotations

from typing import ClassVar


class TextverseError(Exception):
    """Anything that went wrong in handling a text."""


class TransientError(TextverseError):
    """The same work may succeed later; `retry_after` is how many seconds to wait at least, where it is known."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Throttled(TransientError):
    """The other side asked us to slow down (HTTP 429)."""


class Unavailable(TransientError):
    """The other side could not be reached, or said that it is down (HTTP 502, 503, 504)."""


class Conflict(TransientError):
    """Someone else wrote first: read again and decide again."""


class AlreadyExists(Conflict):
    """A row with this id or key is there already."""


class UncertainError(TransientError):
    """The request left and the answer was lost: it may have been carried out."""


class PermanentError(TextverseError):
    """Repeating the work changes nothing; `code` is the other side's own word for the reason."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Refused(PermanentError):
    """The other side said no."""


class PrivilegeMissing(Refused):
    """Someone (we, or whom we give a row to) lacks a privilege."""


class NotFound(PermanentError):
    """What was asked for does not exist."""


class CallbackRejected(TextverseError):
    """A provider's callback, or an event of Dataverse, that is not accepted; `status` is the HTTP status to answer."""

    status: ClassVar[int] = 400


class UnknownAccount(CallbackRejected):
    """No provider account has this callback id."""

    status = 404


class CallbacksOff(CallbackRejected):
    """The account has no callback secret: with an empty key anyone could sign."""

    status = 404


class MethodNotAllowed(CallbackRejected):
    """The provider never calls with this HTTP method."""

    status = 405


class SignatureMissing(CallbackRejected):
    """The callback carries nothing that proves who sent it."""

    status = 403


class SignatureInvalid(CallbackRejected):
    """The callback's proof of origin does not hold."""

    status = 403


class TooLarge(CallbackRejected):
    """The body is larger than any that is sent to us."""

    status = 413


class Malformed(CallbackRejected):
    """The callback is authentic but cannot be read; the message names the field."""

    status = 400


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message names the setting and what to write there."""
