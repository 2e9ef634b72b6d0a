"""How an administrator signs in to Dataverse: with what the Azure CLI knows, a code typed in a browser, an app
registration, or on this machine without proof.

No text of azure-identity or of Azure is shown: it may hold what was sent. The code of Microsoft Entra says enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from admin.exits import Exit, Stopped
from dataverse.webapi import auth
from dataverse.webapi.address import is_loopback, service_root
from messaging.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:  # importing azure-identity takes half a second
    from azure.core.credentials import TokenCredential

_DEVELOPMENT_TOKEN = "service"  # noqa: S105  # opens nothing but an emulator on this machine
_ENVIRONMENT_HOST = re.compile(r"[\w-]+(\.api)?\.crm\d*\.(dynamics\.com|microsoftdynamics\.us|dynamics\.cn)")
_LIKE = "It looks like https://contoso.crm4.dynamics.com: the start of the address of your sales app."
_PORTALS = ("powerapps.com", "microsoft.com", "azure.com", "sharepoint.com", "home.dynamics.com", "office.com")


class Auth(StrEnum):
    """Ways to sign in."""

    AZURE_CLI = "azure-cli"
    DEVICE_CODE = "device-code"
    CLIENT_SECRET = "client-secret"  # noqa: S105  # the name of a way
    DEVELOPMENT = "development"


_IN_THE_ENVIRONMENT = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")

# Microsoft Learn, "Microsoft Entra authentication and authorization error codes": what each means here, and what to do.
_CODES: dict[str, tuple[str, str]] = {
    "AADSTS500011": (
        "the directory (tenant) that you signed in to knows no such Dataverse environment",
        "Check the URL, and name the directory of the environment with --tenant <id or domain>.",
    ),
    "AADSTS90002": ("there is no such directory (tenant)", "Check --tenant: its id, or a domain such as contoso.com."),
    "AADSTS50020": (
        "your account does not belong to the directory (tenant) of the environment",
        "Sign in with an account of that directory: az login --tenant <id or domain>.",
    ),
    "AADSTS50076": ("it asks for a second factor", "Sign in again: az login --tenant <id or domain>."),
    "AADSTS50079": ("it asks for a second factor", "Sign in again: az login --tenant <id or domain>."),
    "AADSTS50173": ("your sign-in was withdrawn", "Sign in again: az login."),
    "AADSTS70043": ("your sign-in has expired", "Sign in again: az login."),
    "AADSTS700082": ("your sign-in has expired", "Sign in again: az login."),
    "AADSTS53003": (
        "a Conditional Access policy forbids it from here",
        "Sign in as an app registration (--auth client-secret), or ask who looks after the directory.",
    ),
    "AADSTS65001": (
        "nobody has consented to this way of signing in",
        "Ask who looks after the directory to consent, or use --auth client-secret.",
    ),
}
_OTHERWISE = "Sign in again (az login --tenant <id or domain>), or choose another way with --auth."


def environment_url(given: str) -> str:
    """Scheme and host of the environment. Raises Stopped for what cannot be one, with what to write instead."""
    try:
        parts = urlsplit(given.strip() if "://" in given else f"https://{given.strip()}")
        host = (parts.hostname or "").lower()
    except ValueError:
        raise Stopped("The URL of the environment cannot be read.", _LIKE, exit_code=Exit.USAGE) from None
    if any(host == each or host.endswith(f".{each}") for each in _PORTALS):
        raise Stopped(
            f"{host} is a portal, not an environment.",
            "Open your sales app and copy the start of its address (https://<name>.crm….dynamics.com), or see Settings "
            "> Session details in the Power Apps maker portal: Instance url.",
            exit_code=Exit.USAGE,
        )
    try:
        return service_root(f"{parts.scheme}://{parts.netloc}" if _ENVIRONMENT_HOST.fullmatch(host) else given)
    except ConfigurationError as error:
        raise Stopped(str(error), exit_code=Exit.USAGE) from None


def usual(url: str) -> Auth:
    """How to sign in where nothing is said: the emulator wants no proof."""
    return Auth.DEVELOPMENT if is_loopback(url) else Auth.AZURE_CLI


def token_provider(
    url: str,
    way: Auth,
    *,
    tenant: str,
    environment: Mapping[str, str],
    prompt: Callable[[str], None],
    clock: Callable[[], float],
    now: Callable[[], datetime],
) -> auth.TokenProvider:
    """Tokens for the environment at `url`; asks nobody yet. `prompt` shows what to do in a browser.

    Raises Stopped where what the way needs is missing.
    """
    match way:
        case Auth.DEVELOPMENT:
            try:
                return auth.StaticToken(url, _DEVELOPMENT_TOKEN)
            except ConfigurationError:
                raise Stopped(
                    "--auth development is for an emulator on this machine.",
                    "Leave --auth away, or choose azure-cli, device-code or client-secret.",
                    exit_code=Exit.USAGE,
                ) from None
        case Auth.CLIENT_SECRET:
            return _client_secret(url, tenant, environment, clock)
        case Auth.AZURE_CLI:
            return _tokens(url, lambda: _azure_cli(tenant), clock, now)
        case Auth.DEVICE_CODE:
            return _tokens(url, lambda: _device_code(tenant, prompt), clock, now)


def _client_secret(
    url: str, tenant: str, environment: Mapping[str, str], clock: Callable[[], float]
) -> auth.TokenProvider:
    found = {name: environment.get(name, "") for name in _IN_THE_ENVIRONMENT}
    if tenant:
        found["AZURE_TENANT_ID"] = tenant
    if missing := [name for name, value in found.items() if not value]:
        raise Stopped(
            f"--auth client-secret needs {' and '.join(missing)} in the environment.",
            "Set them to those of an app registration that is an application user of the environment.",
            exit_code=Exit.USAGE,
        )
    tenant_id, client_id, secret = found.values()
    return auth.client_secret(url, tenant=tenant_id, client_id=client_id, secret=secret, clock=clock)


def _azure_cli(tenant: str) -> TokenCredential:
    from azure.identity import AzureCliCredential

    return AzureCliCredential(tenant_id=tenant, process_timeout=60)


def _device_code(tenant: str, prompt: Callable[[str], None]) -> TokenCredential:
    from azure.identity import DeviceCodeCredential

    def ask(address: str, code: str, _expires: datetime) -> None:
        prompt(f"To sign in, open {address} in a browser and enter the code {code}")

    return DeviceCodeCredential(tenant_id=tenant or None, prompt_callback=ask)


def _tokens(
    url: str, credential: Callable[[], TokenCredential], clock: Callable[[], float], now: Callable[[], datetime]
) -> auth.TokenProvider:
    scope = f"{service_root(url)}/.default"

    def connect() -> auth.Ask:
        try:
            source = credential()
        except ValueError:
            raise Stopped(
                "--tenant cannot be a directory.",
                "Give its id, or a domain such as contoso.onmicrosoft.com.",
                exit_code=Exit.USAGE,
            ) from None
        return lambda: _ask(source, scope, now)

    return auth.CachedTokens(connect, clock=clock)


def _ask(source: TokenCredential, scope: str, now: Callable[[], datetime]) -> Mapping[str, object]:
    from azure.core.exceptions import AzureError, ClientAuthenticationError
    from azure.identity import CredentialUnavailableError

    try:
        token = source.get_token(scope)
    except CredentialUnavailableError as error:
        raise _unavailable(str(error)) from None
    except ClientAuthenticationError as error:
        raise _refused(str(error)) from None
    except AzureError as error:
        raise Unavailable(f"Microsoft Entra cannot be reached ({type(error).__name__})") from None
    return {"access_token": token.token, "expires_in": token.expires_on - now().timestamp()}


def _unavailable(text: str) -> Stopped:
    if "not found" in text:
        return Stopped(
            "The Azure CLI (az) is not installed, or not on the PATH.",
            "Install it (https://aka.ms/azure-cli) and run az login; or sign in with --auth device-code.",
        )
    if "az login" in text:
        return Stopped("The Azure CLI is not signed in.", "Run az login, then this command again.")
    return Stopped(
        "The Azure CLI gives no token.",
        "Try: az account get-access-token --resource <the URL>. Or sign in with --auth device-code.",
    )


def _refused(text: str) -> Stopped:
    if "imed out" in text:
        return Stopped("Nobody entered the code in time.", "Run the same command again.")
    found = re.search(r"AADSTS\d+", text)
    code = found[0] if found else ""
    meaning, advice = _CODES.get(code, ("it refuses", _OTHERWISE))
    return Stopped(f"Microsoft Entra gives no token: {meaning}{f' ({code})' if code else ''}.", advice)
