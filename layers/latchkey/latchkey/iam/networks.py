"""Ranges of addresses as `aws:SourceIp` compares them: how much of the internet they are."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

_MOST = 2 / 3
"""The share of the public addresses from which on ranges keep hardly anybody out."""

_NOT_PUBLIC = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
        ),
    )
)
"""No caller on the internet has one of these (IANA IPv4 Special-Purpose Address Registry)."""

_ASSIGNED = tuple(
    map(
        IPv6Network,
        (
            "2001::/16",
            "2003::/18",
            "2400::/12",
            "2410::/12",
            "2600::/12",
            "2630::/12",
            "2800::/12",
            "2a00::/12",
            "2a10::/12",
            "2c00::/12",
        ),
    )
)
"""What is given out of 2000::/3, and so what callers have (IANA IPv6 Global Unicast Address
Assignments, the large blocks)."""

_PUBLIC_V4 = 2**32 - sum(network.num_addresses for network in _NOT_PUBLIC)
_PUBLIC_V6 = sum(network.num_addresses for network in _ASSIGNED)


def keep_nobody_out(ranges: Iterable[str]) -> bool:
    """Whether ranges in CIDR form are together the internet, or most of it, of one IP version.

    The ranges are merged first: two halves are as much as the whole.
    """
    networks = [ip_network(text, strict=False) for text in ranges]
    v4 = list(collapse_addresses(n for n in networks if isinstance(n, IPv4Network)))
    v6 = list(collapse_addresses(n for n in networks if isinstance(n, IPv6Network)))
    public_v4 = sum(network.num_addresses for network in v4) - _common(v4, _NOT_PUBLIC)
    return public_v4 > _MOST * _PUBLIC_V4 or _common(v6, _ASSIGNED) > _MOST * _PUBLIC_V6


def _common[N: (IPv4Network, IPv6Network)](ours: Sequence[N], others: Sequence[N]) -> int:
    """How many addresses two sets of networks share; the networks of neither overlap."""
    return sum(
        min(one.num_addresses, other.num_addresses)
        for one in ours
        for other in others
        if one.overlaps(other)
    )
