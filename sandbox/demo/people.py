"""The two sides of the story: ops of our account, and the partner in its own."""

import json
from collections.abc import Callable
from typing import Any

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from sandbox import Sandbox
from sandbox.connection import connect
from sandbox.demo.looks import Looks

PARTNER_ACCOUNT = "444455556666"
_plain = TypeDeserializer().deserialize


class Ops:
    """Somebody with rights in our account."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self.iam, self.s3, self.dynamodb = (
            box.client("iam"),
            box.client("s3"),
            box.client("dynamodb"),
        )

    def upload(self, key: str, config: dict[str, Any]) -> dict[str, Any]:
        """Put a config file and wait for its result."""
        body = json.dumps(config, indent=2).encode()
        bucket = self._box.outputs["ConfigBucketName"]
        version = self.s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        return self.result(key, lambda result: result["config_version"] == version)

    def remove(self, key: str) -> dict[str, Any]:
        """Remove a config file and wait for its result."""
        self.s3.delete_object(Bucket=self._box.outputs["ConfigBucketName"], Key=key)
        return self.result(key, lambda result: result["outcome"] == "revoked")

    def result(self, key: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The result file of a config, once it is the one that is wanted."""
        name = key.removesuffix(".json") + ".result.json"
        found: dict[str, Any] = {}
        looks = Looks(30)
        while looks.left():
            try:
                answer = self.s3.get_object(Bucket=self._box.outputs["ResultsBucketName"], Key=name)
                found = json.load(answer["Body"])
                if wanted(found):
                    return found
            except self.s3.exceptions.NoSuchKey:
                pass
            looks.pause()
        raise SystemExit(f"no result for {key} within 30 s; the last one was {found}")

    def sheet(self, key: str) -> str:
        """The page for the partner, beside the result of a config; it is written after that."""
        name = key.removesuffix(".json") + ".handoff.html"
        bucket, looks = self._box.outputs["ResultsBucketName"], Looks(30)
        while True:
            try:
                answer = self.s3.get_object(Bucket=bucket, Key=name)
                return str(answer["Body"].read().decode())
            except self.s3.exceptions.NoSuchKey:
                if not looks.left():
                    raise
            looks.pause()

    def lose_schedules(self, grant: str) -> int:
        """Delete the schedules of a grant, as somebody might; answers how many there were."""
        scheduler = self._box.client("scheduler")
        found = scheduler.list_schedules(NamePrefix=grant)["Schedules"]
        for schedule in found:
            scheduler.delete_schedule(GroupName=schedule["GroupName"], Name=schedule["Name"])
        return len(found)

    def role(self, name: str) -> dict[str, Any] | None:
        """The role of that name with its inline policies, or None."""
        return role_in(self.iam, name)

    def history(self, grant: str) -> list[dict[str, Any]]:
        """The items of a grant in the table: its state and its events in time order."""
        answer = self.dynamodb.query(
            TableName=self._box.outputs["GrantTableName"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"GRANT#{grant}"}},
        )
        return [{key: _plain(value) for key, value in item.items()} for item in answer["Items"]]


class Partner:
    """Somebody in the partner's account: an access key that is an account ID acts as its root."""

    def __init__(self, url: str) -> None:
        self._url = url

    def assume(self, role_arn: str, external_id: str | None) -> "Session":
        """A session of the role.

        Raises
        ------
        ClientError
            When the trust policy refuses.
        """
        given = {"ExternalId": external_id} if external_id else {}
        sts = connect(self._url, "sts", PARTNER_ACCOUNT)
        answer = sts.assume_role(RoleArn=role_arn, RoleSessionName="demo", **given)
        keys = answer["Credentials"]
        return Session(
            lambda service: connect(
                self._url, service, keys["AccessKeyId"], token=keys["SessionToken"]
            )
        )


class Session:
    """What the partner's service does with the session's credentials."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self.client = client
        self._s3, self._secrets = client("s3"), client("secretsmanager")

    def write(self, bucket: str, key: str, text: str) -> None:
        """Write an object."""
        self._s3.put_object(Bucket=bucket, Key=key, Body=text.encode())

    def read(self, bucket: str, key: str) -> str:
        """Read an object."""
        return str(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())

    def list(self, bucket: str, prefix: str) -> list[str]:
        """List a folder."""
        found = self._s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [item["Key"] for item in found.get("Contents", [])]

    def secret(self, name: str) -> str:
        """Read a secret."""
        return str(self._secrets.get_secret_value(SecretId=name)["SecretString"])


def role_in(iam: Any, name: str) -> dict[str, Any] | None:
    """The role of that name with its inline policies, by a client of its account; or None."""
    read = iam.get_role_policy
    try:
        role: dict[str, Any] = iam.get_role(RoleName=name)["Role"]
        names = iam.list_role_policies(RoleName=name)["PolicyNames"]
        policies = {n: read(RoleName=name, PolicyName=n)["PolicyDocument"] for n in names}
    except iam.exceptions.NoSuchEntityException:  # at any time, while it is revoked
        return None
    return {**role, "InlinePolicies": policies}


def refusal(call: Callable[[], Any]) -> str | None:
    """The error code by which AWS refuses a call, or None when it goes through."""
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None
