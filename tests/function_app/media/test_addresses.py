"""Which addresses may be called."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function_app.media.addresses import is_public, read


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "10.0.0.4", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "240.0.0.1", "255.255.255.255", "192.0.0.192", "198.18.0.1", "168.63.129.16",
     "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "2001:db8::1", "fec0::1"],
)  # fmt: skip
def test_no_address_of_this_machine_its_network_or_its_platform_may_be_called(text: str) -> None:
    assert not is_public(read(text))


@pytest.mark.parametrize("text", ["3.5.0.1", "54.172.60.0", "2600:1f18::1"])
def test_addresses_of_the_public_internet_may_be_called(text: str) -> None:
    assert is_public(read(text))


@given(st.ip_addresses(v=4))
def test_an_address_of_ipv4_is_judged_the_same_in_the_guise_of_ipv6(address: IPv4Address) -> None:
    assert is_public(IPv6Address(f"::ffff:{address}")) == is_public(address)


@given(st.ip_addresses(v=4))
def test_no_address_behind_a_translator_may_be_called(address: IPv4Address) -> None:
    high, low = divmod(int(address), 2**16)
    for prefix in ("64:ff9b::{:x}:{:x}", "64:ff9b:1::{:x}:{:x}", "2002:{:x}:{:x}::1", "2001:0:{:x}:{:x}::1"):
        assert not is_public(IPv6Address(prefix.format(high, low)))
