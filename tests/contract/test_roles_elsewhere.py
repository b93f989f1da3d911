"""What functions see of roles that are not below the partner path."""

import pytest

from tests.contract.role_actions import allowed_by
from tests.kit.template import sub


@pytest.mark.parametrize(
    "function", ["PlanGrantFunction", "PlanOrderFunction", "GrantAccessFunction"]
)
def test_of_roles_elsewhere_only_their_trust_and_tags_are_seen(function: str) -> None:
    anywhere = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*")
    found = [s for s in allowed_by(function) if anywhere in s.resources]
    assert [s.actions for s in found] == [{"iam:GetRole"}]
