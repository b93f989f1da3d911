"""What is in the stack: roles, records, results, events, schedules and executions."""

import json
from typing import Any

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import GROUP, RECONCILE, RESULTS_BUCKET, TABLE, aws

_plain = TypeDeserializer().deserialize


_RUNS = ("PLAN#", "APPLIED#")


class Contents:
    """A look at all that the stack keeps and sends; roles are those of `account`."""

    account: str = ACCOUNT

    def role(self, name: str = "partner-acme.main") -> dict[str, Any] | None:
        """The role as IAM has it, or None."""
        try:
            return dict(aws("iam", self.account).get_role(RoleName=name)["Role"])
        except ClientError:
            return None

    def permissions(self, name: str = "partner-acme.main") -> Any:
        """The document of the role's policy."""
        iam = aws("iam", self.account)
        found = iam.get_role_policy(RoleName=name, PolicyName="latchkey-access")
        return found["PolicyDocument"]

    def item(self, pk: str, sk: str = "STATE") -> dict[str, Any] | None:
        """An item of the grant table, or None."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found = aws("dynamodb").get_item(TableName=TABLE, Key=key)
        return {name: _plain(v) for name, v in found["Item"].items()} if "Item" in found else None

    def grant(self, name: str = "acme.main") -> dict[str, Any]:
        """The STATE item of a grant, which has to be there."""
        item = self.item(f"GRANT#{name}")
        assert item is not None, f"no STATE of {name}"
        return item

    def items(self) -> list[dict[str, Any]]:
        """All items of the grant table, but for what the steps of runs hand on."""
        return [item for item in self.all_items() if not item["pk"].startswith(_RUNS)]

    def all_items(self) -> list[dict[str, Any]]:
        """All items of the grant table."""
        found = aws("dynamodb").scan(TableName=TABLE)["Items"]
        return [{name: _plain(value) for name, value in item.items()} for item in found]

    def history(self, name: str = "acme.main") -> list[str]:
        """The facts of a grant, in the order of their keys."""
        mine = [item for item in self.items() if item["pk"] == f"GRANT#{name}"]
        mine.sort(key=lambda item: item["sk"])
        return [item["event"] for item in mine if item["sk"].startswith("EVENT#")]

    def result(self, key: str = "partners/acme.result.json") -> dict[str, Any]:
        """A result file."""
        body = aws("s3").get_object(Bucket=RESULTS_BUCKET, Key=key)["Body"]
        found: dict[str, Any] = json.loads(body.read())
        return found

    def text(self, key: str) -> str | None:
        """A text in the results bucket, or None."""
        try:
            body = aws("s3").get_object(Bucket=RESULTS_BUCKET, Key=key)["Body"]
        except ClientError:
            return None
        return str(body.read().decode())

    def events(self) -> list[dict[str, Any]]:
        """The events on the bus so far, as a rule hands them on."""
        return [json.loads(body) for body in _received("events")]

    def notices(self) -> list[dict[str, Any]]:
        """The messages of the topic so far, as SNS hands them to a queue."""
        return [json.loads(body) for body in _received("notices")]

    def schedules(self) -> list[str]:
        """The names of all schedules."""
        found = aws("scheduler").list_schedules(GroupName=GROUP)["Schedules"]
        return [schedule["Name"] for schedule in found]

    def started(self) -> list[dict[str, Any]]:
        """The inputs of all executions that functions started."""
        return list(self.executions().values())

    def end_runs(self) -> None:
        """End all executions that functions started: from now on their names are taken."""
        states = aws("stepfunctions")
        for run in states.list_executions(stateMachineArn=RECONCILE)["executions"]:
            states.stop_execution(executionArn=run["executionArn"])

    def executions(self) -> dict[str, dict[str, Any]]:
        """The same, by the executions' names."""
        states = aws("stepfunctions")
        runs = states.list_executions(stateMachineArn=RECONCILE)["executions"]
        described = [states.describe_execution(executionArn=run["executionArn"]) for run in runs]
        return {run["name"]: json.loads(run["input"]) for run in described}


def _received(queue: str) -> list[str]:
    """The bodies of all messages in a queue, which are taken out of it."""
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return found
