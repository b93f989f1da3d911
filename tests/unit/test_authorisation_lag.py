"""A denial right after one's own CreateRole may be IAM's lag; any other is final at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import pytest

from latchkey.errors import PermissionDenied, PlanStale
from latchkey.grants.change import (
    Change,
    CreateRole,
    PutRolePermissionsBoundary,
    PutRolePolicy,
    PutSchedule,
    TagRole,
    UpdateRole,
)
from latchkey.workflow.authorisation_lag import PAUSES, despite_lag
from tests.kit.examples import desired

ROLE = desired().name
PUT = PutRolePolicy(ROLE, "latchkey-access", {"Statement": []})


@dataclass
class Iam:
    """Denies so many calls, then allows."""

    denials: int
    error: Exception = field(default_factory=lambda: PermissionDenied("AccessDenied"))
    calls: int = 0
    pauses: list[int] = field(default_factory=list)

    def apply(self, change: Change) -> None:
        self.calls += 1
        if self.calls <= self.denials:
            raise self.error

    def run(self, change: Change, *done: Change) -> None:
        despite_lag(self.apply, change, cast("Iterable[Change]", done), self.pauses.append)


BEFORE: list[Change] = [
    CreateRole(ROLE, "/partners/", "d", 3600, "arn:b", {}, {}),
    PutRolePermissionsBoundary(ROLE, "arn:b"),
    TagRole(ROLE, {"latchkey:stack": "latchkey"}),
]


@pytest.mark.parametrize("own", BEFORE, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("denials", [0, 1, len(PAUSES)])
def test_denial_after_what_iam_decides_by_is_waited_out(own: Change, denials: int) -> None:
    iam = Iam(denials)
    iam.run(PUT, own)
    assert (iam.calls, len(iam.pauses)) == (denials + 1, denials)


def test_denial_that_stays_is_final_after_half_a_minute() -> None:
    iam = Iam(denials=100)
    with pytest.raises(PermissionDenied):
        iam.run(PUT, BEFORE[0])
    assert iam.calls == len(PAUSES) + 1
    longest = sum(0.25 * 2**attempt for attempt in iam.pauses)  # as the executor pauses
    assert 25 <= longest <= 35


@pytest.mark.parametrize(
    "done",
    [
        (),
        (UpdateRole(ROLE, "d", 3600),),
        (PutSchedule("acme.main", "2030-01-01T00:00:00Z"),),
        (TagRole("another-role", {}),),
    ],
)
def test_denial_that_is_nobodys_lag_is_final_at_once(done: tuple[Change, ...]) -> None:
    iam = Iam(denials=1)
    with pytest.raises(PermissionDenied):
        iam.run(PUT, *done)
    assert (iam.calls, iam.pauses) == (1, [])


def test_denial_of_a_schedule_is_final_at_once() -> None:
    iam = Iam(denials=1)
    with pytest.raises(PermissionDenied):
        iam.run(PutSchedule("acme.main", "2030-01-01T00:00:00Z"), BEFORE[0])
    assert iam.pauses == []


def test_other_errors_are_not_waited_out() -> None:
    iam = Iam(denials=1, error=PlanStale("gone"))
    with pytest.raises(PlanStale):
        iam.run(PUT, BEFORE[0])
    assert iam.pauses == []
