"""Somebody who may put, get and remove files under one partner's prefix, and nothing else."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.demo.people import refusal
from tests.kit.examples import OTHER_ACCOUNT
from tools.attacks.ground import HOUR, Ground, refused
from tools.attacks.people import Uploader
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target
from tools.bench.urgency import MOST, measure

_LARGEST = 65_536
_FLOOD = 150


def _of_another(_: Target, other: Target) -> dict[str, Any]:
    return other.config(principals=[OTHER_ACCOUNT], external_id="external-of-mine")


def _with_its_external_id(target: Target, other: Target) -> dict[str, Any]:
    return target.config(external_id=other.external_id)


def _with_its_external_id_among_others(target: Target, other: Target) -> dict[str, Any]:
    return target.config(external_id=[target.external_id, other.external_id])


@attack(
    {
        "its grant": _of_another,
        "its external ID": _with_its_external_id,
        "its external ID among others": _with_its_external_id_among_others,
    },
    short=("its grant", "its external ID among others"),
    always=True,
)
def file_for_another_partner(
    ground: Ground, config: Callable[[Target, Target], dict[str, Any]]
) -> None:
    """Claims under its own prefix what is another partner's."""
    other, target = ground.granted(), ground.target()
    session, before = ground.assume(other), ground.role(other.role)
    result = Uploader(ground, target).upload(target.key, config(target, other))
    assert result["outcome"] == "rejected", f"the file is {result['outcome']}"
    assert ground.role(other.role) == before, "the other's role was changed"
    ground.works(other, session)


@attack(short=True, always=True)
def file_elsewhere(ground: Ground) -> None:
    """Writes where it may not: another's prefix, inline configs, the table, results, the role."""
    target, other = ground.granted(), ground.granted()
    uploader = Uploader(ground, target)
    for key in (other.key, "inline/x.json", "approvals/x.json"):
        refused(partial(uploader.put, key, b"{}"), f"wrote {key}")
    outputs, client = ground.box.outputs, uploader.client
    item = {"pk": {"S": f"GRANT#{other.partner}.main"}, "sk": {"S": "STATE"}}
    calls: dict[str, Callable[[], Any]] = {
        "wrote to the table": lambda: client("dynamodb").put_item(
            TableName=outputs["GrantTableName"], Item=item
        ),
        "read a result": lambda: client("s3").get_object(
            Bucket=outputs["ResultsBucketName"], Key="register.csv"
        ),
        "deleted a role": lambda: client("iam").delete_role(RoleName=other.role),
    }
    for what, call in calls.items():
        refused(call, what)


def _many_tags(target: Target) -> dict[str, Any]:
    """A valid config of exactly 65,536 bytes: long tags, prefixes and external ID."""
    tags = {f"{'k' * 120}{number:03}": "v" * 240 for number in range(40)}
    entries = [
        {"service": "s3", "bucket": target.partner, "prefix": f"{number}{'p' * 230}"}
        | {"allow": "read"}
        for number in range(7)
    ]
    own = f"{target.partner}-".ljust(1000, "x")
    return target.config(external_id=own, tags=tags, access=entries)


def _many_words(target: Target) -> dict[str, Any]:
    """The same by what people read: purpose, owner and tags outside of ASCII."""
    tags = {f"{'ü' * 120}{number:03}": "ß" * 60 for number in range(40)}
    return target.config(purpose="ä" * 256, owner="ö" * 256, tags=tags)


@attack({"tags and prefixes": _many_tags, "words": _many_words}, short=("tags and prefixes",))
def largest_files(ground: Ground, config: Callable[[Target], dict[str, Any]]) -> None:
    """Replaces the largest valid file by another for a new account, so that the run dies of it."""
    target = ground.target()
    uploader = Uploader(ground, target)
    for account in ("444455556666", OTHER_ACCOUNT):
        document = config(target) | {"principals": [account]}
        body = json.dumps(document, ensure_ascii=False).encode()
        version = uploader.put(target.key, body.ljust(_LARGEST))
        result = uploader.result(target.key, version)
        expected = ("created", "updated")
        assert result["outcome"] in expected, f"{result['outcome']}: {result['problems']}"
    ground.settled()
    arn = ground.box.outputs["GrantWorkflowArn"]
    failed = ground.outside.states.list_executions(stateMachineArn=arn, statusFilter="FAILED")
    mine = [run["name"] for run in failed["executions"] if target.partner in run["name"]]
    assert not mine, f"runs failed: {mine}"
    for round_ in ("at once", "after the hourly check"):
        role = ground.role(target.role)
        assert role, f"there is no role {round_}"
        trust = json.dumps(role["AssumeRolePolicyDocument"])
        assert OTHER_ACCOUNT in trust, f"the role trusts the old account {round_}"
        ground.advance(1.1 * HOUR)
    bucket = ground.box.outputs["ResultsBucketName"]
    sheet = ground.outside.s3.get_object(
        Bucket=bucket, Key=target.key.removesuffix(".json") + ".handoff.md"
    )["Body"].read()
    assert OTHER_ACCOUNT.encode() in sheet, "the sheet shows the old principal"


@attack(
    {"invalid": '{"version": 1, "max_grant_dyas": 1}', "no JSON": "{", "missing": None},
    short=("no JSON",),
)
def suspended_by_file_without_guardrails(ground: Ground, rules: str | None) -> None:
    """Breaks the guardrails, so that a file that says suspended is not heard."""
    target = ground.granted()
    session = ground.assume(target)
    ground.guard(rules)
    Uploader(ground, target).upload(target.key, target.config(status="suspended"))
    ground.shut(target, session)


@attack()
def flood_before_an_order(ground: Ground) -> None:
    """Uploads so many files that orders to suspend and revoke wait for their turn."""
    assert ground.box.url
    for found in measure(_FLOOD, warm=3.0):
        ended, left = found["before_iam"], found["left"]
        if found["order"].startswith("remove"):  # waits for what is at work, not for the queue
            assert left >= _FLOOD // 2, f"{found['order']}: waited until {left} uploads were left"
        else:
            assert ended < MOST, f"{found['order']}: {ended} uploads ended before its first call"


@attack(short=True)
def removed_while_live(ground: Ground) -> None:
    """Removes its file and puts another in its place, over and over, to leave a role behind."""
    target = ground.granted()
    session = ground.assume(target)
    uploader = Uploader(ground, target)
    s3, bucket = uploader.client("s3"), ground.box.outputs["ConfigBucketName"]
    for number in range(5):
        s3.delete_object(Bucket=bucket, Key=target.key)
        uploader.put(target.key, json.dumps(target.config(purpose=f"take {number}")).encode())
    s3.delete_object(Bucket=bucket, Key=target.key)
    ground.settled()
    ground.gone(target, session)
    assert refusal(lambda: ground.assume(target)), "its partner still gets in"


run = suite(__name__)
