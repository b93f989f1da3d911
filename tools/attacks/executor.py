"""Somebody who may start the workflow's executions, and stop them, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

from tests.kit.examples import OTHER_ACCOUNT
from tools.attacks.ground import HOUR, WHY, Ground, order, refused
from tools.attacks.people import Executor
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

GUARDRAILS: dict[str, str | None] = {
    "no JSON": "{",
    "an unknown field": '{"version": 1, "max_grant_dyas": 1}',
    "another version": '{"version": 99}',
    "a list": "[]",
    "missing": None,
}


@attack(GUARDRAILS, short=("no JSON", "missing"), always=True)
def order_without_guardrails(ground: Ground, rules: str | None) -> None:
    """Breaks the guardrails, so that orders that take access away are not carried out."""
    for action in ("suspend", "revoke"):
        target = ground.granted()
        session = ground.assume(target)
        ground.guard(rules)
        done = ground.order(target, action)
        assert done["status"] == "SUCCEEDED", f"{action} failed: {done['cause']}"
        outcome = done["output"]["outcome"]
        assert outcome in ("suspended", "revoked"), f"{action} is {outcome}"
        ground.shut(target, session)
        ground.restore()


@attack({"its partner": "partner", "everybody": "everybody"})
def emergency_without_guardrails(ground: Ground, whose: str) -> None:
    """Breaks the guardrails before the red button is pressed."""
    target = ground.granted()
    session = ground.assume(target)
    ground.guard("{")
    whom = {"partner": "*", "confirm": "all"} if whose == "everybody" else {}
    done = ground.order(target, "suspend", grant="*", **whom)
    assert done["status"] == "SUCCEEDED", f"the order is incomplete: {done['cause']}"
    ground.shut(target, session)


INPUTS: dict[str, Callable[[Target], Any]] = {
    "an order for everybody without confirmation": lambda _: {
        "action": "suspend",
        "partner": "*",
        "grant": "*",
        **WHY,
    },
    "an inline config for a file's grant": lambda t: {
        "config": t.config(principals=[OTHER_ACCOUNT])
    },
    "an action that there is not": lambda t: order(t, "grant"),
    "a list of actions": lambda t: {"action": ["suspend"], "partner": t.partner},
    "a file of another bucket": lambda t: {"bucket": t.partner, "key": t.key},
    "two forms at once": lambda t: {"config": t.config(), "action": "check", "partner": t.partner},
    "no object": lambda _: "revoke",
    "a check that claims to be an order": lambda t: order(t, "suspend", by="sweep"),
}


@attack(INPUTS, short=("an inline config for a file's grant", "a list of actions"))
def input_that_makes_no_sense(ground: Ground, request: Callable[[Target], Any]) -> None:
    """Starts the workflow with what is no order, so that a live grant is changed."""
    target = ground.granted()
    session, before = ground.assume(target), ground.role(target.role)
    done = Executor(ground).run(request(target))
    output = done["output"] or {}
    assert output.get("outcome") == "rejected", f"{done['status']}: {output or done['cause']}"
    assert ground.role(target.role) == before, "the role was changed"
    ground.works(target, session)


@attack(short=True, always=True)
def resumed_against_its_file(ground: Ground) -> None:
    """Resumes a grant whose file says suspended."""
    target = ground.target()
    ground.outside.upload(target.key, target.config(status="suspended"))
    request = order(target, "resume")
    executor = Executor(ground)
    for one in (request, request | {"grant": "*"}):
        executor.run(one)
        found = ground.outside.state(target.partner)["status"]
        assert found == "suspended", f"the grant is {found}"


@attack()
def resumed_after_its_end(ground: Ground) -> None:
    """Resumes and checks a grant that has expired, or was revoked."""
    target = ground.granted(hours=1)
    ground.advance(1.5 * HOUR)
    executor = Executor(ground)
    for action in ("resume", "check"):
        executor.run({"action": action, "partner": target.partner})
    ground.gone(target, status="expired")


def _custom(target: Target) -> dict[str, Any]:
    """As large as a config may be: statements of its own, tags, external ID and purpose."""
    bucket = f"arn:aws:s3:::{target.partner}"
    statements = [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": [f"{bucket}/{'c' * 60}{first}{number:02}/*" for number in range(20)],
        }
        for first in range(4)
    ]
    tags = {f"{'k' * 120}{number:03}": "v" * 250 for number in range(40)}
    entry = {"service": "custom", "statements": statements}
    own = f"{target.partner}-".ljust(1200, "x")
    words = {"purpose": "p" * 256, "owner": "o" * 256}
    return target.config(access=[entry], tags=tags, external_id=own, **words)


@attack(short=True)
def largest_inline_config(ground: Ground) -> None:
    """Replaces an inline config by the largest one for a new account, of which its run may die."""
    ground.guard(json.dumps({"version": 1, "allow_custom": True, **ground.listed}))
    target = ground.target()
    executor = Executor(ground)
    for account in ("444455556666", OTHER_ACCOUNT):
        done = executor.run({"config": _custom(target) | {"principals": [account]}})
        assert done["status"] == "SUCCEEDED", f"the run died: {done['cause']}"
        outcome = done["output"]["outcome"]
        assert outcome in ("created", "updated"), f"{outcome}: {done['output']['problems']}"
    for round_ in ("at once", "after the hourly check"):
        role = ground.role(target.role)
        assert role, f"there is no role {round_}"
        trust = json.dumps(role["AssumeRolePolicyDocument"])
        assert OTHER_ACCOUNT in trust, f"the role trusts the old account {round_}"
        ground.advance(1.1 * HOUR)


@attack(short=True)
def calls_of_its_own(ground: Ground) -> None:
    """Calls the functions and the table itself, to go around the workflow."""
    target = ground.granted()
    client, outputs = Executor(ground).client, ground.box.outputs
    calls: dict[str, Callable[[], Any]] = {
        "called a function": lambda: client("lambda").invoke(FunctionName="latchkey-grant-access"),
        "read the table": lambda: client("dynamodb").scan(TableName=outputs["GrantTableName"]),
        "read a config": lambda: client("s3").get_object(
            Bucket=outputs["ConfigBucketName"], Key=target.key
        ),
        "wrote a config": lambda: client("s3").put_object(
            Bucket=outputs["ConfigBucketName"], Key=target.key, Body=b"{}"
        ),
        "deleted a role": lambda: client("iam").delete_role(RoleName=target.role),
    }
    for what, call in calls.items():
        refused(call, what)


run = suite(__name__)
