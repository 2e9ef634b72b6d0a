"""Providers to ask, as far as an inspection asks them: what they answer, by URL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from providers.inspection import Answer, Expected, Inspection, Question, Remark, drive

INBOUND = "https://sms.contoso.com/api/callbacks/main/inbound"
STATUS = "https://sms.contoso.com/api/callbacks/main/status"


@dataclass
class Remote:
    """The other side: answers by URL, 404 for the rest. Remembers what it was asked."""

    answers: dict[str, object] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        answer = self.answers.get(question.url, Answer(status=404, body=b'{"code": 20404}'))
        return answer if isinstance(answer, Answer) else Answer(status=200, body=json.dumps(answer).encode())

    def put(self, url: str, answer: object) -> None:
        self.answers[url] = answer

    def refuse(self, status: int, body: Mapping[str, object] | None = None, *, only: str = "") -> None:
        """Answer everything, or what has `only` in its URL, with this status."""
        refusal = Answer(status=status, body=json.dumps(body or {}).encode())
        for url in self.answers:
            if only in url:
                self.answers[url] = refusal


@pytest.fixture
def remote() -> Remote:
    return Remote()


@pytest.fixture
def expected() -> Expected:
    return Expected(inbound_url=INBOUND, status_url=STATUS, numbers=("12065550100",))


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 20, 9, 33, 15, tzinfo=UTC)


@pytest.fixture
def found(remote: Remote) -> Callable[[Inspection], list[tuple[str, str]]]:
    """What an inspection of the remote side remarks: how it stands and what, in order. Whatever is not good says what
    to do."""

    def carry_out(inspection: Inspection) -> list[tuple[str, str]]:
        remarks: tuple[Remark, ...] = drive(inspection, remote.ask)
        assert all(bool(remark.mend) == (remark.standing != "good") for remark in remarks)
        return [(str(remark.standing), remark.what) for remark in remarks]

    return carry_out
