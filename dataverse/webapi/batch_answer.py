"""What a batch was answered, and the errors for its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dataverse.webapi import batch, errors, retry
from dataverse.webapi.batch import Answer
from dataverse.webapi.request import ChangeSet, Request, Response


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """A part for each one asked for, in that order, up to where Dataverse stopped.

    A change set that was carried out is a tuple of answers; one that failed is its error. Nothing has been raised for
    the parts, and nothing has been asked again on their account: whoever asked knows which errors are answers, and can
    send what was `put_off` once more.
    """

    parts: tuple[Answer, ...]
    asked: tuple[Request | ChangeSet, ...]
    request_id: str
    service_request_id: str = ""

    @property
    def complete(self) -> bool:
        """Whether every part was answered; else the last one is the error that ended the batch."""
        return len(self.parts) == len(self.asked)

    @property
    def put_off(self) -> tuple[Request | ChangeSet, ...]:
        """The parts that were refused because Dataverse was busy and that may be sent again (by the rules of `retry`, a
        change set where all of it may), and those that the batch did not get to because of them. In the order asked."""
        again = [self._is_put_off(asked, part) for asked, part in zip(self.asked, self.parts, strict=False)]
        unreached = self.asked[len(self.parts) :] if again and again[-1] else ()
        return (*(asked for asked, put_off in zip(self.asked, again, strict=False) if put_off), *unreached)

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before sending anything of it again: the longest that a part asks for, None if none does."""
        waits = [retry.retry_after(part.headers) for part in self.parts if isinstance(part, Response)]
        return max((wait for wait in waits if wait is not None), default=None)

    def raise_for(self, part: Answer) -> None:
        """Raise the error of `dataverse.webapi.errors` for a part that was refused; nothing for any other.

        It names the request of a change set that Dataverse named, and the ids of the batch where the part has none.
        """
        if isinstance(part, Response) and errors.is_error(part):
            fault = errors.fault_of(part, operation=self._operation(part), request_id=self.request_id)
            named = fault.service_request_id or self.service_request_id
            raise errors.error_for(replace(fault, service_request_id=named))

    def _is_put_off(self, asked: Request | ChangeSet, part: Answer) -> bool:
        return (
            isinstance(part, Response)
            and part.status in retry.BUSY
            and retry.may_repeat(
                part.status, repeatable=batch.is_repeatable(asked), retry_after=retry.retry_after(part.headers)
            )
        )

    def _operation(self, part: Response) -> str:
        """The request that was refused: of a change set, the one that Dataverse named."""
        asked = next((asked for asked, answer in zip(self.asked, self.parts, strict=False) if answer is part), None)
        if isinstance(asked, ChangeSet):
            number = part.headers.get("content-id", "")
            named = number.isdecimal() and 0 < int(number) <= len(asked.requests)
            asked = asked.requests[int(number) - 1] if named else None
        return errors.operation_of(asked.method, asked.path) if asked else "a part of a batch"
