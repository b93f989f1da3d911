"""Roles as vendors have them made by hand, imported and granted: each partner does its work.

The config is the one that `import` writes, but for the principals (the partner's account stands for
its roles and users, which the sandbox has not) and the key, whose ID nobody can choose. What the
session may do is compared, call by call, with what the role made by hand would allow.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.iam.patterns import covers
from sandbox.demo.people import PARTNER_ACCOUNT, Partner
from sandbox.iam.authorisation import allowed
from tests.kit.examples import ACCOUNT
from tests.kit.outside import Outside
from tests.kit.partners import VendorRole, vendor_roles
from tests.kit.resources import Clients, make_bucket, make_function, make_secret, make_stream

pytestmark = pytest.mark.e2e

KEY = "11111111-2222-3333-4444-555555555555"
OWNS = {"ACL": "bucket-owner-full-control"}
NOT_AT_ALL = {"HCP Terraform", "Rubrik"}

type Call = tuple[str, str, Mapping[str, Any], Callable[[Clients], Any]]
"""An action, the resource and the context that IAM is asked about, and how a client asks."""


def _calls_of_bucket(bucket: str, prefix: str) -> Iterator[Call]:
    """Every call of a program that keeps objects, and calls that change the bucket."""
    whole, key = f"arn:aws:s3:::{bucket}", f"{prefix}x"
    one, thing = f"{whole}/{key}", {"Bucket": bucket, "Key": key}
    upload = {**thing, "UploadId": "u"}
    tags = {"Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    on_objects: list[tuple[str, str, dict[str, Any]]] = [
        ("PutObject", "put_object", {**thing, "Body": b"1"}),
        ("GetObject", "get_object", thing),
        ("GetObjectVersion", "get_object", {**thing, "VersionId": "v"}),
        ("GetObjectTagging", "get_object_tagging", thing),
        ("PutObjectTagging", "put_object_tagging", {**thing, **tags}),
        ("GetObjectAttributes", "get_object_attributes", {**thing, "ObjectAttributes": ["ETag"]}),
        ("ListMultipartUploadParts", "list_parts", upload),
        ("AbortMultipartUpload", "abort_multipart_upload", upload),
        ("RestoreObject", "restore_object", {**thing, "RestoreRequest": {"Days": 1}}),
        ("GetObjectAcl", "get_object_acl", thing),
        ("DeleteObjectVersion", "delete_object", {**thing, "VersionId": "v"}),
        ("DeleteObject", "delete_object", thing),
    ]
    for action, method, given in on_objects:
        yield f"s3:{action}", one, {}, _asks("s3", method, given)
    listed = {"Bucket": bucket, "Prefix": f"{prefix}x"}
    yield (
        "s3:PutObjectAcl",
        one,
        {"s3:x-amz-acl": OWNS["ACL"]},
        _asks("s3", "put_object_acl", {**thing, **OWNS}),
    )
    yield (
        "s3:ListBucket",
        whole,
        {"s3:prefix": listed["Prefix"]},
        _asks("s3", "list_objects_v2", listed),
    )
    for action, method, more in [
        ("GetBucketLocation", "get_bucket_location", {}),
        ("ListBucketMultipartUploads", "list_multipart_uploads", {}),
        ("PutBucketPolicy", "put_bucket_policy", {"Policy": policy}),
        ("DeleteBucket", "delete_bucket", {}),
    ]:
        yield f"s3:{action}", whole, {}, _asks("s3", method, {"Bucket": bucket, **more})


def _calls_of(entry: Mapping[str, Any]) -> Iterator[Call]:
    """What is tried of an entry: its work, and what nobody may do through it."""
    here = f"us-east-1:{ACCOUNT}"
    match entry:
        case {"service": "s3", "bucket": bucket}:
            yield from _calls_of_bucket(bucket, entry.get("prefix", ""))
            yield from _calls_of_bucket(f"{bucket}-2", entry.get("prefix", ""))
        case {"service": "lambda", "function": name}:
            for one in (name, f"{name}2"):
                arn, given = f"arn:aws:lambda:{here}:function:{one}", {"FunctionName": one}
                yield "lambda:InvokeFunction", arn, {}, _asks("lambda", "invoke", given)
                yield "lambda:GetFunction", arn, {}, _asks("lambda", "get_function", given)
        case {"service": "kinesis", "stream": name}:
            record = {"Data": b"1", "PartitionKey": "a"}
            for one in (name, f"{name}2"):
                arn, given = f"arn:aws:kinesis:{here}:stream/{one}", {"StreamName": one}
                put = _asks("kinesis", "put_record", {**given, **record})
                yield "kinesis:PutRecord", arn, {}, put
                yield "kinesis:DeleteStream", arn, {}, _asks("kinesis", "delete_stream", given)
        case {"service": "secretsmanager", "secret": name}:
            for one in (name, f"{name}2"):
                arn = f"arn:aws:secretsmanager:{here}:secret:{one}-AbCdEf"
                for action, method in [
                    ("GetSecretValue", "get_secret_value"),
                    ("DeleteSecret", "delete_secret"),
                ]:
                    yield (
                        f"secretsmanager:{action}",
                        arn,
                        {},
                        _asks("secretsmanager", method, {"SecretId": one}),
                    )
        case {"service": "kms", "key": key}:
            arn, on = f"arn:aws:kms:{here}:key/{KEY}", {"KeyId": key}
            grantee = {
                "GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:root",
                "Operations": ["Decrypt"],
            }
            on_key: list[tuple[str, str, dict[str, Any]]] = [
                ("Encrypt", "encrypt", {"Plaintext": b"1"}),
                ("DescribeKey", "describe_key", {}),
                ("CreateGrant", "create_grant", grantee),
                ("DisableKey", "disable_key", {}),
            ]
            for action, method, more in on_key:
                yield f"kms:{action}", arn, {}, _asks("kms", method, {**on, **more})
        case {"service": "account"}:
            yield from _calls_of_account()


def _calls_of_account() -> Iterator[Call]:
    """What is seen of the account, what would be data, and what some vendors ask for besides."""
    bucket, name = "partner-data-clickhouse", "vendor/api"
    snapshot = {"VolumeId": "vol-1"}
    filtered = {"logGroupName": "g", "filterName": "f", "filterPattern": ""}
    sent = {**filtered, "destinationArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"}
    for action, service, method, given in [
        ("ec2:DescribeInstances", "ec2", "describe_instances", {}),
        ("iam:ListRoles", "iam", "list_roles", {}),
        ("s3:GetBucketAcl", "s3", "get_bucket_acl", {"Bucket": bucket}),
        ("s3:GetObject", "s3", "get_object", {"Bucket": bucket, "Key": "x"}),
        ("secretsmanager:GetSecretValue", "secretsmanager", "get_secret_value", {"SecretId": name}),
        ("ssm:GetParameter", "ssm", "get_parameter", {"Name": "p"}),
        ("iam:CreateUser", "iam", "create_user", {"UserName": "u"}),
        ("ec2:CreateSnapshot", "ec2", "create_snapshot", snapshot),
        ("logs:PutSubscriptionFilter", "logs", "put_subscription_filter", sent),
    ]:
        yield action, "*", {}, _asks(service, method, given)


def _asks(service: str, method: str, given: Mapping[str, Any]) -> Callable[[Clients], Any]:
    return lambda clients: getattr(clients(service), method)(**given)


def _refused(call: Callable[[Clients], Any], clients: Clients) -> bool:
    """Whether IAM refuses a call; what the service says of it afterwards is no matter."""
    try:
        call(clients)
    except ClientError as error:
        return "not authorized to perform" in error.response["Error"]["Message"]
    return False


def _make(outside: Outside, entry: dict[str, Any]) -> None:
    """The resource that an entry names, and a neighbour."""
    aws = outside.box.client
    made: dict[str, Callable[[Clients, str, str | None], None]] = {
        "bucket": make_bucket,
        "function": make_function,
        "secret": make_secret,
        "stream": make_stream,
    }
    for field, make in made.items():
        if field in entry:
            for name in (entry[field], f"{entry[field]}{'-' if field == 'bucket' else ''}2"):
                try:
                    make(aws, name, None)
                except ClientError:  # another vendor's role has the same resource
                    assert field == "bucket"
    if "key" in entry:
        entry["key"] = aws("kms").create_key()["KeyMetadata"]["KeyId"]


def _upload(outside: Outside, role: VendorRole) -> tuple[dict[str, Any], dict[str, Any]]:
    config = json.loads(json.dumps(role.imported[1].config))
    for entry in config["access"]:
        _make(outside, entry)
    if role.title not in NOT_AT_ALL:
        config["principals"] = [PARTNER_ACCOUNT]
    return config, outside.upload(f"partners/vendors/{config['partner']}.json", config)


@pytest.mark.parametrize("role", vendor_roles(), ids=lambda role: role.title)
def test_imported_role_is_granted_and_its_partner_does_the_same_work(
    outside: Outside, security: Any, role: VendorRole
) -> None:
    security(allow_custom=True, allow_any_session_tags=True, allowed_account_access=["audit"])
    config, result = _upload(outside, role)
    if role.title in NOT_AT_ALL:
        assert result["outcome"] == "rejected"
        assert "/access" in {problem["path"] for problem in result["problems"]}
        return
    assert result["outcome"] == "created", result["problems"]
    external = outside.state(config["partner"])["external_id"]
    first = external if isinstance(external, str) else external[0]
    clients = Partner(outside.box.url).assume(result["role_arn"], first).client
    notes = role.imported[1].notes
    added = {action for note in notes if note.kind == "added" for action in note.actions}
    lost = [pattern for note in notes if note.kind == "lost" for pattern in note.actions]
    whole = config["access"][0]["service"] == "account"
    tried: dict[bool, list[str]] = {True: [], False: []}
    for action, arn, context, call in (c for entry in config["access"] for c in _calls_of(entry)):
        had = allowed(list(role.policies.values()), None, action, arn, context)
        told = any(covers(one.lower(), action.lower()) for one in lost)
        refused = _refused(call, clients)
        tried[refused].append(action)
        if refused:
            assert told or not had, f"in silence: {action} on {arn}"
        else:
            assert had or action in added, f"wider: {action} on {arn}"
    assert tried[True]
    assert tried[False]
    assert whole or {*tried[False]} & _main_work(role), tried
    outside.remove(f"partners/vendors/{config['partner']}.json")
    assert all(
        _refused(call, clients) for _, _, _, call in list(_calls_of(config["access"][0]))[:1]
    )


def _main_work(role: VendorRole) -> set[str]:
    """The actions that a vendor's instructions name in full."""
    asked = [one["Action"] for one in role.allowed]
    names = {name for one in asked for name in ([one] if isinstance(one, str) else one)}
    return {name for name in names if "*" not in name} or {"s3:GetObject"}
