"""IAM Access Analyzer and the policy simulator: AWS's own opinion of our policies."""

import json
from typing import TYPE_CHECKING, Any, Literal

from latchkey.aws.error_codes import translated
from latchkey.grants.policy_validation import Finding, Simulation
from latchkey.iam.document import Document

if TYPE_CHECKING:
    from mypy_boto3_accessanalyzer import AccessAnalyzerClient
    from mypy_boto3_iam import IAMClient

_TRUST: Literal["AWS::IAM::AssumeRolePolicyDocument"] = "AWS::IAM::AssumeRolePolicyDocument"


class PolicyChecks:
    """Asks AWS about policies.

    Sources: Access Analyzer API reference, ValidatePolicy and CheckNoPublicAccess; IAM API
    reference, SimulatePrincipalPolicy (which knows nothing of trust policies).
    """

    def __init__(self, analyzer: "AccessAnalyzerClient", iam: "IAMClient") -> None:
        self._analyzer = analyzer
        self._iam = iam

    def validate_permissions(self, document: Document) -> list[Finding]:
        """What Access Analyzer finds wrong with a permissions policy."""
        return self._validate(document, {"policyType": "IDENTITY_POLICY"})

    def validate_trust(self, document: Document) -> list[Finding]:
        """What Access Analyzer finds wrong with a trust policy."""
        kind = {"policyType": "RESOURCE_POLICY", "validatePolicyResourceType": _TRUST}
        return self._validate(document, kind)

    def public_access(self, trust_policy: Document) -> list[Finding]:
        """Why a trust policy lets anybody in, or nothing when it does not."""
        with translated("check public access"):
            answer = self._analyzer.check_no_public_access(
                policyDocument=json.dumps(trust_policy), resourceType=_TRUST
            )
        if answer.get("result") == "PASS":
            return []
        reasons = [reason.get("description", "") for reason in answer.get("reasons", [])]
        return [Finding("ERROR", "; ".join([answer.get("message", ""), *reasons]))]

    def decisions(self, role_arn: str, simulation: Simulation) -> list[tuple[str, str, str]]:
        """Action, resource and decision (`allowed`, `implicitDeny`, `explicitDeny`, `unclear`).

        Unclear is a denial where the simulator lacked a condition key, as a service control policy
        may ask for any: it says nothing about a real request (`MissingContextValues`).
        """
        entries: Any = [
            {"ContextKeyName": key, "ContextKeyType": kind, "ContextKeyValues": [value]}
            for key, (kind, value) in simulation.context.items()
        ]
        with translated(f"simulate {simulation.statement}"):
            pages = self._iam.get_paginator("simulate_principal_policy").paginate(
                PolicySourceArn=role_arn,
                ActionNames=list(simulation.actions),
                ResourceArns=list(simulation.resources),
                ContextEntries=entries,
            )
            return [
                (found["EvalActionName"], found.get("EvalResourceName", "*"), _decision(found))
                for page in pages
                for found in page["EvaluationResults"]
            ]

    def _validate(self, document: Document, kind: Any) -> list[Finding]:
        with translated("validate policy"):
            pages = self._analyzer.get_paginator("validate_policy").paginate(
                policyDocument=json.dumps(document), **kind
            )
            return [
                Finding(found["findingType"], f"{found['issueCode']}: {found['findingDetails']}")
                for page in pages
                for found in page["findings"]
            ]


def _decision(found: Any) -> str:
    decision = str(found["EvalDecision"])
    return "unclear" if found.get("MissingContextValues") and decision != "allowed" else decision
