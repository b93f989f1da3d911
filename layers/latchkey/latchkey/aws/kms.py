"""KMS keys: whether they are the customer's, and whether IAM may decide about them."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.key_policy import KeyUse, lets_iam_decide, statement_to_add
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
        When the key is gone or disabled, or when its policy does not let IAM decide; with the
        statement that its owner has to add.
    """
    if key.startswith("alias/aws/") or ":alias/aws/" in key:
        return None
    parts = arn_parts(key)
    foreign = parts is not None and parts[3] != environment.account
    try:
        found = kms.describe_key(KeyId=key)["KeyMetadata"]
        if found.get("KeyManager") == "AWS":
            return None
        decides = foreign or lets_iam_decide(_policy(kms, found["Arn"]), use, environment)
    except ClientError as error:
        raise _unseen(error, key, use, environment, foreign=foreign) from error
    if found.get("KeyState", "Enabled") != "Enabled":
        raise NotGrantable(f"its key {found['Arn']} is {found['KeyState']}; make it Enabled first")
    if not decides:
        raise _closed(key, "has a policy that leaves out IAM", use, environment)
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
        return _closed(key, "is another account's", use, environment, foreign=True)
    if denied:
        return _closed(key, "cannot be seen, as if its policy left out IAM", use, environment)
    return NotGrantable(f"its key {key} does not exist any more") if gone else error


def _closed(
    key: str, why: str, use: KeyUse, environment: AwsEnvironment, *, foreign: bool = False
) -> NotGrantable:
    """With the statement that opens the key, to the next look of Latchkey as well."""
    look = {"kms:DescribeKey"} if foreign else {"kms:DescribeKey", "kms:GetKeyPolicy"}
    statement = json.dumps(statement_to_add({*use.actions, *look}, environment))
    return NotGrantable(
        f"its key {key} {why}; have this statement added to the key's policy, "
        f"then upload again: {statement}"
    )
