"""What the roles of the functions and of the workflow may do, as the template says it."""

from typing import Any

import pytest

from latchkey.services.registry import specs
from tests.contract.role_actions import actions_of, allowed_by, statements_of
from tests.kit.template import FUNCTION, OWN_STACK, of_type, sub

READS = ("iam:Get", "iam:List", "iam:Simulate")


BOUNDARY = {"Ref": "PermissionsBoundary"}


PARTNER_ROLES = sub(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role${RolePath}${RoleNamePrefix}*"
)


@pytest.mark.parametrize(
    "function",
    [
        "IntakeConfigFunction",
        "RecordOutcomeFunction",
        "NotifyOutcomeFunction",
        "SendDigestFunction",
    ],
)
def test_function_has_nothing_to_do_with_iam(function: str) -> None:
    assert not [action for action in actions_of(function) if action.startswith("iam:")]


@pytest.mark.parametrize(
    ("function", "reads"),
    [
        ("SweepGrantsFunction", {"iam:GetAccountSummary"}),
        ("CheckDriftFunction", {"iam:GetAccountAuthorizationDetails", "iam:ListRoles"}),
    ],
)
def test_who_only_starts_checks_reads_the_account_and_does_nothing_else_in_iam(
    function: str, reads: set[str]
) -> None:
    assert {action for action in actions_of(function) if action.startswith("iam:")} == reads


@pytest.mark.parametrize("function", ["PlanGrantFunction", "PlanOrderFunction"])
def test_planning_only_reads_iam_and_writes_nothing_but_the_table(function: str) -> None:
    actions = actions_of(function)
    assert all(a.startswith(READS) for a in actions if a.startswith("iam:"))
    writes = {"Put", "Create", "Update", "Delete", "Start", "Tag"}
    assert {a.split(":")[0] for a in actions if a.split(":")[1].startswith(tuple(writes))} == {
        "dynamodb",
        "xray",
        "logs",
    }


def _iam_writes(function: str) -> list[Any]:
    return [
        statement
        for statement in allowed_by(function)
        if any(a.startswith("iam:") and not a.startswith(READS) for a in statement.actions)
    ]


@pytest.mark.parametrize(
    "action", ["CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary", "DetachRolePolicy"]
)
def test_granting_makes_and_fills_roles_with_the_boundary_only(action: str) -> None:
    (statement,) = [s for s in allowed_by("GrantAccessFunction") if f"iam:{action}" in s.actions]
    equals = statement.condition["StringEquals"]
    assert equals["iam:PermissionsBoundary"] == BOUNDARY
    tag = "RequestTag" if action == "CreateRole" else "ResourceTag"
    assert equals[f"aws:{tag}/latchkey:stack"] == OWN_STACK
    assert statement.resources == (PARTNER_ROLES,)


def test_granting_may_pass_the_schedule_role_to_the_scheduler_only() -> None:
    (statement,) = [s for s in allowed_by("GrantAccessFunction") if "iam:PassRole" in s.actions]
    assert statement.actions == {"iam:PassRole"}
    assert statement.resources == ({"Fn::GetAtt": "ScheduleRole.Arn"},)
    passed_to = {"iam:PassedToService": "scheduler.amazonaws.com"}
    assert statement.condition == {"StringEquals": passed_to}


def test_granting_changes_partner_roles_only_and_always_under_a_condition() -> None:
    for statement in _iam_writes("GrantAccessFunction"):
        assert statement.condition
        if "iam:PassRole" not in statement.actions:
            assert statement.resources == (PARTNER_ROLES,)


def test_granting_can_neither_delete_roles_nor_their_boundary() -> None:
    never = {"iam:DeleteRole", "iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy"}
    assert not never & actions_of("GrantAccessFunction")


def test_suspending_by_order_makes_no_role_and_changes_partner_roles_only() -> None:
    """What it may do is a part of what granting may."""
    actions = actions_of("SuspendAccessFunction")
    assert not actions & {"iam:CreateRole", "iam:DeleteRole", "iam:AttachRolePolicy"}
    assert actions < actions_of("GrantAccessFunction")
    for statement in _iam_writes("SuspendAccessFunction"):
        assert statement.condition
        if "iam:PassRole" not in statement.actions:
            assert statement.resources == (PARTNER_ROLES,)


def test_revoking_may_only_remove() -> None:
    names = {a for a in actions_of("RevokeAccessFunction") if a.startswith("iam:")}
    writes = {a for a in names if not a.startswith(READS)}
    assert all(a.startswith(("iam:Delete", "iam:Detach", "iam:Remove")) for a in writes)
    assert "iam:DeleteRolePermissionsBoundary" not in writes
    assert "scheduler:DeleteSchedule" in actions_of("RevokeAccessFunction")


def test_schedules_may_start_the_workflow_and_nothing_else() -> None:
    assert [set(s.actions) for s in statements_of("ScheduleRole")] == [{"states:StartExecution"}]


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_no_role_has_a_wildcard_in_its_actions(function: str) -> None:
    assert not [action for action in actions_of(function) if "*" in action]


LOOKUPS = {action for service in specs().values() for action in service.lookup}
"""Any resource may be named by a config; these tell of it, and never its contents."""

NO_NARROWER = {
    "PlanGrantFunction": LOOKUPS,
    "PlanOrderFunction": LOOKUPS,
    "GrantAccessFunction": {
        "access-analyzer:CheckNoPublicAccess",
        "access-analyzer:ValidatePolicy",
    },
    "SweepGrantsFunction": {"iam:GetAccountSummary"},
    "CheckDriftFunction": {
        "iam:GetAccountAuthorizationDetails",
        "iam:ListRoles",
        "scheduler:ListSchedules",
    },
}


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_star_as_resource_is_for_lookups_and_traces_only(function: str) -> None:
    anywhere = {a for s in allowed_by(function) if "*" in s.resources for a in s.actions}
    traces = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
    looks = {a for a in anywhere if a.split(":")[1].startswith(("Describe", "List"))}
    looks = looks if function.startswith("Plan") else set()
    assert anywhere - traces - looks <= NO_NARROWER.get(function, set())
