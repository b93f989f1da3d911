"""Whether a plan gives more: nothing that does may pass as if it did not."""

from copy import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.grants.role import DesiredRole
from latchkey.grants.sessions import with_cut_off
from latchkey.grants.widening import more
from tests.kit.examples import (
    AUDIT_BOUNDARY,
    BOUNDARY,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    observed,
    role_of,
    s3_entry,
    secret_entry,
)
from tests.unit.policy_pairs import pairs, pairs_by_hand, requests

LATER, SOONER = "2031-01-01T00:00:00Z", "2029-01-01T00:00:00Z"
BEGINS = "2027-01-01T00:00:00Z"
ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role/app"


@given(st.one_of(pairs(), pairs_by_hand()), st.data())
def test_no_request_is_let_through_that_was_not_before(pair: Any, data: st.DataObject) -> None:
    one, other = pair
    if more(observed(one), other) is None:
        asked = data.draw(requests(other))
        assert not asked.granted(other) or asked.granted(one)


@given(pairs(), st.data())
def test_what_only_prolongs_lets_nothing_through_before_the_old_end(
    pair: Any, data: st.DataObject
) -> None:
    one, other = pair
    if more(observed(one), other) == "prolongs":
        asked = data.draw(requests(other))
        early = _at(asked, BEGINS)
        assert not early.granted(other) or early.granted(one)


def _at(asked: Any, at: str) -> Any:
    context = {key: value for key, value in asked.context.items() if key != "aws:currenttime"}
    return type(asked)(
        {**context, "aws:currenttime": at}, asked.action, asked.resource, asked.principal
    )


def role(**changes: Any) -> DesiredRole:
    return role_of(**changes)


TWO = [s3_entry(prefix="in"), secret_entry()]
CASES: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({}, {}, None),
    ({}, {"purpose": "another"}, None),
    ({}, {"access": TWO}, "widens"),
    ({"access": TWO}, {"access": TWO[:1]}, None),
    ({"access": TWO}, {"access": TWO[::-1]}, None),
    ({"access": TWO}, {"access": [s3_entry(prefix="in", allow="read"), TWO[1]]}, None),
    ({}, {"external_id": "acme-00000000"}, "widens"),
    ({}, {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]}, "widens"),
    ({"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]}, {}, None),
    ({}, {"principals": [ROLE]}, None),
    ({}, {"source_ips": ["203.0.113.0/24"]}, None),
    ({"source_ips": ["203.0.113.0/24"]}, {}, "widens"),
    ({}, {"expires_at": LATER}, "prolongs"),
    ({}, {"expires_at": SOONER}, None),
    ({}, {"expires_at": LATER, "access": TWO}, "widens"),
    ({"access": TWO}, {"expires_at": LATER, "access": TWO[:1]}, "prolongs"),
    ({"access": TWO}, {"expires_at": SOONER, "access": [*TWO, s3_entry(bucket="b2b")]}, "widens"),
    ({}, {"starts_at": BEGINS}, None),
    ({"starts_at": BEGINS}, {}, "widens"),
    ({}, {"max_session_duration": 7200}, "widens"),
    ({"max_session_duration": 7200}, {}, None),
    ({}, {"session_tags": ["team"]}, "widens"),
    ({}, {"self_assume": True}, "widens"),
    ({"suspended": True}, {}, "widens"),
    ({}, {"suspended": True}, None),
    ({"suspended": True}, {"suspended": True}, None),
    ({"keys": False}, {"keys": True}, "widens"),
    ({"access": [{"service": "account", "allow": "audit"}]}, {}, "widens"),
]
ACCOUNT_WIDE: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({}, {}, None),
    ({}, {"expires_at": LATER}, "prolongs"),
    ({}, {"expires_at": SOONER}, None),
    ({"starts_at": BEGINS}, {}, "widens"),
    ({}, {"starts_at": BEGINS}, None),
    ({}, {"access": ["view"]}, "widens"),
    # Its denials except other resources then: that they deny more cannot be shown.
    ({"access": ["audit", s3_entry(allow="read")]}, {}, "widens"),
    ({}, {"access": ["audit", s3_entry(allow="read")]}, "widens"),
]


@pytest.mark.parametrize(("before", "after", "gives"), CASES)
def test_what_a_change_gives(before: Any, after: Any, gives: str | None) -> None:
    assert more(observed(role(**before)), role(**after)) == gives
    assert more(None, role(**after)) == "widens"


def _wide(asked: dict[str, Any]) -> DesiredRole:
    words = asked.get("access", ["audit"])
    entries = [{"service": "account", "allow": w} if isinstance(w, str) else w for w in words]
    return role(**{**asked, "access": entries})


@pytest.mark.parametrize(("before", "after", "gives"), ACCOUNT_WIDE)
def test_what_a_change_of_access_to_the_account_gives(
    before: Any, after: Any, gives: str | None
) -> None:
    was = _wide(before)
    there = observed(was, attached_policies=was.managed_access)
    assert more(there, _wide(after)) == gives


@pytest.mark.parametrize(
    ("found", "gives"),
    [
        (BOUNDARY, None),
        (None, None),
        (AUDIT_BOUNDARY, None),
        ("arn:aws:iam::aws:policy/AWSDenyAll", "widens"),
    ],
)
def test_what_another_boundary_gives(found: str | None, gives: str | None) -> None:
    assert more(observed(role(), boundary_arn=found), role()) == gives
    wider = replace(role(), boundary_arn=AUDIT_BOUNDARY)
    assert more(observed(role()), wider) == "widens"


def test_sessions_that_were_ended_make_no_difference() -> None:
    ended = with_cut_off(role().permissions_policy, "2027-01-01T00:00:00Z")
    assert more(observed(role(), permissions_policy=ended), role()) is None
