"""KMS keys: whether they are the customer's, and whether IAM may decide about them."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.aws.preflight.found import NotGrantable, absent
from latchkey.domain.catalogue.entry import Place
from latchkey.domain.catalogue.resource import arn_parts
from latchkey.domain.key_policy import lets_iam_decide, statement_to_add

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def customer_key(kms: "KMSClient", key: str, actions: Collection[str], place: Place) -> str | None:
    """The ARN of a customer-managed key, or None for a key of AWS, which asks for no permission.

    `actions` are those of `kms` that the role will need on it.

    Raises
    ------
    NotGrantable
        When the key is gone or disabled, or when its policy does not let IAM decide; with the
        statement that its owner has to add.
    """
    if key.startswith("alias/aws/") or ":alias/aws/" in key:
        return None
    parts = arn_parts(key)
    foreign = parts is not None and parts[3] != place.account
    try:
        found = kms.describe_key(KeyId=key)["KeyMetadata"]
    except ClientError as error:
        if foreign and absent(error, "NotFoundException", "AccessDeniedException"):
            raise NotGrantable(_told(key, "is another account's", actions, place)) from error
        if absent(error, "NotFoundException"):
            raise NotGrantable(f"its key {key} does not exist any more") from error
        raise
    if found.get("KeyManager") == "AWS":
        return None
    if found.get("KeyState", "Enabled") != "Enabled":
        raise NotGrantable(f"its key {found['Arn']} is {found['KeyState']}; enable it first")
    if not foreign and not lets_iam_decide(_policy(kms, found["Arn"]), actions, place):
        raise NotGrantable(_told(key, "has a policy that leaves out IAM", actions, place))
    return found["Arn"]


def _policy(kms: "KMSClient", key: str) -> object:
    return json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])


def _told(key: str, why: str, actions: Collection[str], place: Place) -> str:
    statement = json.dumps(statement_to_add(actions, place))
    return (
        f"its key {key} {why}; have this statement added to the key's policy, "
        f"then upload again: {statement}"
    )
