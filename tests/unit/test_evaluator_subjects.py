"""What an evaluator that is not ours judges, and what counts as a fault of a role."""

import pytest

from tests.kit import parts
from tools.evaluator.subjects import Subject, of_this_part, subjects

SEES = Subject([], frozenset(), sees=("ec2:Describe*", "s3:Get*"))
HAS = Subject([], frozenset({"s3:GetObject"}))


@pytest.mark.parametrize(
    ("subject", "allowed", "more", "less"),
    [
        (SEES, {"ec2:DescribeInstances", "s3:GetBucketPolicy"}, set(), set()),
        (SEES, {"ec2:DescribeInstances", "iam:CreateUser"}, {"iam:CreateUser"}, set()),
        (SEES, {"s3:GetObject"}, {"s3:GetObject"}, set()),
        (SEES, {"sts:GetCallerIdentity"}, set(), set()),
        (HAS, {"s3:GetObject"}, set(), set()),
        (HAS, {"s3:PutObject"}, {"s3:PutObject"}, {"s3:GetObject"}),
    ],
)
def test_faults(subject: Subject, allowed: set[str], more: set[str], less: set[str]) -> None:
    assert subject.faults(frozenset(allowed)) == (frozenset(more), frozenset(less))


@pytest.mark.parametrize("first", [0, 1, 5, 1234])
def test_roles_of_partners_take_turns_and_those_of_the_stack_do_not(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = subjects().keys()
    own = {name for name in everything if not name.startswith("partner: ")}
    assert {"IntakeConfigRole", "GrantAccessRole", "PermissionsBoundary"} < own
    judged = []
    for run in range(parts.PARTS):
        monkeypatch.setattr(parts, "PART", str(first + run))
        judged.append(of_this_part().keys())
    assert all(own < some < everything for some in judged)
    assert set().union(*judged) == everything
    monkeypatch.setattr(parts, "PART", "")
    assert of_this_part().keys() == everything
