"""What failed goes behind what was not tried, sweep after sweep; and what a failure leaves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, config_document
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import EXPIRY, crowd
from tests.kit.stack.taps import Call, Taps, refusal

START = EXPIRY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _spoil_nothing_afterwards() -> Iterator[None]:
    """Taps are on clients, which outlive a test."""
    yield
    Taps()


def _swept(stack: StackDriver, number: int) -> list[str]:
    answer = stack.invoke("sweep_grants", {}, START + timedelta(minutes=5 * number))
    return list(answer["due"])


def test_hundreds_that_fail_hold_up_nobody(stack: StackDriver) -> None:
    names = crowd(200, due=120)
    failing, other = names[:119], names[119]  # nothing ends the grants that are checked
    rounds = [_swept(stack, number) for number in range(12)]
    assert other in {name for found in rounds for name in found}
    assert sorted(name for found in rounds for name in found) == sorted([*failing, other])


def test_what_was_tried_the_longest_ago_comes_again_first(stack: StackDriver) -> None:
    crowd(50, due=25)
    rounds = [_swept(stack, number) for number in range(5)]
    assert len({*rounds[0], *rounds[1], *rounds[2][:5]}) == 25
    assert rounds[2][5:] == rounds[0][:5]


def test_what_becomes_due_later_is_tried_before_what_failed(stack: StackDriver) -> None:
    crowd(40, due=20)
    first = _swept(stack, 0)
    second = _swept(stack, 1)
    stack.upload(None, "partners/late.json", grant="late", expires_at="2027-01-01T00:00:00Z")
    assert stack.run({**FILE, "key": "partners/late.json"}).outcome == "created"
    late = datetime(2031, 1, 1, tzinfo=UTC)
    third = stack.invoke("sweep_grants", {}, late)["due"]
    assert third[0] == "acme.late" or "acme.late" in third
    assert not {*first} & {*second}


def test_few_that_are_due_need_no_memory(stack: StackDriver) -> None:
    crowd(40, due=10)
    stack.calls.clear()
    _swept(stack, 0)
    assert {call for call in stack.calls if "dynamodb" in call} == {"dynamodb:Query"}


def test_one_that_cannot_be_started_is_reported_after_all_others(stack: StackDriver) -> None:
    names = crowd(10, due=5)
    denied = refusal("AccessDeniedException", "no")

    def spoil(call: Call) -> Any:
        first = names[0] in str(call.parameters.get("name"))
        return denied if str(call) == "stepfunctions:StartExecution" and first else None

    Taps().before = spoil
    with pytest.raises(Exception, match="AccessDenied"):
        stack.invoke("sweep_grants", {}, START)
    started = {f"{run['partner']}.{run['grant']}" for run in stack.started()}
    assert started == {*names[1:5]}


def _foreign(stack: StackDriver) -> None:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    aws("iam").create_role(
        RoleName="partner-acme.main", Path="/partners/", AssumeRolePolicyDocument=trust
    )
    stack.upload()
    run = stack.run(FILE)
    assert run.outcome == "failed"
    assert type(run.error).__name__ == "RoleNotOwned"


def test_schedule_of_a_grant_that_never_was_goes_with_its_file(stack: StackDriver) -> None:
    _foreign(stack)
    stack.remove()
    run = stack.run(FILE)
    assert (run.error, stack.schedules()) == (None, [])
    assert stack.role() is not None
    assert stack.grant()["status"] == "revoked"
    assert stack.run(FILE).iam_writes == []


def test_schedule_goes_with_a_file_that_names_another_grant(stack: StackDriver) -> None:
    _foreign(stack)
    stack.upload(grant="other")
    stack.run(FILE)
    (follow_up,) = stack.started()
    stack.run(follow_up)
    assert stack.schedules() == ["acme.other"]


def test_failure_that_made_nothing_does_not_say_that_more_is_allowed(stack: StackDriver) -> None:
    _foreign(stack)
    result = stack.result()
    assert (result["outcome"], result["widens"]) == ("failed", False)
    assert not any("more is allowed" in str(notice) for notice in stack.notices())


def test_failure_that_may_have_made_something_says_so(stack: StackDriver) -> None:
    stack.granted()
    more = config_document()["access"] + [
        {"service": "s3", "bucket": "other-bucket", "allow": "read"}
    ]
    stack.upload(access=more)
    denied = refusal("AccessDenied", "no", 403)
    Taps().before = lambda call: denied if str(call) == "iam:PutRolePolicy" else None
    stack.run(FILE, NOW)
    assert stack.result()["widens"] is True
