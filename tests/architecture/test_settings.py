"""local.settings.example.json and the settings module say the same."""

from __future__ import annotations

import json

import pytest

from function_app.settings import STORAGE, Settings

OF_THE_PLATFORM = {"FUNCTIONS_WORKER_RUNTIME", "PYTHON_SCRIPT_FILE_NAME", "PYTHON_THREADPOOL_THREAD_COUNT", STORAGE}
TO_SIGN_IN_ELSEWHERE = {  # DATAVERSE_AUTH=development needs none of them
    "DATAVERSE_TENANT_ID",
    "DATAVERSE_CLIENT_ID",
    "DATAVERSE_CLIENT_SECRET",
    "DATAVERSE_CERTIFICATE",
    "DATAVERSE_CERTIFICATE_THUMBPRINT",
}


@pytest.fixture(scope="module")
def example(root):
    return json.loads((root / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]


def test_the_example_holds_every_setting_that_is_read_and_no_other(example):
    read = {name.upper() for name in Settings.model_fields if name != "storage"}

    assert set(example) - OF_THE_PLATFORM == read - TO_SIGN_IN_ELSEWHERE
    assert read >= TO_SIGN_IN_ELSEWHERE


def test_the_example_is_valid_and_has_three_accounts_that_harm_nobody(example):
    accounts = Settings.read(example).accounts()

    assert set(accounts) == {"twilio-demo", "acs-demo", "telesign-demo"}
    assert not any(account.credentials for account in accounts.values())


def test_azure_reads_every_value_as_text(example):
    assert all(isinstance(value, str) for value in example.values())
