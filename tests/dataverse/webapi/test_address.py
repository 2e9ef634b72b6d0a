"""Which addresses a token may be sent to."""

from __future__ import annotations

import pytest

from dataverse.webapi.address import is_loopback, service_root
from messaging.errors import ConfigurationError


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://contoso.crm4.dynamics.com", "https://contoso.crm4.dynamics.com"),
        (" https://Contoso.crm4.dynamics.com/ ", "https://contoso.crm4.dynamics.com"),
        ("http://127.0.0.1:7072", "http://127.0.0.1:7072"),
        ("http://localhost:7072/", "http://localhost:7072"),
        ("http://[::1]:7072", "http://[::1]:7072"),
        ("https://localhost", "https://localhost"),
    ],
)
def test_an_address_is_scheme_and_host(url: str, root: str) -> None:
    assert service_root(url) == root


@pytest.mark.parametrize(
    "url",
    [
        "",
        "contoso.crm4.dynamics.com",
        "http://contoso.crm4.dynamics.com",
        "http://127.0.0.1.evil.example",
        "http://10.0.0.1",
        "https://contoso.crm4.dynamics.com/api/data/v9.2/",
        "https://contoso.crm4.dynamics.com/?x=1",
        "https://contoso.crm4.dynamics.com#x",
        "https://user:pw@contoso.crm4.dynamics.com",
        "ftp://contoso.crm4.dynamics.com",
        "https://[::1",
        "https://contoso:99999",
        "https://",
    ],
)
def test_anything_else_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        service_root(url)
    assert "pw" not in str(raised.value)


@pytest.mark.parametrize(
    ("root", "loopback"),
    [
        ("http://127.0.0.1:7072", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:1", True),
        ("https://localhost", True),
        ("https://contoso.crm4.dynamics.com", False),
        ("https://localhost.evil.example", False),
    ],
)
def test_this_machine_is_known(root: str, loopback: bool) -> None:
    assert is_loopback(root) is loopback
