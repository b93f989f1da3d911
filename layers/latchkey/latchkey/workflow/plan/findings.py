"""Findings about a live grant: deleted principals, changes outside Latchkey, and no use.

The names of deleted principals are never trusted anew without a new version of the config.
"""

from latchkey.config.guardrails import Guardrails
from latchkey.config.idle_rules import idle_problems
from latchkey.config.problem import Problem
from latchkey.grants.lifecycle import Decision
from latchkey.grants.role import DesiredRole, ObservedRole
from latchkey.grants.sessions import suspended_policy
from latchkey.iam.lost_principals import only_lost_principals
from latchkey.newer_python import replace
from latchkey.workflow.plan.context import PlanningContext, Snapshot
from latchkey.workflow.plan.next_state import active_since

CLOSED = Problem(
    "/principals",
    "the trust policy was also changed by hand, and cannot be put back without trusting the names "
    "of principals that are gone; everything is denied until a version with "
    "other content is uploaded",
)


def gone_problems(context: PlanningContext, observed: ObservedRole | None) -> tuple[Problem, ...]:
    """The principals that were deleted since the config was granted; a new version names anew."""
    granted = context.record.config_version if context.record else None
    if observed is None or context.config.source.version != granted:
        return ()
    return tuple(
        Problem(
            "/principals",
            f"partner principal no longer exists: {name} is what is left of it in the trust "
            "policy. Upload a config that names who takes its place; upload this one again to "
            "trust a new one of the same name",
        )
        for name in observed.gone_principals()
    )


def without_the_gone(role: DesiredRole, observed: ObservedRole) -> tuple[DesiredRole, DesiredRole]:
    """A role some of whose principals are gone, as it is to be, and as it is to be compared.

    To name them anew would trust their successors of the same name, so its trust policy stays. One
    that was also changed by hand can neither stay nor be put back: the role may do nothing until a
    new version of the file says whom to trust.
    """
    kept = replace(role, trust_policy=observed.trust_policy)
    if only_lost_principals(observed.trust_policy, role.trust_policy):
        return kept, kept
    return replace(kept, permissions_policy=suspended_policy()), role


def only_reported(sentence: str) -> Problem:
    """What was changed outside Latchkey, and is left so because the guardrails say so."""
    return Problem("", f"guardrail drift: only reported: {sentence}")


def unused(snapshot: Snapshot, decision: Decision, rules: Guardrails) -> tuple[Problem, ...]:
    """Whether nobody has used an active grant for longer than the guardrails allow."""
    observed, context = snapshot.role, snapshot.context
    if observed is None or decision.status != "active":
        return ()
    since = (observed.created_at, observed.last_used, active_since(context, decision))
    return idle_problems(since, rules, context.now)
