"""What waits, while the resources that it names change, and change back."""

import json
from typing import Any

import pytest

from tests.kit.examples import config_document
from tests.kit.stack.approvals import BEN, CHECK, GROUPS, TWO, WIDER, ApprovalDesk
from tests.kit.stack.aws import aws
from tests.kit.stack.driver import StackDriver

DRIFT = {**CHECK, "by": "drift"}
SOON = "2026-03-01T00:00:00Z"
RESUME = {"action": "resume", "partner": "acme", "grant": "main"}


@pytest.fixture
def granted(stack: StackDriver) -> ApprovalDesk:
    desk = ApprovalDesk(stack, *TWO)
    desk.asks()
    assert desk.both_approve() == "created"
    return desk


def _encrypt(*, key: bool = True) -> None:
    """The bucket gets another key, or none."""
    if not key:
        aws("s3").delete_bucket_encryption(Bucket="data-bucket")
        return
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": _new_key()}
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws("s3").put_bucket_encryption(Bucket="data-bucket", ServerSideEncryptionConfiguration=rules)


def _new_key() -> str:
    return str(aws("kms").create_key()["KeyMetadata"]["Arn"])


def _uses_key(desk: ApprovalDesk) -> bool:
    return "kms:Decrypt" in json.dumps(desk.stack.permissions())


@pytest.mark.parametrize("request_", [DRIFT, RESUME], ids=["check", "resume"])
def test_what_a_resource_adds_does_not_take_the_place_of_the_version_that_waits(
    granted: ApprovalDesk, request_: dict[str, Any]
) -> None:
    """One request is on record: that of the newest version, which asks for both."""
    version = granted.asks(access=WIDER).result["config_version"]
    _encrypt()
    run = granted.run(request_)
    assert (run.outcome, granted.pending["version"]) == ("pending_approval", version)
    assert run.result["digest"] == granted.pending["digest"]
    assert granted.run(DRIFT).plan["step"] == "done"
    assert granted.both_approve() == "updated"
    assert granted.may_read("other-bucket") and _uses_key(granted)


@pytest.mark.parametrize("live", [True, False])
def test_a_version_stays_rejected_while_its_resources_change(
    stack: StackDriver, live: bool
) -> None:
    desk = ApprovalDesk(stack, *TWO)
    if live:
        desk.asks()
        desk.both_approve()
    desk.asks(access=WIDER)
    desk.writes(desk.key(f"reject/{BEN}"))
    desk.run(CHECK)
    before = desk.pending
    for key in (True, False):
        _encrypt(key=key)
        run = desk.run()
        assert (run.outcome, desk.pending["rejected_by"]) == ("rejected", f"{BEN} of security")
        assert desk.run(DRIFT).plan["step"] == "done"
    assert desk.pending["digest"] == before["digest"]
    desk.both_approve()
    assert not desk.may_read("other-bucket")
    assert desk.asks(access=WIDER).outcome == "pending_approval"
    assert desk.both_approve() == ("updated" if live else "created")


def test_what_was_rejected_of_a_granted_version_is_asked_for_again_when_it_comes_again(
    granted: ApprovalDesk,
) -> None:
    _encrypt()
    granted.run(DRIFT)
    granted.writes(granted.key(f"reject/{BEN}"))
    assert granted.run(CHECK).outcome == "rejected"
    _encrypt(key=False)
    granted.run(DRIFT)
    assert granted.state["pending"] is None
    _encrypt()
    assert granted.run(DRIFT).outcome == "pending_approval"
    assert not _uses_key(granted)


def test_a_version_stays_rejected_when_guardrails_reject_it_meanwhile(stack: StackDriver) -> None:
    desk = _rejected(stack)
    stack.guard(denied_resources=["arn:aws:s3:::other-bucket"])
    assert desk.run().outcome == "rejected"
    _stays_rejected(desk)


@pytest.mark.parametrize("inline", [True, False])
def test_a_version_stays_rejected_when_its_grant_ends(stack: StackDriver, inline: bool) -> None:
    """Also one that an inline config had meanwhile."""
    desk = _rejected(stack, live=not inline)
    if inline:
        stack.guard()
        assert desk.run({"config": config_document(expires_at=SOON)}).outcome == "created"
        desk.run(DRIFT)
    desk.passes(days=60)
    assert desk.run({**CHECK, "by": "schedule"}).outcome == "expired"
    _stays_rejected(desk)


def _rejected(stack: StackDriver, *, live: bool = False) -> ApprovalDesk:
    desk = ApprovalDesk(stack, *TWO)
    if live:
        desk.asks(expires_at=SOON)
        desk.both_approve()
    desk.asks(access=WIDER)
    desk.writes(desk.key(f"reject/{BEN}"))
    desk.run(CHECK)
    assert desk.pending["rejected_by"]
    return desk


def _stays_rejected(desk: ApprovalDesk) -> None:
    desk.stack.guard(approval={"groups": GROUPS, "rules": TWO})
    run = desk.run()
    assert run.outcome == "rejected", run.result["reason"]
    assert desk.pending["rejected_by"] == f"{BEN} of security"
    desk.both_approve()
    assert desk.stack.role() is None
