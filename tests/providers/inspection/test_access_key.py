"""Signatures for Communication Services, against a signature that Microsoft's SDK made.

The check value is that of azure-communication-phonenumbers 1.4.0 (`HMACCredentialsPolicy`) for this very request.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from providers.acs.access_key import is_key, signed_headers

KEY = "YWNzLWFjY2Vzcy1rZXktMDEyMzQ1Njc4OWFiY2RlZjA="
NOW = datetime(2026, 11, 20, 9, 33, 15, tzinfo=UTC)
NUMBERS = "https://contoso.communication.azure.com/phoneNumbers?skip=0&top=100&api-version=2025-06-01"
EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_a_request_with_a_body_is_signed_as_documented():
    url = "https://contoso.communication.azure.com/sms?api-version=2026-01-23"

    assert signed_headers(KEY, "POST", url, NOW, b'{"from":"+18005550100"}') == {
        "x-ms-date": "Fri, 20 Nov 2026 09:33:15 GMT",
        "x-ms-content-sha256": "EN1xiGcy3aJ6u01YkVafIfj9g0EGoTntV21maHIYiio=",
        "Authorization": "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256"
        "&Signature=8vYJyAF5olqtezZ9nBP4Tlnv29MfSwrK9DFrH/dKbJI=",
    }


def test_a_request_without_a_body_is_signed_as_microsofts_sdk_signs_it():
    assert signed_headers(KEY, "GET", NUMBERS, NOW) == {
        "x-ms-date": "Fri, 20 Nov 2026 09:33:15 GMT",
        "x-ms-content-sha256": EMPTY,
        "Authorization": "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256"
        "&Signature=FzkVRsCXZk2G8V8X0mCT6gkNU1Ne7pea2NZJJlGMzSk=",
    }


@pytest.mark.parametrize("key", ["", "no key!", "abc"])
def test_what_is_no_base64_is_no_key_and_is_not_quoted(key):
    assert not is_key(key)
    with pytest.raises(ValueError, match="base64") as error:
        signed_headers(key, "GET", NUMBERS, NOW)
    assert not key or key not in str(error.value)
