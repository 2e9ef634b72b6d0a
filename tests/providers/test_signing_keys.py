"""Fetching and keeping Entra's keys, against a key server on loopback."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from messaging.errors import Unavailable
from providers.signing_keys import LIFETIME, PAUSE, EntraSigningKeys

TENANT = "aaaabbbb-0000-4000-8000-ccccdddd1111"
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(key_server: Any, clock: Clock, rsa_key: rsa.RSAPrivateKey) -> EntraSigningKeys:
    key_server.serve(TENANT, {"one": rsa_key.public_key()})
    return EntraSigningKeys(clock, key_server.authorities)


def test_a_key_is_fetched_once_and_kept(keys: EntraSigningKeys, key_server: Any, rsa_key: rsa.RSAPrivateKey) -> None:
    for _ in range(3):
        key = keys.key(TENANT, "one")
        assert key is not None and key.public_numbers() == rsa_key.public_key().public_numbers()
    assert key_server.asked == [f"/{TENANT}/discovery/v2.0/keys"]


def test_an_unknown_key_makes_us_look_again_once_a_minute(
    keys: EntraSigningKeys, key_server: Any, clock: Clock, rsa_key: rsa.RSAPrivateKey
) -> None:
    assert keys.key(TENANT, "two") is None
    assert keys.key(TENANT, "two") is None
    assert len(key_server.asked) == 1

    key_server.serve(TENANT, {"one": rsa_key.public_key(), "two": rsa_key.public_key()})
    clock.move(PAUSE)
    assert keys.key(TENANT, "two") is not None
    assert len(key_server.asked) == 1  # `serve` starts counting anew


def test_keys_are_fetched_anew_after_a_day(
    keys: EntraSigningKeys, key_server: Any, clock: Clock, rsa_key: rsa.RSAPrivateKey
) -> None:
    assert keys.key(TENANT, "one") is not None
    key_server.serve(TENANT, {"two": rsa_key.public_key()})

    clock.move(LIFETIME - timedelta(seconds=1))
    assert keys.key(TENANT, "one") is not None
    clock.move(timedelta(seconds=1))
    assert keys.key(TENANT, "one") is None


def test_tenants_do_not_share_keys(keys: EntraSigningKeys) -> None:
    assert keys.key(TENANT, "one") is not None
    with pytest.raises(Unavailable):
        keys.key("00000000-0000-4000-8000-000000000000", "one")


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_an_answer_that_is_none_is_unavailable_and_not_asked_for_again_at_once(
    keys: EntraSigningKeys, key_server: Any, clock: Clock, status: int, rsa_key: rsa.RSAPrivateKey
) -> None:
    key_server.fail(status)
    for _ in range(3):
        with pytest.raises(Unavailable):
            keys.key(TENANT, "one")
    assert len(key_server.asked) == 1

    key_server.serve(TENANT, {"one": rsa_key.public_key()})
    clock.move(PAUSE)
    assert keys.key(TENANT, "one") is not None


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b"{}", b'{"keys": []}', b'{"keys": 5}', b'{"keys": [{"kty": "RSA"}]}', b"\xff"],
)
def test_a_body_without_keys_is_unavailable(keys: EntraSigningKeys, key_server: Any, body: bytes) -> None:
    key_server.answer(body)

    with pytest.raises(Unavailable):
        keys.key(TENANT, "one")


def test_a_server_that_is_not_there_is_unavailable(clock: Clock) -> None:
    keys = EntraSigningKeys(clock, {"public": "http://127.0.0.1:1"})

    with pytest.raises(Unavailable):
        keys.key(TENANT, "one")


def test_known_keys_serve_on_while_entra_is_down(keys: EntraSigningKeys, key_server: Any, clock: Clock) -> None:
    assert keys.key(TENANT, "one") is not None
    key_server.fail(503)
    clock.move(LIFETIME / 2)

    with pytest.raises(Unavailable):
        keys.key(TENANT, "made up")
    assert keys.key(TENANT, "made up") is None
    assert keys.key(TENANT, "one") is not None


def test_only_keys_for_signing_with_rsa_count(
    keys: EntraSigningKeys, key_server: Any, rsa_key: rsa.RSAPrivateKey
) -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    key_server.serve(TENANT, {"one": rsa_key.public_key(), "elliptic": elliptic}, use={"one": "enc"})

    assert keys.key(TENANT, "elliptic") is None
    assert keys.key(TENANT, "one") is None


def test_threads_share_one_fetch(keys: EntraSigningKeys, key_server: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: keys.key(TENANT, "one"), range(32)))

    assert all(found)
    assert len(key_server.asked) == 1
