"""Are the settings of the function app at hand, for everything else that looks at them?"""

from __future__ import annotations

from collections.abc import Iterator

from admin.doctor.check import Need, not_given
from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation

_PAGE = "Azure portal › the function app › Settings › Environment variables"
_WORTH = {
    Need.PROVIDERS: "the provider accounts (docs/configuration.md)",
    Need.PUBLIC_BASE_URL: "where it is called: https://<function app>.azurewebsites.net, or what stands before it",
    Need.STORAGE: "the connection string of its storage account",
    Need.EVENTS_SECRETS: "a JSON list of one made-up secret of 16 characters or more",
}


def app_settings(situation: Situation) -> Iterator[Finding]:
    """The settings, as they were handed over. A Key Vault reference is at hand only if its secret is in the
    environment."""
    given = situation.app_settings
    if situation.misread is not None:
        yield problem(str(situation.misread), situation.misread.advice)
        return
    lacking = [*not_given(situation)]
    for name in lacking:
        reason = given.missing(name)
        set_there = f"Set it in the function app ({_PAGE}) to {_WORTH[name]}"
        is_handed_over = len(lacking) < len(_WORTH) and name not in given.unresolved
        yield warning(str(reason), set_there if is_handed_over else reason.advice)
    if not lacking:
        yield ok(f"The app settings are at hand, from {given.source}")
