"""The gateway to Access Analyzer and the simulator, on answers of the shape that AWS gives."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from latchkey.aws.policy_checks import PolicyChecks
from latchkey.errors import PermissionDenied, ServiceUnavailable
from latchkey.grants.policy_validation import Finding, Simulation

DOCUMENT = {"Version": "2012-10-17", "Statement": []}
TEXT = '{"Version": "2012-10-17", "Statement": []}'
TRUST = "AWS::IAM::AssumeRolePolicyDocument"
ROLE = "arn:aws:iam::123456789012:role/partners/partner-acme.main"


def _client(service: str) -> tuple[Any, Stubber]:
    client = boto3.client(service, region_name="us-east-1")  # type: ignore[call-overload]
    stub = Stubber(client)
    stub.activate()
    return client, stub


@pytest.fixture
def analyzer() -> tuple[Any, Stubber]:
    """A client of Access Analyzer that answers as told."""
    return _client("accessanalyzer")


def _finding(kind: str, code: str) -> dict[str, Any]:
    return {
        "findingDetails": f"Details of {code}.",
        "findingType": kind,
        "issueCode": code,
        "learnMoreLink": "https://docs.aws.amazon.com/IAM/latest/UserGuide/",
        "locations": [{"path": [{"value": "Statement"}], "span": _SPAN}],
    }


_SPAN = {
    "start": {"line": 1, "column": 0, "offset": 0},
    "end": {"line": 1, "column": 1, "offset": 1},
}


def test_findings_of_a_permissions_policy_come_from_all_pages(analyzer: Any) -> None:
    client, stub = analyzer
    asked = {"policyDocument": TEXT, "policyType": "IDENTITY_POLICY"}
    first = {"findings": [_finding("ERROR", "INVALID_ACTION")], "nextToken": "next"}
    stub.add_response("validate_policy", first, asked)
    second = {"findings": [_finding("SUGGESTION", "EMPTY_ARRAY_CONDITION")]}
    stub.add_response("validate_policy", second, {**asked, "nextToken": "next"})
    assert PolicyChecks(client, client).validate_permissions(DOCUMENT) == [
        Finding("ERROR", "INVALID_ACTION: Details of INVALID_ACTION."),
        Finding("SUGGESTION", "EMPTY_ARRAY_CONDITION: Details of EMPTY_ARRAY_CONDITION."),
    ]


def test_trust_policy_is_validated_as_one(analyzer: Any) -> None:
    client, stub = analyzer
    asked = {
        "policyDocument": TEXT,
        "policyType": "RESOURCE_POLICY",
        "validatePolicyResourceType": TRUST,
    }
    stub.add_response("validate_policy", {"findings": []}, asked)
    assert PolicyChecks(client, client).validate_trust(DOCUMENT) == []


def test_public_trust_policy_is_an_error_with_its_reasons(analyzer: Any) -> None:
    client, stub = analyzer
    answer = {
        "result": "FAIL",
        "message": "The resource policy grants public access for the given resource type.",
        "reasons": [{"description": "Public by statement Partner.", "statementIndex": 0}],
    }
    asked = {"policyDocument": TEXT, "resourceType": TRUST}
    stub.add_response("check_no_public_access", answer, asked)
    (finding,) = PolicyChecks(client, client).public_access(DOCUMENT)
    assert finding.refuses
    assert "statement Partner" in finding.text
    stub.add_response("check_no_public_access", {"result": "PASS", "message": "No."}, asked)
    assert PolicyChecks(client, client).public_access(DOCUMENT) == []


def test_simulation_is_asked_with_its_context() -> None:
    client, stub = _client("iam")
    simulation = Simulation(
        "Access0Objects",
        ("s3:GetObject",),
        ("arn:aws:s3:::data-bucket/in/example",),
        {"aws:SecureTransport": ("boolean", "true")},
    )
    answer = {
        "EvaluationResults": [
            {
                "EvalActionName": "s3:GetObject",
                "EvalResourceName": "arn:aws:s3:::data-bucket/in/example",
                "EvalDecision": "implicitDeny",
                "MatchedStatements": [],
                "MissingContextValues": [],
                "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
            }
        ],
        "IsTruncated": False,
    }
    asked = {
        "PolicySourceArn": ROLE,
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": ["arn:aws:s3:::data-bucket/in/example"],
        "ContextEntries": [
            {
                "ContextKeyName": "aws:SecureTransport",
                "ContextKeyType": "boolean",
                "ContextKeyValues": ["true"],
            }
        ],
    }
    stub.add_response("simulate_principal_policy", answer, asked)
    assert PolicyChecks(client, client).decisions(ROLE, simulation) == [
        ("s3:GetObject", "arn:aws:s3:::data-bucket/in/example", "implicitDeny")
    ]


@pytest.mark.parametrize(
    ("decision", "missing", "told"),
    [
        ("explicitDeny", ["aws:PrincipalOrgID"], "unclear"),
        ("implicitDeny", ["aws:SourceVpce"], "unclear"),
        ("implicitDeny", [], "implicitDeny"),
        ("allowed", ["aws:SourceVpce"], "allowed"),
    ],
)
def test_denial_for_want_of_a_key_says_nothing(
    decision: str, missing: list[str], told: str
) -> None:
    client, stub = _client("iam")
    result = {
        "EvalActionName": "s3:GetObject",
        "EvalDecision": decision,
        "MissingContextValues": missing,
    }
    stub.add_response(
        "simulate_principal_policy", {"EvaluationResults": [result], "IsTruncated": False}
    )
    role = Simulation("s", ("s3:GetObject",), ("*",), {})
    assert PolicyChecks(client, client).decisions(ROLE, role) == [("s3:GetObject", "*", told)]


def test_account_that_does_not_offer_it_is_no_pass(
    analyzer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stub = analyzer
    stub.add_client_error("check_no_public_access", "AccessDeniedException")
    with pytest.raises(PermissionDenied):
        PolicyChecks(client, client).public_access(DOCUMENT)

    def nowhere(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://access-analyzer.example")

    monkeypatch.setattr(client, "check_no_public_access", nowhere)
    with pytest.raises(ServiceUnavailable):
        PolicyChecks(client, client).public_access(DOCUMENT)
