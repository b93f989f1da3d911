"""What two policies both allow: never more than either, and all of it where that can be said."""

import json
from typing import Any

import pytest
from hypothesis import given

from latchkey.grants.role import DesiredRole
from latchkey.iam.meet import meet
from latchkey.iam.permit import permits, within
from tests.kit.examples import OTHER_ACCOUNT, PARTNER_ACCOUNT, role_of
from tests.unit.policy_pairs import pairs_by_hand

THIRD = "999988887777"


def _copy(document: Any) -> Any:
    return json.loads(json.dumps(document))


def _trust(*principals: str, **changes: Any) -> dict[str, Any]:
    return role_of(principals=list(principals), **changes).trust_policy


@given(pairs_by_hand())
def test_meet_allows_nothing_that_either_does_not_allow(
    roles: tuple[DesiredRole, DesiredRole],
) -> None:
    one, other = roles
    for name in ("trust_policy", "permissions_policy"):
        wanted, found = getattr(one, name), getattr(other, name)
        both = meet(wanted, found)
        assert within(both, wanted)
        assert within(both, found) or any(permit.opaque for permit in permits(found))


@given(pairs_by_hand())
def test_meet_with_itself_takes_nothing_away(roles: tuple[DesiredRole, DesiredRole]) -> None:
    for role in roles:
        for one in (role.trust_policy, role.permissions_policy):
            assert meet(one, one) == one or not permits(one)


def test_only_those_that_both_trust_are_left() -> None:
    found = meet(_trust(PARTNER_ACCOUNT, OTHER_ACCOUNT), _trust(THIRD, PARTNER_ACCOUNT))
    assert found
    (statement,) = found["Statement"]
    assert statement["Principal"] == {"AWS": [f"arn:aws:iam::{PARTNER_ACCOUNT}:root"]}
    assert statement["Condition"] == {
        operator: {key: value if isinstance(value, list) else [value]}
        for operator, keys in _trust(PARTNER_ACCOUNT)["Statement"][0]["Condition"].items()
        for key, value in keys.items()
    }


def test_conditions_of_both_have_to_hold() -> None:
    found = meet(
        _trust(PARTNER_ACCOUNT, source_ips=["203.0.113.0/24", "198.51.100.0/24"]),
        _trust(PARTNER_ACCOUNT, THIRD, source_ips=["203.0.113.128/25"], require_mfa=True),
    )
    assert found
    (statement,) = found["Statement"]
    assert statement["Condition"]["IpAddress"] == {"aws:SourceIp": ["203.0.113.128/25"]}
    assert statement["Condition"]["Bool"] == {"aws:MultiFactorAuthPresent": ["true"]}


@pytest.mark.parametrize(
    ("found", "left"),
    [
        (["acme-1111"], ["acme-1111"]),
        (["acme-1111", "acme-3333"], ["acme-1111"]),
        (["acme-2222", "acme-1111", "acme-3333"], ["acme-1111", "acme-2222"]),
    ],
)
def test_only_external_ids_of_both_are_left(found: list[str], left: list[str]) -> None:
    both = meet(
        _trust(PARTNER_ACCOUNT, external_id=["acme-1111", "acme-2222"]),
        _trust(PARTNER_ACCOUNT, external_id=found),
    )
    assert both
    (statement,) = both["Statement"]
    asked = statement["Condition"]["StringEquals"]["sts:ExternalId"]
    assert sorted([asked] if isinstance(asked, str) else asked) == left


NOTHING = [
    _trust(THIRD),
    _trust(PARTNER_ACCOUNT, external_id="acme-another-1"),
]


@pytest.mark.parametrize("found", NOTHING, ids=["another principal", "another external ID"])
def test_nothing_is_left_of_what_has_nothing_in_common(found: dict[str, Any]) -> None:
    assert meet(_trust(PARTNER_ACCOUNT), found) is None


def test_what_is_wider_by_all_but_something_takes_nothing_away() -> None:
    wanted = role_of().permissions_policy
    for index in range(len(wanted["Statement"])):
        found = _copy(wanted)
        found["Statement"][index].pop("Resource")
        found["Statement"][index]["NotResource"] = "arn:aws:s3:::other"
        assert meet(wanted, found) == wanted


def test_denials_of_what_was_found_stay() -> None:
    wanted = role_of().permissions_policy
    deny = {"Sid": "Mine", "Effect": "Deny", "Action": ["s3:GetObject"], "Resource": ["*"]}
    found = _copy(wanted)
    found["Statement"] += [deny, {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]
    both = meet(wanted, found)
    assert both
    assert both["Statement"] == [*wanted["Statement"], deny]
