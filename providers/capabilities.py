"""What can be done with numbers of each provider, by its `type`: a new one is one more line here.

Sources: the pages on SMS of Azure Communication Services (no MMS), TeleSign (media only in another product) and Twilio.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Whether customers can text to numbers of the provider, whether it reports what became of a text, and whether
    pictures and other media go through."""

    two_way: bool
    delivery_reports: bool
    media: bool


CAPABILITIES: Mapping[str, Capabilities] = {
    "acs": Capabilities(two_way=True, delivery_reports=True, media=False),
    "telesign": Capabilities(two_way=True, delivery_reports=True, media=False),
    "twilio": Capabilities(two_way=True, delivery_reports=True, media=True),
}
