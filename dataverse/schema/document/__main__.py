"""`python -m dataverse.schema.document FILE`: writes the generated sections of a document anew, and nothing else in it.

A section stands between `<!-- generated: name -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from dataverse.schema.document.sections import SECTIONS

_SECTION = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(text: str) -> str:
    """The text with every section as it should be. Raises KeyError for a section that there is not."""
    return _SECTION.sub(lambda match: f"{match[1]}\n{SECTIONS[match[2]]()}\n\n{match[3]}", text)


def main(arguments: list[str]) -> int:
    """Runs the command; returns its exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m dataverse.schema.document FILE\n")
        return 2
    file = Path(arguments[0])
    file.write_text(renewed(file.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
