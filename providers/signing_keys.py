"""Microsoft Entra's signing keys, fetched and kept. The one file among the providers that opens a connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from messaging.errors import Unavailable
from providers.base import ENTRA_AUTHORITIES

TIMEOUT_S = 5
LIFETIME = timedelta(hours=24)  # how often Microsoft advises to look for a roll-over of the keys
PAUSE = timedelta(minutes=1)  # between fetches for one tenant: a made-up key id must not make us call Entra


@dataclass(slots=True)
class _Tenant:
    lock: Lock = field(default_factory=Lock)
    keys: Mapping[str, RSAPublicKey] = field(default_factory=dict)
    fetched_at: datetime | None = None
    tried_at: datetime | None = None


class EntraSigningKeys:
    """The keys of any number of tenants; threads may share it, and wait for each other where keys must be fetched."""

    def __init__(self, clock: Callable[[], datetime], authorities: Mapping[str, str] = ENTRA_AUTHORITIES) -> None:
        self._clock = clock
        self._authorities = authorities
        self._lock = Lock()
        self._tenants: dict[tuple[str, str], _Tenant] = {}

    def key(self, tenant: str, key_id: str, *, cloud: str = "public") -> RSAPublicKey | None:
        """The tenant's key of that id, None if it has none.

        Keys are kept for a day. An id that is not among them makes us look again, at most once a minute. Raises
        Unavailable where keys are needed and cannot be fetched: old ones are not used beyond their day.
        """
        with self._lock:
            kept = self._tenants.setdefault((cloud, tenant), _Tenant())
        with kept.lock:
            now = self._clock()
            fresh = kept.fetched_at is not None and now - kept.fetched_at < LIFETIME
            if fresh and key_id in kept.keys:
                return kept.keys[key_id]
            if kept.tried_at is None or now - kept.tried_at >= PAUSE:
                kept.tried_at = now
                kept.keys, kept.fetched_at = self._fetch(f"{self._authorities[cloud]}/{tenant}"), now
            elif not fresh:
                raise Unavailable("the signing keys of the tenant could not be fetched", retry_after=PAUSE.seconds)
            return kept.keys.get(key_id)

    def _fetch(self, authority: str) -> Mapping[str, RSAPublicKey]:
        try:
            answer = requests.get(f"{authority}/discovery/v2.0/keys", timeout=TIMEOUT_S, allow_redirects=False)
            answer.raise_for_status()
            found = jwt.PyJWKSet.from_dict(answer.json())
        except (requests.RequestException, jwt.PyJWTError, ValueError, AttributeError) as error:
            raise Unavailable(f"the signing keys of the tenant could not be fetched: {type(error).__name__}") from error
        keys = {key.key_id: key.key for key in found if key.key_id and key.public_key_use in (None, "sig")}
        return {name: key for name, key in keys.items() if isinstance(key, RSAPublicKey)}
