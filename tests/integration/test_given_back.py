"""What somebody took away by hand is given back to nobody's session from before, at no call."""

import contextlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from latchkey.aws.iam import IamGateway
from latchkey.times import instant
from sandbox.iam.authorisation import allowed
from tests.integration.role_edits import OWN, ROLE, make_anew
from tests.kit.examples import ACCOUNT, NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

LATER = NOW + timedelta(hours=1)
AFTER = LATER + timedelta(minutes=10)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
RESUME = {**CHECK, "action": "resume"}
DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"
KEPT = "changed by hand, and kept"


def _document(statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _inline(name: str, statements: Any) -> None:
    aws("iam").put_role_policy(**OWN, PolicyName=name, PolicyDocument=_document(statements))


def _attach(*statements: Any) -> None:
    made = aws("iam").create_policy(PolicyName="by-hand", PolicyDocument=_document([*statements]))
    aws("iam").attach_role_policy(**OWN, PolicyArn=made["Policy"]["Arn"])


def _own(edit: Callable[[list[Any]], object]) -> None:
    found = aws("iam").get_role_policy(**OWN, PolicyName="latchkey-access")["PolicyDocument"]
    edit(found["Statement"])
    _inline("latchkey-access", found["Statement"])


def _bound(name: str, *statements: Any) -> None:
    arn = DENY_ALL
    if statements:
        made = aws("iam").create_policy(PolicyName=name, PolicyDocument=_document([*statements]))
        arn = made["Policy"]["Arn"]
    aws("iam").put_role_permissions_boundary(**OWN, PermissionsBoundary=arn)


CLOSED: dict[str, Callable[[], object]] = {
    "an inline policy that denies": lambda: _inline("incident-7", [DENY]),
    "an attached policy that denies": lambda: _attach(DENY),
    "an attached policy that denies and allows": lambda: _attach(DENY, ANYTHING),
    "AWSDenyAll as boundary": lambda: _bound(""),
    "a boundary of a responder's": lambda: _bound("quarantine", DENY),
    "a statement taken out": lambda: _own(lambda statements: statements.pop(0)),
    "our policy deleted": lambda: aws("iam").delete_role_policy(
        **OWN, PolicyName="latchkey-access"
    ),
    "a denial under the Sid of ours": lambda: _own(
        lambda statements: statements.append({**DENY, "Sid": "IssuedBefore", "Action": ["s3:*"]})
    ),
    "a denial in a statement's place": lambda: _own(
        lambda statements: statements[0].update({**DENY, "Condition": {}})
    ),
}


def _boundary(role: Any) -> Any:
    arn = role["PermissionsBoundary"]["PermissionsBoundaryArn"]
    if arn == DENY_ALL:
        return {"Statement": [DENY]}
    return {"Statement": [DENY if "quarantine" in arn else ANYTHING]}  # ours only bounds


def _works(since: str = instant(NOW)) -> bool:
    """Whether a session that was issued at a time reads an object, as the role now is."""
    (role,) = [
        one
        for one in aws("iam").get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
        if one["RoleName"] == ROLE
    ]
    policies = [one["PolicyDocument"] for one in role["RolePolicyList"]]
    for one in role["AttachedManagedPolicies"]:
        found = aws("iam").get_policy_version(PolicyArn=one["PolicyArn"], VersionId="v1")
        policies.append(found["PolicyVersion"]["Document"])
    context = {
        "aws:CurrentTime": instant(AFTER),
        "aws:TokenIssueTime": since,
        "aws:SecureTransport": "true",
        "aws:ResourceAccount": ACCOUNT,
    }
    boundary = _boundary(aws("iam").get_role(**OWN)["Role"])
    return allowed(policies, boundary, "s3:GetObject", "arn:aws:s3:::data-bucket/in/x", context)


class _Died(BaseException):
    """The process is gone."""


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], list[bool]]:
    """Notes after each call whether the session from before works; dies at one of them."""
    apply = IamGateway.apply

    def watch(dies_at: int | None) -> list[bool]:
        seen: list[bool] = []

        def noted(iam: IamGateway, change: Any) -> Any:
            if len(seen) == dies_at:
                raise _Died
            answer = apply(iam, change)
            seen.append(_works())
            return answer

        monkeypatch.setattr(IamGateway, "apply", noted)
        return seen

    return watch


def _closed(stack: StackDriver, close: Callable[[], object]) -> None:
    stack.granted()
    assert _works()
    close()
    assert not _works()


@pytest.mark.parametrize("checked", [False, True], ids=["at once", "after a check"])
@pytest.mark.parametrize("close", CLOSED.values(), ids=CLOSED)
def test_session_from_before_works_at_no_call_of_checks_or_of_what_opens_the_role_again(
    stack: StackDriver,
    watched: Callable[[int | None], list[bool]],
    close: Callable[[], object],
    checked: bool,
) -> None:
    _closed(stack, close)
    seen = watched(None)
    if checked:
        run = stack.run(CHECK, LATER)
        assert (run.error, not run.result["problems"]) == (None, False)
        assert KEPT in run.result["problems"][0]["message"]
        assert stack.run(CHECK, LATER).iam_writes == []
        assert not _works()
    stack.upload(purpose="Other words")  # a person's file, about something else
    assert stack.run(FILE, LATER).outcome == "updated"
    assert not any(seen)
    assert _works(instant(AFTER))


@pytest.mark.parametrize("calls", [1, 2, 3])
@pytest.mark.parametrize("close", CLOSED.values(), ids=CLOSED)
def test_run_that_died_while_it_opened_the_role_leaves_it_closed_to_sessions_from_before(
    stack: StackDriver,
    watched: Callable[[int | None], list[bool]],
    close: Callable[[], object],
    calls: int,
) -> None:
    _closed(stack, close)
    seen = watched(calls)
    state = stack.state(RESUME)
    state["plan"] = stack.invoke("plan_grant", state, LATER)
    try:
        stack.invoke("grant_access", state, LATER)
    except _Died:
        seen = [*seen, *watched(None)]
        for request in (CHECK, CHECK, RESUME):
            assert stack.run(request, AFTER).error is None
    assert not any(seen)
    assert not _works()


def test_check_that_died_leaves_the_boundary_of_a_responder_as_strict(
    stack: StackDriver, watched: Callable[[int | None], list[bool]]
) -> None:
    """Putting ours back first would open the role for good."""
    _closed(stack, CLOSED["a boundary of a responder's"])
    watched(1)
    state = stack.state(CHECK)
    state["plan"] = stack.invoke("plan_grant", state, LATER)
    with contextlib.suppress(_Died):
        stack.invoke("grant_access", state, LATER)
    assert not _works()
    watched(None)
    stack.run(CHECK, AFTER)
    assert not _works()


def test_cut_off_that_somebody_moved_on_is_told_and_a_person_resets_it(stack: StackDriver) -> None:
    stack.granted()
    ahead = {"DateLessThan": {"aws:TokenIssueTime": "2099-01-01T00:00:00Z"}}
    moved = {**DENY, "Sid": "IssuedBefore", "Condition": ahead}
    _own(lambda statements: statements.append(moved))
    run = stack.run(CHECK, LATER)
    assert (run.iam_writes, len(run.result["problems"])) == ([], 1)
    assert "issued before 2099-01-01T00:00:00Z" in run.result["problems"][0]["message"]
    assert not _works(instant(AFTER))
    run = stack.run(RESUME, LATER)
    assert (run.iam_writes, run.result["problems"]) == (["PutRolePolicy"], [])
    assert stack.grant()["issued_before"] == instant(LATER + timedelta(minutes=1))
    assert (_works(), _works(instant(AFTER))) == (False, True)


def test_role_that_was_made_anew_by_hand_has_its_sessions_ended(stack: StackDriver) -> None:
    """Whom it trusted in between nobody knows."""
    stack.granted()
    own = aws("iam").get_role_policy(**OWN, PolicyName="latchkey-access")["PolicyDocument"]
    make_anew(aws("iam"))
    _inline("latchkey-access", own["Statement"])
    assert _works()
    stack.run(CHECK, LATER)
    assert not _works()
    assert stack.run(CHECK, AFTER).iam_writes == [], "once is enough"


SHAPES: dict[str, Any] = {
    "one statement, not in a list": ANYTHING,
    "one denial, not in a list": DENY,
    "all but": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
    "a cut-off alone": {
        **DENY,
        "Sid": "IssuedBefore",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": ["2026-01-15T12:30:00Z"]}},
    },
    "a cut-off of another precision": {
        **DENY,
        "Sid": "IssuedBefore",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-01-15T12:30:00.000Z"}},
    },
    "another's Sid alone": [{**DENY, "Sid": "IssuedBefore", "Action": "s3:*"}],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_policy_of_any_shape_is_read_and_never_allows_more(stack: StackDriver, shape: Any) -> None:
    stack.granted()
    _inline("latchkey-access", shape)
    for request in (CHECK, CHECK, RESUME):
        run = stack.run(request, LATER)
        assert run.error is None
        text = json.dumps(stack.permissions())
        assert "NotAction" not in text
        assert '"Allow", "Action": "*"' not in text
    assert stack.permissions()["Statement"][0]["Sid"] == "Access0Objects"
