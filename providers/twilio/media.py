"""Where Twilio keeps the attachments of an MMS: behind its API, which sends on to storage.

https://www.twilio.com/docs/messaging/api/media-resource. Whether the API asks who wants them is a setting of the
account (“Enforce HTTP Auth on Media URLs”), so it is always told. Up to ten of 5 MB in all.
"""

from __future__ import annotations

import re

from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from providers.media import MediaAccess
from providers.twilio.api import authorization

# api.twilio.com, and those of the regions: api.dublin.ie1.twilio.com
OWN = re.compile(r"api(\.[a-z0-9-]+){0,2}\.twilio\.com")
STORAGE = re.compile(r"[a-z0-9-]+\.twiliocdn\.com|s3-external-1\.amazonaws\.com")


def media_access(account: ProviderAccount) -> MediaAccess:
    """See MediaHost."""
    proof = authorization(account)
    if proof is None or not account.account:
        raise ConfigurationError(
            f"PROVIDERS, account {account.id}: attachments need the Account SID in account, and auth_token, or api_key "
            "and api_key_secret, in credentials"
        )
    return MediaAccess(own=OWN, storage=STORAGE, headers={"Authorization": proof})
