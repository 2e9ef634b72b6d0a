"""A client of the Dataverse Web API that knows nothing of what it carries.

Every call names itself with an id that Dataverse logs (`x-ms-client-request-id`, one for all attempts at the call and
in the text of its error), is made again where that is safe (`retry`), and ends within its time: with an answer, or with
an error that says whether it may have been carried out. One client serves many threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Self

import requests

from dataverse.webapi import batch, errors, retry, transport
from dataverse.webapi.address import SERVICE_PATH, is_loopback, service_root
from dataverse.webapi.auth import TokenProvider
from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.multipart import MalformedBatch, is_multipart
from dataverse.webapi.request import ChangeSet, Request, Response
from dataverse.webapi.retry import DEFAULT_LIMITS, Limits
from dataverse.webapi.transport import AnswerLost, Call, NotSent
from messaging.errors import Refused, TransientError, Unavailable, UncertainError

_HEADERS = {
    "accept": "application/json",
    "odata-maxversion": "4.0",
    "odata-version": "4.0",
    "if-none-match": "null",  # so that no proxy on the way answers from its cache
    "user-agent": "Textverse",
}
_JSON = {"content-type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A call with what decides over its repetition, and what its errors are named by."""

    call: Call
    operation: str
    request_id: str
    repeatable: bool

    def __str__(self) -> str:
        return f"{self.operation} (request {self.request_id})"


class Client:
    """The Web API of one environment.

    `base_url` is its address (`https://contoso.crm4.dynamics.com`), `new_id` makes UUIDs for requests and for the
    boundaries of batches, `clock` counts seconds and never runs backwards, `jitter` gives random numbers from 0 to 1.
    `session_factory` makes the `requests` session, for more than 32 calls at once. Raises ConfigurationError for an
    address that cannot be one.

    What every call may raise: an error of `dataverse.webapi.errors` for a refusal; Unavailable where Dataverse was not
    reached or there is no token, or where what can be repeated got no answer; UncertainError where what cannot be
    repeated may have been carried out; ConfigurationError where the token is not accepted. What may pass is a
    TransientError, with `retry_after` where Dataverse said how long that takes.
    """

    def __init__(
        self,
        base_url: str,
        tokens: TokenProvider,
        *,
        new_id: Callable[[], str],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        limits: Limits = DEFAULT_LIMITS,
        session_factory: Callable[[], requests.Session] | None = None,
    ) -> None:
        root = service_root(base_url)
        self.service_url = root + SERVICE_PATH
        self._tokens = tokens
        self._new_id = new_id
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._limits = limits
        self.recommended_calls = 0
        """How many calls at once Dataverse recommended last (`x-ms-dop-hint`); 0 until it has."""
        self._session = (
            session_factory() if session_factory else transport.open_session(trust_environment=not is_loopback(root))
        )

    def send(self, request: Request) -> Response:
        """Carry out one request and return its answer.

        A conditional write that can be repeated may meet itself where an answer was lost: it then raises AlreadyExists
        or VersionChanged although it was carried out, and whoever asked has to look. Raises what the class says.
        """
        job = self._job(
            request.method,
            request.path,
            headers=request.headers,
            content=request.content(),
            repeatable=batch.is_repeatable(request),
        )
        answer = self._carry_out(job)
        if errors.is_error(answer):
            raise _error(job, answer)
        return answer

    def batch(self, parts: Sequence[Request | ChangeSet], *, continue_on_error: bool = False) -> BatchAnswer:
        """Carry out many requests in one call (1 to 1,000 operations; Microsoft advises about ten, in parallel).

        Nothing is raised for parts that were refused, not even because Dataverse was busy: see `BatchAnswer.raise_for`
        and `put_off`. Without `continue_on_error` Dataverse stops at the first. The batch as a whole raises what the
        class says, is repeated only if all its parts may be, and is uncertain where its answer cannot be read. Raises
        ValueError, before anything is sent, for one that cannot be.
        """
        boundary = f"batch_{self._new_id()}"
        headers = {"content-type": f'multipart/mixed; boundary="{boundary}"'}
        if continue_on_error:
            headers["prefer"] = "odata.continue-on-error"
        job = self._job(
            "POST",
            "$batch",
            headers=headers,
            content=batch.encode(parts, service_path=SERVICE_PATH, boundary=boundary),
            repeatable=all(map(batch.is_repeatable, parts)),
        )
        answer = self._carry_out(job)
        content_type = answer.headers.get("content-type", "")
        if errors.is_error(answer) and not is_multipart(content_type):
            raise _error(job, answer)
        try:
            answers = batch.decode(content_type, answer.body)
            batch.check(parts, answers, continue_on_error=continue_on_error)
        except MalformedBatch as error:
            raise UncertainError(f"{job}: {error}") from error
        return BatchAnswer(answers, tuple(parts), job.request_id, answer.headers.get("x-ms-service-request-id", ""))

    def pages(self, path: str, *, headers: Mapping[str, str] | None = None) -> Iterator[dict[str, object]]:
        """The pages of a query, each the JSON object that was answered, one round trip each as they are taken.

        `headers` go with every page, as Dataverse asks of `Prefer: odata.maxpagesize`. Order by something unique, or
        rows may come twice or not at all. Raises Refused where the next page is said to be elsewhere.
        """
        next_path: str | None = path
        while next_path is not None:
            page = self.send(Request(method="GET", path=next_path, headers=headers or {}, repeatable=True)).json()
            yield page
            link = page.get("@odata.nextLink")
            next_path = self.path_of(str(link)) if link else None

    def rows(self, path: str, *, headers: Mapping[str, str] | None = None) -> Iterator[dict[str, object]]:
        """The rows of a query, through all its pages."""
        for page in self.pages(path, headers=headers):
            value = page.get("value")
            yield from value if isinstance(value, list) else ()

    def path_of(self, link: str) -> str:
        """The path of a link that Dataverse gave (`@odata.nextLink`, `@odata.deltaLink`, `OData-EntityId`).

        Raises Refused for one that leads elsewhere: it would be sent our token.
        """
        if not link.startswith(self.service_url):
            raise Refused("Dataverse gave a link that leads to another address.")
        return link.removeprefix(self.service_url)

    def close(self) -> None:
        """Close the connections that are kept alive."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _job(self, method: str, path: str, *, headers: Mapping[str, str], content: bytes, repeatable: bool) -> _Job:
        request_id = self._new_id()
        own = _HEADERS | {"x-ms-client-request-id": request_id} | (_JSON if content else {})
        given = {name.lower(): value for name, value in headers.items()}
        return _Job(
            call=Call(method=method, url=self.service_url + path, headers=own | given, content=content),
            operation=errors.operation_of(method, path),
            request_id=request_id,
            repeatable=repeatable,
        )

    def _carry_out(self, job: _Job) -> Response:
        """The answer to a job, whatever its status, after as many attempts as are allowed and useful."""
        deadline = self._clock() + self._limits.total
        for attempt in count(1):
            outcome = self._attempt(job, deadline)
            if isinstance(outcome, Response):
                return outcome
            pause = retry.pause(attempt, retry_after=outcome.retry_after, jitter=self._jitter())
            if attempt >= self._limits.attempts or self._clock() + pause >= deadline:
                raise outcome
            self._sleep(pause)
        raise AssertionError("unreachable")

    def _attempt(self, job: _Job, deadline: float) -> Response | TransientError:
        """One attempt: an answer, or the error to raise unless another attempt does better.

        Raises UncertainError at once where another attempt could do the same thing twice.
        """
        try:
            answer = self._exchange(job, deadline)
        except NotSent as reason:
            return Unavailable(f"{job}: Dataverse cannot be reached ({reason})")
        except AnswerLost as reason:
            if job.repeatable:
                return Unavailable(f"{job}: the answer was lost ({reason})")
            raise UncertainError(f"{job}: the answer was lost ({reason})") from reason
        # A multipart answer with such a status is that of a batch whose earlier parts were carried out.
        if answer.status not in retry.BUSY or is_multipart(answer.headers.get("content-type", "")):
            return answer
        error = _error(job, answer)
        if not isinstance(error, TransientError):
            return answer
        if retry.may_repeat(answer.status, repeatable=job.repeatable, retry_after=error.retry_after):
            return error
        raise UncertainError(str(error), retry_after=error.retry_after) from error

    def _exchange(self, job: _Job, deadline: float) -> Response:
        """Send a job; once more with a new token where the first was not accepted."""
        for _ in range(2):
            token = self._tokens.token()
            left = max(deadline - self._clock(), 0.1)
            timeout = (min(self._limits.connect, left), min(self._limits.read, left))
            answer = transport.exchange(
                self._session, job.call, token=token, timeout=timeout, in_time=lambda: self._clock() < deadline
            )
            hint = answer.headers.get("x-ms-dop-hint", "")
            if hint.isascii() and hint.isdecimal():
                self.recommended_calls = int(hint)
            if answer.status != 401:
                return answer
            self._tokens.invalidate(token)
        raise errors.TokenNotAccepted(
            f"{job}: Dataverse does not accept the token (401). Check that the URL is that of the environment, and "
            "that the app registration or managed identity is an application user there."
        )


def _error(job: _Job, answer: Response) -> errors.TransientFault | errors.PermanentFault:
    return errors.error_for(errors.fault_of(answer, operation=job.operation, request_id=job.request_id))
