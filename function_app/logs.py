"""Structured logs: one JSON object a line, with numbers and bodies kept out.

Call sites never hand over a phone number or a text; should one slip into a message, long runs of digits are masked.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# A phone number: 7 to 15 digits, perhaps grouped, not part of an id (which has letters or more digits around).
_NUMBER = re.compile(r"(?<![\w-])\+?\d(?:[ ().-]{0,2}\d){6,14}(?![\w-])")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def redact(text: str) -> str:
    """The text with everything that looks like a phone number masked."""
    return _NUMBER.sub(lambda found: f"{found[0][:3]}…", text)


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON: time (UTC), level, logger, message, and the fields given with `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
            **{name: redact(value) if isinstance(value, str) else value for name, value in fields.items()},
        }
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(level: int = logging.INFO) -> None:
    """Write JSON lines: through the handlers that the Functions worker has put on the root logger, which send records
    on with the invocation that they belong to, or to standard error where there are none."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    for handler in root.handlers:
        handler.setFormatter(JsonFormatter())
    logging.getLogger("textverse").setLevel(level)
