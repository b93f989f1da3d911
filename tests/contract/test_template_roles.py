"""What the roles of the functions and of the workflow may do, as the template says it."""

from typing import Any

import pytest
from policy_sentry.querying.actions import get_action_data

from latchkey.services.boundary import kinds
from latchkey.services.registry import specs
from tests.contract.role_actions import actions_of, allowed_by, statements_of
from tests.kit.template import FUNCTION, OWN_STACK, of_type, sub

READS = ("iam:Get", "iam:List", "iam:Simulate")


BOUNDARIES = [
    {"Ref": name} for name in ("PermissionsBoundary", *sorted(kinds().values(), reverse=True))
]


PARTNER_ROLES = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role${RolePath}*")
"""By path alone: a config may demand a name for its role. Whose it is, conditions on tags say."""


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
        ("SweepGrantsFunction", "GetAccountSummary"),
        ("CheckDriftFunction", "GetAccountAuthorizationDetails GetAccountSummary ListRoles"),
    ],
)
def test_who_only_starts_checks_reads_the_account_and_does_nothing_else_in_iam(
    function: str, reads: str
) -> None:
    found = {action for action in actions_of(function) if action.startswith("iam:")}
    assert found == {f"iam:{name}" for name in reads.split()}


@pytest.mark.parametrize(
    ("function", "also"), [("PlanGrantFunction", {"s3"}), ("PlanOrderFunction", set())]
)
def test_planning_only_reads_iam_and_writes_the_table_and_inline_configs(
    function: str, also: set[str]
) -> None:
    actions = actions_of(function)
    assert all(a.startswith(READS) for a in actions if a.startswith("iam:"))
    writes = {"Put", "Create", "Update", "Delete", "Start", "Tag"}
    assert {a.split(":")[0] for a in actions if a.split(":")[1].startswith(tuple(writes))} == {
        "dynamodb",
        "xray",
        "logs",
        *also,
    }
    puts = [one.resources for one in allowed_by(function) if "s3:PutObject" in one.actions]
    assert puts == [(sub("${ConfigBucket.Arn}/inline/*"),) for _ in also]


def _iam_writes(function: str) -> list[Any]:
    return [
        statement
        for statement in allowed_by(function)
        if any(a.startswith("iam:") and not a.startswith(READS) for a in statement.actions)
    ]


@pytest.mark.parametrize(
    "action", ["CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary", "DetachRolePolicy"]
)
def test_granting_makes_and_fills_roles_with_our_boundaries_only(action: str) -> None:
    (statement,) = [s for s in allowed_by("GrantAccessFunction") if f"iam:{action}" in s.actions]
    equals = statement.condition["StringEquals"]
    nothing = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSDenyAll"}
    within = BOUNDARIES if action == "CreateRole" else [*BOUNDARIES, nothing]
    assert equals["iam:PermissionsBoundary"] == within
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
    never = {"iam:DeleteRole", "iam:DeleteRolePermissionsBoundary"}
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
    removes = {a for a in writes if a.startswith(("iam:Delete", "iam:Detach", "iam:Remove"))}
    assert writes - removes == {"iam:TagRole"}
    assert "iam:DeleteRolePermissionsBoundary" not in writes
    assert "scheduler:DeleteSchedule" in actions_of("RevokeAccessFunction")


@pytest.mark.parametrize("function", ["RevokeAccessFunction", "SuspendAccessFunction"])
def test_tags_that_are_put_back_are_this_stacks_two_and_no_others(function: str) -> None:
    tagging = [s for s in allowed_by(function) if s.actions == {"iam:TagRole"}]
    (statement,) = tagging
    assert statement.condition == {
        "ForAllValues:StringEquals": {"aws:TagKeys": ["latchkey:grant", "latchkey:stack"]},
        "StringEquals": {"aws:RequestTag/latchkey:stack": OWN_STACK},
    }
    assert statement.resources == (PARTNER_ROLES,)


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
        *("iam:GetAccountAuthorizationDetails", "iam:GetAccountSummary", "iam:ListRoles"),
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


ROLES = of_type("AWS::IAM::Role")


@pytest.mark.parametrize("role", ROLES)
def test_star_as_resource_is_only_where_iam_knows_no_narrower_one(role: str) -> None:
    """By the Service Authorization Reference, as policy_sentry has it."""
    anywhere = {a for s in statements_of(role) if "*" in s.resources for a in s.actions}
    narrower = {action for action in anywhere if _has_resources(action)}
    assert not narrower


def _has_resources(action: str) -> bool:
    service, _, name = action.partition(":")
    return any(
        found["resource_arn_format"] != "*" for found in get_action_data(service, name)[service]
    )


NEVER = {
    "dynamodb:Scan": "reads who has which external ID",
    "dynamodb:PartiQLSelect": "knows no LeadingKeys that bound it",
    "dynamodb:PartiQLUpdate": "the same",
    "iam:CreatePolicyVersion": "changes the boundary",
    "iam:DeleteRolePermissionsBoundary": "frees a role from it",
    "lambda:GetFunction": "shows environments, and code",
    "lambda:GetFunctionConfiguration": "shows environments",
    "lambda:ListFunctions": "shows environments",
    "lambda:ListVersionsByFunction": "shows environments",
    "s3:DeleteObject": "destroys configs or results",
    "s3:DeleteObjectVersion": "destroys them for good",
    "secretsmanager:GetSecretValue": "reads secrets",
}


@pytest.mark.parametrize("action", NEVER)
def test_what_no_function_may_do(action: str) -> None:
    assert {function for function in of_type(FUNCTION) if action in actions_of(function)} == set()


def test_revoking_takes_roles_out_of_no_instance_profile_but_those_named_as_partner_roles() -> None:
    action = "iam:RemoveRoleFromInstanceProfile"
    (statement,) = [s for s in allowed_by("RevokeAccessFunction") if action in s.actions]
    account = "arn:${AWS::Partition}:iam::${AWS::AccountId}:instance-profile"
    assert statement.resources == (
        sub(account + "/${RoleNamePrefix}*"),
        sub(account + "${RolePath}*"),
    )


def test_each_writer_of_the_results_bucket_writes_its_own_files() -> None:
    endings = {
        "RecordOutcomeFunction": {"*.result.json"},
        "NotifyOutcomeFunction": {"*.result.md", "*.handoff.md", "*.handoff.html"},
        "PublishRegisterFunction": {
            "register.html",
            "register.json",
            "private/register-external-ids.json",
        },
    }
    for function, wanted in endings.items():
        puts = [s for s in allowed_by(function) if "s3:PutObject" in s.actions]
        assert {r for s in puts for r in map(_key, s.resources)} == wanted
    writers = {f for f in of_type(FUNCTION) if "s3:PutObject" in actions_of(f)}
    assert writers - {"PlanGrantFunction"} == endings.keys(), "which writes the config bucket"


def _key(resource: dict[str, str]) -> str:
    return resource["Fn::Sub"].removeprefix("${ResultsBucket.Arn}/")
