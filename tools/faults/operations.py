"""The operations of a grant's life: what was there before, and what is done then."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.kit.examples import (
    ACCOUNT,
    BOUNDARY,
    OTHER_ACCOUNT,
    STACK,
    config_bytes,
    policy,
    s3_entry,
    secret_entry,
)
from tests.kit.stack.aws import aws
from tests.kit.stack.spokes import boundary
from tests.kit.stack.world import World

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
Step = Callable[[World], Any]


@dataclass(frozen=True)
class Operation:
    """`prepare` makes what was there before, undisturbed; `act` is what faults are put into.

    `again` is what an ops person does when it failed: the same once more. Where that
    `moves_end`, access ends so much later.
    """

    name: str
    prepare: Step
    act: Step
    again: Step
    moves_end: bool = False


def _nothing(_: World) -> None:
    return


def _granted(world: World, **changes: Any) -> None:
    world.upload(**changes)
    world.settle()


def _suspended(world: World) -> None:
    _granted(world)
    world.order(_order("suspend"))
    world.settle()


def _open_ended(world: World) -> None:
    rules = {"max_confirm_days": 90}
    world.stack.guard(**rules)
    for account in world.stack.accounts - {ACCOUNT}:  # whose owners have to allow it, too
        world.stack.spokes.guard(account, json.dumps({"version": 1, **rules}))
    world.upload(body=config_bytes("expires_at", confirm_every_days=30))
    world.settle()
    world.wait(86_400)


def _half_made(world: World) -> None:
    """What a run leaves that died for good between CreateRole and anything else."""
    account = world.stack.account
    aws("iam", account).create_role(
        RoleName="partner-acme.main",
        Path="/partners/",
        Description="left behind",
        PermissionsBoundary=BOUNDARY if account == ACCOUNT else boundary("partner", account),
        AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}',
        Tags=[
            {"Key": "latchkey:stack", "Value": STACK},
            {"Key": "latchkey:grant", "Value": "acme.main"},
        ],
    )


def _changed_by_hand(world: World) -> None:
    _granted(world)
    iam, role = aws("iam", world.stack.account), "partner-acme.main"
    wide = json.dumps(policy("s3:*"))
    iam.put_role_policy(RoleName=role, PolicyName="extra", PolicyDocument=wide)
    iam.update_role(RoleName=role, Description="mine now", MaxSessionDuration=43200)
    iam.untag_role(RoleName=role, TagKeys=["latchkey:owner"])
    iam.delete_role_permissions_boundary(RoleName=role)


def _order(action: str) -> dict[str, str]:
    return {"action": action, "partner": "acme", "grant": "main", "reason": "incident 7"}


def _uploading(*without: str, **changes: Any) -> Step:
    def act(world: World) -> None:
        world.upload(body=config_bytes(*without, **changes))
        world.settle()

    return act


def _removing(world: World) -> None:
    world.remove()
    world.settle()


def _looking_again(world: World) -> None:
    world.notify("partners/acme.json")
    world.settle()


def _ordering(action: str) -> Step:
    def act(world: World) -> None:
        world.order(_order(action))
        world.settle()

    return act


def _expiring(world: World) -> None:
    world.settle(until=EXPIRY + timedelta(seconds=1))


def _swept(world: World) -> None:
    for name in world.stack.schedules():
        aws("scheduler").delete_schedule(Name=name, GroupName="latchkey-grants")
    world.wait((EXPIRY - world.now).total_seconds() + 1)
    world.sweep()
    world.settle()


def _sweeping_later(world: World) -> None:
    world.wait(300)
    world.sweep()
    world.settle()


def _same(name: str, prepare: Step, act: Step) -> Operation:
    return Operation(name, prepare, act, act)


_ACCESS = [s3_entry(prefix="in"), secret_entry()]

OPERATIONS = (
    _same("create", _nothing, _uploading(access=_ACCESS)),
    _same(
        "create, external ID generated",
        _nothing,
        _uploading("external_id", generate_external_id=True),
    ),
    _same("adopt a half-made role", _half_made, _uploading()),
    _same("update the trust policy", _granted, _uploading(principals=[OTHER_ACCOUNT])),
    _same("update the permissions", _granted, _uploading(access=_ACCESS)),
    _same(
        "update everything",
        _granted,
        _uploading(
            principals=[OTHER_ACCOUNT],
            access=_ACCESS,
            purpose="Other",
            tags={"team": "blue"},
            external_id="acme-5a1b9d47",
        ),
    ),
    _same(
        "rotate the external ID",
        partial(_granted, external_id=["acme-7f3b2c91", "acme-5a1b9d47"]),
        _uploading(external_id=["acme-5a1b9d47", "acme-9e2d6b10"]),
    ),
    _same("renew", _granted, _uploading(expires_at="2031-01-01T00:00:00Z")),
    _same("suspend by order", _granted, _ordering("suspend")),
    _same("resume by order", _suspended, _ordering("resume")),
    Operation(
        "confirm by order", _open_ended, _ordering("confirm"), _ordering("confirm"), moves_end=True
    ),
    _same("suspend by file", _granted, _uploading(status="suspended")),
    Operation("revoke by removal", _granted, _removing, _looking_again),
    _same("revoke by order", _granted, _ordering("revoke")),
    _same("revoke by file", _granted, _uploading(status="revoked")),
    Operation("expire by schedule", _granted, _expiring, _sweeping_later),
    Operation("expire by sweep", _granted, _swept, _sweeping_later),
    _same("reject over a live grant", _granted, _uploading(purpose="")),
    _same("name another grant", _granted, _uploading(grant="second")),
    _same("repair a role changed by hand", _changed_by_hand, _ordering("check")),
)
