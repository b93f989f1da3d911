"""A second person, from outside: what waits is told, two approve, others go on meanwhile."""

import json
from typing import Any

import pytest

from sandbox import Sandbox
from tests.e2e.conftest import Case
from tests.e2e.people import Person, person
from tests.kit.outside import Outside, eventually

pytestmark = pytest.mark.e2e


@pytest.fixture
def people(box: Sandbox, case: Case) -> list[Person]:
    """Who uploads, and two who approve."""
    return [person(box, f"{name}-{case.partner}") for name in ("carol", "ada", "ben")]


@pytest.fixture
def told(box: Sandbox, case: Case) -> Any:
    """What the notices' topic tells, for a while."""
    sqs = box.client("sqs")
    url = sqs.create_queue(QueueName=f"approvers-{case.partner}")["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    box.client("sns").subscribe(
        TopicArn=box.outputs["NoticesTopicArn"],
        Protocol="sqs",
        Endpoint=asked["Attributes"]["QueueArn"],
        Attributes={"FilterPolicy": json.dumps({"partner": [case.partner]})},
    )

    def read() -> list[str]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(one["Body"])["Message"] for one in found]

    return read


def test_what_gives_more_is_held_until_two_have_approved(
    outside: Outside, case: Case, people: list[Person], told: Any, security: Any
) -> None:
    carol, ada, ben = people
    grant = f"{case.partner}.main"
    members = [one.role_id for one in people]
    rule = {"when": {"resources": [f"arn:aws:s3:::{case.bucket}/*"]}, "groups": {"security": 2}}
    security(approval={"groups": {"security": {"members": members}}, "rules": [rule]})

    carol.put(case.key, case.config())
    held = outside.result(case.key, lambda result: result["outcome"] == "pending_approval")
    assert outside.role(case.role) is None
    (notice,) = eventually(told, bool)
    assert f"latchkey approve {grant}" in notice and held["digest"] in notice

    outside.box.advance(seconds=2)  # S3 tells times in seconds, and only what is later counts
    carol.approve(grant, held["digest"])  # the uploader is a member, and does not count
    ada.approve(grant, held["digest"])
    eventually(lambda: _approvals(outside, case), lambda given: given == [ada.role_id])
    assert outside.role(case.role) is None
    ben.approve(grant, held["digest"])
    granted = outside.result(case.key, lambda result: result["outcome"] == "created")
    assert outside.role(case.role) is not None
    assert granted["approved_by"] == sorted([ada.role_id, ben.role_id])
    assert granted["author"]["user_id"] == carol.role_id

    wider = case.config(principals=["444455556666", "777788889999"])
    carol.put(case.key, wider)
    anew = outside.result(case.key, lambda result: result["digest"] != held["digest"])
    assert anew["outcome"] == "pending_approval"
    for action, outcome in (("suspend", "suspended"), ("revoke", "revoked")):
        order = {"action": action, "partner": case.partner, "reason": "incident 1234"}
        assert outside.start(order)["output"]["outcome"] == outcome
    facts = [item for item in outside.history(grant) if item["sk"].startswith("EVENT#")]
    named = [(item["event"], item.get("approved_by")) for item in facts]
    assert [fact for fact, _ in named] == [
        "ApprovalRequested",
        "AccessGranted",
        "ApprovalRequested",
        "AccessSuspended",
        "AccessRevoked",
    ]
    assert named[1][1] == sorted([ada.role_id, ben.role_id])


def _approvals(outside: Outside, case: Case) -> list[str]:
    """Who has approved so far, as a plan of the file says."""
    bucket = outside.box.outputs["ConfigBucketName"]
    planned = outside.start({"bucket": bucket, "key": case.key, "dry_run": True})["output"]
    given: list[str] = [person for need in planned["awaits"] for person in need["given"]]
    return given
