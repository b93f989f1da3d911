"""KMS keys: whether they are the customer's, and whether IAM may decide about them."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.key_policy import KeyUse, KeyVerdict, judged, statement_to_add
from latchkey.services.lookup import NotGrantable, absent, own_side_denied

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def customer_key(
    kms: "KMSClient", key: str, use: KeyUse, environment: AwsEnvironment
) -> str | None:
    """The ARN of a customer-managed key, or None for a key of AWS, which asks for no permission.

    The policy of another account's key cannot be read: that it can be described has to do.

    Raises
    ------
    NotGrantable
        When the key is gone or disabled, or when its policy does not let IAM decide, or denies
        what is needed; with what its owner has to add or to except, and no more.
    """
    if key.startswith("alias/aws/") or ":alias/aws/" in key:
        return None
    parts = arn_parts(key)
    foreign = parts is not None and parts[3] != environment.account
    try:
        found = kms.describe_key(KeyId=key)["KeyMetadata"]
        if found.get("KeyManager") == "AWS":
            return None
        verdict = KeyVerdict()
        if not foreign:
            verdict = judged(_policy(kms, found["Arn"]), use, environment, found["Arn"])
    except ClientError as error:
        raise _unseen(error, key, use, environment, foreign=foreign) from error
    if found.get("KeyState", "Enabled") != "Enabled":
        raise NotGrantable(f"its key {found['Arn']} is {found['KeyState']}; make it Enabled first")
    if verdict.denied:
        raise _denied(key, verdict, use)
    if verdict.missing:
        why = "has a policy that leaves out IAM"
        raise _closed(key, why, verdict.missing, environment)
    return found["Arn"]


def _policy(kms: "KMSClient", key: str) -> object:
    return json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])


def _unseen(
    error: ClientError, key: str, use: KeyUse, environment: AwsEnvironment, *, foreign: bool
) -> NotGrantable | ClientError:
    """What an error of KMS means; a policy that leaves out IAM keeps out Latchkey's role too."""
    if own_side_denied(error):
        return error
    denied, gone = absent(error, "AccessDeniedException"), absent(error, "NotFoundException")
    if foreign and (denied or gone):
        needed = {*use.actions, "kms:DescribeKey"}
        return _closed(key, "is another account's", needed, environment)
    if denied and "explicit deny" in str(error):
        return NotGrantable(
            f"its key {key} has a policy with a Deny that keeps out Latchkey's own look; have "
            f"its planning function's role and {_role(use)} excepted from it by a condition on "
            f"aws:PrincipalArn, then upload again ({error})"
        )
    if denied:
        why = "cannot be seen by Latchkey, which then looks whether more is needed"
        return _closed(key, why, {"kms:DescribeKey", "kms:GetKeyPolicy"}, environment)
    return NotGrantable(f"its key {key} does not exist any more") if gone else error


def _closed(
    key: str, why: str, actions: Collection[str], environment: AwsEnvironment
) -> NotGrantable:
    """With the statement that opens the key for what it leaves out."""
    statement = json.dumps(statement_to_add(actions, environment))
    return NotGrantable(
        f"its key {key} {why}; have this statement added to the key's policy, "
        f"then upload again: {statement}"
    )


def _denied(key: str, verdict: KeyVerdict, use: KeyUse) -> NotGrantable:
    """No other statement opens what is denied."""
    sids = ", ".join(sorted({repr(sid) for sid in verdict.denied.values()}))
    return NotGrantable(
        f"its key {key} has a policy that denies {', '.join(verdict.denied)} to the role (Deny "
        f"statement {sids}); have {_role(use)} excepted from it by a condition on "
        "aws:PrincipalArn, then upload again. Nothing else has to be opened"
    )


def _role(use: KeyUse) -> str:
    return use.role or "the grant's role"
