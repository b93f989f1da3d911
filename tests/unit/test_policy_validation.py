"""What AWS is asked about a role, and what follows from its answers."""

from copy import replace
from dataclasses import dataclass, field
from typing import Any

import pytest

from latchkey.aws.policy_checks import PolicyChecks
from latchkey.errors import PermissionDenied, PolicyRefused, VerificationFailed
from latchkey.grant_id import GrantId
from latchkey.grants.change import DeleteRole, PutRolePolicy
from latchkey.grants.plan import GrantPlan
from latchkey.grants.policies import permissions_policy
from latchkey.grants.policy_validation import Finding, Simulation, after_expiry, simulations
from latchkey.grants.record import GrantRecord
from latchkey.grants.role_changes import plan_role
from latchkey.grants.sessions import suspended_policy
from latchkey.services.resource_info import ResourceInfo
from latchkey.workflow.validate_policies import (
    ENDS,
    NOT_PUBLIC,
    VALID_PERMISSIONS,
    VALID_TRUST,
    WORKS,
    PolicyValidator,
)
from tests.kit.examples import (
    AWS_ENVIRONMENT,
    BUCKET_INFO,
    KEY_ARN,
    NOW,
    STACK,
    config,
    desired,
    s3_entry,
)

END = ("date", "2030-01-01T00:00:00Z")
HTTPS = ("boolean", "true")
REGION = "us-east-1"


def _document(**changes: Any) -> dict[str, Any]:
    asked = config(access=[s3_entry(prefix="in")], **changes)
    return permissions_policy(
        asked, [(ResourceInfo(BUCKET_INFO.arn, (KEY_ARN,)),)], AWS_ENVIRONMENT
    )


def _plan() -> GrantPlan:
    role = desired(permissions_policy=_document())
    return GrantPlan(
        step="grant",
        outcome="created",
        planned_at="2026-01-15T12:00:00.000000Z",
        reason="",
        grant=GrantId("acme", "main"),
        changes=plan_role(role, None),
        desired=role,
        role=role.name,
        stack=STACK,
        state=GrantRecord("acme", "main", "active", role_arn="arn:aws:iam::123456789012:role/r"),
    )


@dataclass
class Answers:
    """Access Analyzer and simulator that answer as told."""

    trust: list[Finding] = field(default_factory=list)
    public: list[Finding] = field(default_factory=list)
    permissions: list[Finding] = field(default_factory=list)
    now: str = "allowed"
    after: str = "implicitDeny"
    denied: bool = False


@dataclass
class FakeChecks(PolicyChecks):
    """The gateway, without AWS behind it."""

    answers: Answers

    def validate_trust(self, _: Any) -> list[Finding]:
        return self._told(self.answers.trust)

    def validate_permissions(self, _: Any) -> list[Finding]:
        return self._told(self.answers.permissions)

    def public_access(self, _: Any) -> list[Finding]:
        return self._told(self.answers.public)

    def decisions(self, _: str, simulation: Simulation) -> list[tuple[str, str, str]]:
        ended = simulation.context["aws:CurrentTime"] == END
        decision = self.answers.after if ended else self.answers.now
        return [(action, "r", decision) for action in self._told(list(simulation.actions))]

    def _told(self, answer: list[Any]) -> list[Any]:
        if self.answers.denied:
            raise PermissionDenied("not for you")
        return answer


def _prover(**answers: Any) -> PolicyValidator:
    return PolicyValidator(FakeChecks(Answers(**answers)))


def test_simulation_asks_for_what_the_statement_allows_in_a_context_that_fulfils_it() -> None:
    found = {
        simulation.statement: simulation for simulation in simulations(_document(), NOW, REGION)
    }
    now = ("date", "2026-01-15T12:00:00Z")
    assert found["Access0List"] == Simulation(
        "Access0List",
        ("s3:ListBucket",),
        ("arn:aws:s3:::data-bucket",),
        {
            "aws:RequestedRegion": ("string", REGION),
            "aws:SecureTransport": HTTPS,
            "aws:ResourceAccount": ("string", "123456789012"),
            "s3:prefix": ("string", "in/example"),
            "aws:CurrentTime": now,
        },
    )
    assert found["Access0Objects"].resources == ("arn:aws:s3:::data-bucket/in/example",)
    assert found["Access0Key"].context == {
        "aws:RequestedRegion": ("string", REGION),
        "aws:SecureTransport": HTTPS,
        "kms:ViaService": ("string", "s3.us-east-1.amazonaws.com"),
        "kms:EncryptionContext:aws:s3:arn": ("string", "arn:aws:s3:::data-bucket"),
        "aws:CurrentTime": now,
    }


def test_grant_that_begins_later_is_simulated_from_its_beginning() -> None:
    document = _document(starts_at="2027-01-01T00:00:00Z")
    times = {
        simulation.context["aws:CurrentTime"][1]
        for simulation in simulations(document, NOW, REGION)
    }
    assert times == {"2027-01-01T00:00:00Z"}


def test_expiry_is_simulated_at_its_very_moment() -> None:
    document = _document()
    for simulation in simulations(document, NOW, REGION):
        assert after_expiry(simulation, document).context["aws:CurrentTime"] == END


def test_suspended_role_is_not_simulated() -> None:
    assert list(simulations(suspended_policy(), NOW, REGION)) == []


def test_what_passes_is_reported_check_by_check() -> None:
    prover = _prover()
    checks = [*prover.before(_plan()), *prover.after(_plan(), NOW)]
    assert [(check.check, check.result) for check in checks] == [
        (name, "passed") for name in (VALID_TRUST, NOT_PUBLIC, VALID_PERMISSIONS, WORKS, ENDS)
    ]


@pytest.mark.parametrize("kind", ["ERROR", "SECURITY_WARNING"])
@pytest.mark.parametrize("policy", ["trust", "public", "permissions"])
def test_faulty_or_risky_policy_is_refused(policy: str, kind: str) -> None:
    answers = {policy: [Finding(kind, "CODE: why")]}
    with pytest.raises(PolicyRefused, match=f"{kind}: CODE: why"):
        _prover(**answers).before(_plan())


def test_suggestion_is_a_finding_and_no_refusal() -> None:
    checks = _prover(permissions=[Finding("SUGGESTION", "CODE: why")]).before(_plan())
    assert (checks[-1].result, checks[-1].details) == ("findings", ("SUGGESTION: CODE: why",))


def test_what_another_policy_denies_is_a_finding() -> None:
    works, ends = _prover(now="explicitDeny").after(_plan(), NOW)
    assert works.result == "findings"
    assert "s3:ListBucket on r: explicitDeny" in works.details
    assert ends.result == "passed"


def test_access_beyond_expiry_is_a_failure() -> None:
    with pytest.raises(VerificationFailed, match="outlives its expiry"):
        _prover(after="allowed").after(_plan(), NOW)


def test_nothing_is_called_passed_that_was_not_asked() -> None:
    off, refused = PolicyValidator(None), _prover(denied=True)
    for prover, result in ((off, "not available here"), (refused, "not available")):
        checks = [*prover.before(_plan()), *prover.after(_plan(), NOW)]
        assert {check.result for check in checks} == {result}
        assert len(checks) == 5


def test_only_what_is_written_is_checked() -> None:
    written = PutRolePolicy("r", "p", _document())
    update = replace(_plan(), changes=(written,))
    assert [check.check for check in _prover().before(update)] == [VALID_PERMISSIONS]
    removal = replace(_plan(), changes=(DeleteRole("r"),), desired=None)
    assert [*_prover().before(removal), *_prover().after(removal, NOW)] == []
