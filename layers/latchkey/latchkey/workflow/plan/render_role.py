"""From a valid config to the role it asks for: external ID, documents, sizes."""

from collections.abc import Callable
from datetime import datetime

from latchkey.aws.external_ids import ExternalIds
from latchkey.config.guardrails import Guardrails
from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.rules import StackContext
from latchkey.config.schema import PartnerConfig
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.policies import (
    INLINE_LIMIT,
    TRUST_LIMIT,
    permissions_policy,
    policy_size,
    suspended_policy,
    trust_policy,
)
from latchkey.grants.role import DesiredRole, RoleNaming, desired_role
from latchkey.iam.document import Document
from latchkey.workflow.plan.examine_config import Examiner, Looked


class RenderedRole(Frozen):
    """A role to be, and the external ID in its trust policy.

    `broken` are the guardrails that it breaks, which are `rules`, of the version `guardrails`.
    """

    role: DesiredRole
    external_id: str | None
    broken: tuple[Problem, ...]
    rules: Guardrails
    guardrails: str


class Asked(Frozen):
    """How a role is asked for.

    A `suspended` role may do nothing. A dry run claims no external ID. When guardrails are to be
    `reported`, breaking them does not reject: the grant is live and stays as it is. `looked` is
    what was looked up already.
    """

    now: datetime
    suspended: bool = False
    dry_run: bool = False
    reported: bool = False
    looked: Looked | None = None


class RoleRenderer(Frozen):
    """Renders the role of a config; `new_external_id` makes a value that is hard to guess."""

    examiner: Examiner
    external_ids: ExternalIds
    house: StackContext
    naming: RoleNaming
    new_external_id: Callable[[], str]

    def render(self, config: PartnerConfig, asked: Asked) -> RenderedRole:
        """The role that a config asks for; its external ID is yet to be claimed.

        A suspended role needs no resource to exist: it may do nothing.

        Raises
        ------
        ConfigRejected
            With every problem: missing resources, broken guardrails, an external ID in use,
            documents too long.
        GuardrailsUnreadable
            When nobody can say what may be granted.
        """
        place = self.house.place
        examined = self.examiner.examine(
            dict(config),
            asked.now,
            suspended=asked.suspended,
            claimless=asked.dry_run,
            looked=asked.looked,
        )
        if examined.problems or (examined.broken and not asked.reported):
            raise ConfigRejected([*examined.problems, *examined.broken])
        if asked.suspended:
            permissions = suspended_policy()
        else:
            permissions = permissions_policy(config, [f for f in examined.facts if f], place)
        external_id = self._external_id(config, dry_run=asked.dry_run)
        trust = trust_policy(config, external_id, place)
        _check_sizes(trust, permissions)
        role = desired_role(config, self.naming, trust, permissions)
        return RenderedRole(role, external_id, examined.broken, examined.rules, examined.guardrails)

    def _external_id(self, config: PartnerConfig, *, dry_run: bool) -> str | None:
        if not config.generate_external_id:
            return config.external_id
        grant, candidate = GrantId(config.partner, config.grant), self.new_external_id()
        if dry_run:
            return self.external_ids.made_for(grant) or candidate
        return self.external_ids.generated(grant, candidate)


def _check_sizes(trust: Document, permissions: Document) -> None:
    problems = []
    if (over := policy_size(trust) - TRUST_LIMIT) > 0:
        problems.append(
            Problem(
                "/principals",
                f"the trust policy would be {over} characters over IAM's {TRUST_LIMIT}; "
                "name fewer principals, or accounts instead of roles",
            )
        )
    if (over := policy_size(permissions) - INLINE_LIMIT) > 0:
        problems.append(
            Problem(
                "/access",
                f"the permissions policy would be {over} characters over IAM's {INLINE_LIMIT}; "
                "move some entries to a second `grant`",
            )
        )
    if problems:
        raise ConfigRejected(problems)
