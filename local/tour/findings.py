"""What the steps of the tour look for, and say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.company.cast import Seller
from local.tour.look import StoredText
from local.tour.stage import Stage, check
from pipeline.accept import PROVIDER_EVENTS

_SAID = {True: "yes", False: "no", None: "none"}


def tell_where(stage: Stage, message_id: str) -> StoredText:
    """Say where the text went and why, and where each other candidate lost."""
    text = stage.stored(message_id)
    stage.say(f"→ {stage.look.name(text.record)}, because {text.routing['because']}")
    for candidate in candidates(text):
        tier = candidate["lost_at"]
        if tier is not None:
            name, value = stage.look.named(candidate["table"], candidate["id"]), candidate["values"][tier]
            stage.say(f"  not {name}: lost at {tier} ({_SAID.get(value, value)})")
    return text


def candidates(text: StoredText) -> list[Mapping[str, Any]]:
    """The candidates of the stored explanation, the winner first."""
    found = text.routing["candidates"]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def told(stage: Stage, before: dict[Seller, frozenset[str]], whom: Seller) -> None:
    """Exactly one new notification, to exactly this seller. Those of before may be old news and go meanwhile."""
    stage.wait_for("the notification", lambda: _more(stage, before))
    more = _more(stage, before)
    check(more == {whom: 1}, f"told were {', '.join(f'{seller.name} ({count})' for seller, count in more.items())}")
    stage.say(f"→ {whom.name} is told: {stage.look.bell(whom)[0]}")


def _more(stage: Stage, before: dict[Seller, frozenset[str]]) -> dict[Seller, int]:
    news = {seller: len(entries - before[seller]) for seller, entries in stage.look.bells().items()}
    return {seller: count for seller, count in news.items() if count}


def settle(stage: Stage) -> None:
    """Wait until no event is queued or in work any more."""
    stage.wait_for("the end of the queue", lambda: stage.stack.queues.count(PROVIDER_EVENTS) == 0, 60)
