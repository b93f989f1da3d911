"""What counts as a fault when an evaluator that is not ours has judged a role."""

import pytest

from tools.evaluator.subjects import Subject

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
