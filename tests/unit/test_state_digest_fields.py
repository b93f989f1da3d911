"""Each field of a role counts in the digest, or is known not to; so do tags that policies name."""

import json
import re
from copy import replace
from typing import Any

import pytest

from latchkey.grants.role import DesiredRole, ObservedRole
from latchkey.grants.sessions import with_cut_off
from tests.kit.examples import desired, observed
from tests.unit.digest_documents import PERMISSIONS, TRUST, digest, with_document

RICH = desired(
    trust_policy=TRUST,
    permissions_policy=PERMISSIONS,
    others={"extra": PERMISSIONS, "more": TRUST},
    attached=("arn:aws:iam::aws:policy/B", "arn:aws:iam::aws:policy/A"),
    managed_access=("arn:aws:iam::aws:policy/SecurityAudit",),
)
COUNTS: dict[str, Any] = {
    "name": ["partner-acme.Main"],
    "max_session_duration": [3601],
    "boundary_arn": ["arn:aws:iam::123456789012:policy/latchkey-kms-boundary"],
    "trust_policy": [PERMISSIONS],
    "permissions_policy": [TRUST],
    "others": [{}, {"extra": PERMISSIONS}, {"extra": TRUST, "more": PERMISSIONS}],
    "attached": [(), ("arn:aws:iam::aws:policy/A",), ("arn:aws:iam::aws:policy/A", "B")],
    "managed_access": [(), ("arn:aws:iam::aws:policy/ReadOnlyAccess",)],
}
COUNTS_NOT: dict[str, Any] = {
    "path": "/others/",
    "description": "another",
    "tags": {"team": "red"},
    "former_tags": ("gone",),
    "role_id": "AROAANOTHER",
    "own_boundaries": ("arn:aws:iam::123456789012:policy/another",),
}
OBSERVED_COUNTS: dict[str, Any] = {
    "name": "partner-acme.Main",
    "max_session_duration": 3601,
    "boundary_arn": None,
    "trust_policy": PERMISSIONS,
    "inline_policies": ("latchkey-access",),
    "permissions_policy": None,
    "attached_policies": (),
    "others": {"extra": PERMISSIONS},
}
OBSERVED_COUNTS_NOT: dict[str, Any] = {
    "arn": "arn:aws:iam::123456789012:role/others/partner-acme.main",
    "path": "/others/",
    "role_id": "AROAANOTHER",
    "description": "another",
    "tags": {"team": "red"},
    "instance_profiles": ("profile",),
    "managed": {"arn:aws:iam::aws:policy/A": TRUST},
    "created_at": "2026-01-01T00:00:00Z",
    "last_used": "2026-01-01T00:00:00Z",
    "elsewhere": True,
}


def _seen(role: DesiredRole = RICH) -> ObservedRole:
    return observed(
        role,
        inline_policies=("more", "latchkey-access", "extra"),
        others=role.others,
        attached_policies=role.all_attached[::-1],
    )


def test_every_field_of_a_role_counts_or_is_known_not_to() -> None:
    assert DesiredRole._types.keys() == {*COUNTS, *COUNTS_NOT}
    assert ObservedRole._types.keys() == {*OBSERVED_COUNTS, *OBSERVED_COUNTS_NOT}
    changed = [replace(RICH, **{name: one}) for name, ways in COUNTS.items() for one in ways]
    assert len({digest(RICH), *map(digest, changed)}) == 1 + len(changed)
    for name, value in COUNTS_NOT.items():
        assert digest(replace(RICH, **{name: value})) == digest(RICH), name
    assert digest(_seen()) == digest(RICH)
    by_hand = [replace(_seen(), **{name: value}) for name, value in OBSERVED_COUNTS.items()]
    assert len({digest(RICH), *map(digest, by_hand)}) == 1 + len(by_hand)
    for name, value in OBSERVED_COUNTS_NOT.items():
        assert digest(replace(_seen(), **{name: value})) == digest(RICH), name


def test_a_policy_that_nobody_could_read_is_not_an_empty_one() -> None:
    empty = {"Version": "2012-10-17", "Statement": []}
    unread = replace(_seen(), others={"more": TRUST})  # of `extra` nothing is known
    assert digest(unread) != digest(replace(_seen(), others={"more": TRUST, "extra": empty}))
    bare = replace(_seen(), permissions_policy=None)
    assert digest(bare) != digest(replace(_seen(), permissions_policy=empty))


def test_a_digest_has_the_form_that_keys_of_approvals_have() -> None:
    assert re.fullmatch("[0-9a-f]{64}", digest(RICH))


def test_whose_attached_policies_they_are_makes_no_difference() -> None:
    arn = "arn:aws:iam::aws:policy/SecurityAudit"
    assert digest(desired(attached=(arn,))) == digest(desired(managed_access=(arn,)))
    assert digest(desired(attached=(arn, arn))) == digest(desired(attached=(arn,)))


def _deny(**changes: Any) -> dict[str, Any]:
    condition = {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}
    deny = {"Sid": "IssuedBefore", "Effect": "Deny", "Action": "*", "Resource": "*"}
    return {**deny, "Condition": condition, **changes}


def test_only_the_statement_that_ends_sessions_is_left_out() -> None:
    bare = desired(permissions_policy=PERMISSIONS)
    for at in ("2026-01-01T00:00:00Z", "2027-03-04T05:06:07Z"):
        ended = with_cut_off(PERMISSIONS, at)
        assert digest(replace(bare, permissions_policy=ended)) == digest(bare)
    looks_like_it = [
        _deny(Effect="Allow"),
        _deny(Resource="arn:aws:s3:::b"),
        _deny(Action="s3:*"),
        _deny(Condition={"DateGreaterThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}),
        _deny(Condition={"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}),
        _deny(Condition={**_deny()["Condition"], "Bool": {"aws:SecureTransport": "false"}}),
    ]
    roles = [
        replace(
            bare, permissions_policy={**PERMISSIONS, "Statement": [*PERMISSIONS["Statement"], one]}
        )
        for one in looks_like_it
    ]
    assert len({digest(bare), *map(digest, roles)}) == 1 + len(roles)
    more = {**TRUST, "Statement": [*TRUST["Statement"], _deny()]}
    for field in ("trust_policy", "others"):
        assert digest(with_document(bare, field, more)) != digest(with_document(bare, field, TRUST))


@pytest.mark.parametrize("key", ["team", "Cost Centre", "team ", " x", "équipe", "a.b:c/d=e+f-g@h"])
@pytest.mark.parametrize("field", ["trust_policy", "permissions_policy", "others"])
@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"AWS:principaltag/KEY": "red"}},
        {"StringLike": {"s3:prefix": "${aws:PrincipalTag/KEY}/*"}},
        {"StringLike": {"s3:prefix": "${aws:PrincipalTag/KEY, 'none'}/*"}},
        {"StringLike": {"s3:prefix": "${aws:PrincipalTag/KEY , 'none'}/*"}},
    ],
)
def test_a_tag_counts_where_a_policy_goes_by_it(key: str, field: str, condition: Any) -> None:
    named = json.loads(json.dumps(condition, ensure_ascii=False).replace("KEY", key))
    second = {"StringNotEquals": {"aws:PrincipalTag/zone": "a"}}
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Condition": named | second}]}

    def tagged(**tags: str) -> str:
        return digest(replace(with_document(desired(), field, document), tags=tags))

    ways = [{}, {key: "red"}, {key: "blue"}, {"zone": "a"}, {"zone": "a", key: "red"}]
    assert len({tagged(**one) for one in ways}) == len(ways)
    assert tagged(**{key: "red", "other": "x"}) == tagged(**{key.upper(): "red"})
