"""Each function's role allows what the function does, and nothing else.

The sandbox holds functions to their roles, so what a role lacks fails in the other tests. What it
has beyond need is looked for here. Runs last (see conftest): it looks back at the journal of calls.
"""

import json
from collections import defaultdict
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.services.registry import specs
from sandbox.iam.authorisation import allowed
from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually
from tests.kit.template import FUNCTION, of_type, properties, resolved

pytestmark = pytest.mark.e2e

FUNCTIONS = of_type(FUNCTION)
IN_SPOKES = "of grants in other accounts, which configs cannot name yet (docs/spokes.md)"
BY_LAMBDA = "Lambda makes the call under the function's role, for it"
NOT_HERE = "of services that the sandbox lacks: its stack has PolicyChecks off"
IF_LOOSENED = (
    "where guardrails changed under approval rules; tests/integration/test_guardrails_told.py"
)
IN_RACES = (
    "when the role is other than planned for; tests/integration/test_takeover.py makes it happen"
)
BY_TOKENS = "by web identities that configs name; tests/e2e/test_web_identities.py makes the calls"
BY_CONFIGS = "by what configs name; tests/integration/test_preflight_services.py makes the calls"
IF_CHANGED = "when the role or its file had changed, too; tests/integration makes it happen"
IF_MANY = "when more is due than one sweep starts; tests/integration/test_sweep_order.py has that"
IF_UNREADABLE = "of a file that cannot be read; tests/integration/test_unreadable.py has some"
_LOOKUPS = {action for spec in specs().values() for action in spec.lookup}
_LOOKED_UP = dict.fromkeys(sorted(_LOOKUPS), BY_CONFIGS)

UNUSED: dict[str, dict[str, str]] = {
    "*": {
        "logs:CreateLogStream": BY_LAMBDA,
        "logs:PutLogEvents": BY_LAMBDA,
        "xray:PutTelemetryRecords": BY_LAMBDA,
        "xray:PutTraceSegments": BY_LAMBDA,
        "sts:AssumeRole": IN_SPOKES,
        "sqs:GetQueueAttributes": "Lambda asks for it when the mapping is made, before the tests",
    },
    "PlanGrantFunction": {
        **_LOOKED_UP,
        "s3:ListBucketVersions": IF_UNREADABLE,
        "iam:GetOpenIDConnectProvider": BY_TOKENS,
        "iam:ListOpenIDConnectProviders": BY_TOKENS,
    },
    "PlanOrderFunction": dict.fromkeys(
        ("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "iam:GetPolicy", "iam:GetPolicyVersion"),
        IF_CHANGED,
    ),
    "SweepGrantsFunction": dict.fromkeys(("dynamodb:GetItem", "dynamodb:UpdateItem"), IF_MANY),
    "SuspendAccessFunction": dict.fromkeys(
        (
            "dynamodb:PutItem",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetPolicy",
            "iam:GetPolicyVersion",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:PutRolePermissionsBoundary",
            "iam:TagRole",
        ),
        IF_CHANGED,
    ),
    "GrantAccessFunction": {
        **dict.fromkeys(("iam:GetPolicy", "iam:GetPolicyVersion", "iam:UntagRole"), IF_CHANGED),
        "dynamodb:PutItem": IN_RACES,
        "access-analyzer:CheckNoPublicAccess": NOT_HERE,
        "access-analyzer:ValidatePolicy": NOT_HERE,
        "iam:SimulatePrincipalPolicy": NOT_HERE,
    },
    "RevokeAccessFunction": {
        **dict.fromkeys(
            (
                "dynamodb:PutItem",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListInstanceProfilesForRole",
                "iam:ListRolePolicies",
            ),
            IN_RACES,
        ),
        "iam:TagRole": IF_CHANGED,
    },
    "RecordOutcomeFunction": {
        "dynamodb:GetItem": "to tell a retry of what was written from a lost lease; "
        "tests/integration/test_records.py makes it happen"
    },
    "CheckDriftFunction": {
        "dynamodb:PutItem": "of the last use, which moto does not know",
        "dynamodb:BatchGetItem": "of the last use of grants in other accounts",
        "dynamodb:UpdateItem": "of what a check of another account came to (test_check_accounts)",
        "iam:GetAccountSummary": "of other accounts, under the role that each has of this one",
        **dict.fromkeys(
            ("events:PutEvents", "sns:Publish", "ssm:GetParameterHistory"), IF_LOOSENED
        ),
    },
}
"""What no call in these tests needs, by function, and why it is allowed all the same."""


@pytest.fixture(scope="module", autouse=True)
def every_function_has_run(outside: Outside, once: Case) -> None:
    """Every function runs once more; what mends drift is called in `test_drift` only.

    The sweep ends a grant whose schedule is lost. The digest is sent once a day, and somebody has
    to be reminded in it, which goes by the date: in one of two days.
    """
    outside.upload(once.key, once.config(expires_at=outside.in_(minutes=4)))
    group = outside.scheduler.list_schedules(GroupName="latchkey-grants")["Schedules"]
    (lost,) = [item["Name"] for item in group if once.partner in item["Name"]]
    outside.scheduler.delete_schedule(GroupName="latchkey-grants", Name=lost)
    outside.box.advance(600)
    outside.result(once.key, lambda found: found["outcome"] == "expired")
    outside.upload(once.key, once.config())
    outside.remove(once.key)
    outside.upload(once.key, once.config(expires_at=outside.in_(days=2)))
    outside.box.advance(2 * 86_400)  # at once: the sandbox leaves out what recurs more often
    _trail_tells_of(outside, once.bucket)
    journal = outside.box.calls
    eventually(journal, lambda calls: {*FUNCTIONS} <= {call["caller"] for call in calls})


def _trail_tells_of(outside: Outside, bucket: str) -> None:
    """Hand over a call as the rule for CloudTrail's events does; the sandbox has no trail."""
    detail = {
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutBucketEncryption",
        "eventTime": outside.in_(days=0),
        "eventID": "5c1f7a52-0f2b-4b0e-9a39-6f1d6c1f9a12",
        "requestParameters": {"bucketName": bucket},
    }
    event = {"detail-type": "AWS API Call via CloudTrail", "source": "aws.s3", "detail": detail}
    answer = outside.box.client("lambda").invoke(
        FunctionName=_name("CheckDriftFunction"), Payload=json.dumps(event)
    )
    assert "FunctionError" not in answer


def _statements(outside: Outside, function: str) -> list[dict[str, Any]]:
    """The statements of a function's role, as deployed."""
    functions = outside.box.client("lambda")
    arn = functions.get_function_configuration(FunctionName=_name(function))["Role"]
    role = outside.role(arn.rsplit("/", 1)[-1])
    assert role is not None
    return [each for policy in role["InlinePolicies"].values() for each in policy["Statement"]]


def _needed(outside: Outside) -> dict[str, list[dict[str, Any]]]:
    """What each function needed in all calls so far, whether or not the call succeeded."""
    needs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for call in outside.box.calls():
        for need in call["required_permissions"]:
            if need not in needs[call["caller"]]:
                needs[call["caller"]].append(need)
    return needs


def _uses(statement: dict[str, Any], need: dict[str, Any]) -> bool:
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return allowed([policy], None, need["action"], need["resource"], need["context"])


def test_every_call_of_a_function_is_allowed_by_its_role(outside: Outside) -> None:
    refused = [
        (call["caller"], call["action"])
        for call in outside.box.calls()
        if call["caller"] in FUNCTIONS and call["status"] == 403
    ]
    assert not refused


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_allowed_that_the_function_does_not_need(
    outside: Outside, function: str
) -> None:
    needs = _needed(outside)[function]
    assert needs
    excess = {
        (statement.get("Sid"), action)
        for statement in _statements(outside, function)
        for action in _listed(statement["Action"])
        if not any(need["action"] == action and _uses(statement, need) for need in needs)
    }
    reasons = UNUSED["*"] | UNUSED.get(function, {})
    assert {(sid, action) for sid, action in excess if action not in reasons} == set()


@pytest.mark.parametrize("function", sorted(UNUSED.keys() - {"*"}))
def test_whatever_has_a_reason_to_be_allowed_is_allowed(outside: Outside, function: str) -> None:
    """So that no reason outlives what it is for."""
    granted = {a for each in _statements(outside, function) for a in _listed(each["Action"])}
    assert UNUSED[function].keys() <= granted


@pytest.mark.parametrize(
    ("function", "service", "call", "given"),
    [
        ("RevokeAccessFunction", "iam", "attach_role_policy", {"RoleName": "partner-x.main"}),
        ("RevokeAccessFunction", "iam", "create_role", {"RoleName": "partner-x.main"}),
        ("PlanGrantFunction", "lambda", "list_functions", {}),
        ("PlanGrantFunction", "lambda", "get_function", {"FunctionName": "f"}),
        ("IntakeConfigFunction", "iam", "list_roles", {}),
        ("RecordOutcomeFunction", "dynamodb", "scan", {}),
        (
            "NotifyOutcomeFunction",
            "s3",
            "put_object",
            {"Key": "register.html"},
        ),
        (
            "RevokeAccessFunction",
            "iam",
            "remove_role_from_instance_profile",
            {"RoleName": "web", "InstanceProfileName": "web"},
        ),
    ],
)
def test_a_function_that_is_taken_over_is_refused_what_is_not_its_work(
    outside: Outside, function: str, service: str, call: str, given: dict[str, Any]
) -> None:
    client = outside.box.function_client(_name(function), service)
    more: dict[str, dict[str, Any]] = {
        "create_role": {"AssumeRolePolicyDocument": json.dumps({"Statement": []})},
        "attach_role_policy": {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        "put_object": {"Bucket": outside.box.outputs["ResultsBucketName"], "Body": b"<script>"},
        "scan": {"TableName": outside.box.outputs["GrantTableName"]},
    }
    with pytest.raises(ClientError, match="is not authorized to perform"):
        getattr(client, call)(**given, **more.get(call, {}))


def _name(function: str) -> str:
    return str(resolved(properties(function)["FunctionName"], "latchkey"))


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
