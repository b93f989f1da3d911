"""People with a role of their own, who upload and approve."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox import Sandbox
from sandbox.connection import connect

_ROOT = "arn:aws:iam::123456789012:root"


@dataclass(frozen=True)
class Person:
    """A session of a role of its own; `keys` are the environment of a terminal that has it."""

    s3: Any
    user_id: str
    bucket: str
    keys: str

    @property
    def role_id(self) -> str:
        """The unique ID of the role."""
        return self.user_id.partition(":")[0]

    def put(self, key: str, document: Any) -> None:
        """Write an object."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=json.dumps(document).encode())

    def approve(self, grant: str, digest: str) -> None:
        """Write an approval where this person may."""
        self.put(f"approvals/security/{grant}/{digest}/{self.user_id}.json", {})


def person(box: Sandbox, name: str, *allowed: dict[str, Any]) -> Person:
    """Somebody who may do what is allowed; if that is nothing, all in the config bucket."""
    iam, bucket = box.client("iam"), box.outputs["ConfigBucketName"]
    trust = {"Effect": "Allow", "Principal": {"AWS": _ROOT}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}*"}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]
    iam.put_role_policy(
        RoleName=name, PolicyName=name, PolicyDocument=_policy(*(allowed or (may,)))
    )
    session = {"RoleArn": made["Arn"], "RoleSessionName": "work"}
    key = box.client("sts").assume_role(**session)["Credentials"]
    s3 = connect(box.url, "s3", key["AccessKeyId"], token=key["SessionToken"])
    keys = f"AWS_ACCESS_KEY_ID={key['AccessKeyId']} AWS_SECRET_ACCESS_KEY=x "
    keys += f"AWS_SESSION_TOKEN={key['SessionToken']} AWS_REGION=us-east-1"
    return Person(s3, f"{made['RoleId']}:work", bucket, keys)


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
