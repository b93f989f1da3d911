"""Ranges that keep nobody out, and ranges that nobody can be in."""

from ipaddress import IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.config.problem import Problem
from latchkey.iam.networks import keep_nobody_out, never_seen
from tests.kit.examples import read

WHOLE = [
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["128.0.0.0/1", "203.0.113.0/24", "0.0.0.0/1"],
    ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
    ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"],  # all but multicast and what is reserved
    ["0.0.0.0/1", "128.0.0.0/2"],
    ["2000::/4", "3000::/4"],
    ["::/1"],
    ["2000::/3"],
    ["2000::/4", "203.0.113.0/24"],
    ["2000::/5", "2800::/5"],
    ["2400::/8", "2600::/8", "2800::/8", "2a00::/8"],
    ["203.0.113.0/24", "0.0.0.0/1", "2001:db8::/32", "128.0.0.0/1"],
]


@pytest.mark.parametrize("ranges", WHOLE)
def test_ranges_that_are_together_the_whole_internet_are_a_problem(ranges: list[str]) -> None:
    (problem,) = read(source_ips=ranges).problems
    assert problem.path == "/source_ips"
    assert "internet" in problem.message


def test_pieces_that_each_leave_a_little_out_are_a_problem_too() -> None:
    most = [str(n) for n in IPv4Network("0.0.0.0/0").address_exclude(IPv4Network("203.0.113.0/24"))]
    assert keep_nobody_out(most)


@pytest.mark.parametrize(
    "ranges",
    [
        ["203.0.113.0/24"],
        ["0.0.0.0/1"],
        ["0.0.0.0/2", "64.0.0.0/2"],
        ["128.0.0.0/1"],
        ["198.51.100.0/25", "198.51.100.128/25", "2001:db8::/32"],
        ["2600::/12", "2400::/12"],
        ["2600:1f00::/24"],
    ],
)
def test_ranges_that_leave_most_out_are_none(ranges: list[str]) -> None:
    assert read(source_ips=ranges).problems == ()


@given(st.lists(st.integers(0, 7), min_size=1, max_size=8), st.integers(0, 4))
def test_it_is_the_union_that_counts_however_it_is_cut(pieces: list[int], deeper: int) -> None:
    """Eighths of IPv4: seven have public addresses; each may be cut into smaller ranges."""
    eighths = [ip_network((piece << 29, 3)) for piece in pieces]
    cut = [str(small) for each in eighths for small in each.subnets(deeper)]
    public = len(set(pieces) - {7})
    if public != 4:  # 4 of 7 is next to the limit, and depends on which
        assert keep_nobody_out(cut) is (public >= 5)


def _problems(ranges: list[str]) -> tuple[Problem, ...]:
    return read(source_ips=ranges).problems


NEVER = {
    "private": ["10.0.0.0/8", "10.1.2.3", "172.16.0.0/12", "172.31.255.0/24", "192.168.1.0/24"],
    "loopback": ["127.0.0.1/32", "::1"],
    "link-local": ["169.254.169.254", "fe80::/10", "fe80:0:0:1::/64"],
    "CGNAT": ["100.64.0.0/10", "100.127.255.255/32"],
    "multicast": ["224.0.0.0/4", "239.1.1.1/32", "ff02::/16"],
    "unspecified": ["0.0.0.0/8", "::/128"],
    "benchmarks": ["198.18.0.0/16"],
    "reserved": ["240.0.0.0/4", "255.255.255.255"],
    "not public": ["224.0.0.0/3", "4000::/3", "fec0::/10", "64:ff9b::/96"],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in NEVER.items() for text in texts]
)
def test_range_that_no_caller_is_in_is_named_also_among_others(kind: str, text: str) -> None:
    given = ["203.0.113.0/24", text, "2001:db8::/32", "fd12:3456:789a::/48"]
    (mine, other) = _problems(given)
    assert (mine.path, other.path) == ("/source_ips/1", "/source_ips/3")
    assert kind in mine.message
    assert "public addresses" in mine.message
    assert "private" in other.message


SEEN = [
    "::/2",
    "9.255.255.255",
    "11.0.0.0/8",
    "10.0.0.0/7",
    "172.32.0.0/16",
    "172.0.0.0/8",
    "100.63.0.0/16",
    "100.128.0.0/9",
    "169.253.0.0/16",
    "192.167.0.0/16",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "223.255.255.0/24",
    "2001:db8::/32",
    "2600::/16",
    "2002:cb00:7100::/48",
]


@pytest.mark.parametrize("text", SEEN)
def test_range_that_a_caller_may_be_in_is_none(text: str) -> None:
    assert never_seen(ip_network(text)) is None


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("203.0.113.5/24", ("203.0.113.0/24", "203.0.113.5/32")),
        ("203.0.113.129/25", ("203.0.113.128/25", "203.0.113.129/32")),
        ("2001:db8::5/64", ("2001:db8::/64", "2001:db8::5/128")),
        ("::ffff:203.0.113.0/120", ("203.0.113.0/24",)),
    ],
)
def test_range_with_bits_behind_its_prefix_is_told_what_to_write(
    text: str, write: tuple[str, ...]
) -> None:
    (problem,) = _problems(["198.51.100.0/24", text])
    assert problem.path == "/source_ips/1"
    assert all(one in problem.message for one in write)


@given(st.integers(0, 2**32 - 1), st.integers(1, 32))
def test_range_is_named_exactly_when_python_knows_no_public_address_in_it(
    address: int, bits: int
) -> None:
    network = IPv4Network((address, bits), strict=False)
    kinds = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
    others = ("100.64.0.0/10", "198.18.0.0/15", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4")
    within = any(network.subnet_of(IPv4Network(one)) for one in (*kinds, *others))
    assert (never_seen(network) is not None) == (within or str(network) == "224.0.0.0/3")
