"""What an environment is to have, by the app settings: the schema, and a row for each provider account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from admin.app_settings import AppSettings
from admin.callback_urls import INBOUND, STATUS, callback_url
from dataverse.schema.desired import Installation, textverse
from dataverse.schema.model import Schema
from dataverse.store.provider_accounts import ShownAccount
from function_app.settings import Settings
from providers.capabilities import CAPABILITIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What there should be; `left_out` says, a sentence each, what is left as it stands and why."""

    schema: Schema = field(repr=False)
    accounts: dict[str, ShownAccount]
    left_out: tuple[str, ...]


def desired(settings: Settings, found: AppSettings, app: str) -> Desired:
    """What the settings ask for. `app` is the unique name of the app that sellers work in, or empty."""
    here = Installation(
        public_base_url=settings.public_base_url, events_secret=next(iter(settings.events_secrets()), ""), app=app
    )
    return Desired(
        schema=textverse(here),
        accounts=shown_accounts(settings),
        left_out=tuple(_left_out(settings, found, here)),
    )


def shown_accounts(settings: Settings) -> dict[str, ShownAccount]:
    """What Dataverse is to show of each account, by callback id."""
    return {each.id: _shown(each.type, each.id, settings.public_base_url) for each in settings.providers}


def _shown(kind: str, account_id: str, base_url: str) -> ShownAccount:
    able = CAPABILITIES.get(kind)
    return ShownAccount(
        type=kind,
        inbound_url=callback_url(base_url, account_id, INBOUND) if base_url else None,
        status_url=callback_url(base_url, account_id, STATUS) if base_url else None,
        two_way=able.two_way if able else None,
        delivery_reports=able.delivery_reports if able else None,
        media=able.media if able else None,
    )


def _left_out(settings: Settings, found: AppSettings, here: Installation) -> Iterator[str]:
    if not settings.providers:
        yield f"the provider accounts: {_why('PROVIDERS', found)}"
    if not here.public_base_url:
        where = "https://<function app>.azurewebsites.net, or what stands before it"
        yield f"the callback URLs: {_why('PUBLIC_BASE_URL', found)} ({where})"
    if not (here.public_base_url and here.events_secret):
        lacking = "DATAVERSE_EVENTS_SECRETS" if here.public_base_url else "PUBLIC_BASE_URL"
        yield f"the webhook by which Dataverse calls the function app: {_why(lacking, found)}"
    if not here.app:
        yield "in-app notifications: name the app that sellers work in, with --app UNIQUE_NAME"


def _why(setting: str, found: AppSettings) -> str:
    return f"{setting} is {'a reference to Key Vault' if setting in found.unresolved else 'not set'} in {found.source}"
