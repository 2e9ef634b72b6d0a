"""Azure Communication Services' side of the provider contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from messaging.accounts import ProviderAccount
from messaging.web import HttpRequest
from providers.acs.events import read
from providers.acs.handshake import consent
from providers.acs.secret import verify_secret
from providers.acs.settings import allowed_origins, entra, resource_id
from providers.acs.token import verify_token
from providers.base import Reading, SigningKeys
from providers.proof import check_secrets, require_method

METHODS = frozenset({"POST", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Acs:
    """SMS events of a Communication Services resource; `signing_keys` prove the tokens that Event Grid brings."""

    signing_keys: SigningKeys

    def check(self, account: ProviderAccount) -> None:
        """See Provider.check."""
        check_secrets(account)
        entra(account)
        allowed_origins(account)
        resource_id(account)

    def verify(self, request: HttpRequest, account: ProviderAccount, now: datetime) -> None:
        """See Provider.verify.

        An OPTIONS request passes without proof: Event Grid sends none, and the consent that it gets lets it deliver,
        where every delivery is proved. With `options.entra` a token is required, whatever secret may be there too.
        """
        require_method(request, METHODS)
        if request.method.upper() == "OPTIONS":
            return
        directory = entra(account)
        if directory is None:
            verify_secret(request, account)
        else:
            verify_token(request, directory, self.signing_keys, now)

    def read(self, request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
        """See Provider.read."""
        if request.method.upper() == "OPTIONS":
            return Reading((), consent(request, allowed_origins(account)))
        return read(request, account, received_at)
