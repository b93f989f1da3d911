"""Accounts beside the stack's own, as the table has them, and a profile for each."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from latchkey.aws.spoke_records import SpokeRecords
from latchkey.aws.table import Table
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import GUARDRAILS, TABLE, aws

SPOKE, OTHER = "222233334444", "555566667777"


def profile(folder: Path, patch: pytest.MonkeyPatch, account: str = SPOKE) -> str:
    """The name of a profile with credentials for an account."""
    name = f"of-{account}"
    role = f"arn:aws:iam::{account}:role/admin"
    found = aws("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    lines = [
        f"[{name}]",
        f"aws_access_key_id = {found['AccessKeyId']}",
        f"aws_secret_access_key = {found['SecretAccessKey']}",
        f"aws_session_token = {found['SessionToken']}",
    ]
    path = folder / "credentials"
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    return name


def client(name: str, service: str) -> Any:
    """A client with a profile's credentials."""
    return boto3.Session(profile_name=name).client(service)  # type: ignore[call-overload]


def allow(*accounts: str, **rules: Any) -> None:
    """Have the hub's guardrails list accounts."""
    document = {"version": 1, "allowed_accounts": [*accounts], **rules}
    aws("ssm").put_parameter(
        Name=GUARDRAILS, Value=json.dumps(document), Type="String", Overwrite=True
    )


def checked(account: str = SPOKE, at: datetime | None = None, version: str | None = "1") -> None:
    """Have an account on record, as the drift check leaves it."""
    _records().checked(account, at or datetime.now(UTC), version)


def failed(account: str, error: str, at: datetime | None = None) -> None:
    """Have it on record that an account could not be checked."""
    _records().failed(account, at or datetime.now(UTC), error)


def move(grant: str = "acme.main", account: str = SPOKE) -> None:
    """Have it on record that a grant's role is in another account, as the table has it then."""
    key = {"pk": {"S": f"GRANT#{grant}"}, "sk": {"S": "STATE"}}
    state = aws("dynamodb").get_item(TableName=TABLE, Key=key)["Item"]
    arn = state["role_arn"]["S"].replace(ACCOUNT, account)
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET role_arn = :arn, #live = :live",
        ExpressionAttributeNames={"#live": "live"},
        ExpressionAttributeValues={":arn": {"S": arn}, ":live": {"S": f"LIVE#{account}"}},
    )


def _records() -> SpokeRecords:
    return SpokeRecords(Table(aws("dynamodb"), TABLE))
