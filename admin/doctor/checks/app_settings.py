"""Are the settings of the function app at hand, for everything else that looks at them?"""

from __future__ import annotations

from collections.abc import Iterator

from admin.doctor.check import Need
from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation

NEEDED = (Need.PROVIDERS, Need.PUBLIC_BASE_URL, Need.STORAGE)


def app_settings(situation: Situation) -> Iterator[Finding]:
    """The settings, as they were handed over."""
    given = situation.app_settings
    if situation.misread is not None:
        yield problem(str(situation.misread), situation.misread.advice)
        return
    lacking = [name for name in NEEDED if not any(key.startswith(name) and given.values[key] for key in given.values)]
    for name in lacking:
        reason = given.missing(name)
        yield warning(str(reason), reason.advice)
    if not lacking:
        yield ok(f"The app settings are at hand, from {given.source}")
