"""The resources that outlive a stack: to keep, to delete, or to take over in another stack."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey_cli.aws.stack import Stack

_RETAINED = ("Retain", "RetainExceptOnCreate")
_IDENTIFIERS = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SSM::Parameter": "Name",
}
"""The property by which CloudFormation imports a resource (user guide, "Resource type support")."""
_BATCH = 1000
"""Objects of one call (S3 API reference, DeleteObjects)."""


@dataclass(frozen=True)
class Retained:
    """A resource that CloudFormation leaves when the stack is deleted."""

    logical_id: str
    kind: str
    name: str
    properties: Mapping[str, Any]
    policy: str

    @property
    def shown(self) -> str:
        """Its kind and name, in the words of AWS."""
        return f"{self.kind.split('::')[1]} {self.kind.split('::')[2].lower()} {self.name}"

    @property
    def locked(self) -> bool:
        """Whether its objects are locked, so that it cannot be emptied before their time."""
        return bool(self.properties.get("ObjectLockEnabled"))


def retained(stack: Stack) -> tuple[Retained, ...]:
    """The resources whose deletion policy keeps them, as the deployed template has them."""
    client = stack.client("cloudformation")
    with translated("read the deployed template"):
        body = client.get_template(StackName=stack.name, TemplateStage="Processed")["TemplateBody"]
        pages = client.get_paginator("list_stack_resources").paginate(StackName=stack.name)
        names = {
            one["LogicalResourceId"]: one.get("PhysicalResourceId")
            for page in pages
            for one in page["StackResourceSummaries"]
        }
    template = json.loads(body) if isinstance(body, str) else body
    return tuple(
        Retained(name, each["Type"], str(names[name]), each.get("Properties", {}), policy)
        for name, each in template["Resources"].items()
        if (policy := each.get("DeletionPolicy")) in _RETAINED and names.get(name)
    )


def write_takeover(found: tuple[Retained, ...], folder: Path) -> tuple[Path, Path]:
    """Write the template and the list with which CloudFormation imports them into a new stack.

    CloudFormation imports no resource whose name a function of the template makes, so names are
    written out; what refers to other resources is left to the deployment that follows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = [one for one in found if one.kind in _IDENTIFIERS]
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            one.logical_id: {
                "Type": one.kind,
                "DeletionPolicy": one.policy,
                "UpdateReplacePolicy": "Retain",
                "Properties": {**_literal(one.properties), _IDENTIFIERS[one.kind]: one.name},
            }
            for one in kept
        },
    }
    resources = [
        {
            "ResourceType": one.kind,
            "LogicalResourceId": one.logical_id,
            "ResourceIdentifier": {_IDENTIFIERS[one.kind]: one.name},
        }
        for one in kept
    ]
    paths = folder / "template.json", folder / "resources.json"
    for path, document in zip(paths, (template, resources), strict=True):
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return paths


def delete_data(stack: Stack, found: tuple[Retained, ...]) -> Iterator[str]:
    """Empty and delete what a stack would leave; answers a line for each that is gone.

    A bucket whose objects are locked is left.
    """
    for one in found:
        if one.locked:
            continue
        with translated(f"delete {one.shown}"):
            try:
                _delete(stack, one)
            except ClientError as error:
                if error_code(error) not in _GONE:
                    raise
        yield one.shown


_GONE = ("NoSuchBucket", "ResourceNotFoundException", "ParameterNotFound")


@contextmanager
def _without_policy(stack: Stack, bucket: str) -> Iterator[None]:
    """The bucket's policy may keep everybody from emptying it; it is put back if that fails."""
    s3, text = stack.client("s3"), None
    try:
        text = s3.get_bucket_policy(Bucket=bucket)["Policy"]
        s3.delete_bucket_policy(Bucket=bucket)
    except ClientError as error:
        if error_code(error) != "NoSuchBucketPolicy":
            raise
    try:
        yield
    except Exception:
        if text:
            s3.put_bucket_policy(Bucket=bucket, Policy=text)
        raise


def _delete(stack: Stack, one: Retained) -> None:
    match one.kind:
        case "AWS::S3::Bucket":
            with _without_policy(stack, one.name):
                _empty(stack, one.name)
                stack.client("s3").delete_bucket(Bucket=one.name)
        case "AWS::DynamoDB::Table":
            _unprotect(stack, one.name)
            stack.client("dynamodb").delete_table(TableName=one.name)
        case "AWS::SSM::Parameter":
            stack.client("ssm").delete_parameter(Name=one.name)
        case other:
            raise NotImplementedError(f"{other}: delete {one.name} by hand")


def _empty(stack: Stack, bucket: str) -> None:
    """Delete all versions and delete markers of a bucket."""
    s3 = stack.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(
        Bucket=bucket, PaginationConfig={"PageSize": _BATCH}
    ):
        gone = [
            {"Key": item["Key"], "VersionId": item["VersionId"]}
            for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        ]
        if gone:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": gone, "Quiet": True})


def _unprotect(stack: Stack, table: str) -> None:
    dynamodb = stack.client("dynamodb")
    if dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)


def _literal(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that refer to nothing else."""
    return {name: value for name, value in properties.items() if not _refers(value)}


def _refers(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(key == "Ref" or key.startswith("Fn::") or _refers(value[key]) for key in value)
    return isinstance(value, list) and any(map(_refers, value))
