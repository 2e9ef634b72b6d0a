"""Tokens of Microsoft Entra: real RSA keys made here, real HTTP to a key server on loopback."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import SignatureInvalid, SignatureMissing, Unavailable
from messaging.web import HttpRequest
from providers.acs import Acs
from providers.signing_keys import EntraSigningKeys

TENANT = "aaaabbbb-0000-4000-8000-ccccdddd1111"
APPLICATION = "bbbbcccc-1111-4000-8000-dddd2222eeee"
EVENT_GRID = {"public": "4962773b-9cdb-44cf-a8bf-237846a00ab7", "usgov": "54316b56-3481-47f9-8f30-0300f5542a7b"}
NOW = datetime(2026, 11, 20, 9, 33, 15, tzinfo=UTC)
NOW_S = int(NOW.timestamp())
CLAIMS: Mapping[str, object] = {
    "aud": APPLICATION,
    "iss": f"https://sts.windows.net/{TENANT}/",
    "iat": NOW_S - 300,
    "nbf": NOW_S - 300,
    "exp": NOW_S + 3600,
    "appid": EVENT_GRID["public"],
    "roles": ["AzureEventGridSecureWebhookSubscriber"],
    "tid": TENANT,
    "ver": "1.0",
}
V2 = {
    "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
    "azp": EVENT_GRID["public"],
    "appid": None,
    "ver": "2.0",
}
ACCOUNT = ProviderAccount(
    id="acs-demo", type="acs", options={"entra": {"tenant": TENANT.upper(), "audience": APPLICATION}}
)


@pytest.fixture(scope="module")
def acs(key_server: Any, rsa_key: rsa.RSAPrivateKey) -> Acs:
    key_server.serve(TENANT, {"key-1": rsa_key.public_key()})
    keys = EntraSigningKeys(lambda: NOW, key_server.authorities)
    assert keys.key(TENANT, "key-1") is not None  # fetched now: other tests make the server fail
    return Acs(keys)


@pytest.fixture(scope="module")
def token(rsa_key: rsa.RSAPrivateKey) -> Callable[..., str]:
    def make(changes: Mapping[str, object] | None = None, kid: object = "key-1") -> str:
        claims = {name: value for name, value in {**CLAIMS, **(changes or {})}.items() if value is not None}
        return jwt.encode(claims, rsa_key, algorithm="RS256", headers={"kid": kid})

    return make


def _verify(acs: Acs, authorization: str, account: ProviderAccount = ACCOUNT, now: datetime = NOW) -> None:
    headers = {"Authorization": authorization}
    acs.verify(HttpRequest(method="POST", url="https://textverse.example.com/", headers=headers), account, now)


@pytest.mark.parametrize("changes", [{}, V2, {"extra": "claim"}], ids=["v1", "v2", "more"])
def test_event_grid_s_token_is_accepted(acs: Acs, token: Callable[..., str], changes: Mapping[str, object]) -> None:
    _verify(acs, f"Bearer {token(changes)}")
    _verify(acs, f"bearer  {token(changes)}")


@pytest.mark.parametrize("configured", [APPLICATION, f"api://{APPLICATION}"])
@pytest.mark.parametrize("named", [APPLICATION, f"api://{APPLICATION}"])
def test_the_application_may_be_named_by_id_or_uri(
    acs: Acs, token: Callable[..., str], configured: str, named: str
) -> None:
    account = replace(ACCOUNT, options={"entra": {"tenant": TENANT, "audience": configured}})

    _verify(acs, f"Bearer {token({'aud': named})}", account)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "00000000-0000-0000-0000-000000000000"},
        {"aud": None},
        {"aud": [APPLICATION]},
        {"iss": f"https://login.microsoftonline.com/{EVENT_GRID['public']}/v2.0"},
        {"iss": f"https://login.microsoftonline.us/{TENANT}/v2.0"},
        {"iss": None},
        {"tid": "00000000-0000-0000-0000-000000000000"},
        {"tid": None},
        {"exp": NOW_S - 61},
        {"exp": None},
        {"nbf": NOW_S + 61},
        {"nbf": None},
        {"appid": EVENT_GRID["usgov"]},
        {"appid": APPLICATION},
        {"appid": None},
        {"azp": APPLICATION},
        {"roles": ["Reader"]},
        {"roles": "AzureEventGridSecureWebhookSubscriber"},
        {"roles": None},
    ],
    ids=repr,
)
def test_every_claim_has_to_hold(acs: Acs, token: Callable[..., str], changes: Mapping[str, object]) -> None:
    with pytest.raises(SignatureInvalid, match="claim"):
        _verify(acs, f"Bearer {token(changes)}")


def test_clocks_may_differ_a_little(acs: Acs, token: Callable[..., str]) -> None:
    _verify(acs, f"Bearer {token({'exp': NOW_S - 59})}")
    _verify(acs, f"Bearer {token({'nbf': NOW_S + 59})}")


def test_the_time_is_the_one_that_is_passed_in(acs: Acs, token: Callable[..., str]) -> None:
    with pytest.raises(SignatureInvalid, match="exp"):
        _verify(acs, f"Bearer {token()}", now=datetime(2026, 11, 20, 11, tzinfo=UTC))
    with pytest.raises(SignatureInvalid, match="nbf"):
        _verify(acs, f"Bearer {token()}", now=datetime(2026, 11, 20, 9, tzinfo=UTC))


def test_another_key_of_that_name_is_refused(acs: Acs) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    with pytest.raises(SignatureInvalid):
        _verify(acs, f"Bearer {jwt.encode(dict(CLAIMS), stranger, 'RS256', {'kid': 'key-1'})}")


def test_a_changed_claim_is_refused(acs: Acs, token: Callable[..., str]) -> None:
    header, _, signature = token().split(".")
    claims = base64.urlsafe_b64encode(json.dumps({**CLAIMS, "exp": NOW_S + 9999}).encode()).rstrip(b"=").decode()

    with pytest.raises(SignatureInvalid):
        _verify(acs, f"Bearer {header}.{claims}.{signature}")


def test_only_rs256_is_believed(acs: Acs, rsa_key: rsa.RSAPrivateKey) -> None:
    public = rsa_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    named = {"kid": "key-1"}
    unsigned = jwt.encode(dict(CLAIMS), "", "none", named)
    # PyJWT refuses to sign with a PEM as a shared key, an attacker does not.
    signed = ".".join(_part(part) for part in ({"alg": "HS256", "typ": "JWT", **named}, CLAIMS))
    digest = hmac.digest(public, signed.encode(), "sha256")
    symmetric = f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    for token in (unsigned, symmetric, jwt.encode(dict(CLAIMS), rsa_key, "RS512", named)):
        with pytest.raises(SignatureInvalid):
            _verify(acs, f"Bearer {token}")


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer ....",
        "Bearer ä.ö.ü",
        "Bearer \ud800.x.y",
        "Basic dXNlcjpwYXNz",
        "Bearer " + base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("=") + ".e30.AA",
        "Bearer " + base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"key-1"}').decode().rstrip("=") + ".W10.AA",
        "Bearer " + base64.urlsafe_b64encode(b'{"alg":"RS256","kid":5}').decode().rstrip("=") + ".e30.AA",
        "Bearer " + base64.urlsafe_b64encode(b'{"alg":"RS256"}').decode().rstrip("=") + ".e30.AA",
        "Bearer " + base64.urlsafe_b64encode(b'{"alg":["RS256"]}').decode().rstrip("=") + ".e30.AA",
    ],
    ids=range(12),
)
def test_what_is_no_token_is_refused(acs: Acs, authorization: str) -> None:
    with pytest.raises(SignatureInvalid):
        _verify(acs, authorization)


def test_a_token_is_required_even_where_a_secret_is_configured(acs: Acs, token: Callable[..., str]) -> None:
    account = replace(ACCOUNT, callback_secrets=(CallbackSecret("secret"),))
    headers = {"X-Callback-Secret": "secret"}

    with pytest.raises(SignatureMissing):
        acs.verify(HttpRequest(method="POST", url="https://textverse.example.com/", headers=headers), account, NOW)
    _verify(acs, f"Bearer {token()}", account)


def test_a_key_that_the_tenant_does_not_have_is_refused(acs: Acs, token: Callable[..., str]) -> None:
    with pytest.raises(SignatureInvalid):
        _verify(acs, f"Bearer {token(kid='key-2')}")


def test_a_key_server_that_is_down_is_not_a_wrong_signature(key_server: Any, token: Callable[..., str]) -> None:
    key_server.fail(503)
    down = Acs(EntraSigningKeys(lambda: NOW, key_server.authorities))

    with pytest.raises(Unavailable) as error:
        _verify(down, f"Bearer {token()}")
    assert "Bearer" not in str(error.value) and token() not in str(error.value)


def test_the_us_government_has_a_cloud_of_its_own(key_server: Any, rsa_key: rsa.RSAPrivateKey) -> None:
    key_server.serve(TENANT, {"key-1": rsa_key.public_key()})
    authorities = {"usgov": key_server.authorities["public"]}
    options = {"entra": {"tenant": TENANT, "audience": APPLICATION, "cloud": "usgov"}}
    gov = Acs(EntraSigningKeys(lambda: NOW, authorities))
    claims = {**CLAIMS, "iss": f"https://login.microsoftonline.us/{TENANT}/v2.0", "azp": EVENT_GRID["usgov"]}

    right = jwt.encode({**claims, "appid": None}, rsa_key, "RS256", {"kid": "key-1"})
    _verify(gov, f"Bearer {right}", replace(ACCOUNT, options=options))
    with pytest.raises(SignatureInvalid, match="appid"):
        public = jwt.encode({**claims, "azp": EVENT_GRID["public"]}, rsa_key, "RS256", {"kid": "key-1"})
        _verify(gov, f"Bearer {public}", replace(ACCOUNT, options=options))


def _part(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
