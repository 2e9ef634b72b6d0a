"""What a batch was answered, and the errors for its parts."""

from __future__ import annotations

from dataclasses import dataclass

from dataverse.webapi import errors
from dataverse.webapi.batch import Answer
from dataverse.webapi.request import ChangeSet, Request, Response


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """A part for each one asked for, in that order, up to where Dataverse stopped.

    A change set that was carried out is a tuple of answers; one that failed is its error. Nothing has been raised for
    the parts: whoever asked knows which errors are answers.
    """

    parts: tuple[Answer, ...]
    asked: tuple[Request | ChangeSet, ...]
    request_id: str

    @property
    def complete(self) -> bool:
        """Whether every part was answered; else the last one is the error that ended the batch."""
        return len(self.parts) == len(self.asked)

    def raise_for(self, part: Answer) -> None:
        """Raise the error of `dataverse.webapi.errors` for a part that was refused; nothing for any other."""
        if isinstance(part, Response) and errors.is_error(part):
            fault = errors.fault_of(part, operation=self._operation(part), request_id=self.request_id)
            raise errors.error_for(fault)

    def _operation(self, part: Response) -> str:
        """The request that was refused: of a change set, the one that Dataverse named."""
        asked = next((asked for asked, answer in zip(self.asked, self.parts, strict=False) if answer is part), None)
        if isinstance(asked, ChangeSet):
            numbered = [each for part in self.asked if isinstance(part, ChangeSet) for each in part.requests]
            number = part.headers.get("content-id", "")
            asked = numbered[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(numbered) else None
        return errors.operation_of(asked.method, asked.path) if asked else "a part of a batch"
