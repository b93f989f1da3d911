"""Who has a session in our account, and what it may do."""

import json
from typing import Any

from tools.attacks.ground import Ground, statement
from tools.attacks.target import Target


class Uploader:
    """A session that may write under the prefix of a target's partner."""

    def __init__(self, ground: Ground, target: Target) -> None:
        self._ground = ground
        self._bucket = ground.box.outputs["ConfigBucketName"]
        objects = f"arn:aws:s3:::{self._bucket}/partners/{target.partner}/*"
        may = ("s3:PutObject", "s3:GetObject", "s3:DeleteObject")
        self.client = ground.person("uploader", statement(*may, on=objects))
        self._s3 = self.client("s3")

    def put(self, key: str, body: bytes, **how: Any) -> str:
        """Upload bytes, in any way that S3 knows; answers the version."""
        put = self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, **how)
        return str(put["VersionId"])

    def upload(self, key: str, config: dict[str, Any], **how: Any) -> dict[str, Any]:
        """Upload a config; answers the result of this version."""
        return self.result(key, self.put(key, json.dumps(config).encode(), **how))

    def result(self, key: str, version: str) -> dict[str, Any]:
        """The result of a version of a file, once there is one."""
        outside = self._ground.outside
        return outside.result(key, lambda found: found["config_version"] == version)


class Executor:
    """A session that may start and stop executions of the workflow."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._arn = ground.box.outputs["GrantWorkflowArn"]
        may = ("states:StartExecution", "states:StopExecution", "states:DescribeExecution")
        self.client = ground.person("executor", statement(*may))
        self._states = self.client("stepfunctions")

    def start(self, request: Any) -> str:
        """Start an execution; answers its ARN."""
        started = self._states.start_execution(stateMachineArn=self._arn, input=json.dumps(request))
        return str(started["executionArn"])

    def stop(self, arn: str) -> None:
        """Stop an execution."""
        self._states.stop_execution(executionArn=arn, cause="stopped by the attacker")

    def run(self, request: Any) -> dict[str, Any]:
        """Start an execution and wait for its end."""
        arn = self.start(request)
        found: dict[str, Any] = self._ground.eventually(
            lambda: self._states.describe_execution(executionArn=arn),
            lambda execution: execution["status"] != "RUNNING",
            60.0,
        )
        output = json.loads(found.get("output") or "null")
        return {"status": found["status"], "output": output, "cause": found.get("cause")}


def administrator(ground: Ground) -> Any:
    """A session that may do all of IAM under the path of the roles."""
    on = f"arn:aws:iam::{ground.account}:role/partners/*"
    policies = statement("iam:CreatePolicy", "iam:CreatePolicyVersion")
    may = (statement("iam:*", on=on), policies)
    return ground.person("administrator", *may, account=ground.account)("iam")
