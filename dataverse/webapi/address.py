"""Where the Web API of an environment is."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from messaging.errors import ConfigurationError

SERVICE_PATH = "/api/data/v9.2/"


def service_root(base_url: str) -> str:
    """Scheme and host of an environment's URL, without a path: `https://contoso.crm4.dynamics.com`.

    Raises ConfigurationError for anything else, and for plain http to a host that is not this machine: a token would
    travel in the clear.
    """
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigurationError("The URL of the Dataverse environment cannot be read.") from error
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("https", "http") or not host or not plain:
        raise ConfigurationError(
            "The URL of the Dataverse environment has to look like https://contoso.crm4.dynamics.com, with no path."
        )
    if parts.scheme == "http" and not _is_this_machine(host):
        raise ConfigurationError("The URL of the Dataverse environment has to begin with https://.")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port else "")


def is_loopback(root: str) -> bool:
    """Whether a service root is on this machine, as the emulator is."""
    return _is_this_machine(urlsplit(root).hostname or "")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
