"""What results and history say of a plan, for what really stands and is really written."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, OTHER_ACCOUNT, config_document, policy, s3_entry, secret_entry
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

ROLE = {"RoleName": "partner-acme.main"}
ORDER = {"partner": "acme", "grant": "main", "reason": "incident"}
_ANY = json.dumps(policy("s3:GetObject"))


def told(run: Run) -> list[tuple[str, str]]:
    """The summary of a run."""
    return [(line["effect"], line["text"]) for line in run.result["summary"]]


def changed(stack: StackDriver, **changes: Any) -> Run:
    """Upload the example with changes, and run."""
    stack.upload(**changes)
    return stack.run(FILE)


def test_new_grant_lists_all_that_it_allows(stack: StackDriver) -> None:
    run = stack.granted(access=[s3_entry(prefix="in"), secret_entry()])
    assert ("widens", "adds READ, LOOK UP on secret acme/api") in told(run)
    assert run.result["widens"] is True
    assert run.result["allows"][1] == {
        "service": "s3",
        "resource": "bucket data-bucket, folder in/",
        "may": ["list", "read", "put", "delete"],
        "conditions": ["only on resources of account 123456789012", "only over HTTPS"],
    }
    assert run.result["policy_difference"][:2] == ["--- none", "+++ trust policy after"]


def test_unchanged_grant_has_no_summary_and_still_says_what_it_allows(stack: StackDriver) -> None:
    first = stack.granted()
    again = changed(stack)
    assert (again.outcome, told(again), again.result["widens"]) == ("unchanged", [], False)
    assert again.result["policy_difference"] == []
    assert again.result["allows"] == first.result["allows"] != []


def test_renewal_narrowing_and_new_principal(stack: StackDriver) -> None:
    stack.granted()
    renewed = changed(stack, expires_at="2030-01-31T00:00:00Z")
    assert told(renewed) == [("widens", "extends by 30 days, to 2030-01-31 00:00 UTC")]
    less = changed(
        stack, expires_at="2030-01-31T00:00:00Z", access=[s3_entry(prefix="in", allow="read")]
    )
    assert told(less) == [
        ("narrows", "no longer allows PUT, DELETE on bucket data-bucket, folder in/")
    ]
    assert less.result["widens"] is False
    more = changed(stack, principals=["444455556666", OTHER_ACCOUNT])
    assert ("widens", f"a new principal may assume: {OTHER_ACCOUNT}") in told(more)


def test_suspended_resumed_and_revoked(stack: StackDriver) -> None:
    stack.granted()
    suspended = stack.run({**ORDER, "action": "suspend"})
    assert [effect for effect, _ in told(suspended)] == ["narrows"]
    assert (suspended.result["allows"], suspended.result["widens"]) == ([], False)
    resumed = stack.run({**ORDER, "action": "resume"})
    assert told(resumed)[0] == ("widens", "resumes: what the role allows is allowed again")
    assert resumed.result["allows"] != []
    revoked = stack.run({**ORDER, "action": "revoke"})
    assert told(revoked) == [("ends", "ends: the role is deleted, and all access with it")]
    assert (revoked.result["allows"], revoked.result["widens"]) == ([], False)
    assert "+++ none" in revoked.result["policy_difference"]


def test_dry_run_says_what_the_run_then_does(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(access=[s3_entry(bucket="other-bucket")], require_mfa=True)
    keys = ("summary", "widens", "policy_difference", "allows", "changes")
    planned = stack.run({**FILE, "dry_run": True})
    done = stack.run(FILE)
    assert (planned.outcome, done.outcome) == ("planned", "updated")
    assert [planned.result[key] for key in keys] == [done.result[key] for key in keys]


def test_what_was_changed_by_hand_is_reported_before_it_is_put_back(stack: StackDriver) -> None:
    stack.granted()
    document = stack.permissions()
    document["Statement"][0]["Resource"] = ["arn:aws:s3:::data-bucket/*"]
    aws("iam").put_role_policy(
        **ROLE, PolicyName="latchkey-access", PolicyDocument=json.dumps(document)
    )
    run = stack.run({**ORDER, "action": "check"})
    assert told(run) == [
        ("narrows", "no longer allows READ, PUT, DELETE on bucket data-bucket"),
        ("none", "puts back what was changed by hand; `drift` tells what that was"),
    ]
    assert any(line.startswith("-") and "data-bucket/*" in line for line in _difference(run))


def _difference(run: Run) -> list[str]:
    return list(run.result["policy_difference"])


def test_drift_that_is_left_as_it_is_counts_as_what_the_role_allows(stack: StackDriver) -> None:
    stack.granted()
    stack.guard(drift="report")
    stack.run({**ORDER, "action": "check"})
    made = aws("iam").create_policy(PolicyName="extra", PolicyDocument=_ANY)["Policy"]
    aws("iam").attach_role_policy(**ROLE, PolicyArn=made["Arn"])
    run = stack.run({**ORDER, "action": "check"})
    assert (told(run), run.iam_writes) == ([], [])
    assert run.result["allows"][-1]["resource"] == f"managed policy {made['Arn']}"


def test_rejected_and_failed_configs_plan_nothing(stack: StackDriver) -> None:
    stack.granted()
    rejected = changed(stack, access=[s3_entry(bucket="no-such-bucket")])
    assert (told(rejected), rejected.result["allows"]) == ([], [])
    trust = json.dumps(aws("iam").get_role(**ROLE)["Role"]["AssumeRolePolicyDocument"])
    aws("iam").delete_role_policy(**ROLE, PolicyName="latchkey-access")
    aws("iam").delete_role(**ROLE)
    aws("iam").create_role(**ROLE, AssumeRolePolicyDocument=trust)
    failed = changed(stack)
    assert (failed.outcome, told(failed), failed.result["allows"]) == ("failed", [], [])


def test_failed_step_says_what_was_to_be_done(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    state["result"] = stack.invoke("record_outcome", state)
    result = stack.whole_result(state)
    texts = [line["text"] for line in result["summary"]]
    assert f"a new principal may assume: {OTHER_ACCOUNT}" in texts
    assert (result["widens"], result["allows"]) == (True, [])


def test_history_keeps_the_summary_and_the_difference(stack: StackDriver) -> None:
    run = stack.granted()
    event = next(item for item in stack.items() if "event" in item)
    for key in ("summary", "widens", "policy_difference"):
        assert event[key] == run.result[key]
    assert "allows" not in event


def _die_before_the_record(stack: StackDriver) -> None:
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    stack.invoke("grant_access", state)


def test_role_that_a_lost_run_made_is_described_as_new(stack: StackDriver) -> None:
    stack.upload()
    _die_before_the_record(stack)
    run = stack.run(FILE, NOW + timedelta(minutes=4))
    assert ("widens", "a new principal may assume: 444455556666") in told(run)
    assert ("none", "creates the role") in told(run)


def test_change_that_a_lost_run_made_counts_as_widening(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    _die_before_the_record(stack)
    run = stack.run(FILE, NOW + timedelta(minutes=4))
    began = "completes what an earlier run began and did not record"
    text = f"{began}: UpdateAssumeRolePolicy, PutRolePolicy"
    assert told(run) == [("widens", text)]


def test_removal_that_a_lost_run_made_is_described_as_the_end(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    stack.invoke("revoke_access", state)
    run = stack.run(FILE, NOW + timedelta(minutes=4))
    assert run.outcome == "revoked"
    assert told(run)[0][0] == "ends"


def test_schedule_that_was_lost_is_reported_where_nothing_else_is_changed(
    stack: StackDriver,
) -> None:
    stack.granted()
    aws("scheduler").delete_schedule(Name="acme.main", GroupName="latchkey-grants")
    run = stack.run({**ORDER, "action": "check"})
    assert told(run) == [("none", "sets its expiry schedule to 2030-01-01 00:00 UTC")]


def test_expired_grant_ends(stack: StackDriver) -> None:
    stack.granted()
    run = stack.run({**ORDER, "action": "check"}, datetime(2030, 1, 1, tzinfo=UTC))
    assert run.outcome == "expired"
    assert [effect for effect, _ in told(run)] == ["ends"]


def test_changed_tags_may_matter_elsewhere(stack: StackDriver) -> None:
    stack.granted(tags={"team": "red", "same": "x"})
    run = changed(stack, tags={"cost": "7", "same": "x"}, purpose="Other")
    assert told(run) == [
        ("changes", "changes the tags cost, team"),
        ("none", "changes the description"),
    ]
    assert run.result["widens"] is False


def _largest(letter: str, tags: int) -> dict[str, Any]:
    """A config of 64 KiB whose policy is about as long as IAM lets it be."""
    names = [f"arn:aws:s3:::data-bucket/{letter}{n}/*" for n in range(19)]
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging"]
    condition = {"StringEquals": {"aws:PrincipalTag/t": [f"{n}{letter}" for n in range(140)]}}
    statement: dict[str, Any] = {"Action": actions, "Resource": names, "Condition": condition}
    access: list[dict[str, Any]] = [
        {"service": "custom", "statements": [dict(statement)]} for _ in range(5)
    ]
    document = config_document(
        access=access, tags={f"{letter}{n}": letter * 256 for n in range(tags)}
    )
    remark = "x" * (65_000 - len(json.dumps(document)))
    access[0]["statements"] = [{**statement, "Sid": remark}]
    return {**document, "access": access}


@pytest.mark.parametrize("tags", [0, 40])
def test_largest_plan_goes_through_the_workflow(stack: StackDriver, tags: int) -> None:
    stack.guard(allow_custom=True)
    first = stack.run({"config": _largest("a", tags)})
    assert first.outcome == "created", first.result["problems"]
    state: dict[str, Any] = {}
    run = stack.run({"config": _largest("b", tags)}, before=lambda _, found: state.update(found))
    assert run.outcome == "updated"
    assert len(json.dumps(run.plan["desired"]["permissions_policy"])) > 9_000
    whole = json.dumps({**state, "result": run.result})
    assert len(whole) < 262_144
    assert run.result["widens"] is True
    assert run.result["policy_difference"][-1].startswith("# and ")
