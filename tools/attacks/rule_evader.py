"""Who may upload, or approve, and has a rule be about something else than what is granted."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from latchkey.keys import REJECTING
from tools.attacks.approval_scene import Person, Scene
from tools.attacks.ground import GUARDRAILS, HOUR, Ground
from tools.attacks.guardrail_evader import custom
from tools.attacks.suite import attack, suite

_DAY: dict[str, Any] = {"when": {"days": 1}, "max_confirm_days": 30}


def _confirmed(scene: Scene) -> dict[str, Any]:
    """An end that comes sooner, and moves on."""
    return scene.upload(None, "expires_at", confirm_every_days=1)


def _begun_later(scene: Scene) -> dict[str, Any]:
    """A start that is moved on with each renewal."""
    outside = scene.ground.outside
    scene.ground.advance(20 * HOUR)
    scene.uploader = Person(scene.ground, "uploader")  # whose session has ended
    start = outside.in_(hours=-1)
    moved = scene.upload(starts_at=start, expires_at=outside.in_(hours=3))
    assert moved["outcome"] == "updated", moved["outcome"]
    return scene.upload(starts_at=start, expires_at=outside.in_(hours=22))


@attack(
    {"an end that is confirmed": _confirmed, "a later start": _begun_later},
    short=("an end that is confirmed",),
    always=True,
)
def longer_than_a_rule_allows(ground: Ground, bypass: Callable[[Scene], dict[str, Any]]) -> None:
    """Makes a short grant a long one that nobody approved."""
    scene = Scene(ground, asks=False)
    scene.guard(1, **_DAY)
    if not ground.home:
        _as_here(ground)
    made = scene.upload(expires_at=ground.outside.in_(hours=23))
    assert made["outcome"] == "created", made["outcome"]
    held = bypass(scene)
    assert held["outcome"] == "pending_approval", held["outcome"]
    ground.advance(4 * HOUR)
    ground.order(scene.target, "confirm", reason="needed")
    state = ground.outside.state(scene.target.partner)
    assert not state.get("confirm_every_days"), state.get("confirm_every_days")


def _as_here(ground: Ground) -> None:
    """The account's own guardrails allow ends that are confirmed, too."""
    ssm = ground.spoke.ssm
    own = json.loads(ssm.get_parameter(Name=GUARDRAILS)["Parameter"]["Value"])
    del own["version"]
    ground.spoke.guard(**{**own, "max_confirm_days": _DAY["max_confirm_days"]})


class Touched(NamedTuple):
    """What a rule is about, and an entry that touches it in another way."""

    when: dict[str, Any]
    entry: Callable[[str], dict[str, Any]]


def _object(partner: str) -> dict[str, Any]:
    return custom("s3:GetObject", f"arn:aws:s3:::{partner}/in/*")


def _list(partner: str) -> dict[str, Any]:
    return custom("s3:ListBucket", f"arn:aws:s3:::{partner}")


_TOUCHED = {
    "a service by a custom statement": Touched({"services": ["s3"]}, _object),
    "objects by their bucket": Touched({"resources": ["arn:aws:s3:::{}"]}, _object),
    "a bucket by its objects": Touched({"resources": ["arn:aws:s3:::{}/out/*"]}, _list),
}


@attack(_TOUCHED, short=("a service by a custom statement",), always=True)
def round_a_rule(ground: Ground, touched: Touched) -> None:
    """Asks for what a rule is about, in words that it does not have."""
    scene = Scene(ground, asks=False)
    partner = scene.target.partner
    when = json.loads(json.dumps(touched.when).replace("{}", partner))
    scene.guard(1, when=when, allow_custom=True)
    held = scene.upload(access=[touched.entry(partner)])
    assert held["outcome"] == "pending_approval", held["outcome"]
    scene.waits()
    scene.given()


def _newest(scene: Scene, key: str) -> str:
    found = scene.uploader.s3.list_object_versions(Bucket=scene.uploader.bucket, Prefix=key)
    every = (*found.get("Versions", ()), *found.get("DeleteMarkers", ()))
    return str(next(one["VersionId"] for one in every if one["IsLatest"]))


@attack(short=True)
def version_of_somebody_else(ground: Ground) -> None:
    """Approves, alone, what somebody asked for once: the versions after it are removed for good."""
    scene = Scene(ground)
    scene.uploader.s3.delete_object(Bucket=scene.uploader.bucket, Key=scene.target.key)
    ground.settled()
    for who in (scene.ada, scene.uploader):
        version = _newest(scene, scene.target.key)
        call = partial(
            who.s3.delete_object, Bucket=who.bucket, Key=scene.target.key, VersionId=version
        )
        scene.refused(call, "removed a version for good")
    ground.settled()
    assert ground.outside.state(scene.target.partner).get("status") != "active"
    scene.upload()
    scene.given()


@attack(short=True)
def rejection_of_somebody_else(ground: Ground) -> None:
    """Removes somebody's rejection, or writes over it, before a run has read it."""
    scene = Scene(ground)
    ground.advance(2)
    key = scene.key(f"{REJECTING}{scene.ben.user_id}")
    version = scene.ben.put(key)
    for who in (scene.uploader, scene.ada, scene.eve):
        named = {"Bucket": who.bucket, "Key": key}
        for call, what in (
            (partial(who.s3.delete_object, **named), "removed a rejection"),
            (partial(who.s3.delete_object, **named, VersionId=version), "removed it for good"),
            (partial(who.put, key), "wrote over a rejection"),
        ):
            scene.refused(call, what)
    scene.approve(scene.ada)
    scene.waits()
    state = ground.outside.state(scene.target.partner)
    assert state.get("status") == "rejected", state.get("status")
    scene.upload()
    scene.given()


@attack(short=True)
def parts_in_the_approvers_place(ground: Ground) -> None:
    """Writes somebody's approval by parts, by a copy of its own, or by a form."""
    scene = Scene(ground)
    eve, place = scene.eve, scene.key(scene.ada.user_id)
    named = {"Bucket": eve.bucket, "Key": place}
    scene.refused(partial(eve.s3.create_multipart_upload, **named), "began an upload by parts")
    own = scene.key(eve.user_id)
    eve.put(own)
    scene.refused(partial(eve.copy, own, place), "copied its own approval")
    scene.waits()
    scene.given()


run = suite(__name__)
