"""Policy validation by AWS: of the documents before a change, and of the role after it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from latchkey.aws.policy_checks import PolicyChecks
from latchkey.concurrency import concurrently
from latchkey.errors import LatchkeyError, PolicyRefused, VerificationFailed
from latchkey.frozen import Frozen
from latchkey.grants.change import CreateRole, PutRolePolicy, UpdateAssumeRolePolicy
from latchkey.grants.plan import GrantPlan
from latchkey.grants.policy_validation import (
    Check,
    Finding,
    Simulation,
    after_expiry,
    judged,
    simulations,
)
from latchkey.grants.repair import only_denies
from latchkey.iam.document import Document

VALID_TRUST = "ValidatePolicy, trust policy"
VALID_PERMISSIONS = "ValidatePolicy, permissions policy"
NOT_PUBLIC = "CheckNoPublicAccess, trust policy"
WORKS = "SimulatePrincipalPolicy, allowed now"
ENDS = "SimulatePrincipalPolicy, denied from expiry on"


class PolicyValidator(Frozen):
    """Asks AWS about what is written; `checks` is None where that is switched off.

    `region` is where the role's sessions are simulated to make their requests.
    """

    checks: PolicyChecks | None
    region: str = ""

    def before(self, plan: GrantPlan) -> list[Check]:
        """Checks of the documents that a plan writes, before it is carried out.

        What only denies is not asked about. A repair is never refused: it writes less than is
        there, and what somebody else wrote of it would keep that from going.

        Raises
        ------
        PolicyRefused
            When Access Analyzer finds an error or a risk in one of them.
        """
        found = concurrently(*self._before(plan))
        for check in found:
            if check.result == "failed" and not plan.repairs:
                raise PolicyRefused(f"{check.check}: {'; '.join(check.details)}")
        return found

    def _before(self, plan: GrantPlan) -> Iterator[Callable[[], Check]]:
        for change in plan.changes:
            match change:
                case PutRolePolicy(document=written) if only_denies(written):
                    pass
                case CreateRole(trust_policy=trust) | UpdateAssumeRolePolicy(document=trust):
                    yield self._of(VALID_TRUST, lambda c, d: c.validate_trust(d), trust)
                    yield self._of(NOT_PUBLIC, lambda c, d: c.public_access(d), trust)
                case PutRolePolicy(document=written):
                    yield self._of(
                        VALID_PERMISSIONS, lambda c, d: c.validate_permissions(d), written
                    )
                case _:
                    pass

    def after(self, plan: GrantPlan, now: datetime) -> list[Check]:
        """Simulations of the role that a plan made or changed.

        Raises
        ------
        VerificationFailed
            When it would still be allowed something after its expiry.
        """
        if plan.desired is None or plan.state is None or not plan.state.role_arn:
            return []
        arn, document = plan.state.role_arn, plan.desired.permissions_policy
        requested = list(simulations(document, now, self.region))
        if not requested:
            return []
        over = [after_expiry(simulation, document) for simulation in requested]
        works, ends = concurrently(
            lambda: self._checked(WORKS, lambda checks: _denied(checks, arn, requested)),
            lambda: self._checked(ENDS, lambda checks: _allowed(checks, arn, over)),
        )
        if ends.result == "findings":
            raise VerificationFailed(f"{plan.role} outlives its expiry: {'; '.join(ends.details)}")
        return [works, ends]

    def _of(
        self, name: str, ask: Callable[[PolicyChecks, Document], list[Finding]], document: Document
    ) -> Callable[[], Check]:
        return partial(self._checked, name, lambda checks: ask(checks, document))

    def _checked(self, name: str, ask: Callable[[PolicyChecks], Iterable[Finding | str]]) -> Check:
        if self.checks is None:
            return Check(name, "not available here")
        try:
            return judged(name, ask(self.checks))
        except LatchkeyError as error:
            return Check(name, "not available", (str(error),))


def _denied(checks: PolicyChecks, arn: str, requested: Iterable[Simulation]) -> Iterator[str]:
    for action, resource, decision in _decisions(checks, arn, requested):
        if decision not in ("allowed", "unclear"):
            yield f"{action} on {resource}: {decision}"


def _allowed(checks: PolicyChecks, arn: str, requested: Iterable[Simulation]) -> Iterator[str]:
    for action, resource, decision in _decisions(checks, arn, requested):
        if decision == "allowed":
            yield f"{action} on {resource}: {decision}"


def _decisions(
    checks: PolicyChecks, arn: str, requested: Iterable[Simulation]
) -> Iterator[tuple[str, str, str]]:
    answers = concurrently(
        *(partial(checks.decisions, arn, simulation) for simulation in requested)
    )
    for decisions in answers:
        yield from decisions
