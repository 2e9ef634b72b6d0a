"""`$batch`."""

from __future__ import annotations

from emulator.errors import not_supported
from emulator.exchange import Answer, Call
from emulator.requestlog import Operation
from emulator.service import Service


def answer_batch(service: Service, call: Call, user_id: str, url: str, operations: list[Operation]) -> Answer:
    raise not_supported("$batch")
