"""What the template's roles allow, and what IAM asks for: apart from the sandbox's own table."""

from dataclasses import dataclass
from typing import Any

from tests.contract.template import listed, properties


@dataclass(frozen=True)
class Allowed:
    """One statement of a role: its actions, where, and under which conditions."""

    actions: frozenset[str]
    resources: tuple[Any, ...]
    condition: dict[str, Any]


def allowed_by(function: str) -> list[Allowed]:
    """Every statement of a function's role. SAM's connectors and templates are not in use."""
    role = properties(function)["Role"]["Fn::GetAtt"].removesuffix(".Arn")
    return statements_of(role)


def statements_of(role: str) -> list[Allowed]:
    """Every Allow of a role in the template, which has no managed policies."""
    found = properties(role)
    assert "ManagedPolicyArns" not in found
    statements = [
        statement
        for policy in found["Policies"]
        for statement in listed(policy["PolicyDocument"]["Statement"])
    ]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    return [
        Allowed(
            frozenset(listed(statement["Action"])),
            tuple(listed(statement["Resource"])),
            statement.get("Condition", {}),
        )
        for statement in statements
    ]


def actions_of(function: str) -> set[str]:
    """All actions that a function's role allows, anywhere."""
    return {action for statement in allowed_by(function) for action in statement.actions}


_OTHER_NAMES = {
    # Where the Service Authorization Reference has another name than the API.
    "s3:HeadBucket": ["s3:ListBucket"],
    "s3:HeadObject": ["s3:GetObject"],
    "s3:ListObjectsV2": ["s3:ListBucket"],
    "s3:GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
    "stepfunctions:StartExecution": ["states:StartExecution"],
    "scheduler:CreateSchedule": ["scheduler:CreateSchedule", "iam:PassRole"],
    "scheduler:UpdateSchedule": ["scheduler:UpdateSchedule", "iam:PassRole"],
}
_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def actions_for(service: str, operation: str, parameters: dict[str, Any]) -> set[str]:
    """The actions that IAM asks for, for a call through boto3."""
    if operation == "TransactWriteItems":
        kinds = {kind for item in parameters["TransactItems"] for kind in item}
        return {f"dynamodb:{_TRANSACTION[kind]}" for kind in kinds}
    if (service, operation) == ("iam", "CreateRole") and parameters.get("Tags"):
        return {"iam:CreateRole", "iam:TagRole"}
    if (service, operation) == ("s3", "GetObject") and parameters.get("VersionId"):
        return {"s3:GetObjectVersion"}
    call = f"{service}:{operation}"
    return set(_OTHER_NAMES.get(call, [call]))
