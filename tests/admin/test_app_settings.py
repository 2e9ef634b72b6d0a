"""The app settings of the function app: from a file of either kind, or the environment; what only Azure can resolve."""

from __future__ import annotations

import json

import pytest

from admin.app_settings import from_environment, from_file
from admin.exits import Exit, Stopped

REFERENCE = "@Microsoft.KeyVault(SecretUri=https://vault.example.net/secrets/providers)"


@pytest.fixture
def file(tmp_path):
    def write(content, *, encoding="utf-8"):
        path = tmp_path / "settings.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding=encoding)
        return path

    return write


AS_ON_A_LAPTOP = {"IsEncrypted": False, "Values": {"DEFAULT_REGION": "DE"}}
AS_FROM_AZURE = [{"name": "DEFAULT_REGION", "slotSetting": False, "value": "DE"}]


@pytest.mark.parametrize("content", [AS_ON_A_LAPTOP, AS_FROM_AZURE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_of_either_kind_is_read(file, content, encoding):
    path = file(content, encoding=encoding)

    assert from_file(path, {}).values == {"DEFAULT_REGION": "DE"}


@pytest.mark.parametrize("content", ["", "{", "[]x", {}, {"Values": []}, [1], [{"value": "x"}], "null"])
def test_a_file_without_settings_is_refused_with_what_it_should_be(file, content):
    with pytest.raises(Stopped, match="holds no app settings") as stopped:
        from_file(file(content), {})

    assert "az functionapp config appsettings list" in stopped.value.advice
    assert stopped.value.exit_code is Exit.USAGE


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(Stopped, match=r"nowhere\.json cannot be read: No such file"):
        from_file(tmp_path / "nowhere.json", {})


@pytest.mark.parametrize("value", [REFERENCE, REFERENCE.lower(), None])
def test_what_only_azure_can_resolve_is_left_out_and_remembered(file, value):
    settings = from_file(file([{"name": "PROVIDERS", "value": value}, {"name": "DEFAULT_REGION", "value": "DE"}]), {})

    assert settings.values == {"DEFAULT_REGION": "DE"}
    assert settings.unresolved == {"PROVIDERS"}
    assert 'PROVIDERS="$(az keyvault secret show' in settings.missing("PROVIDERS").advice


def test_what_the_file_leaves_open_may_be_given_in_the_environment(file):
    path = file([{"name": "PROVIDERS", "value": REFERENCE}, {"name": "DEFAULT_REGION", "value": "DE"}])
    settings = from_file(path, {"PROVIDERS": "[]", "DEFAULT_REGION": "US", "HOME": "/"})

    assert settings.values == {"PROVIDERS": "[]", "DEFAULT_REGION": "DE"}
    assert settings.unresolved == frozenset()


def test_the_environment_serves_where_there_is_no_file():
    settings = from_environment({"DEFAULT_REGION": "DE", "PROVIDERS": REFERENCE})

    assert settings.values == {"DEFAULT_REGION": "DE"}
    assert "reference to Azure Key Vault" in str(settings.missing("PROVIDERS"))
    assert "appsettings list" in settings.missing("PUBLIC_BASE_URL").advice


def test_nothing_of_a_setting_shows_in_a_repr():
    assert "DE" not in repr(from_environment({"DEFAULT_REGION": "DE"}))
