"""Actions in the words of people."""

import pytest

from latchkey.services.boundary import KEY_ACTIONS, allowed
from latchkey.services.labels import labels


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"],
         ["list", "read", "put"]),
        (["s3:GetBucketLocation"], ["look up"]),
        (["s3:GetObject", "s3:GetObjectVersion"], ["read", "read versions"]),
        (["s3:FlyToTheMoon"], ["s3:FlyToTheMoon"]),
        (["kms:GenerateDataKey", "kms:Decrypt"], ["decrypt", "make data keys"]),
        ([], []),
    ],
)  # fmt: skip
def test_actions_have_labels_or_their_own_name(actions: list[str], expected: list[str]) -> None:
    assert labels(actions) == expected


@pytest.mark.parametrize("action", sorted({*allowed(), *KEY_ACTIONS}))
def test_no_action_comes_to_nothing(action: str) -> None:
    assert labels([action])
