"""Each function's role allows what the function did in all these tests, and of IAM nothing else.

Runs last (see conftest): it looks back at the sandbox's journal of calls.
"""

from collections import defaultdict
from typing import Any

import pytest

from sandbox.iam.authorisation import allowed
from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually

pytestmark = pytest.mark.e2e

FUNCTIONS = {
    "IntakeConfigFunction": "latchkey-intake-config",
    "PlanGrantFunction": "latchkey-plan-grant",
    "PlanOrderFunction": "latchkey-plan-order",
    "GrantAccessFunction": "latchkey-grant-access",
    "SuspendAccessFunction": "latchkey-suspend-access",
    "RevokeAccessFunction": "latchkey-revoke-access",
    "RecordOutcomeFunction": "latchkey-record-outcome",
    "SweepGrantsFunction": "latchkey-sweep-grants",
    "CheckDriftFunction": "latchkey-check-drift",
    "FindGrantsFunction": "latchkey-find-grants",
    "NotifyOutcomeFunction": "latchkey-notify-outcome",
    "SendDigestFunction": "latchkey-send-digest",
    "PublishRegisterFunction": "latchkey-publish-register",
}
READS = ("iam:Get", "iam:List", "iam:Simulate")
# What the sandbox has not is switched off in it (the stack's parameter PolicyChecks).
ONLY_ON_AWS = {"iam:SimulatePrincipalPolicy"}
# Reads for roles that turn out to be other than planned for, when something changes them between
# two steps of one run; the integration tests make that happen.
ONLY_IN_RACES = {
    "RevokeAccessFunction": {
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
    },
    # What a suspended role may need besides: it had been changed, or its file had.
    "SuspendAccessFunction": {
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:PassRole",
        "iam:PutRolePermissionsBoundary",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
    },
}


def _policies(outside: Outside, function: str) -> list[Any]:
    """The policies of a function's role, as deployed."""
    functions = outside.box.client("lambda")
    found = functions.get_function_configuration(FunctionName=FUNCTIONS[function])["Role"]
    role = outside.role(found.rsplit("/", 1)[-1])
    assert role is not None
    return list(role["InlinePolicies"].values())


def _called(outside: Outside) -> dict[str, list[dict[str, Any]]]:
    """What each function needed in all calls so far, whether or not the call succeeded."""
    needs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for call in outside.box.calls():
        needs[call["caller"]] += call["required_permissions"]
    return needs


@pytest.fixture(scope="module", autouse=True)
def every_function_has_run(outside: Outside, once: Case) -> None:
    """Every function runs once more; what mends drift is called in `test_drift` only.

    The digest is sent once a day, and somebody has to be reminded in it.
    """
    outside.upload(once.key, once.config())
    outside.remove(once.key)
    outside.upload(once.key, once.config(expires_at=outside.in_(days=2)))
    outside.box.advance(86_400)
    journal = outside.box.calls
    eventually(journal, lambda calls: FUNCTIONS.keys() <= {call["caller"] for call in calls})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_role_allows_every_call_that_the_function_made(outside: Outside, function: str) -> None:
    policies, needs = _policies(outside, function), _called(outside)[function]
    assert needs
    refused = {
        (need["action"], need["resource"])
        for need in needs
        if not allowed(policies, None, need["action"], need["resource"], need["context"])
    }
    assert not refused


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_role_allows_nothing_of_iam_that_the_function_did_not_do(
    outside: Outside, function: str
) -> None:
    actions = {
        action
        for policy in _policies(outside, function)
        for statement in policy["Statement"]
        for action in _listed(statement["Action"])
    }
    granted = {action for action in actions if action.startswith("iam:")}
    done = {need["action"] for need in _called(outside)[function]}
    assert not any("*" in action for action in actions)
    assert granted - done - ONLY_ON_AWS - ONLY_IN_RACES.get(function, set()) == set()


def test_only_granting_and_revoking_may_write_to_iam(outside: Outside) -> None:
    writers = {
        function
        for function in FUNCTIONS
        for policy in _policies(outside, function)
        for statement in policy["Statement"]
        for action in _listed(statement["Action"])
        if action.startswith("iam:") and not action.startswith(READS)
    }
    assert writers == {"GrantAccessFunction", "SuspendAccessFunction", "RevokeAccessFunction"}


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
