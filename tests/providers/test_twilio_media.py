"""Where Twilio keeps attachments, and what it is told about who asks."""

from __future__ import annotations

import pytest

from messaging.accounts import CallbackSecret, ProviderAccount
from providers.registry import media_hosts
from providers.twilio.media import OWN, STORAGE, media_access

ACCOUNT = ProviderAccount(
    id="main", type="twilio", account="AC1", callback_secrets=(CallbackSecret("shared", "key"), CallbackSecret("token"))
)


@pytest.mark.parametrize("host", ["api.twilio.com", "api.dublin.ie1.twilio.com"])
def test_credentials_go_to_twilios_api(host: str) -> None:
    assert OWN.fullmatch(host)


@pytest.mark.parametrize(
    "host",
    ["twilio.com", "www.twilio.com", "media.twilio.com", "api.twilio.com.example.com", "api-twilio.com",
     "xapi.twilio.com", "mms.twiliocdn.com", "s3-external-1.amazonaws.com", "api.twilio.com."],
)  # fmt: skip
def test_credentials_go_to_no_other_host(host: str) -> None:
    assert not OWN.fullmatch(host)


@pytest.mark.parametrize("host", ["mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com"])
def test_twilio_keeps_attachments_in_storage_of_its_own_and_of_amazon(host: str) -> None:
    assert STORAGE.fullmatch(host)


@pytest.mark.parametrize(
    "host", ["twiliocdn.com", "eviltwiliocdn.com", "bucket.s3.amazonaws.com", "mms.twiliocdn.com.x"]
)
def test_storage_is_nowhere_else(host: str) -> None:
    assert not STORAGE.fullmatch(host)


def test_the_secret_shows_in_no_repr() -> None:
    access = media_access(ACCOUNT)

    assert access.headers == {"Authorization": "Basic QUMxOnRva2Vu"}
    assert "QUMx" not in repr(access)


def test_only_providers_of_a_known_type_keep_attachments(registry) -> None:
    assert set(media_hosts()) <= set(registry)
