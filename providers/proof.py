"""What the proofs of origin of all providers share: methods, headers, secrets, comparing without leaking."""

from __future__ import annotations

import hmac

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import CallbacksOff, ConfigurationError, MethodNotAllowed, SignatureInvalid
from messaging.web import HttpRequest


def require_method(request: HttpRequest, methods: frozenset[str]) -> None:
    """Raises MethodNotAllowed for a method that the provider never calls with."""
    if request.method.upper() not in methods:
        raise MethodNotAllowed("the provider never calls with this HTTP method")


def header(request: HttpRequest, name: str) -> str | None:
    """A header of the request, None where it is absent or blank. Raises SignatureInvalid for what is no text."""
    value: object = request.headers.get(name.lower())
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise SignatureInvalid(f"the header {name} is not text")
    return value.strip()


def same(expected: str, received: str) -> bool:
    """Whether both are equal, in a time that does not tell where they differ; any characters may come."""
    return hmac.compare_digest(expected.encode("utf-8", "surrogatepass"), received.encode("utf-8", "surrogatepass"))


def secrets(account: ProviderAccount) -> tuple[CallbackSecret, ...]:
    """The secrets of the account, every one valid. Raises CallbacksOff if none is: an empty one proves nothing."""
    usable = tuple(secret for secret in account.callback_secrets if secret.secret)
    if not usable:
        raise CallbacksOff("the account has no callback secret")
    return usable


def check_secrets(account: ProviderAccount) -> None:
    """Raises ConfigurationError for a secret that no provider could have been given."""
    for position, secret in enumerate(account.callback_secrets):
        if not secret.secret or secret.secret != secret.secret.strip() or not secret.secret.isascii():
            raise ConfigurationError(
                f"PROVIDERS, account {account.id}: callback_secrets[{position}] must be the secret as the provider "
                "shows it: not empty, no spaces around it, ASCII only; leave the list empty to switch callbacks off"
            )
