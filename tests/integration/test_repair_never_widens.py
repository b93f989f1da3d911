"""What somebody took away from a role by hand stays away until a person orders otherwise."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

ROLE = "partner-acme.main"
OWN = {"RoleName": ROLE}
LATER = NOW + timedelta(hours=1)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
KEPT = "changed by hand, and kept"


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}
ALLOW = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
OLDER = {**DENY, "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-01-15T12:30:00Z"}}}


def _inline(name: str, *statements: dict[str, Any]) -> None:
    aws("iam").put_role_policy(**OWN, PolicyName=name, PolicyDocument=_document(*statements))


def _attach(name: str, *statements: dict[str, Any]) -> str:
    made = aws("iam").create_policy(PolicyName=name, PolicyDocument=_document(*statements))
    arn = str(made["Policy"]["Arn"])
    aws("iam").attach_role_policy(**OWN, PolicyArn=arn)
    return arn


def _trust(edit: Callable[[dict[str, Any]], object]) -> None:
    document = aws("iam").get_role(**OWN)["Role"]["AssumeRolePolicyDocument"]
    edit(document["Statement"][0])
    aws("iam").update_assume_role_policy(**OWN, PolicyDocument=json.dumps(document))


def _permissions(edit: Callable[[Any], object]) -> None:
    document = aws("iam").get_role_policy(**OWN, PolicyName="latchkey-access")["PolicyDocument"]
    edit(document)
    aws("iam").put_role_policy(
        **OWN, PolicyName="latchkey-access", PolicyDocument=json.dumps(document)
    )


def _boundary() -> None:
    arn = "arn:aws:iam::aws:policy/AWSDenyAll"
    aws("iam").put_role_permissions_boundary(**OWN, PermissionsBoundary=arn)


CLOSED: dict[str, Callable[[], object]] = {
    "an inline deny": lambda: _inline("incident-7", DENY),
    "the console's revocation": lambda: _inline("AWSRevokeOlderSessions", OLDER),
    "a policy of ours that denies": lambda: _attach("quarantine", DENY),
    "AWSDenyAll as boundary": _boundary,
    "a principal removed": lambda: _trust(
        lambda one: one.update(Principal={"AWS": [OTHER_ACCOUNT]})
    ),
    "nobody trusted": lambda: _trust(lambda one: one.update(Effect="Deny")),
    "a network in the trust": lambda: _trust(
        lambda one: one["Condition"].update(IpAddress={"aws:SourceIp": "203.0.113.0/24"})
    ),
    "less allowed": lambda: _permissions(lambda document: document["Statement"].pop()),
    "a deny in our policy": lambda: _permissions(
        lambda document: document["Statement"].append({"Sid": "Mine", **DENY})
    ),
}


def _seen() -> Any:
    """Everything about the role that decides about access."""
    (role,) = [
        one
        for one in aws("iam").get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
        if one["RoleName"] == ROLE
    ]
    names = (
        "AssumeRolePolicyDocument",
        "RolePolicyList",
        "AttachedManagedPolicies",
        "PermissionsBoundary",
    )
    return [role[name] for name in names]


@pytest.fixture
def granted(stack: StackDriver) -> StackDriver:
    """The stack with one grant to two accounts, with longer sessions than the shortest."""
    stack.granted(principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT], max_session_duration=7200)
    return stack


def _again(stack: StackDriver) -> None:
    """The same file once more, as a nightly copy is."""
    stack.upload(principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT], max_session_duration=7200)


@pytest.mark.parametrize("close", CLOSED.values(), ids=CLOSED)
def test_what_only_takes_away_is_told_and_kept_by_checks_and_copies_of_the_file(
    granted: StackDriver, close: Callable[[], object]
) -> None:
    close()
    left = _seen()
    assert granted.invoke("check_drift", {}, LATER)["changed"] == ["acme.main"]
    run = granted.run(CHECK, LATER)
    assert (run.outcome, run.iam_writes, run.result["widens"]) == ("unchanged", [], False)
    assert [KEPT in problem["message"] for problem in run.result["problems"]] == [True]
    assert granted.history()[-1] == "FindingsReported"
    _again(granted)
    assert granted.run(FILE, LATER).iam_writes == []
    granted.guard(max_grant_days=3650)
    assert granted.run(CHECK, LATER).iam_writes == []
    assert _seen() == left


@pytest.mark.parametrize("way", ["resume", "file"])
@pytest.mark.parametrize("close", CLOSED.values(), ids=CLOSED)
def test_person_who_orders_it_gets_the_role_of_the_file_and_sessions_end(
    granted: StackDriver, close: Callable[[], object], way: str
) -> None:
    before = _seen()
    close()
    granted.run(CHECK, LATER)
    if way == "file":
        granted.upload(
            principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT], max_session_duration=7200, purpose="New"
        )
    run = granted.run(FILE if way == "file" else {**CHECK, "action": "resume"}, LATER)
    assert run.outcome == "updated"
    after = _seen()
    (policy,) = after[1]
    ended = [s for s in policy["PolicyDocument"]["Statement"] if s["Sid"] == "IssuedBefore"]
    policy["PolicyDocument"]["Statement"] = [
        s for s in policy["PolicyDocument"]["Statement"] if s["Sid"] != "IssuedBefore"
    ]
    assert after == before
    assert len(ended) == 1
    assert not run.result["problems"]


def test_denial_survives_suspension(granted: StackDriver) -> None:
    _inline("incident-7", DENY)
    granted.run({**CHECK, "action": "suspend"}, LATER)
    assert "incident-7" in aws("iam").list_role_policies(**OWN)["PolicyNames"]


def test_shorter_session_is_kept(granted: StackDriver) -> None:
    text = "Nightly export (owner: data-platform)"
    aws("iam").update_role(**OWN, Description=text, MaxSessionDuration=3600)
    run = granted.run(CHECK, LATER)
    assert run.iam_writes == []
    assert "longest session" in run.result["problems"][0]["message"]


def test_policy_that_is_deleted_by_hand_stays_without_effect(granted: StackDriver) -> None:
    aws("iam").delete_role_policy(**OWN, PolicyName="latchkey-access")
    for _ in range(2):
        granted.run(CHECK, LATER)
    assert [s["Sid"] for s in granted.permissions()["Statement"]] == ["Suspended"]


def test_who_was_removed_is_not_let_in_again_when_who_was_added_goes(granted: StackDriver) -> None:
    third = "999988887777"
    _trust(lambda one: one.update(Principal={"AWS": [third, PARTNER_ACCOUNT]}))
    for _ in range(2):
        run = granted.run(CHECK, LATER)
        trust = json.dumps(aws("iam").get_role(**OWN)["Role"]["AssumeRolePolicyDocument"])
        assert OTHER_ACCOUNT not in trust
        assert third not in trust
        assert PARTNER_ACCOUNT in trust
        assert KEPT in run.result["problems"][0]["message"]
    assert granted.history()[-2:] == ["DriftRepaired", "FindingsReported"]


def test_policy_that_allows_goes_and_what_a_mixed_one_denies_stays(granted: StackDriver) -> None:
    _inline("evil", ALLOW)
    _inline("mixed", ALLOW, DENY)
    arn = _attach("wide", ALLOW)
    run = granted.run(CHECK, LATER)
    assert run.outcome == "updated"
    names = aws("iam").list_role_policies(**OWN)["PolicyNames"]
    assert sorted(names) == ["latchkey-access", "mixed"]
    kept = aws("iam").get_role_policy(**OWN, PolicyName="mixed")["PolicyDocument"]
    assert kept["Statement"] == [DENY]
    attached = aws("iam").list_attached_role_policies(**OWN)["AttachedPolicies"]
    assert arn not in [one["PolicyArn"] for one in attached]


def test_managed_policy_that_denies_and_allows_is_made_harmless(granted: StackDriver) -> None:
    _attach("both", ALLOW, DENY)
    for _ in range(2):
        granted.run(CHECK, LATER)
    assert [s["Sid"] for s in granted.permissions()["Statement"]] == ["Suspended"]
    assert len(aws("iam").list_attached_role_policies(**OWN)["AttachedPolicies"]) == 1


def test_tags_of_an_organization_are_left_alone_and_looked_at_once(granted: StackDriver) -> None:
    aws("iam").tag_role(**OWN, Tags=[{"Key": "cost-center", "Value": "7"}])
    assert granted.invoke("check_drift", {}, LATER)["changed"] == ["acme.main"]
    run = granted.run(CHECK, LATER)
    assert (run.outcome, run.iam_writes, run.result["problems"]) == ("unchanged", [], [])
    assert not any(granted.invoke("check_drift", {}, LATER + timedelta(hours=1)).values())
    _again(granted)
    granted.upload(
        principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT], max_session_duration=7200, tags={"a": "1"}
    )
    granted.run(FILE, LATER)
    granted.upload(principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT], max_session_duration=7200)
    assert granted.run(FILE, LATER).iam_writes == ["UntagRole"]
    role = granted.role()
    assert role
    tags = {tag["Key"] for tag in role["Tags"]}
    assert "cost-center" in tags
    assert "a" not in tags
