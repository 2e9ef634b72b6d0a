"""The signature of a TeleSign callback: HMAC-SHA256 over the raw body with the decoded API key, in base64.

https://developer.telesign.com/enterprise/docs/authenticate-callbacks: both headers come with every callback; one
suffices, but none may be wrong.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import ConfigurationError, SignatureInvalid, SignatureMissing
from messaging.web import HttpRequest
from providers.proof import header, same, secrets

AUTHORIZATION = "Authorization"  # TSA <customer id>:<signature>
BARE = "X-TS-Authorization"  # <signature>


def verify(request: HttpRequest, account: ProviderAccount) -> None:
    """Raises SignatureMissing or SignatureInvalid unless every signature is by one of the account's API keys."""
    authorization, bare = header(request, AUTHORIZATION), header(request, BARE)
    signatures = [] if bare is None else [bare]
    if authorization is not None:
        signatures.append(_of_customer(authorization, account.account))
    if not signatures:
        raise SignatureMissing(f"there is neither {AUTHORIZATION} nor {BARE}")
    valid = [sign(signing_key(account, secret), request.body) for secret in secrets(account)]
    if not all(any(same(candidate, signature) for candidate in valid) for signature in signatures):
        raise SignatureInvalid("a signature does not fit this body")


def sign(key: bytes, body: bytes) -> str:
    """The signature of a body."""
    return b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


def signing_key(account: ProviderAccount, secret: CallbackSecret) -> bytes:
    """The key behind an API key as TeleSign shows it. Raises ConfigurationError for what is no base64."""
    try:
        key = b64decode(secret.secret, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ConfigurationError(
            f"PROVIDERS, account {account.id}: every one of callback_secrets must be a TeleSign API key, in base64"
        )
    return key


def _of_customer(authorization: str, customer: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    named, colon, signature = credentials.strip().rpartition(":")
    if scheme.upper() != "TSA" or not colon:
        raise SignatureInvalid(f"{AUTHORIZATION} is not of the form TSA id:signature")
    if customer and not same(customer.upper(), named.upper()):
        raise SignatureInvalid(f"{AUTHORIZATION} names another customer id")
    return signature
