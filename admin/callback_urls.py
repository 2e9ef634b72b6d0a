"""Where the provider of an account calls us."""

from __future__ import annotations

INBOUND, STATUS = "inbound", "status"


def callback_url(public_base_url: str, account_id: str, kind: str) -> str:
    """The URL for texts (`inbound`) or delivery reports (`status`), below the function app's public address."""
    return f"{public_base_url}/api/callbacks/{account_id}/{kind}"
