"""Typed settings; the only module that reads the environment.

Every app setting is a field of `Settings`, named as here in upper case. docs/configuration.md lists them; a test holds
the two together.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import ConfigurationError
from messaging.numbers import read_region

STORAGE = "AzureWebJobsStorage"  # and its parts, such as AzureWebJobsStorage__accountName: named by Azure

_EVENTS_SECRET = re.compile(r"[!-~]{16,200}")

AuthKind = Literal["managed_identity", "client_secret", "certificate", "development"]


def environment() -> Mapping[str, str]:
    """The environment variables of this process."""
    return os.environ


class _Secret(BaseModel):
    """A callback secret with a name of its own (a Twilio SharedKey)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    secret: SecretStr


class _Account(BaseModel):
    """One entry of `PROVIDERS` (docs/configuration.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    type: str
    account: str = ""
    callback_secrets: tuple[_Secret | SecretStr, ...] = ()
    credentials: dict[str, SecretStr] = {}
    options: dict[str, object] = {}

    def value(self) -> ProviderAccount:
        return ProviderAccount(
            id=self.id,
            type=self.type,
            account=self.account,
            callback_secrets=tuple(
                CallbackSecret(one.secret.get_secret_value(), one.key)
                if isinstance(one, _Secret)
                else CallbackSecret(one.get_secret_value())
                for one in self.callback_secrets
            ),
            credentials={name: secret.get_secret_value() for name, secret in self.credentials.items()},
            options=self.options,
        )


def _json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value or "[]")
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON, at character {error.pos}") from None


class Settings(BaseModel):
    """The app settings. Nothing secret shows in a repr or in an error."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    providers: Annotated[tuple[_Account, ...], BeforeValidator(_json)] = ()
    public_base_url: str = ""
    default_region: str = ""
    dataverse_url: str = ""
    dataverse_auth: AuthKind = "managed_identity"
    dataverse_tenant_id: str = ""
    dataverse_client_id: str = ""
    dataverse_client_secret: SecretStr = SecretStr("")
    dataverse_certificate: SecretStr = SecretStr("")
    dataverse_certificate_thumbprint: str = ""
    dataverse_events_secrets: Annotated[tuple[SecretStr, ...], BeforeValidator(_json)] = ()
    storage: Mapping[str, str] = Field(default={}, repr=False)

    @classmethod
    def read(cls, values: Mapping[str, str] | None = None) -> Self:
        """Read settings, of this process unless `values` are given. Raises ConfigurationError naming the setting, never
        its value."""
        found = os.environ if values is None else values
        given: dict[str, object] = {name: found[name.upper()] for name in cls.model_fields if name.upper() in found}
        given["storage"] = {name: value for name, value in found.items() if name.startswith(STORAGE)}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            problem = error.errors(include_input=False, include_url=False)[0]
            setting, *inside = (str(part) for part in problem["loc"])
            raise ConfigurationError(f"{setting.upper()}{_where(inside)}: {problem['msg']}") from None

    @field_validator("providers")
    @classmethod
    def _unique(cls, accounts: tuple[_Account, ...]) -> tuple[_Account, ...]:
        names = [account.id for account in accounts]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"the id {repeated[0]} stands there twice; ids are part of the callback URLs")
        return accounts

    @field_validator("dataverse_events_secrets")
    @classmethod
    def _fit_for_a_header(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not all(_EVENTS_SECRET.fullmatch(secret.get_secret_value()) for secret in secrets):
            raise ValueError("each secret has 16 to 200 characters: letters, digits and signs of ASCII, no blanks")
        return secrets

    @field_validator("default_region")
    @classmethod
    def _region(cls, region: str) -> str:
        try:
            return read_region(region) if region else ""
        except ValueError:
            raise ValueError("write a country as ISO 3166 has it, such as US or DE, or leave it empty") from None

    @field_validator("public_base_url", "dataverse_url")
    @classmethod
    def _base(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("write scheme and host, such as https://sms.contoso.com")
        return url.rstrip("/")

    def accounts(self) -> dict[str, ProviderAccount]:
        """The provider accounts by callback id."""
        return {account.id: account.value() for account in self.providers}

    def events_secrets(self) -> tuple[str, ...]:
        """What proves that Dataverse calls: every one is valid, the first is the one to register there."""
        return tuple(secret.get_secret_value() for secret in self.dataverse_events_secrets)


def _where(path: list[str]) -> str:
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path)
