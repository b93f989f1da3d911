"""Carrying out a plan when IAM is not, or not yet, as it was planned for."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from latchkey.aws.iam import IamGateway
from latchkey.aws.leases import Leases
from latchkey.aws.scheduler import ScheduleGateway
from latchkey.errors import LeaseLost, PermissionDenied, PlanStale, RoleNotOwned, VerificationFailed
from latchkey.grant_id import GrantId
from latchkey.grants.change import (
    Change,
    DeleteSchedule,
    PutRolePolicy,
    PutSchedule,
    RoleChange,
    ScheduleChange,
    change_document,
)
from latchkey.grants.plan import GrantPlan
from latchkey.grants.role import ObservedRole
from latchkey.grants.role_changes import plan_removal, plan_role
from latchkey.grants.sessions import cut_off_in
from latchkey.times import instant
from latchkey.workflow.apply import ATTEMPTS, Executor
from latchkey.workflow.validate_policies import PolicyValidator
from tests.kit.examples import NOW, STACK, desired, observed, policy
from tests.kit.fake_iam import FakeIam

ACME = GrantId("acme", "main")
PUT = PutSchedule("acme.main", "2030-01-01T00:00:00Z")
DELETE = DeleteSchedule("acme.main")


@dataclass
class Stage:
    """An executor on fakes; `order` holds everything that was done, in order."""

    iam: FakeIam
    lost: bool = False
    begun: list[dict[str, Any]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    pauses: list[int] = field(default_factory=list)

    def apply(self, change: ScheduleChange) -> None:
        self.order.append(type(change).__name__)

    def begin(self, *_: Any) -> list[dict[str, Any]]:
        if self.lost:
            raise LeaseLost("lost")
        self.order.append("begin")
        return self.begun

    def run(self, plan: GrantPlan) -> dict[str, Any]:
        executor = Executor(
            cast("IamGateway", self.iam),
            cast("ScheduleGateway", self),
            cast("Leases", self),
            PolicyValidator(None),
            self.pauses.append,
        )
        return executor.apply(plan, "run", lambda: NOW)


def _plan(changes: tuple[Change, ...], *, removal: bool = False) -> GrantPlan:
    return GrantPlan(
        "revoke" if removal else "grant",
        "created",
        "t",
        "because",
        grant=ACME,
        changes=changes,
        desired=None if removal else desired(),
        role=desired().name,
        stack=STACK,
    )


def _actions(answer: dict[str, Any]) -> list[str]:
    return [change["action"] for change in answer["changes"]]


def test_plan_is_applied_in_order_and_read_back() -> None:
    stage = Stage(FakeIam())
    answer = stage.run(_plan((PUT, *plan_role(desired(), None))))
    assert _actions(answer) == ["PutSchedule", "CreateRole", "PutRolePolicy"]
    assert answer["verified"] == {
        "role": "as planned",
        "role_id": "AROAFAKE",
        "read_at": instant(NOW),
    }
    assert stage.order == ["begin", "PutSchedule"]
    assert stage.pauses == []


def test_nothing_is_done_without_the_lease() -> None:
    stage = Stage(FakeIam(), lost=True)
    with pytest.raises(LeaseLost):
        stage.run(_plan((PUT, *plan_role(desired(), None))))
    assert (stage.order, stage.iam.applied) == ([], [])


def test_role_that_is_there_already_is_looked_at_anew_and_mended() -> None:
    half = observed(inline_policies=(), permissions_policy=None, description="old")
    stage = Stage(FakeIam(half))
    answer = stage.run(_plan((PUT, *plan_role(desired(), None))))
    assert _actions(answer) == ["PutSchedule", "PutRolePolicy", "UpdateRole"]
    assert stage.order.count("PutSchedule") == 1, "the schedule is not put twice"


@pytest.mark.parametrize("ours", [False, True])
def test_sessions_end_of_a_role_that_was_there_unless_a_try_of_ours_made_it(ours: bool) -> None:
    creation = plan_role(desired(), None)
    begun = [change_document(change) for change in creation] if ours else []
    stage = Stage(FakeIam(observed()), begun=begun)
    stage.run(_plan(creation))
    role = stage.iam.observe(desired().name)
    assert role
    assert cut_off_in(role.permissions_policy) == (None if ours else "2026-01-15T12:01:00Z")
    assert len(stage.order) == (1 if ours else 2), "the intent log tells of the cut-off"


def test_role_that_vanished_is_made_anew() -> None:
    changes = plan_role(desired(), observed(permissions_policy=policy("s3:*")))
    answer = Stage(FakeIam()).run(_plan(changes))
    assert _actions(answer) == ["CreateRole", "PutRolePolicy"]


def test_role_of_somebody_else_that_appeared_is_refused() -> None:
    stage = Stage(FakeIam(observed(tags={})))
    with pytest.raises(RoleNotOwned):
        stage.run(_plan(plan_role(desired(), None)))
    assert stage.iam.applied == []


@pytest.mark.parametrize(
    "now_there",
    [
        None,
        observed(inline_policies=(), permissions_policy=None),
        observed(attached_policies=("p",)),
    ],
    ids=["gone", "half gone", "with more"],
)
def test_removal_goes_on_from_whatever_is_left(now_there: ObservedRole | None) -> None:
    changes = (*plan_removal(observed(), STACK, "acme.main"), DELETE)
    stage = Stage(FakeIam(now_there) if now_there else FakeIam())
    answer = stage.run(_plan(changes, removal=True))
    assert answer["verified"] == {"role": "absent", "read_at": instant(NOW)}
    assert stage.iam.roles == {}
    assert stage.order == ["begin", "DeleteSchedule"]


class StubbornIam(FakeIam):
    """An IAM in which somebody else always was faster."""

    def apply(self, change: Any) -> dict[str, Any]:
        raise PlanStale("again")


def test_stale_plans_are_given_up_after_several_attempts() -> None:
    stage = Stage(StubbornIam())
    with pytest.raises(PlanStale):
        stage.run(_plan(plan_role(desired(), None)))
    assert stage.pauses == list(range(1, ATTEMPTS))


class SlowIam(FakeIam):
    """An IAM that shows what was written only at the nth read."""

    def __init__(self, reads: int) -> None:
        super().__init__()
        self.reads = reads

    def reread(self, name: str, *, attached: bool = False) -> ObservedRole | None:
        self.reads -= 1
        return super().reread(name, attached=attached) if self.reads <= 0 else None


def test_verification_waits_for_iam_to_show_what_was_written() -> None:
    stage = Stage(SlowIam(ATTEMPTS))
    answer = stage.run(_plan(plan_role(desired(), None)))
    assert answer["verified"]["role"] == "as planned"
    assert stage.pauses == [1, 2, 3]


def test_what_never_shows_is_a_failure() -> None:
    with pytest.raises(VerificationFailed, match=desired().name):
        Stage(SlowIam(ATTEMPTS**2 + 1)).run(_plan(plan_role(desired(), None)))


class ForgetfulIam(FakeIam):
    """An IAM in which the first permissions policy that is written does not stay."""

    forgets = True

    def apply(self, change: Any) -> dict[str, Any]:
        if isinstance(change, PutRolePolicy) and self.forgets:
            self.forgets = False
            return {}
        return super().apply(change)


def test_what_did_not_stay_is_written_again() -> None:
    stage = Stage(ForgetfulIam())
    answer = stage.run(_plan(plan_role(desired(), None)))
    assert _actions(answer) == ["CreateRole", "PutRolePolicy"]
    written = stage.iam.reread(desired().name)
    assert written is not None
    assert written.permissions_policy == desired().permissions_policy


def test_what_an_attempt_before_began_is_reported_once() -> None:
    whole = plan_role(desired(), None)
    stage = Stage(FakeIam(), begun=[change_document(whole[0])])
    assert _actions(stage.run(_plan(whole))) == ["CreateRole", "PutRolePolicy"]


class UndeadIam(FakeIam):
    """An IAM that goes on showing deleted roles."""

    def exists(self, name: str) -> bool:
        return True


def test_role_that_does_not_go_away_is_a_failure() -> None:
    changes = plan_removal(observed(), STACK, "acme.main")
    with pytest.raises(VerificationFailed):
        Stage(UndeadIam(observed())).run(_plan(changes, removal=True))


def test_new_role_may_take_a_while_to_be_ours_to_write_to() -> None:
    """IAM denies PutRolePolicy until its authorisation knows the role that CreateRole made."""

    class Lagging(FakeIam):
        denials = 2

        def apply(self, change: RoleChange) -> dict[str, Any]:
            if isinstance(change, PutRolePolicy) and self.denials:
                self.denials -= 1
                raise PermissionDenied("AccessDenied")
            return super().apply(change)

    stage = Stage(Lagging())
    answer = stage.run(_plan(plan_role(desired(), None)))
    assert answer["verified"]["role"] == "as planned"
    assert [change["action"] for change in answer["changes"]].count("PutRolePolicy") == 1
    assert len(stage.pauses) == 2
