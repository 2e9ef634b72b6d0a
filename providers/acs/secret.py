"""The shared secret of an Event Grid subscription."""

from __future__ import annotations

from urllib.parse import unquote

from messaging.accounts import ProviderAccount
from messaging.errors import SignatureInvalid, SignatureMissing
from messaging.web import HttpRequest
from providers.proof import header, same, secrets

HEADER = "X-Callback-Secret"
PARAMETER = "secret"


def verify_secret(request: HttpRequest, account: ProviderAccount) -> None:
    """Raises SignatureMissing or SignatureInvalid unless the request carries one of the account's secrets.

    In the header (a delivery property of the subscription) or in the query of the endpoint URL, which Event Grid keeps
    encrypted: it is not documented that the request that validates a subscription brings the delivery properties. A
    wrong header is not made good by the query.
    """
    received = header(request, HEADER) or _in_query(request.url)
    if received is None:
        raise SignatureMissing(f"there is neither {HEADER} nor the query parameter {PARAMETER}")
    if not any(same(secret.secret, received) for secret in secrets(account)):
        raise SignatureInvalid("the secret is not one of this account")


def _in_query(url: str) -> str | None:
    """Percent-decoded; a plus stays a plus, because secrets in base64 get pasted as they are."""
    for part in url.partition("#")[0].partition("?")[2].split("&"):
        name, _, value = part.partition("=")
        if name == PARAMETER and value:
            return unquote(value)
    return None
