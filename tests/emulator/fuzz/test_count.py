"""How many cases there are, together."""

from __future__ import annotations

import re
from pathlib import Path


def test_there_are_ten_thousand_cases():
    texts = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")]
    counts = [int(count) for text in texts for count in re.findall(r"^    fuzz\(\w+, (\d+)", text, re.MULTILINE)]
    assert len(counts) == 7
    assert sum(counts) >= 10_000
