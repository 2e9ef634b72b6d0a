"""The whole schema: publisher, solution, global choices, tables, and what Dynamics shows and does with them."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataverse.schema.apps import APPS
from dataverse.schema.choices import DIRECTION, STATUS
from dataverse.schema.commands import COMMANDS
from dataverse.schema.components import AppSetting, Components, Webhook
from dataverse.schema.events import EVENTS_HEADER, EVENTS_PATH, STEPS
from dataverse.schema.forms import FORMS
from dataverse.schema.model import Publisher, Schema, Solution
from dataverse.schema.names import OPTION_PREFIX, PREFIX, PUBLISHER, SOLUTION
from dataverse.schema.roles import ROLES
from dataverse.schema.tables.consent import CONSENT
from dataverse.schema.tables.conversation import TEXT_CONVERSATION
from dataverse.schema.tables.message import TEXT_MESSAGE
from dataverse.schema.tables.phone_key import PHONE_KEY
from dataverse.schema.tables.phone_number import PHONE_NUMBER
from dataverse.schema.tables.provider import SMS_PROVIDER
from dataverse.schema.tables.template import TEXT_TEMPLATE
from dataverse.schema.variables import STATES, VARIABLES
from dataverse.schema.views import VIEWS
from dataverse.schema.web_resources import WEB_RESOURCES

VERSION = "1.0.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What differs between environments.

    `public_base_url` is where Dataverse reaches the function app, and `events_secret` what proves to it that Dataverse
    calls: without both there is no webhook. `app` is the unique name of the app that sellers work in: without it
    in-app notifications are not switched on.
    """

    public_base_url: str = ""
    events_secret: str = field(default="", repr=False)
    app: str = ""


def textverse(installation: Installation | None = None) -> Schema:
    """Everything that there should be in an environment; without `installation` what is the same in all of them."""
    here = installation or Installation()
    return Schema(
        publisher=Publisher(
            id="8a066f03-a5c7-594f-b38f-b79460da0b57",
            name=PUBLISHER,
            display="Textverse",
            prefix=PREFIX,
            option_prefix=OPTION_PREFIX,
        ),
        solution=Solution(
            id="adfb62d0-645b-5863-ae2a-c3427d7f076e", name=SOLUTION, display="Textverse", version=VERSION
        ),
        choices=(DIRECTION, STATUS),
        tables=(SMS_PROVIDER, PHONE_NUMBER, TEXT_CONVERSATION, TEXT_MESSAGE, TEXT_TEMPLATE, PHONE_KEY, CONSENT),
        components=Components(
            variables=(*VARIABLES, *STATES),
            web_resources=WEB_RESOURCES,
            views=VIEWS,
            forms=FORMS,
            commands=COMMANDS,
            roles=ROLES,
            webhooks=_webhooks(here),
            app_settings=_app_settings(here),
            apps=APPS,
        ),
    )


def _webhooks(here: Installation) -> tuple[Webhook, ...]:
    if not (here.public_base_url and here.events_secret):
        return ()
    return (
        Webhook(
            name="Textverse",
            url=here.public_base_url + EVENTS_PATH,
            header=EVENTS_HEADER,
            secret=here.events_secret,
            steps=STEPS,
        ),
    )


def _app_settings(here: Installation) -> tuple[AppSetting, ...]:
    return (AppSetting(app=here.app, name="AllowNotificationsEarlyAccess", value="true"),) if here.app else ()


TEXTVERSE = textverse()
