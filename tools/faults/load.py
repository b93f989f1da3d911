"""Many files at once, many versions of one file, and messages that are none, in a real sandbox.

Function processes run side by side there, and every two seconds one is killed. Each file, the
many versions and all poison together are cases: the queue refuses what S3 did not send.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from sandbox import Sandbox
from tests.kit.examples import config_bytes
from tools.faults.killing import Killer
from tools.tally import Tally

_VISIBILITY, _RECEIVES = 180, 5
_PAUSE = 2.0
_PATIENCE = 1500  # seconds without an end until it is given up
_POISON = ("not JSON", '{"Records": [{"s3": {}}]}', '{"Records": "all of them"}', "[]")


def run(*, short: bool) -> Tally:
    """1,000 files and 200 versions of one more, or with `short` 60 and 20."""
    tally = Tally("load")
    with Sandbox() as box:
        load = Load(box, *((60, 20) if short else (1000, 200)))
        started = time.monotonic()
        with Killer(box, _PAUSE, Random(7)) as killer:  # noqa: S311 (no secret)
            load.upload()
            load.await_quiet()
        took = time.monotonic() - started
        load.bury()
        for case, wrong in load.cases():
            tally.count(case, wrong)
        iam = sum(call["service"] == "iam" and call["caller"] != "outside" for call in box.calls())
        peak = max(box.functions(), key=lambda function: int(function["peak"]))
        print(
            f"  {load.files} files, {load.versions} versions: {took:.0f} s, {iam} calls of IAM, "
            f"{killer.killed} processes killed meanwhile, at most {peak['peak']} of "
            f"{peak['name']} at once"
        )
    return tally


@dataclass
class Load:
    """So many files and versions, uploaded by eight hands at once."""

    box: Sandbox
    files: int
    versions: int

    def __post_init__(self) -> None:
        self._s3, self._sqs = self.box.client("s3"), self.box.client("sqs")
        self._bucket = self.box.outputs["ConfigBucketName"]
        self._results = self.box.outputs["ResultsBucketName"]
        names = ("latchkey-config-events", "latchkey-config-events-dead")
        self._queue, self._dead = (
            self._sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in names
        )
        self._s3.create_bucket(Bucket="data-bucket")

    def upload(self) -> None:
        """Everything at once, the poison in between."""
        with ThreadPoolExecutor(8) as hands:
            files = [hands.submit(self._put, f"load-{n}") for n in range(self.files)]
            versions = [
                hands.submit(self._put, "often", f"version {n}") for n in range(self.versions)
            ]
            poison = [
                hands.submit(self._sqs.send_message, QueueUrl=self._queue, MessageBody=text)
                for text in _POISON
            ]
            for done in (*files, *versions):
                done.result()
            self.refused = sum(isinstance(sent.exception(), ClientError) for sent in poison)
        self._put("often", "the last")

    def await_quiet(self) -> None:
        """Until every message but the poison is gone and every run has ended."""
        until = time.monotonic() + _PATIENCE
        while self._waiting() or self._running():
            if time.monotonic() > until:
                return  # what is not done shows in the cases
            time.sleep(0.5)

    def bury(self) -> None:
        """Poison would be received five times in all, and then put aside."""
        for _ in range(_RECEIVES):
            self.box.advance(_VISIBILITY + 1)

    def cases(self) -> Iterator[tuple[str, list[str]]]:
        """What is wrong with each file, the many versions and the dead letters."""
        roles, states = self._roles(), self._states()
        failed = self._executions("FAILED")
        yield "no run failed", [run["name"] for run in failed]
        for number in range(self.files):
            partner = f"load-{number}"
            yield partner, self._wrong(partner, roles.get(partner), states.get(partner))
        last = roles.get("often", {}).get("description", "")
        wrong = self._wrong("often", roles.get("often"), states.get("often"), "updated", "created")
        yield "newest version", [*wrong, *([] if last.startswith("the last") else [last])]
        dead = self._counted(self._dead)
        for function in self.box.functions():
            if function["reserved"] is not None:  # those of the workflow: tests/contract
                yield f"peak of {function['name']}", self._above(function)
        yield (
            "refused",
            [] if self.refused == len(_POISON) else [f"{self.refused} of {len(_POISON)}"],
        )
        yield "dead letters", [f"{dead}"] if dead else []

    @staticmethod
    def _above(function: dict[str, Any]) -> list[str]:
        reserved, peak = function["reserved"], function["peak"]
        return [] if peak <= reserved else [f"{peak} at once, {reserved} are reserved"]

    def _put(self, partner: str, purpose: str = "Nightly export") -> None:
        body = config_bytes(partner=partner, purpose=purpose, external_id=f"external-{partner}")
        self._s3.put_object(Bucket=self._bucket, Key=f"partners/{partner}.json", Body=body)

    def _wrong(self, partner: str, role: Any, state: Any, *outcomes: str) -> list[str]:
        if not role:
            return ["no role"]
        wrong = [] if state == "active" else [f"status {state}"]
        resources = json.dumps(role["policies"])
        if "arn:aws:s3:::data-bucket/in/*" not in resources:
            wrong.append(f"policy {resources}")
        if f"external-{partner}" not in json.dumps(role["trust"]):
            wrong.append(f"trust policy {role['trust']}")
        key = f"partners/{partner}.result.json"
        result = json.load(self._s3.get_object(Bucket=self._results, Key=key)["Body"])
        if result["outcome"] not in (outcomes or ("created",)):
            wrong.append(f"result {result['outcome']}: {result['reason']}")
        return wrong

    def _roles(self) -> dict[str, Any]:
        iam = self.box.client("iam")
        pages = iam.get_paginator("get_account_authorization_details").paginate(Filter=["Role"])
        found = (role for page in pages for role in page["RoleDetailList"])
        return {
            role["RoleName"].removeprefix("partner-").removesuffix(".main"): {
                "policies": role["RolePolicyList"],
                "trust": role["AssumeRolePolicyDocument"],
                "description": self._description(iam, role),
            }
            for role in found
            if role["Path"] == "/partners/"
        }

    def _description(self, iam: Any, role: Any) -> str:
        """Pages lack the description; it matters for one role only."""
        if not role["RoleName"].startswith("partner-often"):
            return ""
        return str(iam.get_role(RoleName=role["RoleName"])["Role"]["Description"])

    def _states(self) -> dict[str, str]:
        table = self.box.client("dynamodb").get_paginator("scan")
        pages = table.paginate(TableName=self.box.outputs["GrantTableName"])
        items = (item for page in pages for item in page["Items"])
        return {
            item["partner"]["S"]: item["status"]["S"]
            for item in items
            if item["sk"]["S"] == "STATE" and item["pk"]["S"].startswith("GRANT#")
        }

    def _executions(self, status: str) -> list[Any]:
        states = self.box.client("stepfunctions")
        pages = states.get_paginator("list_executions").paginate(
            stateMachineArn=self.box.outputs["GrantWorkflowArn"], statusFilter=status
        )
        return [run for page in pages for run in page["executions"]]

    def _running(self) -> bool:
        """Whether any run is at work; pages of them would be out of date when they are read."""
        found = self.box.client("stepfunctions").list_executions(
            stateMachineArn=self.box.outputs["GrantWorkflowArn"],
            statusFilter="RUNNING",
            maxResults=1,
        )
        return bool(found["executions"])

    def _waiting(self) -> int:
        return self._counted(self._queue)

    def _counted(self, url: str) -> int:
        found = self._sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(found["Attributes"]["ApproximateNumberOfMessages"])
