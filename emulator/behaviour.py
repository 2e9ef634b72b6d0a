"""How the environment behaves: what `/_emulator/behaviour` and the command line can switch while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """Switches, each read when it matters. Seconds are of the emulator's clock.

    `webhooks_dropped`: nothing is posted to webhooks, as if it had been lost.
    `webhook_timeout_seconds`: how long an endpoint may be silent, in real time.
    `customization_locked`: changes of definitions are refused with 0x80071151.
    `keys_pending_seconds`: how long a new alternate key stays Pending.
    `notifications_without_body`: SendAppNotification answers 204 instead of 200 with the id (both are seen).
    `limits`: the service protection limits are enforced, for each user, with 429.
    `limit_window_seconds`: how far the first two of them look back.
    `limit_requests`: requests in that time; a batch is one.
    `limit_seconds`: seconds of work in that time, all requests together.
    `limit_concurrent`: requests at the same moment.
    `parallelism`: what the header x-ms-dop-hint recommends to clients.
    """

    webhooks_dropped: bool = False
    webhook_timeout_seconds: float = 60.0
    customization_locked: bool = False
    keys_pending_seconds: float = 0.0
    notifications_without_body: bool = False
    limits: bool = False
    limit_window_seconds: int = 300
    limit_requests: int = 6000
    limit_seconds: float = 1200.0
    limit_concurrent: int = 52
    parallelism: int = 4
