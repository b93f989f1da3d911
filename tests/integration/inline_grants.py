"""Grants by workflow input, and what somebody does by hand to what they refer to."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from tests.kit.examples import NOW, config_document
from tests.kit.stack.aws import CONFIG_BUCKET, TABLE, aws

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=4)
GRANT = {"partner": "acme", "grant": "main"}
CHECK = {**GRANT, "action": "check", "by": "drift", "reason": "drift"}
KEY = "inline/acme.main.json"
ROLE = "partner-acme.main"
_plain = TypeSerializer().serialize


def inline(**changes: Any) -> dict[str, Any]:
    """The workflow's input with the valid example, changed."""
    return {"config": config_document(**changes)}


def set_by_hand(item: str, /, **values: Any) -> None:
    """Write into an item of the table by hand, as whoever took over a function could."""
    key = {"pk": {"S": item}, "sk": {"S": "LEASE" if item.startswith("LEASE") else "STATE"}}
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": _plain(value) for name, value in values.items()},
    )


def put(document: Any, key: str = KEY) -> str:
    """Write an object into the config bucket; answers its version."""
    body = json.dumps(document).encode()
    return str(aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=key, Body=body)["VersionId"])


def versions(key: str = KEY) -> list[str]:
    """The versions of an object, the newest first."""
    found = aws("s3").list_object_versions(Bucket=CONFIG_BUCKET, Prefix=key)
    return [version["VersionId"] for version in found.get("Versions", [])]


def widen_by_hand() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("iam").put_role_policy(RoleName=ROLE, PolicyName="by-hand", PolicyDocument=policy)
