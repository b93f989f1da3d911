"""The digest that is approved: equal for equal desired states, and only for these."""

import random
from copy import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.grant_id import GrantId
from latchkey.grants.role import DesiredRole
from latchkey.grants.sessions import with_cut_off
from latchkey.grants.state_digest import state_digest
from latchkey.grants.widening import more
from latchkey.iam.permit import denials, permits
from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT, PARTNER_ACCOUNT, observed, role_of, s3_entry
from tests.unit.policy_pairs import pairs

GRANT = GrantId("acme", "main")
ROOT = f"arn:aws:iam::{PARTNER_ACCOUNT}:root"
ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role/app/reports"
ENTRIES = [s3_entry(prefix="in"), s3_entry(bucket="other-bucket", allow="read")]


def digest(role: Any, grant: GrantId = GRANT, account: str = ACCOUNT) -> str:
    return state_digest(role, grant, account)


def _meant(role: DesiredRole) -> Any:
    """What a role means, by the comparison of permits that repair and summaries go by."""
    documents = (role.trust_policy, role.permissions_policy)
    cells = [
        {(p.action.lower(), p.resource, p.principal, p.conditions) for p in permits(document)}
        for document in documents
    ]
    return cells, [denials(document) for document in documents], role.max_session_duration


@given(pairs())
def test_two_roles_have_one_digest_exactly_if_they_mean_the_same(pair: Any) -> None:
    one, other = pair
    assert (digest(one) == digest(other)) == (_meant(one) == _meant(other))


def _respelled(policy: Any, chance: random.Random) -> Any:
    """The same policy in another spelling: split, repeated, shuffled, renamed."""
    found = []
    for number, one in enumerate(policy["Statement"]):
        actions = one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
        cut = chance.randint(0, len(actions) - 1)
        for part in (actions[cut:], actions[:cut] or actions):
            spelled = [action.upper() if chance.random() < 0.3 else action for action in part]
            sid = {"Sid": f"S{number}{chance.randint(0, 99)}"} if chance.random() < 0.5 else {}
            rest = {name: value for name, value in one.items() if name != "Sid"}
            found.append({**sid, **rest, "Action": chance.sample(spelled, len(spelled))})
    return {**policy, "Statement": chance.sample(found, len(found))}


@given(pairs(), st.randoms(use_true_random=False))
def test_spelling_order_and_ended_sessions_make_no_difference(
    pair: Any, chance: random.Random
) -> None:
    role, _ = pair
    permissions = _respelled(role.permissions_policy, chance)
    other = replace(
        role,
        trust_policy=_respelled(role.trust_policy, chance),
        permissions_policy=with_cut_off(permissions, "2027-03-04T05:06:07Z"),
        description="another",
        tags={"another": "tag"},
        role_id="AROAANOTHER",
        former_tags=("gone",),
    )
    assert digest(other) == digest(role) == digest(observed(other))


SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"access": ENTRIES}, {"access": ENTRIES[::-1]}),
    ({"access": ENTRIES}, {"access": [*ENTRIES, ENTRIES[0]]}),
    ({"principals": [PARTNER_ACCOUNT]}, {"principals": [ROOT]}),
    ({"principals": [ROLE, OTHER_ACCOUNT]}, {"principals": [OTHER_ACCOUNT, ROLE, ROLE]}),
    ({"external_id": ["acme-aaaaaaaa", "acme-bbbbbbbb"]},) * 2,
    (
        {"external_id": ["acme-aaaaaaaa", "acme-bbbbbbbb"]},
        {"external_id": ["acme-bbbbbbbb", "acme-aaaaaaaa"]},
    ),
    ({"expires_at": "2030-01-01T00:00:00Z"}, {"expires_at": "2030-01-01T02:00:00+02:00"}),
    ({}, {"purpose": "another", "owner": "others", "tags": {"team": "red"}}),
    ({}, {"max_session_duration": 3600, "status": "active", "grant": "main"}),
    ({}, {"access": [s3_entry(prefix="in/")]}),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=lambda c: str(c)[:50])
def test_configs_that_ask_for_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert digest(role_of(**one)) == digest(role_of(**other))


DIFFERENT: list[dict[str, Any]] = [
    {"external_id": "acme-7f3b2c92"},
    {"external_id": ["acme-7f3b2c91", "acme-7f3b2c92"]},
    {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]},
    {"principals": [ROLE]},
    {"expires_at": "2030-01-01T00:00:01Z"},
    {"starts_at": "2027-01-01T00:00:00Z"},
    {"source_ips": ["203.0.113.0/24"]},
    {"organization_id": "o-a1b2c3d4e5"},
    {"session_tags": ["red"]},
    {"source_identity": True},
    {"self_assume": True},
    {"max_session_duration": 3601},
    {"role_name": "demanded"},
    {"access": [s3_entry(prefix="in"), s3_entry(prefix="out")]},
    {"access": [s3_entry(prefix="in", allow="read")]},
    {"access": [s3_entry(prefix="inbox")]},
    {"access": [s3_entry()]},
    {"access": [{"service": "kms", "key": "11111111-2222-3333-4444-555555555555", "allow": "use"}]},
    {"access": [{"service": "account", "allow": "audit"}]},
]


def test_each_change_of_what_is_given_is_another_digest() -> None:
    found = [digest(role_of()), *(digest(role_of(**change)) for change in DIFFERENT)]
    found += [digest(role_of(keys=True)), digest(role_of(suspended=True))]
    found += [digest(role_of(), GrantId("acme", "other")), digest(role_of(), account=OTHER_ACCOUNT)]
    assert len({*found}) == len(found)


def test_an_end_that_moves_on_is_another_state() -> None:
    """No policy says that whoever confirms a grant has it last longer."""
    role = role_of()
    found = [state_digest(role, GRANT, ACCOUNT, days) for days in (None, 1, 30)]
    assert len({*found}) == 3
    assert found[0] == digest(role)


@pytest.mark.parametrize("key", ["team", "Team", "a team", "team ", "cost:team", "a.b_c=d+e-f@g/h"])
def test_a_tag_that_a_policy_goes_by_counts(key: str) -> None:
    by_tag = {"StringEquals": {f"aws:PrincipalTag/{key}": "a"}}
    by_variable = {"StringEquals": {"s3:ExistingObjectTag/x": f"${{aws:PrincipalTag/{key}, 'b'}}"}}
    what = {"Action": "s3:GetObjectTagging", "Resource": "arn:aws:s3:::data-bucket/in/*"}
    for condition in (by_tag, by_variable):
        access = [{"service": "custom", "statements": [{**what, "Condition": condition}]}]
        roles = [role_of(access=access, tags={key: value}) for value in ("a", "b")]
        assert digest(roles[0]) != digest(roles[1])
        assert more(observed(roles[0]), roles[1]) == "widens"


@pytest.mark.parametrize(
    "change",
    [
        {"attached_policies": ("arn:aws:iam::aws:policy/AdministratorAccess",)},
        {"inline_policies": ("latchkey-access", "more")},
        {"boundary_arn": None},
        {"max_session_duration": 43_200},
        {"permissions_policy": None},
    ],
)
def test_a_role_that_was_changed_by_hand_has_another_digest(change: dict[str, Any]) -> None:
    assert digest(observed(role_of(), **change)) != digest(role_of()) == digest(observed(role_of()))


def test_parts_do_not_run_into_each_other() -> None:
    """A text that moves from one field to the next is another state."""
    one = role_of(principals=[ROLE, OTHER_ACCOUNT])
    two = replace(one, trust_policy=one.permissions_policy, permissions_policy=one.trust_policy)
    assert digest(one) != digest(two)
    first = digest(role_of(), GrantId("acme", "main"))
    assert first != digest(role_of(), GrantId("acme-main", "main"))
