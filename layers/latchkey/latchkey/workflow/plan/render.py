"""Step 5, render: the role that a config asks for: its two documents, within IAM's sizes."""

from collections.abc import Iterator

from latchkey.config.problem import ConfigRejected, Problem
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.role import desired_role
from latchkey.grants.sessions import cut_off_at, suspended_policy, with_cut_off
from latchkey.grants.sizes import INLINE_LIMIT, policy_size
from latchkey.grants.state_digest import state_digest
from latchkey.grants.trust_size import trust_size_problem
from latchkey.iam.document import Document
from latchkey.workflow.plan.context import Snapshot
from latchkey.workflow.plan.decisions import Decided, Provide, Reject, Rendered


def render(decided: Decided) -> Rendered:
    """The role that is to be provided; documents that are too long are rejected.

    The permissions policy has room for a cut-off: when one is needed is not known before.
    """
    snapshot, verdict = decided.snapshot, decided.verdict
    if not isinstance(verdict, Provide):
        return Rendered(snapshot, verdict)
    config, environment = verdict.config, snapshot.context.environment
    arn = snapshot.context.role_arn
    trust = trust_policy(config, snapshot.external_ids, environment, arn)
    permissions = _permissions(snapshot, verdict)
    longest = with_cut_off(permissions, cut_off_at(snapshot.context.now))
    too_long = trust_size_problem(config, snapshot.external_ids, environment, arn)
    if problems := [*filter(None, [too_long]), *_too_long(longest)]:
        return Rendered(snapshot, Reject(ConfigRejected(problems).problems))
    role = desired_role(config, snapshot.context.naming, trust, permissions)
    grant, account = snapshot.context.grant, arn.split(":")[4]
    digest = state_digest(role, grant, account, config.confirm_every_days)
    return Rendered(snapshot, verdict, role, None if verdict.suspended else digest)


def _permissions(snapshot: Snapshot, provide: Provide) -> Document:
    if provide.suspended:
        return suspended_policy()
    assert snapshot.validation  # else it was not decided to provide the role
    held = snapshot.validation.held.resources
    found = [resources for resources in held if resources is not None]
    context = snapshot.context
    return permissions_policy(provide.config, found, context.environment, context.role_arn)


def _too_long(permissions: Document) -> Iterator[Problem]:
    if (over := policy_size(permissions) - INLINE_LIMIT) > 0:
        yield Problem(
            "/access",
            f"the permissions policy would be {over} characters over IAM's {INLINE_LIMIT} with the "
            "statement that ends sessions; move some entries to a second `grant`",
        )
