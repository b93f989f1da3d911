"""A partner, or somebody who was one, with a session that was issued before access changed."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sandbox.demo.people import Session, refusal
from tests.kit.examples import OTHER_ACCOUNT, PARTNER_ACCOUNT
from tools.attacks.ground import HOUR, MINUTE, SCHEDULES, STRANGER, Ground, document, refused
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

ANOTHER = "another external ID"


def _live(ground: Ground, **given: Any) -> tuple[Target, Session]:
    """A grant, and a session of its partner."""
    target = ground.granted(**given)
    session = ground.assume(target)
    ground.works(target, session)
    return target, session


def _own(target: Target, value: Any) -> Any:
    """No two partners have an external ID in common."""
    return f"another-{target.partner}" if value is ANOTHER else value


def _upload(ground: Ground, target: Target, **changes: Any) -> None:
    given = {name: _own(target, value) for name, value in changes.items()}
    result = ground.outside.upload(target.key, target.config(**given))
    assert result["outcome"] in ("updated", "created"), f"{result['outcome']}: {result['reason']}"


@attack(
    {
        "its account": {"principals": [OTHER_ACCOUNT]},
        "its external ID": {"external_id": ANOTHER},
        "both": {"principals": [OTHER_ACCOUNT], "external_id": ANOTHER},
        "its networks": {"source_ips": ["203.0.113.0/24"]},
        "its organization": {"organization_id": "o-another0000"},
        "to one role": {"principals": [f"arn:aws:iam::{PARTNER_ACCOUNT}:role/only"]},
        "to MFA": {"require_mfa": True},
    },
    short=("both", "its networks"),
)
def who_is_replaced(ground: Ground, changes: dict[str, Any]) -> None:
    """Keeps a session while the file replaces or narrows whom it trusts."""
    target, session = _live(ground)
    partners_iam = ground.partner("iam")  # a trust policy names only roles that are there
    with suppress(partners_iam.exceptions.EntityAlreadyExistsException):
        partners_iam.create_role(RoleName="only", AssumeRolePolicyDocument=document())
    _upload(ground, target, **changes)
    ground.dead(target, session)
    for hours in (MINUTE / HOUR, 1.1, 4.9):
        ground.advance(hours * HOUR)
        ground.dead(target, session)


@attack()
def one_of_two_is_removed(ground: Ground) -> None:
    """Keeps a session while the file removes its account, and leaves another's."""
    target, session = _live(ground, principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT])
    _upload(ground, target, principals=[OTHER_ACCOUNT])
    ground.dead(target, session)
    ground.advance(2 * MINUTE)
    other = ground.assume(target, account=OTHER_ACCOUNT)
    ground.works(target, other)
    ground.dead(target, session)


@attack(
    {
        "by the one that leaves": lambda one, _: one,
        "by the one that stays": lambda _, other: other,
    },
    short=("by the one that leaves",),
)
def rotated_out(ground: Ground, sent: Callable[[str, str], str]) -> None:
    """Keeps a session while one of two external IDs leaves the file."""
    target, session = _live(ground)
    old, new = target.external_id, f"{target.external_id}-2027"
    _upload(ground, target, external_id=[old, new])
    ground.works(target, session)
    later = ground.assume(target, external_id=sent(old, new))
    ground.works(target, later)
    _upload(ground, target, external_id=new)
    ground.dead(target, session)
    ground.dead(target, later)
    refused(lambda: ground.assume(target, external_id=old), "the old external ID still works")
    ground.advance(2 * MINUTE)
    ground.works(target, ground.assume(target, external_id=new))
    ground.dead(target, session)


@attack(short=True)
def replaced_and_given_more(ground: Ground) -> None:
    """Keeps a session to read the secret that its successor is given."""
    target, session = _live(ground)
    new = f"{target.partner}/new"
    ground.client("secretsmanager").create_secret(Name=new, SecretString="for the successor")
    entries = [{"service": "secretsmanager", "secret": new, "allow": "read"}]
    _upload(
        ground,
        target,
        principals=[OTHER_ACCOUNT],
        external_id=f"successor-{target.partner}",
        access=entries,
    )
    refused(lambda: session.secret(new), "the session reads its successor's secret")
    ground.advance(6 * HOUR)
    refused(lambda: session.secret(new), "the session reads its successor's secret at last")
    successor = ground.assume(
        target, account=OTHER_ACCOUNT, external_id=f"successor-{target.partner}"
    )
    assert refusal(lambda: successor.secret(new)) is None, "the successor cannot read it"


@attack(
    {
        "a second account": {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]},
        "a later date": {"later": True},
        "another purpose": {"purpose": "Another purpose"},
    },
    short=("a later date",),
)
def what_only_widens_ends_no_session(ground: Ground, changes: dict[str, Any]) -> None:
    """Loses its session, though the file only widens the trust or moves its dates."""
    target, session = _live(ground)
    given = dict(changes)
    if given.pop("later", False):
        given["expires_at"] = ground.outside.in_(days=120)
    _upload(ground, target, **given)
    ground.works(target, session)


def _with_a_stranger(role: dict[str, Any]) -> str:
    trust = role["AssumeRolePolicyDocument"]
    trust["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": STRANGER}, "Action": "sts:AssumeRole"}
    )
    return json.dumps(trust)


@attack({"checked": False, "ordered": True}, short=("checked",))
def trust_widened_by_hand(ground: Ground, ordered: bool) -> None:
    """Keeps the session of a stranger whom somebody let in by hand, after that is repaired."""
    target, _ = _live(ground)
    role = ground.role(target.role)
    assert role
    ground.iam.update_assume_role_policy(
        RoleName=target.role, PolicyDocument=_with_a_stranger(role)
    )
    stranger = ground.assume(target, account=STRANGER)
    ground.works(target, stranger)
    if ordered:
        ground.outside.start({"action": "check", "partner": target.partner})
    else:
        ground.advance(1.1 * HOUR)
    refused(lambda: ground.assume(target, account=STRANGER), "the stranger gets in")
    ground.dead(target, stranger)
    ground.advance(2 * MINUTE)
    ground.dead(target, stranger)
    ground.works(target, ground.assume(target))


@attack(short=True, always=True)
def suspended_and_resumed(ground: Ground) -> None:
    """Keeps a session over a suspension, to go on when the grant is resumed."""
    target, session = _live(ground)
    assert ground.order(target, "suspend")["status"] == "SUCCEEDED"
    ground.dead(target, session)
    assert ground.order(target, "resume")["status"] == "SUCCEEDED"
    ground.dead(target, session)
    ground.advance(2 * MINUTE)
    ground.dead(target, session)
    ground.works(target, ground.assume(target))


@attack()
def replaced_then_suspended_and_resumed(ground: Ground) -> None:
    """Keeps a session that a narrower trust ended, to see it come back with a later write."""
    target, session = _live(ground)
    _upload(ground, target, external_id=ANOTHER)
    for action in ("suspend", "resume", "check"):
        more = {"by": "drift"} if action == "check" else {}
        request = {"action": action, "partner": target.partner, **more}
        assert ground.outside.start(request)["status"] == "SUCCEEDED"
        ground.dead(target, session)
    _upload(ground, target, external_id=ANOTHER, purpose="Another purpose")
    ground.dead(target, session)
    ground.advance(2 * HOUR)
    ground.dead(target, session)


@attack({"by dates alone": True, "by schedule": False}, short=("by dates alone",))
def expired(ground: Ground, alone: bool) -> None:
    """Keeps a session beyond the grant's end, with nothing of ours at work to end it."""
    target = ground.granted(hours=2)
    session = ground.assume(target)
    if alone:
        for schedule in ground.outside.scheduler.list_schedules()["Schedules"]:
            if schedule["GroupName"] != SCHEDULES:
                continue
            ground.outside.scheduler.delete_schedule(
                Name=schedule["Name"], GroupName=schedule["GroupName"]
            )
    ground.advance(2 * HOUR)
    ground.shut(target, session)


@attack({"by order": "order", "by removal": "removal"}, short=("by removal",), always=True)
def revoked(ground: Ground, how: str) -> None:
    """Keeps a session after its grant is revoked, and after the file grants it anew."""
    target, session = _live(ground)
    if how == "order":
        ground.order(target, "revoke")
    else:
        ground.outside.remove(target.key)
    ground.gone(target, session)
    time.sleep(1)  # S3 tells times in whole seconds, and an order holds for what is no later
    _upload(ground, target, purpose="Granted anew")
    ground.dead(target, session)


run = suite(__name__)
