"""Orders for many grants in a real sandbox: stopped in the middle, given again, and carried out.

Function processes are killed meanwhile. Each grant that an order is for is a case.
"""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from latchkey.aws.leases import DURATION
from latchkey.grants.intent import INTERRUPTED
from sandbox import Sandbox
from tests.kit.examples import config_bytes
from tests.kit.outside import as_granted
from tests.kit.spoke_account import GUARDRAILS, SpokeAccount
from tests.kit.stack.spokes import SPOKES
from tools.faults.killing import Killer
from tools.tally import Tally

_PAUSE = 2.0
_PATIENCE = 1500  # seconds without an end until it is given up
_WHY = {"reason": "incident 7", "requested_by": "security on call"}
_OTHERS = ("birch", "cedar", "dogwood")


def run(*, short: bool) -> Tally:
    """500 grants of one partner and a few of others, or with `short` 24."""
    tally = Tally("many")
    with Sandbox() as box:
        many = Many(box, 24 if short else 500)
        many.grant()
        started = time.monotonic()
        with Killer(box, _PAUSE, Random(11)) as killer:  # noqa: S311 (no secret)
            left = many.revoke_and_stop()
            again = many.order("revoke", "acme")
        took = time.monotonic() - started
        tally.count("given again", [] if again["status"] == "SUCCEEDED" else [str(again)])
        for case, wrong in (*many.revoked(), *many.orders_for_all()):
            tally.count(case, wrong)
        print(
            f"  {many.grants} grants of one partner: stopped with {left} left, all gone after "
            f"{took:.0f} s; {killer.killed} processes killed meanwhile"
        )
    return tally


class Many:
    """A partner with so many grants, `acme`, and others with one each."""

    def __init__(self, box: Sandbox, grants: int) -> None:
        self.grants = grants
        self._box = box
        self._s3, self._states = box.client("s3"), box.client("stepfunctions")
        self._workflow = box.outputs["GrantWorkflowArn"]
        self._s3.create_bucket(Bucket="data-bucket")
        self._spokes = [SpokeAccount(box, account) for account in SPOKES]
        for spoke in self._spokes:
            spoke.enrol()
            spoke.client("s3").create_bucket(Bucket=f"data-{spoke.account}")
        rules = json.dumps({"version": 1, "allowed_accounts": list(SPOKES)})
        box.client("ssm").put_parameter(Name=GUARDRAILS, Value=rules, Overwrite=True)

    def grant(self) -> None:
        """Upload all files, and wait for the roles."""
        wanted = [("acme", f"g{n}") for n in range(self.grants)] + [(p, "main") for p in _OTHERS]
        with ThreadPoolExecutor(8) as hands:
            list(hands.map(lambda each: self._put(*each), wanted))
        self._await(lambda: len(self._roles()) == len(wanted) and not self._running())

    def revoke_and_stop(self) -> int:
        """Order all of acme's to be revoked, and stop the order and its runs in the middle.

        Answers how many roles were left. Leases of runs that were stopped run out.
        """
        arn = self._start(self._order("revoke", "acme"))
        half = self.grants // 2 + len(_OTHERS)
        self._await(lambda: len(self._roles()) <= half)
        stopped = (arn, *self._running())
        self._stopped = {run.partition(":order-")[2].split("-")[0] for run in stopped}
        for running in stopped:
            self._states.stop_execution(executionArn=running, cause="stopped by the test")
        left = len(self._roles()) - len(_OTHERS)
        self._box.advance(DURATION.total_seconds() + 1)
        return left

    def order(self, action: str, partner: str, **more: Any) -> dict[str, Any]:
        """Give an order, and answer what DescribeExecution says at its end."""
        arn = self._start(self._order(action, partner, **more))
        self._await(lambda: self._described(arn)["status"] != "RUNNING")
        return self._described(arn)

    def revoked(self) -> Iterator[tuple[str, list[str]]]:
        """What is wrong with each grant of acme's, and with the others, which no order was for."""
        self._await(lambda: not self._running())
        roles = self._roles()
        for number in range(self.grants):
            name = f"acme.g{number}"
            yield name, self._wrong(name, roles)
        for partner in _OTHERS:
            found = f"partner-{partner}.main" in roles
            yield f"{partner} is left alone", [] if found else ["no role"]

    def orders_for_all(self) -> Iterator[tuple[str, list[str]]]:
        """Suspend, resume and revoke everything there is, which is the others' by now."""
        before = self._roles()
        unconfirmed = json.loads(self.order("suspend", "*")["output"])["outcome"]
        yield (
            "without confirm",
            self._same(unconfirmed, "rejected") + self._same(self._roles(), before),
        )
        for action, outcome in (("suspend", "suspended"), ("resume", "updated")):
            found = self.order(action, "*", confirm="all")
            outcomes = json.loads(found["output"])["outcomes"]
            yield f"{action} all", self._same(outcomes, {outcome: len(_OTHERS)})
        yield "resumed as they were", self._same(as_granted(self._roles()), as_granted(before))
        found = self.order("revoke", "*", confirm="all")
        yield "revoke all", self._same(found["status"], "SUCCEEDED") + self._same(self._roles(), {})

    @staticmethod
    def _same(found: Any, wanted: Any) -> list[str]:
        return [] if found == wanted else [f"{found}, not {wanted}"]

    def _wrong(self, name: str, roles: dict[str, Any]) -> list[str]:
        wrong = ["the role is there"] if f"partner-{name}" in roles else []
        items = self._history(name)
        status = next(item["status"]["S"] for item in items if item["sk"]["S"] == "STATE")
        events = [
            item
            for item in items
            if item["sk"]["S"].startswith("EVENT#")
            and not (name in self._stopped and self._interrupted(item))
        ]
        wrong += self._same(status, "revoked")
        wrong += self._same(
            [event["event"]["S"] for event in events], ["AccessGranted", "AccessRevoked"]
        )
        wrong += [str(e["reason"]) for e in events if e["event"]["S"] == "GrantFailed"]
        last = events[-1]
        why = {key: last.get(key, {}).get("S") for key in _WHY}
        verified = last.get("verified", {}).get("M", {}).get("role", {}).get("S")
        return wrong + self._same(why, _WHY) + self._same(verified, "absent")

    @staticmethod
    def _interrupted(event: dict[str, Any]) -> bool:
        """What is recorded of a run that was stopped after it had noted what it would do."""
        reason = str(event.get("reason", {}).get("S"))
        return event["event"]["S"] == "GrantFailed" and reason.startswith(f"{INTERRUPTED}: ")

    def _order(self, action: str, partner: str, **more: Any) -> dict[str, Any]:
        return {"action": action, "partner": partner, "grant": "*", **_WHY, **more}

    def _put(self, partner: str, grant: str) -> None:
        there = self._place(grant)
        named = {"partner": partner, "grant": grant, "external_id": f"external-{partner}"}
        body = config_bytes(**named, **there)
        key = f"partners/{partner}/{grant}.json"
        self._s3.put_object(Bucket=self._box.outputs["ConfigBucketName"], Key=key, Body=body)

    @staticmethod
    def _place(grant: str) -> dict[str, Any]:
        """Grants are in the stack's own account and in two others in turn."""
        number = int(grant.removeprefix("g")) if grant != "main" else 0
        if not number % (len(SPOKES) + 1):
            return {}
        account = SPOKES[number % (len(SPOKES) + 1) - 1]
        entry = {"service": "s3", "bucket": f"data-{account}", "allow": "read-write"}
        return {"account": account, "access": [entry]}

    def _start(self, request: dict[str, Any]) -> str:
        started = self._states.start_execution(
            stateMachineArn=self._workflow, input=json.dumps(request)
        )
        return str(started["executionArn"])

    def _described(self, arn: str) -> dict[str, Any]:
        return dict(self._states.describe_execution(executionArn=arn))

    def _running(self) -> list[str]:
        pages = self._states.get_paginator("list_executions").paginate(
            stateMachineArn=self._workflow, statusFilter="RUNNING"
        )
        return [str(run["executionArn"]) for page in pages for run in page["executions"]]

    def _roles(self) -> dict[str, Any]:
        found = [
            role
            for iam in (self._box.client("iam"), *(spoke.iam for spoke in self._spokes))
            for page in iam.get_paginator("get_account_authorization_details").paginate(
                Filter=["Role"]
            )
            for role in page["RoleDetailList"]
        ]
        return {
            role["RoleName"]: (role["RoleId"], role["RolePolicyList"])
            for role in found
            if role["Path"] == "/partners/"
        }

    def _history(self, name: str) -> list[Any]:
        found = self._box.client("dynamodb").query(
            TableName=self._box.outputs["GrantTableName"],
            KeyConditionExpression="pk = :grant",
            ExpressionAttributeValues={":grant": {"S": f"GRANT#{name}"}},
        )
        return list(found["Items"])

    @staticmethod
    def _await(reached: Callable[[], bool]) -> None:
        until = time.monotonic() + _PATIENCE
        while not reached() and time.monotonic() < until:  # what is not done shows in the cases
            time.sleep(0.5)
