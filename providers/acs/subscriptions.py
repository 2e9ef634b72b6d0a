"""Who is told of the events of a Communication Services resource: its Event Grid subscriptions, of Azure Resource
Manager. Those on the resource and those on a system topic of it are kept apart there.

https://learn.microsoft.com/rest/api/eventgrid/controlplane/event-subscriptions/list-by-resource,
…/system-topic-event-subscriptions/list-by-system-topic
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from providers.inspection import Failed, Json, Question, Steps, inner, objects, text, understood

MANAGER = "https://management.azure.com"
SCOPE = f"{MANAGER}/.default"
VERSION = "2025-02-15"
_EVENT_GRID = "/providers/Microsoft.EventGrid"
_PAGES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header that deliveries bring; `secret` says that Azure does not show its value to readers."""

    name: str
    secret: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """An event subscription that calls a web hook.

    `types` are the event types it hears of, None means all; `narrowed` says that it is filtered further. `tenant` and
    `audience` are of the tokens that it brings, where it does. `expires` is a moment as Azure writes it.
    """

    name: str
    url: str
    state: str
    types: tuple[str, ...] | None
    narrowed: bool
    headers: tuple[Header, ...]
    tenant: str
    audience: str
    expires: str


def read(resource: str) -> Steps[tuple[Subscription, ...] | Failed]:
    """The event subscriptions of a resource, by its id, that call web hooks."""
    direct = yield from _entries(f"{resource}{_EVENT_GRID}/eventSubscriptions")
    if isinstance(direct, Failed):
        return direct
    topics = yield from _entries(f"{'/'.join(resource.split('/')[:3])}{_EVENT_GRID}/systemTopics")
    if isinstance(topics, Failed):
        return topics
    found = list(direct)
    for topic in topics:
        if text(inner(topic, "properties"), "source").lower() == resource.lower():
            on_topic = yield from _entries(f"{text(topic, 'id')}/eventSubscriptions")
            if isinstance(on_topic, Failed):
                return on_topic
            found += on_topic
    return tuple(_web_hooks(found))


def _entries(path: str) -> Steps[list[Json] | Failed]:
    """All entries of a list. A next page elsewhere is not asked for: it would be sent the token."""
    found: list[Json] = []
    url = f"{MANAGER}{path}?api-version={VERSION}"
    for _ in range(_PAGES):
        answer = yield Question(url=url, headers={"Accept": "application/json"}, scope=SCOPE)
        if not understood(answer):
            return Failed(answer)
        found += objects(answer.json(), "value")
        url = text(answer.json(), "nextLink")
        if not url.startswith(f"{MANAGER}/"):
            break
    return found


def _web_hooks(entries: Iterable[Json]) -> Iterator[Subscription]:
    """Each subscription once, though both lists may have it."""
    for entry in {text(one, "id").lower(): one for one in entries}.values():
        properties = inner(entry, "properties")
        # With an identity of its own to deliver with, the destination stands one level deeper.
        destination = inner(properties, "destination") or inner(
            inner(properties, "deliveryWithResourceIdentity"), "destination"
        )
        if text(destination, "endpointType").lower() == "webhook":
            yield _subscription(text(entry, "name"), properties, inner(destination, "properties"))


def _subscription(name: str, properties: Json, hook: Json) -> Subscription:
    chosen = inner(properties, "filter")
    types = chosen.get("includedEventTypes")
    return Subscription(
        name=name,
        url=text(hook, "endpointBaseUrl"),
        state=text(properties, "provisioningState"),
        types=tuple(map(str, types)) if isinstance(types, list) else None,
        narrowed=bool(
            text(chosen, "subjectBeginsWith") or text(chosen, "subjectEndsWith") or chosen.get("advancedFilters")
        ),
        headers=tuple(
            Header(name=text(one, "name"), secret=inner(one, "properties").get("isSecret") is True)
            for one in objects(hook, "deliveryAttributeMappings")
        ),
        tenant=text(hook, "azureActiveDirectoryTenantId").lower(),
        audience=text(hook, "azureActiveDirectoryApplicationIdOrUri"),
        expires=text(properties, "expirationTimeUtc"),
    )
