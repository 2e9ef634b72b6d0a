"""Signing in: each way, and a sentence with the next step for whatever goes wrong."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime

import pytest
import responses

from admin.exits import Exit, Stopped
from admin.signin import Auth, environment_url, token_provider, usual

URL = "https://contoso.crm4.dynamics.com"
LOGIN = "https://login.microsoftonline.com"
EXPIRES = int(time.time()) + 3600


def provider(way, url=URL, *, tenant="", environment=None, prompt=None):
    return token_provider(
        url,
        way,
        tenant=tenant,
        environment=environment or {},
        prompt=prompt or pytest.fail,
        clock=time.monotonic,
        now=lambda: datetime.now(UTC),
    )


@pytest.fixture
def az(tmp_path, monkeypatch):
    """The Azure CLI, as far as it is asked: prints what it is told to, and remembers how it was called."""

    def install(*, out="", err="", code=0):
        script = tmp_path / "az"
        asked = tmp_path / "asked"
        script.write_text(
            f"#!/bin/sh\necho \"$@\" >> {asked}\ncat <<'END'\n{out}\nEND\ncat >&2 <<'END'\n{err}\nEND\nexit {code}\n"
        )
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
        return asked

    return install


def part(values):
    """A part of a JSON Web Token."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()


def stopped(act):
    with pytest.raises(Stopped) as reason:
        act()
    return reason.value


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (URL, URL),
        (f"{URL}/", URL),
        ("contoso.crm4.dynamics.com", URL),
        (f"{URL}/main.aspx?appid=1&pagetype=entitylist", URL),
        (f"{URL}/api/data/v9.2/", URL),
        ("http://127.0.0.1:7072", "http://127.0.0.1:7072"),
    ],
)
def test_what_is_copied_from_the_address_bar_leads_to_the_environment(given, url):
    assert environment_url(given) == url


@pytest.mark.parametrize("host", ["make.powerapps.com", "admin.powerplatform.microsoft.com", "portal.azure.com"])
def test_a_portal_is_not_an_environment_and_it_is_said_where_the_url_stands(host):
    reason = stopped(lambda: environment_url(f"https://{host}/environments/1/home"))

    assert str(reason) == f"{host} is a portal, not an environment."
    assert "Instance url" in reason.advice
    assert reason.exit_code is Exit.USAGE


@pytest.mark.parametrize(
    "given", ["http://contoso.crm4.dynamics.com", "https://", "ftp://contoso", "https://a.example/x", "http://["]
)
def test_what_cannot_be_an_environment_is_refused(given):
    assert stopped(lambda: environment_url(given)).exit_code is Exit.USAGE


def test_an_emulator_wants_no_proof_and_others_are_signed_in_to_with_the_azure_cli():
    assert usual("http://127.0.0.1:7072") is Auth.DEVELOPMENT
    assert usual(URL) is Auth.AZURE_CLI


def test_signing_in_without_proof_is_for_this_machine():
    assert provider(Auth.DEVELOPMENT, "http://127.0.0.1:7072").token() == "service"
    assert "emulator" in str(stopped(lambda: provider(Auth.DEVELOPMENT)))


def test_the_azure_cli_gives_the_token_of_the_environment_once(az):
    asked = az(out=json.dumps({"accessToken": "a token", "expires_on": EXPIRES}))
    tokens = provider(Auth.AZURE_CLI, tenant="contoso.com")

    assert [tokens.token(), tokens.token()] == ["a token", "a token"]
    assert asked.read_text() == f"account get-access-token --output json --resource {URL} --tenant contoso.com\n"


def test_without_the_azure_cli_it_says_where_it_is_to_be_had(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    reason = stopped(provider(Auth.AZURE_CLI).token)

    assert "not installed" in str(reason)
    assert "--auth device-code" in reason.advice


@pytest.mark.parametrize(
    ("err", "said", "advice"),
    [
        ("ERROR: Please run 'az login' to setup account.", "not signed in", "az login"),
        ("ERROR: AADSTS500011: The resource was not found in X.", "no such Dataverse environment", "--tenant"),
        ("ERROR: AADSTS90002: Tenant 'x' not found.", "no such directory", "--tenant"),
        ("ERROR: AADSTS700082: The refresh token has expired due to inactivity.", "has expired", "az login"),
        ("ERROR: AADSTS50076: Due to a change you must use multi-factor authentication", "second factor", "az login"),
        ("ERROR: AADSTS53003: Access has been blocked.", "Conditional Access", "--auth client-secret"),
        ("ERROR: AADSTS999999: Something new.", "it refuses (AADSTS999999)", "--auth"),
        ("ERROR: something else entirely", "gives no token", "--auth"),
    ],
)  # fmt: skip
def test_what_the_azure_cli_says_is_told_in_a_sentence_with_the_next_step(az, err, said, advice):
    az(err=err, code=1)
    reason = stopped(provider(Auth.AZURE_CLI).token)

    assert said in str(reason)
    assert advice in reason.advice


def test_a_tenant_that_cannot_be_one_is_refused():
    reason = stopped(provider(Auth.AZURE_CLI, tenant="contoso; rm").token)

    assert "--tenant" in str(reason)


def test_as_a_process_nothing_but_the_sentence_is_written(az, admin):
    az(err="ERROR: AADSTS500011: a long text with ids", code=1)
    ran = admin("users", "list", "--url", URL)

    assert ran.code == 1
    assert ran.err.splitlines()[0].startswith("Error: Microsoft Entra gives no token:")
    assert "a long text" not in ran.err


@responses.activate
def test_a_device_code_is_shown_and_then_the_token_is_had():
    tenant = f"{LOGIN}/organizations"
    endpoints = {
        "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
        "token_endpoint": f"{tenant}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{tenant}/oauth2/v2.0/devicecode",
        "issuer": f"{tenant}/v2.0",
    }
    responses.get(f"{tenant}/v2.0/.well-known/openid-configuration", json=endpoints)
    responses.get(f"{LOGIN}/common/discovery/instance", json={"tenant_discovery_endpoint": "x", "metadata": []})
    code = {"user_code": "A1B2", "device_code": "d", "verification_uri": "https://microsoft.com/devicelogin"}
    responses.post(f"{tenant}/oauth2/v2.0/devicecode", json={**code, "expires_in": 900, "interval": 0, "message": "m"})
    who = {"iss": f"{LOGIN}/t/v2.0", "sub": "s", "aud": "a", "tid": "t", "preferred_username": "m@contoso.com"}
    token = {
        "access_token": "a token",
        "token_type": "Bearer",
        "expires_in": 3600,
        "client_info": part({"uid": "u", "utid": "t"}),
        "id_token": f"{part({'alg': 'none'})}.{part(who | {'exp': EXPIRES, 'iat': EXPIRES - 3600})}.x",
    }
    responses.post(f"{tenant}/oauth2/v2.0/token", json=token)
    shown = []

    assert provider(Auth.DEVICE_CODE, prompt=shown.append).token() == "a token"
    assert shown == ["To sign in, open https://microsoft.com/devicelogin in a browser and enter the code A1B2"]


def test_a_client_secret_comes_from_the_environment():
    found = {"AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"}
    reason = stopped(lambda: provider(Auth.CLIENT_SECRET, environment=found))

    assert str(reason) == "--auth client-secret needs AZURE_TENANT_ID in the environment."
    assert provider(Auth.CLIENT_SECRET, environment=found, tenant="contoso.com") is not None


@responses.activate
def test_a_client_secret_that_is_refused_is_not_shown(admin):
    responses.get(
        f"{LOGIN}/contoso.com/v2.0/.well-known/openid-configuration",
        json={
            "authorization_endpoint": f"{LOGIN}/contoso.com/oauth2/v2.0/authorize",
            "token_endpoint": f"{LOGIN}/contoso.com/oauth2/v2.0/token",
            "issuer": f"{LOGIN}/contoso.com/v2.0",
        },
    )
    refusal = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret. s3cret"}
    responses.post(f"{LOGIN}/contoso.com/oauth2/v2.0/token", json=refusal, status=401)
    admin.environment = {
        "AZURE_TENANT_ID": "contoso.com",
        "AZURE_CLIENT_ID": "c",
        "AZURE_CLIENT_SECRET": "s3cret",
        "DATAVERSE_URL": URL,
    }
    ran = admin("users", "list", "--auth", "client-secret")

    assert ran.code == 1
    assert "AADSTS7000215" in ran.err
    assert "s3cret" not in ran.err
