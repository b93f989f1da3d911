"""A stack whose runs Step Functions and CloudTrail know, for those who ask who started them."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.partitions import aws_environment
from latchkey_cli.aws.stack import StackResource
from tests.kit.examples import ACCOUNT

NOW = datetime.fromisoformat("2026-05-01T12:00:00Z")
MACHINE = f"arn:aws:states:us-east-1:{ACCOUNT}:execution:latchkey"
ROLES = ("GrantWorkflowRole", "ReconcileWorkflowRole", "IntakeConfigRole", "PlannerRole")
ALICE = f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/alice"
BOB = ALICE.replace("alice", "bob")


def session(role: str, name: str, role_id: str = "AROAEXAMPLEOPS") -> dict[str, Any]:
    """The `userIdentity` of a role's session."""
    issuer = {
        "type": "Role",
        "principalId": role_id,
        "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
        "accountId": ACCOUNT,
        "userName": role,
    }
    return {
        "type": "AssumedRole",
        "principalId": f"{role_id}:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": issuer},
    }


def ours(name: str) -> dict[str, Any]:
    """A session of a role of the stack, by the role's name in the template."""
    return session(f"latchkey-{name}-1", "run", "AROAEXAMPLEOURS")


class Trail:
    """Executions, and the events of their starts; counts the lookups."""

    names, region = "latchkey", "us-east-1"
    environment = aws_environment("aws", "us-east-1", ACCOUNT)

    def __init__(self) -> None:
        self.started: dict[str, datetime] = {}
        self.events: list[dict[str, Any]] = []
        self.lookups: list[dict[str, Any]] = []
        self.refuse: str | None = None
        self.page = 50
        self.resources = tuple(
            StackResource("AWS::IAM::Role", f"latchkey-{name}-1", name) for name in ROLES
        )

    def run(
        self,
        name: str,
        identity: Mapping[str, Any] | None,
        *,
        machine: str = "grant",
        ago: timedelta = timedelta(hours=1),
        **changes: Any,
    ) -> str:
        """An execution that somebody started; CloudTrail has no event without an identity."""
        arn = f"{MACHINE}-{machine}-workflow:{name}"
        self.started.setdefault(arn, NOW - ago)
        if identity is not None:
            record = {
                "eventSource": "states.amazonaws.com",
                "eventName": "StartExecution",
                "userIdentity": identity,
                "responseElements": {"executionArn": arn},
                **changes,
            }
            self.events.insert(0, {"CloudTrailEvent": json.dumps(record)})
        return arn

    def client(self, service: str) -> Any:
        """Both services at once."""
        assert service in ("stepfunctions", "cloudtrail")
        return self

    def output(self, name: str) -> str:
        """An output of the stack."""
        return name

    def describe_execution(self, executionArn: str) -> dict[str, Any]:  # noqa: N803 (boto3's name)
        """When an execution started."""
        if executionArn not in self.started:
            raise _error("ExecutionDoesNotExist", "DescribeExecution")
        return {"startDate": self.started[executionArn]}

    def get_paginator(self, _: str) -> Any:
        """The executions of the grant workflow."""
        runs = [{"executionArn": arn} for arn in self.started]
        return SimpleNamespace(paginate=lambda **_: iter([{"executions": runs}]))

    def lookup_events(self, **asked: Any) -> dict[str, Any]:
        """A page of events, whichever the times."""
        self.lookups.append(asked)
        if self.refuse:
            raise _error(self.refuse, "LookupEvents")
        start = int(asked.get("NextToken") or 0)
        page: dict[str, Any] = {"Events": self.events[start : start + self.page]}
        more = start + self.page < len(self.events)
        return {**page, **({"NextToken": str(start + self.page)} if more else {})}


def entries(*runs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Events of a history, an hour ago unless they say otherwise."""
    for number, run in enumerate(runs):
        at = run.get("at", f"2026-05-01T11:00:0{number}.000000Z")
        yield {"event": "AccessGranted", **run, "sk": f"EVENT#{at}#run"}


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)
