"""Ranges of addresses as `aws:SourceIp` compares them: who they let in, if anybody."""

from collections.abc import Iterable, Sequence
from functools import partial
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_interface, ip_network
from typing import TypeVar

_MOST = 2 / 3
"""The share of the public addresses from which on ranges keep hardly anybody out."""

_Network = IPv4Network | IPv6Network


def _networks(*texts: str) -> tuple[_Network, ...]:
    return tuple(map(ip_network, texts))


_KINDS: tuple[tuple[str, tuple[_Network, ...]], ...] = (
    ("private", _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")),
    ("loopback", _networks("127.0.0.0/8", "::1/128")),
    ("link-local", _networks("169.254.0.0/16", "fe80::/10")),
    ("shared by customers of a carrier (CGNAT)", _networks("100.64.0.0/10")),
    ("multicast", _networks("224.0.0.0/4", "ff00::/8")),
    ("unspecified", _networks("0.0.0.0/8", "::/128")),
    ("for benchmarks", _networks("198.18.0.0/15")),
    ("reserved", _networks("240.0.0.0/4")),
)
"""What nobody's requests over the internet come from, by what it is called (IANA IPv4 and IPv6
Special-Purpose Address Registries; RFC 1918, 4193, 3927, 6598). Ranges for documentation are not
among it: examples are written with them."""

_NOT_PUBLIC = tuple(one for _, kind in _KINDS for one in kind if isinstance(one, IPv4Network))
"""No caller on the internet has one of these."""

_GLOBAL = IPv6Network("2000::/3")
"""All IPv6 addresses that are given out to callers (IANA Internet Protocol Version 6 Address
Space, "Global Unicast")."""

_MAPPED = 96
"""Bits before the IPv4 address in `::ffff:0:0/96` (RFC 4291, section 2.5.5.2)."""

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


def never_seen(network: _Network) -> str | None:
    """What is wrong with a range that no caller's address is in; None where it may be.

    `aws:SourceIp` is the address from which a request reaches AWS over the internet; a request
    through a VPC endpoint has none (IAM user guide, "AWS global condition context keys").
    """
    if isinstance(network, IPv6Network):
        mapped, bits = network.network_address.ipv4_mapped, network.prefixlen - _MAPPED
        if mapped and bits >= 0:
            return f"AWS sees these as IPv4 addresses; write {mapped}/{bits}"
        nobody = not network.overlaps(_GLOBAL)
    else:
        nobody = _common([network], _NOT_PUBLIC) == network.num_addresses
    if not nobody:
        return None
    kinds = (kind for kind, ranges in _KINDS if any(map(partial(_lies_in, network), ranges)))
    return (
        f"{network} is {next(kinds, 'not public')}, and AWS sees callers by their public "
        "addresses: nobody could ever assume the role from there; write the public addresses that "
        "the partner's requests come from, such as those of its NAT gateways"
    )


def _lies_in(small: _Network, big: _Network) -> bool:
    return small.version == big.version and small.subnet_of(big)  # type: ignore[arg-type]


def without_host_bits(text: str) -> str | None:
    """What to write for a range whose address goes on behind its prefix; None if it does not."""
    given = ip_interface(text)
    if given.ip == given.network.network_address:
        return None
    return (
        f"the address goes on behind its /{given.network.prefixlen}; write {given.network} for "
        f"the whole range, or {given.ip}/{given.max_prefixlen} for this one address"
    )


_N = TypeVar("_N", IPv4Network, IPv6Network)


def _common(ours: Sequence[_N], others: Sequence[_N]) -> int:
    """How many addresses two sets of networks share; the networks of neither overlap."""
    return sum(
        min(one.num_addresses, other.num_addresses)
        for one in ours
        for other in others
        if one.overlaps(other)
    )
