"""The provider's own code and text for what became of a message, as one line for people (`txv_statusdetail`)."""

from __future__ import annotations

import re

from messaging.numbers import mask

MAX_LENGTH = 300
_NUMBER = re.compile(r"\+?[0-9]{7,}")


def detail(provider: str, code: str, text: str = "") -> str:
    """`provider:code text` in one line; empty without either.

    Providers quote the number in some texts (TeleSign's 3101): it is masked, because details reach logs.
    """
    if not code and not text:
        return ""
    line = " ".join(f"{provider}:{code} {text}".split())
    return _NUMBER.sub(lambda number: mask(number[0]), line)[:MAX_LENGTH].rstrip()
