"""Tokens for Dataverse: for an app registration with a secret or a certificate, a managed identity, or development.

What they stand for has to be an application user of the environment with a security role of its own (Microsoft Learn,
"Use single-tenant server-to-server authentication"). No error of this module quotes a secret, a key or a token, nor
what the identity provider wrote beside its codes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock
from typing import Any, Protocol

import requests

from dataverse.webapi import retry
from dataverse.webapi.address import is_loopback, service_root
from messaging.errors import ConfigurationError, Unavailable

Clock = Callable[[], float]
Ask = Callable[[], Mapping[str, object]]

_RENEW_BEFORE = 300.0  # seconds, so that no token expires on its way
_PAUSE_AFTER_FAILURE = 5.0  # seconds in which nobody else waits for the same time-out
_TRANSIENT = frozenset({"temporarily_unavailable", "server_error", "too_many_requests"})


class TokenProvider(Protocol):
    """Where a client gets its bearer token from."""

    def token(self) -> str:
        """A token that is valid now. Raises Unavailable or ConfigurationError."""
        ...

    def invalidate(self, refused: str) -> None:
        """Dataverse did not accept `refused`: the next token is a new one."""
        ...


class StaticToken:
    """A fixed token for the emulator; refuses every address that is not this machine."""

    def __init__(self, base_url: str, token: str) -> None:
        if not is_loopback(service_root(base_url)):
            raise ConfigurationError("A fixed token is for development: it is only sent to this machine.")
        self._token = token

    def token(self) -> str:
        return self._token

    def invalidate(self, refused: str) -> None:
        """Nothing to renew: what was refused stays refused."""


class CachedTokens:
    """One token, kept until shortly before it expires and fetched by one thread at a time.

    `connect` prepares for asking and returns what asks: msal's answer, a mapping with `access_token` and `expires_in`,
    or with `error`. A failure to renew is no failure while the token at hand is valid. `clock` counts seconds.
    """

    def __init__(self, connect: Callable[[], Ask], *, clock: Clock) -> None:
        self._connect = connect
        self._clock = clock
        self._lock = Lock()
        self._ask: Ask | None = None
        self._token = ""
        self._expires_at = self._ask_at = float("-inf")
        self._reason = ""

    def token(self) -> str:
        with self._lock:
            now = self._clock()
            if now >= self._ask_at:
                self._renew(now)
            if now < self._expires_at:
                return self._token
            raise Unavailable(f"There is no token for Dataverse: {self._reason}", retry_after=self._ask_at - now)

    def invalidate(self, refused: str) -> None:
        with self._lock:
            if refused == self._token:
                self._ask = None  # and msal's own cache with it
                self._expires_at = self._ask_at = float("-inf")

    def _renew(self, now: float) -> None:
        try:
            answer = self._fetch()
        except Unavailable as error:
            self._reason = str(error)
            self._ask_at = now + max(_PAUSE_AFTER_FAILURE, error.retry_after or 0.0)
            return
        lifetime = float(str(answer.get("expires_in", 3600)))
        self._token = str(answer["access_token"])
        self._expires_at = now + lifetime
        self._ask_at = self._expires_at - min(_RENEW_BEFORE, lifetime / 2)

    def _fetch(self) -> Mapping[str, object]:
        try:
            self._ask = self._ask or self._connect()
            answer = self._ask()
        except requests.RequestException as error:
            wait = retry.retry_after({} if error.response is None else _lower(error.response.headers))
            raise Unavailable(f"the identity provider: {type(error).__name__}", retry_after=wait) from None
        except (_msal().exceptions.MsalServiceError, json.JSONDecodeError, KeyError) as error:
            raise Unavailable(f"the identity provider: {type(error).__name__}") from None
        except (ValueError, TypeError):  # a tenant, a key or a thumbprint that is none; the text may quote it
            raise ConfigurationError(
                "The credentials for Dataverse cannot be used: check the tenant id, and the certificate and thumbprint."
            ) from None
        if not answer.get("access_token"):
            raise _refusal(answer)
        return answer


def client_secret(
    base_url: str, *, tenant: str, client_id: str, secret: str, clock: Clock, http_client: object = None
) -> TokenProvider:
    """Tokens for an app registration with a client secret. `tenant` is its id or domain."""
    return _confidential(base_url, tenant, client_id, lambda: secret, clock, http_client)


def certificate(
    base_url: str,
    *,
    tenant: str,
    client_id: str,
    private_key: str,
    thumbprint: str,
    clock: Clock,
    http_client: object = None,
) -> TokenProvider:
    """Tokens for an app registration with a certificate: `private_key` is PEM without a passphrase, `thumbprint` the
    SHA-1 thumbprint in hexadecimal, as the Azure portal shows it."""

    def credential() -> object:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        load_pem_private_key(private_key.encode(), password=None)
        return {"private_key": private_key, "thumbprint": thumbprint}

    return _confidential(base_url, tenant, client_id, credential, clock, http_client)


def managed_identity(
    base_url: str, *, clock: Clock, client_id: str | None = None, http_client: object = None
) -> TokenProvider:
    """Tokens for the managed identity of the machine: the one with `client_id`, else the system-assigned one."""
    resource = service_root(base_url)

    def connect() -> Ask:
        msal = _msal()
        identity = (
            msal.UserAssignedManagedIdentity(client_id=client_id) if client_id else msal.SystemAssignedManagedIdentity()
        )
        client = msal.ManagedIdentityClient(identity, http_client=http_client or IdentitySession())
        return partial(client.acquire_token_for_client, resource=resource)

    return CachedTokens(connect, clock=clock)


def _msal() -> Any:
    import msal  # type: ignore[import-untyped]  # it has no types; imported late, for it makes a cold start colder

    return msal


class IdentitySession(requests.Session):
    """The way to the identity provider: never waits for ever, and raises what is worth another try."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        answer = super().send(request, **{**kwargs, "timeout": kwargs.get("timeout") or (5, 20)})
        if answer.status_code == 429 or answer.status_code >= 500:
            answer.raise_for_status()
        return answer


def _confidential(
    base_url: str, tenant: str, client_id: str, credential: Callable[[], object], clock: Clock, http_client: object
) -> TokenProvider:
    scope = f"{service_root(base_url)}/.default"

    def connect() -> Ask:
        application = _msal().ConfidentialClientApplication(
            client_id,
            authority=f"https://login.microsoftonline.com/{tenant}",
            client_credential=credential(),
            http_client=http_client or IdentitySession(),
            instance_discovery=False,  # the authority is Microsoft's own: nothing to find out about it
        )
        return partial(application.acquire_token_for_client, [scope])

    return CachedTokens(connect, clock=clock)


def _refusal(answer: Mapping[str, object]) -> Unavailable | ConfigurationError:
    error = re.sub(r"[^a-z_]", "", str(answer.get("error")))
    codes = re.findall(r"AADSTS[0-9]+", str(answer.get("error_description")))
    what = ", ".join([error, *codes[:1]])
    if error in _TRANSIENT:
        return Unavailable(f"the identity provider: {what}")
    return ConfigurationError(
        f"There is no token for Dataverse: the identity provider says {what}. Check the tenant id, the client id and "
        "the secret or certificate of the app registration, or which managed identity is assigned."
    )


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
