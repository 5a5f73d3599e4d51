"""Which addresses belong to the public internet: an allow-list, so that an unknown range is refused."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

# Global unicast (RFC 4291 2.4). It excludes mapped, compatible, NAT64, local and multicast addresses.
_IPV6 = IPv6Network("2000::/3")
_IPV6_EXCLUDED = [
    IPv6Network("2001::/23"),  # Teredo and other protocol assignments (RFC 2928)
    IPv6Network("2001:db8::/32"),  # documentation (RFC 3849)
    IPv6Network("2002::/16"),  # 6to4: carries an IPv4 address of anybody's choice (RFC 3056)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
]
_IPV4_EXCLUDED = [
    IPv4Network("192.0.0.0/24"),  # protocol assignments (RFC 6890)
    IPv4Network("192.88.99.0/24"),  # 6to4 relays (RFC 7526)
]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether a server on the public internet can have this address."""
    if isinstance(address, IPv6Address):
        return (
            address.scope_id is None
            and address in _IPV6
            and not any(address in network for network in _IPV6_EXCLUDED)
        )
    # `is_global` excludes private, loopback, link-local, shared (CGNAT) and reserved addresses.
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _IPV4_EXCLUDED)
    )
