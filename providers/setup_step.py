"""What an administrator does at a provider, as text: told once, shown by Dynamics and by the command line alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

INBOUND_URL = "{inbound_url}"
STATUS_URL = "{status_url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupStep:
    """One thing to do: `where` at the provider, `what` to do there, the `value` to paste, empty where there is none.

    In `value` the placeholders `{inbound_url}` and `{status_url}` stand for the account's callback URLs. No step holds
    a secret: it says which one is meant.
    """

    title: str
    where: str
    what: str
    value: str = ""

    def filled(self, inbound_url: str, status_url: str) -> SetupStep:
        """The step with the account's URLs in it."""
        return replace(self, value=self.value.replace(INBOUND_URL, inbound_url).replace(STATUS_URL, status_url))
