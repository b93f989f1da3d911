"""Web identities that come and go: whose sessions end, what repair keeps, what history says."""

from typing import Any

import pytest

from latchkey.grants.policies import trust_policy
from latchkey.grants.repair import Written, repaired
from latchkey.grants.role import DesiredRole
from latchkey.grants.sessions import narrows
from latchkey.history.snapshot import principals_in
from latchkey.iam.permit import stands_for
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, config, desired, observed
from tests.kit.tokens import GITHUB, SUBJECT, identity

ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"


def _trust(*identities: Any, **changes: Any) -> dict[str, Any]:
    asked = config("external_id", principals=list(identities), **changes)
    return trust_policy(asked, (), AWS_ENVIRONMENT, f"arn:aws:iam::{ACCOUNT}:role/partners/r")


def _role(*identities: Any) -> DesiredRole:
    return desired(trust_policy=_trust(*identities))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([identity(subject=[SUBJECT, "repo:acme/b:x"])], [identity()], True),
        ([identity()], [identity(subject=[SUBJECT, "repo:acme/b:x"])], False),
        ([identity()], [identity(audience="other")], True),
        ([identity(subject="repo:acme/app:*")], [identity()], True),
        ([identity(), identity(audience="other")], [identity()], True),
        ([identity()], [identity(oidc_provider="gitlab.com", subject="project_path:a/b:x")], True),
    ],
)
def test_sessions_end_when_somebody_is_let_in_no_more(
    before: list[Any], after: list[Any], expected: bool
) -> None:
    assert narrows(_trust(*before), _trust(*after)) is expected
    assert narrows(_trust(*before), _trust(*before, source_ips=["203.0.113.0/24"]))
    assert not narrows(_trust(*before), _trust(*before, expires_at="2029-01-01T00:00:00Z"))


def test_an_account_is_no_way_in_for_its_identity_providers() -> None:
    assert not stands_for(ACCOUNT, f"Federated {ARN}")
    assert not stands_for(ACCOUNT, ARN)
    assert stands_for(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/x")


def test_repair_keeps_out_who_was_taken_out_by_hand() -> None:
    """Two subjects are wanted, one was taken out, and a third was let in."""
    wanted = _role(identity(subject=[SUBJECT, "repo:acme/b:x"]))
    trust = _trust(identity(subject=[SUBJECT, "repo:acme/evil:x"]))
    kept = repaired(wanted, observed(wanted, trust_policy=trust), Written(("other",)))
    subjects = [
        one["Condition"]["StringEquals"][f"{GITHUB}:sub"] for one in kept.trust_policy["Statement"]
    ]
    assert subjects == [[SUBJECT]]


def test_where_nothing_is_left_nobody_is_let_in() -> None:
    wanted = _role(identity())
    closed = _trust(identity(subject="repo:acme/other:x"))
    kept = repaired(wanted, observed(wanted, trust_policy=closed), Written(("other",)))
    (statement,) = kept.trust_policy["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "sts:AssumeRoleWithWebIdentity")
    assert statement["Principal"] == {"Federated": [ARN]}


def test_history_names_identities_by_their_subjects() -> None:
    trust = _trust(identity(subject=[SUBJECT, "repo:acme/b:x"]), self_assume=True)
    assert principals_in(trust) == (f"{SUBJECT} of {GITHUB}", f"repo:acme/b:x of {GITHUB}")
