"""An attachment of a text, as an account of `PROVIDERS` has it: Twilio's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from function_app.media.source import FRESH, HostedMedia
from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import ConfigurationError, Unavailable
from messaging.events import Media, MediaWaiting
from messaging.media import File, Missing, NotFetched
from providers.registry import media_hosts
from tests.function_app.media.hosts import PNG, sends, status

NOW = datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)
SID = f"AC{'0' * 32}"
URL = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/MM1/Media/ME1"
SIGNED = "https://mms.twiliocdn.com/ME1?Signature=abc&Expires=1"
TWILIO = ProviderAccount(id="main", type="twilio", account=SID, callback_secrets=(CallbackSecret("token"),))


@pytest.fixture
def source(network):
    def make_one(*accounts: ProviderAccount) -> HostedMedia:
        known = {account.id: account for account in accounts}
        return HostedMedia(accounts=known, hosts=media_hosts(), network=network, clock=lambda: NOW)

    return make_one


def _waiting(age: timedelta = timedelta(), **facts: object) -> MediaWaiting:
    media = Media(URL, "image/jpeg")
    plain = {"account": "main", "provider": "twilio", "message_id": "MM1", "position": 0, "media": media}
    return MediaWaiting(**{**plain, "received_at": NOW - age, **facts})


def test_a_picture_of_an_mms_is_fetched_from_twilio_and_from_where_twilio_keeps_it(hosts, source) -> None:
    hosts.at(URL, status(302, Location=SIGNED))
    hosts.at(SIGNED, sends(PNG, "image/png"))

    assert source(TWILIO).fetch(_waiting()) == File(content_type="image/png", content=PNG)
    ((_, told), (_, not_told)) = hosts.asked
    assert str(told).startswith("Basic ")
    assert not_told is None


@pytest.mark.parametrize(
    ("content_type", "content"), [("text/html", b"<html>"), ("image/svg+xml", b"<svg/>"), ("image/png", b"<svg/>")]
)
def test_what_is_not_stored_is_refused_whatever_the_callback_announced(hosts, source, content_type, content) -> None:
    hosts.at(URL, sends(content, content_type))

    with pytest.raises(NotFetched) as refused:
        source(TWILIO).fetch(_waiting())
    assert refused.value.missing is Missing.WRONG_TYPE


def test_for_a_quarter_of_an_hour_an_attachment_may_still_be_on_its_way(hosts, source) -> None:
    with pytest.raises(Unavailable):
        source(TWILIO).fetch(_waiting(FRESH - timedelta(seconds=1)))
    with pytest.raises(NotFetched) as refused:
        source(TWILIO).fetch(_waiting(FRESH))
    assert refused.value.missing is Missing.GONE


@pytest.mark.parametrize("provider", ["acs", "telesign", "no-such"])
def test_a_provider_without_attachments_is_not_asked_for_any(hosts, source, provider: str) -> None:
    with pytest.raises(NotFetched):
        source(TWILIO).fetch(_waiting(provider=provider))
    assert hosts.connections == 0


@pytest.mark.parametrize(
    "account",
    [None, ProviderAccount(id="main", type="acs"), ProviderAccount(id="main", type="twilio", account=SID),
     ProviderAccount(id="main", type="twilio", callback_secrets=(CallbackSecret("token"),))],
    ids=["gone", "another type", "without a secret", "without its SID"],
)  # fmt: skip
def test_an_account_that_cannot_ask_waits_for_the_administrator(hosts, source, account) -> None:
    with pytest.raises(ConfigurationError, match="PROVIDERS"):
        source(*([account] if account else [])).fetch(_waiting())
    assert hosts.connections == 0
