"""`python -m local.pane.setup_steps`: writes `pane/setup_steps.js` anew, what to do at each provider."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from providers.setup import SETUP

FILE = Path(__file__).parents[2] / "pane" / "setup_steps.js"
_HEAD = "// Generated from providers/*/setup.py: python -m local.pane.setup_steps\n\nexport const SETUP = "


def script() -> str:
    """The file as it should be: a module that exports the steps by type of provider, placeholders and all."""
    steps = {kind: [asdict(step) for step in found] for kind, found in SETUP.items()}
    return f"{_HEAD}{json.dumps(steps, ensure_ascii=False, indent=2)};\n"


def main() -> int:
    """Runs the command; returns its exit code."""
    FILE.write_text(script(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
