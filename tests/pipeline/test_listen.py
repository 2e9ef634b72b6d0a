"""Events of Dataverse: the right answer to everything that it or a stranger can post, and who hears of what."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.errors import Malformed, Unavailable
from messaging.row_changes import TEXT_MESSAGE, WATCHED_COLUMNS, Change, RowChanged, decode
from messaging.status import Status
from messaging.web import HttpRequest, HttpResponse
from pipeline import listen
from pipeline.listen import LIFETIME_S, MAX_BODY, OUTBOUND_MESSAGES, RECORD_CHANGES, Listening, concern

HEADER = "X-Textverse-Secret"
SECRETS = ("the first of our secrets", "the second of our secrets")
CONTACT = RowChanged(table="contact", id=UUID(int=7), change=Change.UPDATE, columns=("lastname", "mobilephone"))
TEXT = RowChanged(
    table=TEXT_MESSAGE,
    id=UUID(int=8),
    change=Change.CREATE,
    columns=("txv_body",),
    outgoing=True,
    status=Status.QUEUED,
)


class QueueInMemory:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, RowChanged, float | None]] = []
        self.down = False

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        if self.down:
            raise Unavailable("the queue is down")
        self.sent.append((queue, decode(text), lifetime_s))


@pytest.fixture
def queue() -> QueueInMemory:
    return QueueInMemory()


@pytest.fixture
def hear(queue) -> Callable[..., HttpResponse]:
    """Posts a body that reads as `change`, with the first secret unless told otherwise."""

    def hear(change=CONTACT, *, secrets=SECRETS, given=SECRETS[0], body=b"{}"):
        def read(_: bytes):
            if isinstance(change, Exception):
                raise change
            return change

        headers = {} if given is None else {HEADER: given}
        request = HttpRequest(method="POST", url="https://x.example/api/dataverse/events", headers=headers, body=body)
        return Listening(secrets=secrets, header=HEADER, read=read, queue=queue).hear(request)

    return hear


def test_a_change_is_queued_for_seven_days(hear, queue) -> None:
    assert hear().status == 200
    assert queue.sent == [(RECORD_CHANGES, CONTACT, LIFETIME_S)]
    assert LIFETIME_S == 7 * 86_400


def test_a_text_to_be_sent_has_a_queue_of_its_own(hear, queue) -> None:
    assert hear(TEXT).status == 200
    assert queue.sent == [(OUTBOUND_MESSAGES, TEXT, LIFETIME_S)]


@pytest.mark.parametrize("change", [None, replace(CONTACT, table="task"), replace(CONTACT, columns=("lastname",))])
def test_what_nobody_needs_is_answered_and_dropped(hear, queue, change: RowChanged | None) -> None:
    assert (hear(change).status, queue.sent) == (200, [])


def test_every_secret_is_valid(hear, queue) -> None:
    assert [hear(given=secret).status for secret in SECRETS] == [200, 200]
    assert len(queue.sent) == 2


def test_without_a_secret_of_ours_the_address_is_not_there(hear, queue) -> None:
    assert (hear(secrets=(), given="").status, hear(secrets=()).status, queue.sent) == (404, 404, [])


@pytest.mark.parametrize("given", [None, "", "x", SECRETS[0] + "x", SECRETS[0][:-1], SECRETS[0].upper()])
def test_a_missing_or_wrong_secret_is_403_before_anything_is_read(hear, queue, given: str | None) -> None:
    assert (hear(Malformed("it was read"), given=given).status, queue.sent) == (403, [])


@pytest.mark.parametrize("given", ["ü", "\xff\xfe", "🎟️", "\ud800", "the first of our secrets\udfff", "\x00"])
def test_a_secret_of_any_characters_is_403(hear, given: str) -> None:
    assert hear(given=given).status == 403


def test_secrets_are_compared_in_constant_time_as_bytes_and_each_of_them() -> None:
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(listen))) if isinstance(node, ast.Call)]
    (compared,) = [call for call in calls if ast.unparse(call.func) == "hmac.compare_digest"]

    assert ast.unparse(compared.args[0]) == "secret.encode()"
    assert ast.unparse(compared.args[1]) == "given"
    assert "given = received.encode('utf-8', 'surrogatepass')" in ast.unparse(ast.parse(inspect.getsource(listen)))
    # A list is made of all before any is looked at; and no secret is compared in any other way.
    assert "same = [hmac.compare_digest(secret.encode(), given) for secret in self.secrets]" in inspect.getsource(
        listen
    )
    equalities = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(inspect.getsource(listen)))
        if isinstance(node, ast.Compare) and {"secret", "received", "given"} & {*ast.unparse(node).split()}
    ]
    assert equalities == []


def test_a_body_that_cannot_be_read_is_400(hear, queue) -> None:
    assert (hear(Malformed("MessageName is missing")).status, queue.sent) == (400, [])


def test_a_body_that_dataverse_would_never_post_is_413_and_not_read(hear, queue) -> None:
    assert hear(body=b" " * MAX_BODY).status == 200
    assert hear(Malformed("it was read"), body=b" " * (MAX_BODY + 1)).status == 413


def test_while_the_queue_is_down_dataverse_is_asked_to_try_once_more(hear, queue) -> None:
    queue.down = True

    assert (hear().status, hear(None).status) == (503, 200)


def test_no_secret_shows_in_a_log_or_a_repr(hear, caplog) -> None:
    hear()
    hear(given="a wrong guess")
    hear(secrets=())
    listening = Listening(secrets=SECRETS, header=HEADER, read=lambda _: None, queue=QueueInMemory())

    told = str([vars(record) for record in caplog.records]) + repr(listening)
    assert "event taken" in told
    assert "of our secrets" not in told
    assert "a wrong guess" not in told


@pytest.mark.parametrize(
    ("change", "queue"),
    [
        (TEXT, OUTBOUND_MESSAGES),
        (replace(TEXT, outgoing=False), None),
        (replace(TEXT, outgoing=None), None),
        (replace(TEXT, status=None), None),
        (replace(TEXT, status=Status.SCHEDULED), None),
        (replace(TEXT, columns=None, outgoing=None, status=None), OUTBOUND_MESSAGES),
        (replace(TEXT, change=Change.UPDATE, outgoing=None), OUTBOUND_MESSAGES),
        (replace(TEXT, change=Change.UPDATE, outgoing=None, status=Status.SENDING), None),
        (replace(TEXT, change=Change.UPDATE, outgoing=False), None),
        (replace(TEXT, change=Change.DELETE), None),
        (replace(TEXT, change=Change.DELETE, columns=None), None),
    ],
)
def test_a_text_is_to_be_sent_when_it_is_made_queued_or_becomes_so(change: RowChanged, queue: str | None) -> None:
    assert concern(change) == queue


@given(
    table=st.sampled_from([*WATCHED_COLUMNS]),
    change=st.sampled_from(Change),
    columns=st.none()
    | st.lists(st.sampled_from(["lastname", "mobilephone", "statecode", "ownerid", "fax"])).map(tuple),
)
def test_records_matter_when_they_come_and_go_and_when_a_watched_column_may_have_changed(
    table: str, change: Change, columns: tuple[str, ...] | None
) -> None:
    changed = RowChanged(table=table, id=UUID(int=1), change=change, columns=columns)
    unaffected = change is Change.UPDATE and columns is not None and not {*columns} & {*WATCHED_COLUMNS[table]}

    assert concern(changed) == (None if unaffected else RECORD_CHANGES)
