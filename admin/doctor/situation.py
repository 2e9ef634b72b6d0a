"""What the checks look at, read once however many of them need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from admin.app_settings import AppSettings
from admin.callback_urls import INBOUND, STATUS, callback_url
from admin.doctor.web import Web
from admin.exits import Stopped
from admin.roles import RoleName, role_id
from admin.storage import Storage
from dataverse.schema.actual import Actual, read
from dataverse.schema.desired import TEXTVERSE
from dataverse.store.numbers import HeldNumber, numbers
from dataverse.store.privileges import Privileges
from dataverse.store.queries import get
from dataverse.webapi.client import Client
from dataverse.webapi.request import Response
from function_app.settings import Settings
from messaging.accounts import ProviderAccount
from messaging.records import Principal
from providers.inspection import Expected


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer of Dataverse, and what time it was here when it came."""

    answer: Response
    at: datetime


@dataclass(kw_only=True)
class Situation:
    """An installation of Textverse, as far as it can be seen from here.

    `settings` are those of the function app, as if none were set where they cannot be understood: `misread` says why.
    `storage` are its queues, None where their account is not set. `app` is the
    unique name of the app that sellers work in, `app_user` the application user to look at if it is not that of
    DATAVERSE_CLIENT_ID; both may be empty. What is read raises as `Client.send` does.
    """

    client: Client
    app_settings: AppSettings
    settings: Settings
    misread: Stopped | None = None
    storage: Storage | None
    web: Web
    now: Callable[[], datetime]
    app: str = ""
    app_user: str = ""

    @cached_property
    def whoami(self) -> Asked:
        """Dataverse's answer to the question who is asking."""
        return Asked(self.client.send(get("WhoAmI")), self.now())

    @cached_property
    def definitions(self) -> Actual:
        """What there is of all that is declared."""
        return read(self.client, TEXTVERSE)

    @cached_property
    def numbers(self) -> tuple[HeldNumber, ...]:
        """Our numbers that are in use."""
        return tuple(one for one in numbers(self.client, role_id(RoleName.USER)) if one.active)

    @cached_property
    def able(self) -> frozenset[Principal]:
        """Who of those behind our numbers may have texts: by our role, or by any other with its privileges."""
        people = {one.owner.principal for one in self.numbers}
        people |= {each.holder.principal for one in self.numbers for each in one.answerers}
        may = Privileges(self.client, self.now).may_receive(people)
        return frozenset(principal for principal in people if may[principal])

    @cached_property
    def accounts(self) -> Mapping[str, ProviderAccount]:
        """The accounts of PROVIDERS, by callback id."""
        return self.settings.accounts()

    def expected(self, account: ProviderAccount) -> Expected:
        """What the provider should be set to; without numbers where Dataverse does not tell which there are."""
        base = self.settings.public_base_url
        return Expected(
            inbound_url=callback_url(base, account.id, INBOUND),
            status_url=callback_url(base, account.id, STATUS),
            numbers=tuple(one.digits for one in self.numbers if one.provider == account.id and one.digits),
        )
