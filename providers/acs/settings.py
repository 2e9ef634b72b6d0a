"""What an account of this provider can say in its `options`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError

EVENT_GRID_ORIGIN = "eventgrid.azure.net"
_TENANT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RESOURCE = re.compile(
    rf"/subscriptions/{_TENANT.pattern}/resourceGroups/[\w.()-]+"
    r"/providers/Microsoft\.Communication/communicationServices/[a-z0-9-]+",
    re.IGNORECASE,
)
EVENT_GRID: Mapping[str, str] = {  # the application that Event Grid is, by cloud
    "public": "4962773b-9cdb-44cf-a8bf-237846a00ab7",
    "usgov": "54316b56-3481-47f9-8f30-0300f5542a7b",
}


@dataclass(frozen=True, slots=True)
class Entra:
    """The directory whose tokens are accepted, and the application that they must be for."""

    tenant: str
    audience: str
    cloud: str = "public"


def entra(account: ProviderAccount) -> Entra | None:
    """`options.entra`, None where deliveries are proved by a secret. Raises ConfigurationError."""
    option = account.options.get("entra")
    if option is None:
        return None
    if not isinstance(option, Mapping) or not option.keys() <= {"tenant", "audience", "cloud"}:
        raise _wrong(account, "entra", "an object of tenant, audience and, outside the public cloud, cloud")
    tenant, audience, cloud = option.get("tenant"), option.get("audience"), option.get("cloud", "public")
    if not isinstance(tenant, str) or not _TENANT.fullmatch(tenant.lower()):
        raise _wrong(account, "entra.tenant", "the directory (tenant) id, a GUID")
    if not isinstance(audience, str) or not audience.strip():
        raise _wrong(account, "entra.audience", "the application (client) id or the application id URI")
    if not isinstance(cloud, str) or cloud not in EVENT_GRID:
        raise _wrong(account, "entra.cloud", " or ".join(EVENT_GRID))
    return Entra(tenant.lower(), audience, cloud)


def allowed_origins(account: ProviderAccount) -> frozenset[str]:
    """Who may ask to deliver here: Event Grid, and `options.allowed_origins`. Raises ConfigurationError."""
    option = account.options.get("allowed_origins", [])
    if not isinstance(option, list | tuple) or not all(isinstance(origin, str) and origin for origin in option):
        raise _wrong(account, "allowed_origins", "a list of host names")
    return frozenset({EVENT_GRID_ORIGIN, *(origin.lower() for origin in option)})


def resource_id(account: ProviderAccount) -> str:
    """`options.resource_id`, by which Azure Resource Manager is asked for the event subscriptions; empty without it.
    Raises ConfigurationError."""
    option = account.options.get("resource_id", "")
    if not isinstance(option, str) or (option and not _RESOURCE.fullmatch(option)):
        form = "/subscriptions/…/resourceGroups/…/providers/Microsoft.Communication/communicationServices/…"
        raise _wrong(account, "resource_id", f"the resource id as the Azure portal shows it ({form})")
    return option


def _wrong(account: ProviderAccount, option: str, expected: str) -> ConfigurationError:
    return ConfigurationError(f"PROVIDERS, account {account.id}: options.{option} must be {expected}")
