"""Tokens by msal, which talks to a scripted identity provider at its own seam, `http_client`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import responses

from dataverse.webapi.auth import (
    IdentitySession,
    StaticToken,
    TokenProvider,
    client_secret,
    managed_identity,
)
from messaging.errors import ConfigurationError, Unavailable

BASE = "https://contoso.crm4.dynamics.com/"
TENANT = "7f0a1e52-5f0e-4f3a-9f53-0a8a0e4d9c11"
SECRET = "s3cret~value"


@pytest.fixture
def tokens(provider: Any, clock: Any) -> TokenProvider:
    return client_secret(BASE, tenant=TENANT, client_id="app", secret=SECRET, clock=clock, http_client=provider)


def refusal(error: str, description: str, status: int = 401) -> tuple[int, str]:
    return (status, json.dumps({"error": error, "error_description": description}))


def test_a_secret_is_exchanged_for_a_token_of_the_environment(tokens: TokenProvider, provider: Any) -> None:
    assert tokens.token() == "token-1"
    [asked] = provider.asked
    assert asked["client_id"] == "app"
    assert asked["client_secret"] == SECRET
    assert asked["grant_type"] == "client_credentials"
    assert asked["scope"] == "https://contoso.crm4.dynamics.com/.default"


def test_a_token_is_kept_until_shortly_before_it_expires(tokens: TokenProvider, provider: Any, clock: Any) -> None:
    assert tokens.token() == "token-1"
    clock.now += 3600 - 301
    assert tokens.token() == "token-1"
    assert len(provider.asked) == 1


def test_a_token_is_renewed_before_it_expires(
    tokens: TokenProvider, provider: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.token()
    clock.now += 3600 - 299
    moved = time.time() + 3600 - 299
    monkeypatch.setattr(time, "time", lambda: moved)  # msal keeps tokens by the clock on the wall
    assert tokens.token() == "token-2"


def test_a_short_lived_token_is_used_at_all(tokens: TokenProvider, provider: Any, clock: Any) -> None:
    provider.lifetime = 200
    assert [tokens.token(), tokens.token()] == ["token-1", "token-1"]


def test_threads_fetch_one_token(tokens: TokenProvider, provider: Any) -> None:
    provider.delay = 0.05
    with ThreadPoolExecutor(8) as pool:
        given = {future.result() for future in [pool.submit(tokens.token) for _ in range(8)]}
    assert given == {"token-1"}
    assert len(provider.asked) == 1


def test_a_refused_token_is_not_given_again(tokens: TokenProvider, provider: Any) -> None:
    tokens.invalidate(tokens.token())
    assert tokens.token() == "token-2"
    assert len(provider.asked) == 2


def test_a_refused_token_does_not_take_a_newer_one_with_it(tokens: TokenProvider, provider: Any) -> None:
    old = tokens.token()
    tokens.invalidate(old)
    new = tokens.token()
    tokens.invalidate(old)
    assert tokens.token() == new
    assert len(provider.asked) == 2


@pytest.mark.parametrize(
    ("error", "description", "code"),
    [
        ("invalid_client", f"AADSTS7000215: Invalid client secret provided: {SECRET}. Trace ID: 1", "AADSTS7000215"),
        ("invalid_client", "AADSTS7000222: The provided client secret keys are expired.", "AADSTS7000222"),
        ("unauthorized_client", "AADSTS700016: Application not found in the directory.", "AADSTS700016"),
        ("invalid_resource", "AADSTS500011: The resource principal was not found.", "AADSTS500011"),
    ],
)
def test_wrong_credentials_are_a_matter_of_configuration(
    tokens: TokenProvider, provider: Any, error: str, description: str, code: str
) -> None:
    provider.script = [refusal(error, description)]
    with pytest.raises(ConfigurationError) as raised:
        tokens.token()
    assert f"{error}, {code}" in str(raised.value)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectionError(f"proxy said {SECRET}"),
        requests.ReadTimeout(),
        (503, "busy"),
        (200, f"<html>{SECRET}"),
        refusal("temporarily_unavailable", "AADSTS90033: A transient error has occurred.", 400),
    ],
)
def test_an_identity_provider_that_fails_is_unavailable(
    tokens: TokenProvider, provider: Any, clock: Any, trouble: Any
) -> None:
    provider.script = [trouble]
    with pytest.raises(Unavailable) as raised:
        tokens.token()
    assert raised.value.retry_after == 5.0
    assert SECRET not in str(raised.value)
    clock.now += 61  # msal itself keeps an answer 400 for a minute
    tokens.invalidate("")
    assert tokens.token().startswith("token-")


def test_after_a_failure_nobody_waits_for_the_next_one(tokens: TokenProvider, provider: Any, clock: Any) -> None:
    provider.script = [requests.ConnectTimeout()]
    for _ in range(5):
        with pytest.raises(Unavailable, match="ConnectTimeout"):
            tokens.token()
    assert len(provider.asked) == 1
    clock.now += 5
    assert tokens.token() == "token-2"


def test_a_failure_to_renew_is_none_while_the_old_token_is_valid(
    tokens: TokenProvider, provider: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.token()
    provider.script = [requests.ConnectTimeout(), requests.ConnectTimeout()]
    clock.now += 3600 - 100
    moved = time.time() + 3600 - 100
    monkeypatch.setattr(time, "time", lambda: moved)
    assert [tokens.token(), tokens.token()] == ["token-1", "token-1"]
    assert len(provider.asked) == 2
    clock.now += 101
    with pytest.raises(Unavailable):
        tokens.token()


def test_an_unknown_tenant_is_a_matter_of_configuration(provider: Any, clock: Any) -> None:
    provider.tenant_exists = False
    tokens = client_secret(BASE, tenant="nobody", client_id="app", secret=SECRET, clock=clock, http_client=provider)
    with pytest.raises(ConfigurationError, match="tenant"):
        tokens.token()


def test_the_way_to_the_identity_provider_has_a_time_limit(server: Any) -> None:
    server.script = [lambda handler: handler.rfile.read(1)]
    with IdentitySession() as session, pytest.raises(requests.ReadTimeout):
        session.get(server.url, timeout=0.05)
    with responses.RequestsMock() as web:
        web.get("https://login.example/")
        IdentitySession().get("https://login.example/")
        sent: Any = web.calls[0].request
    assert sent.req_kwargs["timeout"] == (5, 20)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:7072", "http://localhost:7072", "https://[::1]"])
def test_a_fixed_token_is_for_this_machine(base_url: str) -> None:
    tokens = StaticToken(base_url, "user:1")
    tokens.invalidate("user:1")
    assert tokens.token() == "user:1"


@pytest.mark.parametrize("base_url", [BASE, "http://contoso.example", "https://127.0.0.1.evil.example"])
def test_a_fixed_token_goes_nowhere_else(base_url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        StaticToken(base_url, SECRET)
    assert SECRET not in str(raised.value)


def test_all_of_them_are_token_providers(clock: Any) -> None:
    made: list[Callable[[], TokenProvider]] = [
        lambda: StaticToken("http://localhost", "x"),
        lambda: client_secret(BASE, tenant=TENANT, client_id="a", secret="b", clock=clock),
        lambda: managed_identity(BASE, clock=clock),
    ]
    assert all(callable(make().token) for make in made)
