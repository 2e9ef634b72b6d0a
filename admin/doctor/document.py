"""`python -m admin.doctor.document FILE`: writes the table of checks in a manual anew, and nothing else in it.

It stands between `<!-- generated: checks -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from admin.doctor.table import markdown

_SECTION = re.compile(r"(<!-- generated: checks -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(text: str) -> str:
    """The text with the table as it should be. Raises ValueError for one without a place for it."""
    if not _SECTION.search(text):
        raise ValueError("there is no section <!-- generated: checks --> … <!-- end -->")
    return _SECTION.sub(lambda found: f"{found[1]}\n{markdown()}\n\n{found[2]}", text)


def main(arguments: list[str]) -> int:
    """Runs the command; returns its exit code."""
    if len(arguments) != 1:
        print("usage: python -m admin.doctor.document FILE", file=sys.stderr)
        return 2
    file = Path(arguments[0])
    file.write_text(renewed(file.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
