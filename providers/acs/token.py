"""The token of Microsoft Entra that a secured Event Grid subscription brings with every request.

https://learn.microsoft.com/azure/event-grid/secure-webhook-delivery
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import jwt
from jwt.types import Options

from messaging.errors import SignatureInvalid, SignatureMissing
from messaging.web import HttpRequest
from providers.acs.settings import EVENT_GRID, Entra
from providers.base import ENTRA_AUTHORITIES, SigningKeys
from providers.proof import header

ALGORITHM = "RS256"  # the only one that Entra signs with; the token's own word for it is never believed
ROLE = "AzureEventGridSecureWebhookSubscriber"
LEEWAY_S = 60

SIGNATURE_ONLY: Options = {
    "verify_signature": True,
    "verify_aud": False,
    "verify_iss": False,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "verify_jti": False,
}

Claims = Mapping[str, object]


def verify_token(request: HttpRequest, entra: Entra, signing_keys: SigningKeys, now: datetime) -> None:
    """Raises SignatureMissing, SignatureInvalid, or Unavailable where the keys could not be fetched."""
    authorization = header(request, "Authorization")
    if authorization is None:
        raise SignatureMissing("there is no Authorization")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise SignatureInvalid("Authorization is not a bearer token")
    claims = _signed_claims(token.strip(), entra, signing_keys)
    wrong = next((name for name, holds in _conditions(claims, entra, now.timestamp()).items() if not holds), None)
    if wrong is not None:
        raise SignatureInvalid(f"the token's claim {wrong} does not hold")


def _signed_claims(token: str, entra: Entra, signing_keys: SigningKeys) -> Claims:
    try:
        described = jwt.get_unverified_header(token)
        key_id = described.get("kid")
        if described.get("alg") != ALGORITHM or not isinstance(key_id, str):
            raise SignatureInvalid(f"the token is not signed with {ALGORITHM} by a named key")
        key = signing_keys.key(entra.tenant, key_id, cloud=entra.cloud)
        if key is None:
            raise SignatureInvalid("the token is signed by a key that the tenant does not have")
        # Only the signature: PyJWT would look at the clock of the machine, and ours is passed in.
        claims: Claims = jwt.decode(token, key, algorithms=[ALGORITHM], options=SIGNATURE_ONLY)
    except (jwt.PyJWTError, ValueError, RecursionError):  # the last by JSON nested deep, in older releases of PyJWT
        raise SignatureInvalid("the token is not signed by the tenant") from None
    return claims


def _conditions(claims: Claims, entra: Entra, now_s: float) -> dict[str, bool]:
    """Every condition on the claims, by the name of the claim that it is about."""
    issuers = (
        f"https://sts.windows.net/{entra.tenant}/",
        f"{ENTRA_AUTHORITIES[entra.cloud]}/{entra.tenant}/v2.0",
    )  # v1, v2
    # A v1 token names the application as it was asked for, a v2 token by its id alone.
    audiences = {entra.audience, f"api://{entra.audience}", entra.audience.removeprefix("api://")}
    audience, expires, begins, roles = (claims.get(name) for name in ("aud", "exp", "nbf", "roles"))
    return {
        "aud": isinstance(audience, str) and audience in audiences,
        "iss": claims.get("iss") in issuers,
        "tid": claims.get("tid") == entra.tenant,
        "exp": isinstance(expires, int | float) and now_s < expires + LEEWAY_S,
        "nbf": isinstance(begins, int | float) and begins - LEEWAY_S <= now_s,
        "appid": (claims.get("azp") or claims.get("appid")) == EVENT_GRID[entra.cloud],
        "roles": isinstance(roles, list) and ROLE in roles,
    }
