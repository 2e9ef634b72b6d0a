"""Which addresses are out in the public internet: no request of ours is to be led anywhere else."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

# Looks public, and is the platform itself to every machine in Azure
# (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
AZURE_PLATFORM = IPv4Address("168.63.129.16")
# Set aside for protocols (RFC 6890, RFC 7526); Python's own list differs from release to release.
_PROTOCOLS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
# All that has been given out of IPv6; the rest holds what is local, and IPv4 behind translators (64:ff9b::/96).
_GIVEN_OUT = IPv6Network("2000::/3")


def read(text: str) -> Address:
    """An address as the operating system writes it, without the zone of a link-local one. Raises ValueError."""
    return ip_address(text.partition("%")[0])


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet: not private, not of this machine or link, not reserved, and
    not one of IPv4 in the guise of IPv6.

    https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in _GIVEN_OUT or address.sixtofour or address.teredo:
            return False
    elif address == AZURE_PLATFORM or any(address in network for network in _PROTOCOLS):
        return False
    special = address.is_private or address.is_multicast or address.is_reserved or address.is_link_local
    return address.is_global and not special
