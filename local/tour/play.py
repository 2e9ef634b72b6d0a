"""Play the tour and print it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from local.carriers.calls import Away
from local.stack import Stack
from local.tour.stage import Stage, StepFailed
from local.tour.steps import Step
from messaging.errors import TextverseError

_GREEN, _RED, _BOLD, _DIM, _PLAIN = "\033[32m", "\033[31m", "\033[1m", "\033[2m", "\033[0m"


def play(stack: Stack, steps: Sequence[Step]) -> bool:
    """Play every step, whether or not one before it held; returns whether all did."""
    started, failed = time.monotonic(), 0
    print(f"\n{_styled(_BOLD, 'A tour')}: {len(steps)} things that have to go right, through the real callbacks")
    for number, step in enumerate(steps, 1):
        print(f"\n{_styled(_BOLD, f'{number}. {step.__doc__}')}")
        stage = Stage(stack, lambda line: print(_styled(_DIM, f"   {line}")))
        try:
            step(stage)
        except (StepFailed, TextverseError, Away) as error:
            failed += 1
            print(_styled(_RED, f"   ✗ {error}"))
        else:
            print(_styled(_GREEN, "   ✓ held"))
    took = f"{time.monotonic() - started:.0f} s"
    if failed:
        print(_styled(_RED, f"\n{failed} of {len(steps)} steps did not hold ({took})."))
    else:
        print(_styled(_GREEN, f"\nAll {len(steps)} steps held ({took})."))
    return not failed


def _styled(style: str, text: str) -> str:
    return f"{style}{text}{_PLAIN}" if sys.stdout.isatty() else text
