"""An uploader who makes the newest version of a file one that nobody can read."""

import json
from typing import Any

from tools.attacks.ground import HOUR, SCHEDULES, Ground
from tools.attacks.people import Uploader
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

_SWEEP_LIMIT = 100

UNREADABLE: dict[str, dict[str, Any]] = {
    "in Glacier": {"StorageClass": "GLACIER"},
    "in Deep Archive": {"StorageClass": "DEEP_ARCHIVE"},
}
ENDS = {"suspend": "suspend", "revoke": "revoke"}


def _unreadable(ground: Ground, how: dict[str, Any], **given: Any) -> tuple[Target, Any]:
    """A live grant whose newest version nobody can read, and a session of its partner."""
    target = ground.granted(**given)
    session = ground.assume(target)
    body = json.dumps(target.config()).encode()
    Uploader(ground, target).put(target.key, body, **how)
    ground.settled()
    return target, session


@attack(UNREADABLE, short=("in Glacier",))
def version_that_cannot_be_read(ground: Ground, how: dict[str, Any]) -> None:
    """Uploads the same file so that nobody can read it."""
    target = ground.granted()
    session = ground.assume(target)
    result = Uploader(ground, target).upload(target.key, target.config(), **how)
    assert result["outcome"] == "rejected", f"the version is {result['outcome']}"
    assert result["problems"], "nobody is told why"
    ground.works(target, session)


@attack(ENDS, short=("suspend",), always=True)
def unreadable_version_before_an_order(ground: Ground, action: str) -> None:
    """Makes its file unreadable, so that its grant cannot be ended by order."""
    target, session = _unreadable(ground, UNREADABLE["in Glacier"])
    done = ground.order(target, action)
    assert done["status"] == "SUCCEEDED", f"the order failed: {done['cause']}"
    ground.shut(target, session)
    if action == "revoke":
        ground.gone(target, session)


@attack(ENDS)
def unreadable_version_before_an_emergency(ground: Ground, action: str) -> None:
    """Makes its file unreadable, so that an order for all its grants stays incomplete."""
    target, session = _unreadable(ground, UNREADABLE["in Deep Archive"])
    done = ground.order(target, action, grant="*")
    assert done["status"] == "SUCCEEDED", f"the order is incomplete: {done['cause']}"
    ground.shut(target, session)


@attack({"by schedule": True, "by sweep": False}, short=("by schedule",), always=True)
def unreadable_version_before_expiry(ground: Ground, scheduled: bool) -> None:
    """Makes its file unreadable, so that the role outlives its expiry."""
    target, session = _unreadable(ground, UNREADABLE["in Glacier"], hours=2)
    if not scheduled:
        ground.delete_schedule(target)
    ground.advance(2.5 * HOUR)
    ground.gone(target, session, status="expired")


@attack()
def crowd_before_an_overdue_grant(ground: Ground) -> None:
    """Fills the sweep's batch with grants that it makes unreadable, so that others' do not end."""
    crowd = ground.target()
    uploader = Uploader(ground, crowd)
    names = [f"g{number}" for number in range(_SWEEP_LIMIT + 5)]
    ends = ground.outside.in_(hours=2)
    bodies = {
        f"partners/{crowd.partner}/{name}.json": json.dumps(
            crowd.config(grant=name, expires_at=ends)
        ).encode()
        for name in names
    }
    ways: tuple[dict[str, Any], ...] = ({}, UNREADABLE["in Glacier"])
    for how in ways:
        for key, body in bodies.items():
            uploader.put(key, body, **how)
        ground.settled()
    victim = ground.granted(hours=2.1)
    for name in (f"{crowd.partner}.{name}" for name in names):
        ground.outside.scheduler.delete_schedule(Name=name, GroupName=SCHEDULES)
    ground.delete_schedule(victim)
    ground.advance(3 * HOUR)
    ground.gone(victim, status="expired")
    left = [name for name in names if ground.role(f"partner-{crowd.partner}.{name}")]
    assert not left, f"{len(left)} of the crowd's roles are still there"


run = suite(__name__)
