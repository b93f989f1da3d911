"""From a valid config to the role it asks for: preflight, external ID, documents, sizes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from latchkey.aws.external_ids import ExternalIds
from latchkey.aws.resources import ResourceGateway
from latchkey.domain.catalogue.entry import Facts
from latchkey.domain.config import PartnerConfig
from latchkey.domain.config_rules import House
from latchkey.domain.grant import GrantId
from latchkey.domain.policies import (
    INLINE_LIMIT,
    TRUST_LIMIT,
    Document,
    permissions_policy,
    policy_size,
    suspended_policy,
    trust_policy,
)
from latchkey.domain.problem import ConfigRejected, Problem
from latchkey.domain.role import DesiredRole, RoleNaming, desired_role


@dataclass(frozen=True)
class RenderedRole:
    """A role to be, and the external ID in its trust policy."""

    role: DesiredRole
    external_id: str | None


@dataclass(frozen=True)
class RoleRenderer:
    """Renders the role of a config; `new_external_id` makes a value that is hard to guess."""

    resources: ResourceGateway
    external_ids: ExternalIds
    house: House
    naming: RoleNaming
    new_external_id: Callable[[], str]

    def render(self, config: PartnerConfig, *, suspended: bool, dry_run: bool) -> RenderedRole:
        """The role that a config asks for. Claims its external ID, except in a dry run.

        A suspended role needs no resource to exist: it may do nothing.

        Raises
        ------
        ConfigRejected
            With every problem: missing resources, an external ID in use, documents too long.
        """
        place = self.house.place
        if suspended:
            permissions = suspended_policy()
        else:
            permissions = permissions_policy(config, self._facts(config), place)
        external_id = self._external_id(config, dry_run=dry_run)
        trust = trust_policy(config, external_id, place)
        _check_sizes(trust, permissions)
        self._claim(external_id, config, dry_run=dry_run)
        return RenderedRole(desired_role(config, self.naming, trust, permissions), external_id)

    def _facts(self, config: PartnerConfig) -> Mapping[int, Facts]:
        facts: dict[int, Facts] = {}
        problems: list[Problem] = []
        for index, entry in enumerate(config.access):
            field, name = entry.named()
            try:
                facts[index] = self.resources.facts(entry.service, name, f"/access/{index}/{field}")
            except ConfigRejected as rejected:
                problems += rejected.problems
        if problems:
            raise ConfigRejected(problems)
        return facts

    def _external_id(self, config: PartnerConfig, *, dry_run: bool) -> str | None:
        if not config.generate_external_id:
            return config.external_id
        grant, candidate = GrantId(config.partner, config.grant), self.new_external_id()
        if dry_run:
            return self.external_ids.made_for(grant) or candidate
        return self.external_ids.generated(grant, candidate)

    def _claim(self, external_id: str | None, config: PartnerConfig, *, dry_run: bool) -> None:
        if external_id is None:
            return
        grant = GrantId(config.partner, config.grant)
        claim = self.external_ids.free_for if dry_run else self.external_ids.claim
        if not claim(external_id, grant):
            raise ConfigRejected(
                [
                    Problem(
                        "/external_id",
                        "in use for another partner; each partner needs a value of its own",
                    )
                ]
            )


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
