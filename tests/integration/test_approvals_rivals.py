"""Two sources that ask for one grant, of which the first waits for approval."""

from typing import Any

import pytest

from tests.kit.examples import config_document, s3_entry
from tests.kit.stack.approvals import ADA, BEN, CHECK, FILE, UPLOADER, ApprovalDesk
from tests.kit.stack.aws import CONFIG_BUCKET, GUARDRAILS, aws
from tests.kit.stack.driver import StackDriver

OTHER = "partners/renamed.json"
OF_OTHER = {"bucket": CONFIG_BUCKET, "key": OTHER}
_RULE = {"when": {"resources": ["arn:aws:s3:::other-bucket*"]}, "groups": {"security": 1}}
_WAITS: dict[str, Any] = {"access": [s3_entry(bucket="other-bucket", allow="read")]}


@pytest.fixture
def desk(stack: StackDriver) -> ApprovalDesk:
    """Only a file that names the other bucket waits."""
    desk = ApprovalDesk(stack, _RULE)
    assert desk.asks(**_WAITS).outcome == "pending_approval"
    return desk


@pytest.mark.parametrize("inline", [True, False])
def test_what_waits_is_not_replaced_by_what_need_not_wait(desk: ApprovalDesk, inline: bool) -> None:
    waiting = desk.state
    if inline:
        run = desk.run({"config": config_document()})
    else:
        desk.uploads(UPLOADER, OTHER)
        run = desk.run(OF_OTHER)
    assert (run.outcome, run.paths) == ("rejected", ["/grant"])
    assert "already asked for by partners/acme.json" in run.result["problems"][0]["message"]
    assert desk.state == waiting
    assert desk.approves(ADA).outcome == "created"


def test_what_waits_is_not_replaced_while_nobody_can_look_at_it(desk: ApprovalDesk) -> None:
    version = desk.pending["version"]
    name = {"Name": GUARDRAILS, "Type": "String", "Overwrite": True}
    before = aws("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    aws("ssm").put_parameter(**name, Value="{")
    assert desk.run({**CHECK, "by": "drift"}).outcome == "failed"
    desk.uploads(UPLOADER, OTHER)
    assert desk.run(OF_OTHER).outcome == "rejected"
    aws("ssm").put_parameter(**name, Value=before)
    assert desk.run({**CHECK, "by": "drift"}).outcome == "pending_approval"
    assert desk.pending["version"] == version
    assert desk.approves(ADA).outcome == "created"


def test_nobody_keeps_a_grant_by_what_was_rejected(desk: ApprovalDesk) -> None:
    desk.writes(desk.key(f"reject/{BEN}"))
    assert desk.run(CHECK).outcome == "rejected"
    _is_no_files(desk)


def test_an_inline_config_has_nothing_of_the_file_that_had_its_grant(desk: ApprovalDesk) -> None:
    desk.stack.remove()
    assert desk.run().outcome == "revoked"
    _is_no_files(desk)


def _is_no_files(desk: ApprovalDesk) -> None:
    """An inline config is granted, and stays, whatever becomes of the file."""
    assert desk.run({"config": config_document()}).outcome == "created"
    before = desk.state
    assert (before["config_key"], before["config_bucket"]) == (None, None)
    assert desk.run({**CHECK, "by": "drift"}).plan["step"] == "done"
    desk.uploads(access=[])
    assert desk.run().outcome == "rejected"
    desk.stack.remove()
    assert desk.run().outcome == "unchanged"
    assert (desk.state["status"], desk.state["config"]) == ("active", before["config"])


@pytest.mark.parametrize("removed", [True, False])
def test_a_file_that_waits_can_be_renamed(desk: ApprovalDesk, removed: bool) -> None:
    """Whichever is heard of first, the copy or that the other is gone."""
    version = desk.uploads(UPLOADER, OTHER, **_WAITS)
    if removed:
        desk.stack.remove()
        assert desk.run(OF_OTHER).outcome == "pending_approval"
        assert desk.run().outcome == "unchanged"
    else:
        assert desk.run(OF_OTHER).outcome == "rejected"
        desk.stack.remove()
        gone = desk.run()
        assert (gone.outcome, [one["key"] for one in gone.plan["waiting"]]) == ("revoked", [OTHER])
        assert desk.run(OF_OTHER).outcome == "pending_approval"
    assert desk.pending["version"] == version
    assert desk.approves(ADA).outcome == "created"


@pytest.mark.parametrize("first", ["the copy", "its removal"])
@pytest.mark.parametrize("names", [None, "another"])
def test_a_granted_file_that_is_renamed_and_asks_for_more_waits(
    stack: StackDriver, names: str | None, first: str
) -> None:
    """What was granted ends with its file; what is asked for now is not lost with it."""
    desk = ApprovalDesk(stack, _RULE)
    assert desk.asks().outcome == "created"
    version = desk.uploads(UPLOADER, OTHER, **_WAITS)
    if names:
        desk.uploads(grant=names)
    else:
        stack.remove()
    due, known = [OF_OTHER, FILE] if first == "the copy" else [FILE, OF_OTHER], stack.executions()
    while due:
        desk.run(due.pop(0))
        begun = stack.executions()
        due += [request for name, request in begun.items() if name not in known]
        known = begun
    assert (desk.state["status"], desk.pending["version"]) == ("pending_approval", version)
    assert stack.role() is None
    assert desk.approves(ADA).outcome == "created"
