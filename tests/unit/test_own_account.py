"""A bucket that a stranger makes anew under a freed name gets nothing: aws:ResourceAccount."""

import pytest
from moto.s3.models import s3_backends

from latchkey.grants.policies import permissions_policy
from latchkey.services.registry import spec
from latchkey.services.s3.spec import BUCKET_ACTIONS, SPEC
from sandbox.iam.authorisation import allowed
from sandbox.iam.owners import owner
from tests.kit.documented.access import OF_RESOURCES, infos_of
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    BUCKET_INFO,
    OTHER_ACCOUNT,
    config,
    s3_entry,
)

BUCKET = "arn:aws:s3:::data-bucket"
OWNED = {"aws:ResourceAccount": ACCOUNT}


def _of_aws(arn: str) -> bool:
    """Whether an ARN names what only AWS makes, for all accounts."""
    return arn.startswith("arn:aws:bedrock:") and "::foundation-model/" in arn


@pytest.mark.parametrize("service", OF_RESOURCES)
def test_statements_about_arns_without_an_account_are_for_resources_of_ours_only(
    service: str,
) -> None:
    """A stranger who makes a bucket anew under a name that became free gets nothing."""
    for allow in spec(service).actions:
        entry = {"service": service, **spec(service).example, "allow": allow}
        asked = config(access=[entry])
        found = [infos_of(asked.access[0])]
        for statement in permissions_policy(asked, found, AWS_ENVIRONMENT)["Statement"]:
            nowhere = [arn for arn in statement["Resource"] if arn.startswith("arn:aws:s3:::")]
            owned = statement["Condition"].get("StringEquals", {}).get("aws:ResourceAccount")
            assert owned == (ACCOUNT if nowhere else None), statement["Sid"]
            others = {arn for arn in statement["Resource"] if arn not in nowhere}
            assert all(one == "*" or one.split(":")[4] or _of_aws(one) for one in others)


def test_custom_statements_about_buckets_are_for_buckets_of_ours_only() -> None:
    condition = {"StringEquals": {"s3:ExistingObjectTag/shared": "yes"}}
    statement = {"Action": "s3:GetObject", "Resource": f"{BUCKET}/*", "Condition": condition}
    asked = config(access=[{"service": "custom", "statements": [statement]}])
    (said,) = permissions_policy(asked, [(BUCKET_INFO,)], AWS_ENVIRONMENT)["Statement"]
    assert said["Condition"]["StringEquals"] == {**condition["StringEquals"], **OWNED}


@pytest.mark.parametrize("allow", ["read", "write", "read-write"])
def test_bucket_that_a_stranger_made_anew_gets_nothing(allow: str) -> None:
    asked = config(access=[s3_entry(allow=allow)])
    policy = permissions_policy(asked, [(BUCKET_INFO,)], AWS_ENVIRONMENT)
    context = {"aws:CurrentTime": "2026-01-15T12:00:00Z", "aws:SecureTransport": "true"}
    for action in SPEC.actions[allow]:
        arn = BUCKET if action in BUCKET_ACTIONS else f"{BUCKET}/key"
        ours, theirs = context | OWNED, context | {"aws:ResourceAccount": OTHER_ACCOUNT}
        assert allowed([policy], None, action, arn, ours), action
        assert not allowed([policy], None, action, arn, theirs), action
        assert not allowed([policy], None, action, arn, context), action


def test_sandbox_tells_whose_a_bucket_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(s3_backends.bucket_accounts, "data-bucket", ("aws", OTHER_ACCOUNT))
    assert owner(f"{BUCKET}/key") == OTHER_ACCOUNT
    assert owner("arn:aws:s3:::nobodys") == ACCOUNT
    assert owner(f"arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:orders") == OTHER_ACCOUNT
