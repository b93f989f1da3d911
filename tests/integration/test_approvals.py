"""What gives more waits for those who have to approve of it, and nothing else does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from moto.iam.models import iam_backends

from latchkey.times import instant
from tests.kit.examples import ACCOUNT, NOW, config_document
from tests.kit.stack.approvals import ADA, BEN, CHECK, EVE, TWO, WIDER, ApprovalDesk
from tests.kit.stack.driver import StackDriver


def _in(days: int) -> str:
    return instant(NOW + timedelta(days=days))


def _made_at(when: datetime) -> None:
    """The time that IAM tells of the role: moto's is that of this machine."""
    (role,) = iam_backends[ACCOUNT]["aws"].roles.values()
    role.create_date = when


@pytest.fixture
def desk(stack: StackDriver) -> ApprovalDesk:
    return ApprovalDesk(stack)


@pytest.fixture
def granted(desk: ApprovalDesk) -> ApprovalDesk:
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    return desk


def test_a_new_grant_waits_and_one_approval_grants_it(desk: ApprovalDesk) -> None:
    held = desk.asks()
    assert (held.outcome, held.steps[1]) == ("pending_approval", "record_outcome")
    assert desk.stack.role() is None
    assert (desk.state["status"], desk.pending["groups"]) == ("pending_approval", ["security"])
    run = desk.approves(ADA)
    assert (run.outcome, run.result["approved_by"]) == ("created", [ADA.partition(":")[0]])
    assert (desk.state["status"], desk.state["pending"]) == ("active", None)


def test_one_of_two_changes_nothing_and_the_second_grants(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack, *TWO)
    desk.asks()
    one = desk.approves(ADA)
    assert (one.plan["step"], stack.role()) == ("done", None)
    assert desk.approves(BEN).outcome == "created"


def test_a_live_grant_stays_as_it_is_while_more_waits(granted: ApprovalDesk) -> None:
    assert granted.asks(access=WIDER).outcome == "pending_approval"
    assert (granted.state["status"], granted.may_read("other-bucket")) == ("active", False)
    assert granted.run(CHECK, by="drift").plan["step"] == "done"
    assert granted.approves(ADA).outcome == "updated"
    assert granted.may_read("other-bucket")


NEVER: list[tuple[dict[str, Any], str]] = [
    ({"status": "suspended"}, "suspended"),
    ({"status": "revoked"}, "revoked"),
    ({"expires_at": "2029-01-01T00:00:00Z"}, "updated"),
    ({"expires_at": "2031-01-01T00:00:00Z"}, "updated"),
    ({"source_ips": ["203.0.113.0/24"]}, "updated"),
    ({"purpose": "another"}, "updated"),
]


@pytest.mark.parametrize(("changes", "outcome"), NEVER)
def test_what_gives_no_more_never_waits(
    granted: ApprovalDesk, changes: dict[str, Any], outcome: str
) -> None:
    assert granted.asks(**changes).outcome == outcome


@pytest.mark.parametrize(("action", "outcome"), [("suspend", "suspended"), ("revoke", "revoked")])
def test_orders_that_take_away_go_through_while_more_waits(
    granted: ApprovalDesk, action: str, outcome: str
) -> None:
    granted.asks(access=WIDER)
    order = {"action": action, "partner": "acme", "grant": "main"}
    assert granted.run(order).outcome == outcome
    assert not granted.may_read("data-bucket") or action == "suspend"
    assert granted.approves(ADA, digest="a" * 64).outcome in ("unchanged", outcome)
    assert not granted.may_read("other-bucket")


def test_a_grant_ends_while_a_later_end_waits(stack: StackDriver) -> None:
    rule = {"when": {"days": 400}, "groups": {"security": 1}}
    desk = ApprovalDesk(stack, rule)
    assert desk.asks(expires_at="2026-03-01T00:00:00Z").outcome == "created"
    held = desk.asks(expires_at="2029-01-01T00:00:00Z")
    assert held.outcome == "pending_approval"
    desk.passes(days=60)
    assert desk.run(CHECK, by="schedule").outcome == "expired"
    assert stack.role() is None


@pytest.mark.parametrize("between", [(), ("suspend", "resume")])
def test_short_renewals_add_up(stack: StackDriver, between: tuple[str, ...]) -> None:
    rule = {"when": {"days": 30}, "groups": {"security": 1}}
    desk = ApprovalDesk(stack, rule)
    assert desk.asks(expires_at=_in(20)).outcome == "created"
    _made_at(NOW)
    desk.passes(days=15)
    for action in between:
        desk.run({"action": action, "partner": "acme", "grant": "main"})
    assert desk.asks(expires_at=_in(30)).outcome == "updated"
    assert desk.asks(expires_at=_in(31)).outcome == "pending_approval"


def test_an_approved_state_stays_approved(granted: ApprovalDesk) -> None:
    granted.passes(days=100)
    order = {"partner": "acme", "grant": "main"}
    assert granted.run({**order, "action": "suspend"}).outcome == "suspended"
    assert granted.run({**order, "action": "resume"}).outcome == "updated"
    assert granted.may_read("data-bucket")


def test_what_was_narrowed_is_asked_for_anew(granted: ApprovalDesk) -> None:
    narrower = [{**WIDER[0], "allow": "read"}]
    assert granted.asks(access=narrower).outcome == "updated"
    assert granted.asks().outcome == "pending_approval"
    assert granted.run(CHECK).plan["step"] == "done"
    assert granted.approves(BEN).outcome == "updated"


def test_a_changed_file_waits_anew(desk: ApprovalDesk) -> None:
    desk.asks()
    first = desk.pending
    desk.asks(access=WIDER)
    assert desk.pending["digest"] != first["digest"]
    assert desk.approves(ADA, digest=first["digest"]).plan["step"] == "done"
    assert desk.approves(ADA).outcome == "created"
    assert desk.may_read("other-bucket")


def test_no_rule_no_waiting(granted: ApprovalDesk) -> None:
    granted.asks(access=WIDER)
    granted.stack.guard()
    assert granted.run(CHECK, by="drift").outcome == "updated"
    assert granted.may_read("other-bucket")


def test_who_leaves_the_group_has_not_approved(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack, *TWO)
    desk.asks()
    desk.approves(ADA)
    left = {"security": {"members": [BEN, EVE.partition(":")[0]]}}
    again = ApprovalDesk(stack, *TWO, groups=left)
    again.now = desk.now
    assert again.approves(BEN).outcome != "created"
    assert stack.role() is None


def test_an_inline_config_under_a_rule_is_rejected(desk: ApprovalDesk) -> None:
    run = desk.run({"config": config_document()})
    assert run.outcome == "rejected"
    assert "upload the config as a file" in run.result["problems"][0]["message"]
    assert desk.stack.role() is None


def test_a_rejection_stays_until_another_version(desk: ApprovalDesk) -> None:
    desk.asks()
    desk.writes(desk.key(f"reject/{BEN}"))
    assert desk.run(CHECK).outcome == "rejected"
    assert desk.approves(ADA).plan["step"] == "done"
    assert desk.stack.role() is None
    assert desk.asks().outcome == "pending_approval"
    assert desk.approves(ADA).outcome == "created"


def test_without_a_known_author_nobody_is_another_person(desk: ApprovalDesk) -> None:
    held = desk.asks(None)
    assert held.outcome == "pending_approval"
    assert "who uploaded this version" in held.result["problems"][0]["message"]
    desk.approves(ADA)
    assert desk.stack.role() is None


def test_who_uploads_does_not_approve(desk: ApprovalDesk) -> None:
    desk.asks("AROAADAADAADAADA01:somebody-else")
    desk.approves(ADA)
    assert desk.stack.role() is None
    assert desk.approves(BEN).outcome == "created"


def test_nothing_is_listed_where_no_rule_applies(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack, {"when": {"services": ["sqs"]}, "groups": {"security": 1}})
    run = desk.asks()
    assert run.outcome == "created"
    assert "s3:ListObjectsV2" not in run.calls


def test_what_another_source_asks_for_in_vain_leaves_what_waits(desk: ApprovalDesk) -> None:
    desk.asks()
    waiting = desk.pending
    assert desk.run({"config": config_document()}).outcome == "rejected"
    assert (desk.state["status"], desk.pending) == ("pending_approval", waiting)
    assert desk.approves(ADA).outcome == "created"
