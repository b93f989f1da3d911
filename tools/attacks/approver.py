"""Who wants to have granted what nobody else approved: uploader, approver, who starts runs."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.kit.examples import OTHER_ACCOUNT
from tools.attacks.approval_scene import Person, Scene
from tools.attacks.ground import Ground
from tools.attacks.people import Executor
from tools.attacks.suite import attack, suite

WIDER: dict[str, Any] = {"principals": ["444455556666", OTHER_ACCOUNT]}


def _own_approval(scene: Scene) -> None:
    scene.guard(1, scene.uploader)
    scene.approve(scene.uploader)


def _nobodys_approval(scene: Scene) -> None:
    scene.approve(scene.eve)


def _by_another_session(scene: Scene) -> None:
    """The same role, and so the same person, under another name."""
    scene.guard(2)
    scene.approve(scene.ada)
    role = scene.ada.role_id
    scene.refused(partial(scene.ada.put, scene.key(f"{role}:another")), "wrote as another session")


def _as_the_approver(scene: Scene) -> None:
    for who in (scene.uploader, scene.eve):
        for name in (scene.ada.user_id, f"{scene.ada.role_id}:x", "*", "${aws:userid}", ""):
            scene.refused(partial(who.put, scene.key(name)), f"wrote the approval of {name}")


def _copied(scene: Scene) -> None:
    """An approval of something else, copied to where one of this would be."""
    old = scene.key(scene.ada.user_id, "0" * 64)
    scene.ada.put(old)
    place = scene.key(scene.ada.user_id)
    scene.refused(partial(scene.uploader.copy, old, place), "copied somebody's approval")
    scene.uploader.copy(old, scene.key(scene.uploader.user_id))


def _odd_keys(scene: Scene) -> None:
    """Keys that no approval has, whether the bucket's policy lets them through or not."""
    mine, ada = scene.eve.user_id, scene.ada.user_id
    right = scene.key(mine)
    for key in (
        right.replace("security", "*"),
        right.replace("security/", "security//"),
        right.replace("security", "s\u0435curity"),
        right.replace(scene.digest, "*"),
        right.replace(scene.digest, scene.digest.upper()),
        right.replace(mine, f"../{scene.digest}/{mine}"),
    ):
        scene.eve.put(key)
    scene.refused(partial(scene.eve.put, f"approvals/{mine}.json"), "wrote beside the groups")
    for folder in (ada, f"{ada}.json", f"reject/{ada}"):
        key = right.replace(mine, f"{folder}/{mine}")
        scene.refused(partial(scene.eve.put, key), "wrote into a folder with an approver's name")


def _for_another_digest(scene: Scene) -> None:
    scene.approve(scene.ada, "f" * 64)


def _for_the_file_before(scene: Scene) -> None:
    """The approver saw one file; another one is there when the approval comes."""
    seen = scene.digest
    scene.upload(**WIDER)
    scene.approve(scene.ada, seen)


def _of_two_widenings(scene: Scene) -> None:
    """Two widenings, and one approval of the first."""
    seen = scene.digest
    scene.upload(max_session_duration=3600)
    scene.upload(**WIDER)
    scene.approve(scene.ada, seen)


def _started_again(scene: Scene) -> None:
    """Runs of every kind for what waits, and one that says that somebody approved."""
    executor, target = Executor(scene.ground), scene.target
    bucket = scene.uploader.bucket
    executor.run({"bucket": bucket, "key": target.key})
    executor.run({"bucket": bucket, "key": target.key, "by": "resync"})
    grant = {"partner": target.partner, "grant": "main"}
    for more in ({"action": "check", "by": "approval"}, {"action": "check"}, {"action": "resume"}):
        executor.run({**grant, **more})


def _inline(scene: Scene) -> None:
    """The same config in the workflow's input."""
    ended = Executor(scene.ground).run({"config": scene.target.config()})
    assert ended["output"]["outcome"] == "rejected", ended["output"]


def _an_author_of_ones_own(scene: Scene) -> None:
    """A start that says who uploaded the file."""
    scene.guard(1, scene.uploader)
    named = {"bucket": scene.uploader.bucket, "key": scene.target.key}
    for more in ({"author": scene.ada.user_id}, {"requested_by": scene.ada.user_id}):
        Executor(scene.ground).run({**named, **more})
    scene.approve(scene.uploader)


def _hours_pass(scene: Scene) -> None:
    """Every check by itself: files, drift, sweep, the daily round."""
    scene.ground.advance(25 * 3600)
    scene.ada, scene.ben = (Person(scene.ground, name) for name in ("ada", "ben"))


BYPASSES: dict[str, Callable[[Scene], None]] = {
    "by the uploader's own": _own_approval,
    "by somebody outside of the group": _nobodys_approval,
    "by one role under two names": _by_another_session,
    "in the approver's place": _as_the_approver,
    "by a copy": _copied,
    "by odd keys": _odd_keys,
    "for another digest": _for_another_digest,
    "for the file before": _for_the_file_before,
    "for one of two widenings": _of_two_widenings,
    "by starting runs": _started_again,
    "by an inline config": _inline,
    "by a start that names an author": _an_author_of_ones_own,
    "by waiting": _hours_pass,
}


@attack(
    BYPASSES, short=("by the uploader's own", "in the approver's place", "by odd keys"), always=True
)
def passes_by_approval(ground: Ground, bypass: Callable[[Scene], None]) -> None:
    """Has a new grant made that nobody approved who may."""
    scene = Scene(ground)
    bypass(scene)
    scene.waits()
    scene.guard(1)
    scene.given(scene.ben)


@attack()
def approval_before_the_request(ground: Ground) -> None:
    """Approves what nobody has asked for yet: the digest is known from a grant that ended."""
    scene = Scene(ground)
    digest = scene.digest
    scene.given()
    scene.uploader.s3.delete_object(Bucket=scene.uploader.bucket, Key=scene.target.key)
    ground.settled()
    ground.gone(scene.target)
    scene.approve(scene.ben, digest)
    ground.settled()
    scene.upload()
    assert scene.digest == digest, "it is not the same state"
    scene.waits()
    scene.given(scene.ben)


@attack()
def approver_uploads(ground: Ground) -> None:
    """An approver replaces the file by the same, and approves it."""
    scene = Scene(ground, needed=2)
    scene.approve(scene.ben)
    scene.upload(scene.ada)
    scene.approve(scene.ada)
    scene.approve(scene.ben)
    scene.waits()
    scene.upload()
    scene.given(scene.ada, scene.ben)


@attack()
def one_person_with_two_roles(ground: Ground) -> None:
    """Uploads with one role of Identity Center, and approves with another."""
    scene = Scene(ground, asks=False)
    twin, other = Person(ground, "ada"), Person(ground, "carl")
    scene.guard(1, twin, other, people=True)
    scene.upload(scene.ada)
    for one in (scene.ada, twin):
        scene.approve(one)
    scene.waits()
    scene.given(other)


@attack(short=True)
def more_for_a_live_grant(ground: Ground) -> None:
    """Widens a live grant, in a file that also narrows it, and has it checked, ended, resumed."""
    scene = Scene(ground)
    scene.given()
    before = ground.role(scene.target.role)
    assert before
    entry = {"service": "s3", "bucket": scene.target.partner, "prefix": "in", "allow": "read"}
    held = scene.upload(access=[entry], **WIDER)
    assert held["outcome"] == "pending_approval", held["outcome"]
    _started_again(scene)
    for action in ("suspend", "resume"):
        ground.order(scene.target, action, reason="incident 7")
    ground.advance(2 * 3600)
    ground.settled()
    after = ground.role(scene.target.role)
    assert after, "the grant is gone"
    trust = json.dumps(after["AssumeRolePolicyDocument"])
    assert OTHER_ACCOUNT not in trust, "somebody else gets in, and nobody approved"


@attack(short=True)
def ends_while_more_waits(ground: Ground) -> None:
    """Keeps a grant alive by a later end that waits for approval."""
    scene = Scene(ground, asks=False)
    until = ground.outside.in_(hours=3)
    scene.upload(expires_at=until)
    scene.given()
    session = ground.assume(scene.target)
    held = scene.upload(expires_at=ground.outside.in_(hours=900), **WIDER)
    assert held["outcome"] == "pending_approval", held["outcome"]
    ground.advance(3.2 * 3600)
    partner, wanted = scene.target.partner, "pending_approval"  # as a new grant, from now on
    ground.eventually(
        lambda: ground.outside.state(partner).get("status"), lambda status: status == wanted
    )
    ground.gone(scene.target, session, status=wanted)
    facts = [item.get("event") for item in ground.outside.history(f"{partner}.main")]
    assert "AccessExpired" in facts, facts


@attack({"revoke": "revoke", "suspend": "suspend"})
def taking_away_waits_for_nobody(ground: Ground, action: str) -> None:
    """Has access taken away wait for approval."""
    scene = Scene(ground)
    scene.given()
    session = ground.assume(scene.target)
    scene.upload(**WIDER)
    done: dict[str, Any] = ground.order(scene.target, action, reason="incident 7")
    assert done["status"] == "SUCCEEDED", done
    ground.shut(scene.target, session)


run = suite(__name__)
