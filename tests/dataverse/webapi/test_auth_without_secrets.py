"""Tokens for those who have no client secret: a certificate, or a managed identity."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dataverse.webapi.auth import (
    certificate,
    managed_identity,
)
from messaging.errors import ConfigurationError, Unavailable

BASE = "https://contoso.crm4.dynamics.com/"
TENANT = "7f0a1e52-5f0e-4f3a-9f53-0a8a0e4d9c11"
LOGIN = f"https://login.microsoftonline.com/{TENANT}"
THUMBPRINT = "A1B2C3D4E5F60718293A4B5C6D7E8F9001122334"


def pem() -> tuple[str, rsa.RSAPublicKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return text.decode(), key.public_key()


def test_a_certificate_signs_for_a_token(provider: Any, clock: Any) -> None:
    private_key, public_key = pem()
    tokens = certificate(
        BASE,
        tenant=TENANT,
        client_id="app",
        private_key=private_key,
        thumbprint=THUMBPRINT,
        clock=clock,
        http_client=provider,
    )
    assert tokens.token() == "token-1"
    [asked] = provider.asked
    assertion = asked["client_assertion"]
    claims = jwt.decode(assertion, public_key, algorithms=["RS256"], audience=f"{LOGIN}/oauth2/v2.0/token")
    assert claims["iss"] == claims["sub"] == "app"
    stamped = jwt.get_unverified_header(assertion)["x5t"]
    assert base64.urlsafe_b64decode(stamped + "==").hex().upper() == THUMBPRINT


@pytest.mark.parametrize(
    "change", [{"private_key": "-----BEGIN s3cret"}, {"private_key": ""}, {"thumbprint": "s3cret!"}]
)
def test_a_key_or_thumbprint_that_is_none_is_a_matter_of_configuration(
    provider: Any, clock: Any, change: dict[str, str]
) -> None:
    options = {"tenant": TENANT, "client_id": "app", "private_key": pem()[0], "thumbprint": THUMBPRINT} | change
    tokens = certificate(BASE, clock=clock, http_client=provider, **options)
    with pytest.raises(ConfigurationError) as raised:
        tokens.token()
    assert "s3cret" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.fixture
def app_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a function app with a managed identity."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header")


@pytest.mark.usefixtures("app_service")
@pytest.mark.parametrize(("client_id", "expected"), [(None, None), ("11111111-2222", "11111111-2222")])
def test_a_managed_identity_gets_a_token(
    provider: Any, clock: Any, client_id: str | None, expected: str | None
) -> None:
    tokens = managed_identity(BASE, client_id=client_id, clock=clock, http_client=provider)
    assert tokens.token() == "token-1"
    assert provider.asked[0].get("client_id") == expected
    assert provider.asked[0]["resource"] == "https://contoso.crm4.dynamics.com"
    tokens.invalidate("token-1")
    assert tokens.token() == "token-2"


@pytest.mark.usefixtures("app_service")
def test_a_missing_managed_identity_is_a_matter_of_configuration(provider: Any, clock: Any) -> None:
    provider.script = [(400, json.dumps({"statusCode": 400, "message": "No User Assigned identity found"}))]
    with pytest.raises(ConfigurationError, match="managed identity"):
        managed_identity(BASE, client_id="none", clock=clock, http_client=provider).token()


@pytest.mark.usefixtures("app_service")
@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_identity_endpoint_that_is_down_is_unavailable(clock: Any, status: int) -> None:
    with responses.RequestsMock() as web:
        web.get(
            "http://127.0.0.1:41741/msi/token",
            status=status,
            json={"statusCode": status, "message": "x"},
            headers={"Retry-After": "30"},
        )
        with pytest.raises(Unavailable) as raised:
            managed_identity(BASE, clock=clock).token()
    assert raised.value.retry_after == 30.0
