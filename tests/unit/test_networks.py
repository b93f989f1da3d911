"""Ranges that keep nobody out: the whole internet, in one piece or in many."""

from ipaddress import IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.iam.networks import keep_nobody_out
from tests.kit.examples import read

WHOLE = [
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["128.0.0.0/1", "203.0.113.0/24", "0.0.0.0/1"],
    ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
    ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"],  # all but multicast and what is reserved
    ["0.0.0.0/1", "128.0.0.0/2"],
    ["::/1", "8000::/1"],
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
