"""Plans as the workflow would hand them to recording, made of a config by the real rules."""

import json
from datetime import datetime
from typing import Any

from latchkey.config.reader import read_document
from latchkey.config.schema import PartnerConfig
from latchkey.grant_id import GrantId
from latchkey.grants.change import PutRolePolicy
from latchkey.grants.plan import GrantPlan
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.record import GrantRecord, Outcome
from latchkey.grants.role import DesiredRole, desired_role
from latchkey.grants.sessions import suspended_policy
from latchkey.times import instant, stamp
from tests.kit.examples import AWS_ENVIRONMENT, NAMING, NOW, STACK_CONTEXT, resources_of


def plan_of(document: dict[str, Any], outcome: Outcome, now: datetime) -> GrantPlan:
    """The plan that leads to what a config asks for, or to an outcome without it."""
    found = read_document(document, STACK_CONTEXT, NOW)
    assert found.config, found.problems
    role = _role(found.config, suspended=outcome == "suspended")
    return GrantPlan(
        step="grant",
        outcome=outcome,
        planned_at=stamp(now),
        reason="the config asks for it",
        grant=GrantId(document["partner"], document["grant"]),
        changes=(PutRolePolicy(role.name, "latchkey-access", {}),),
        desired=role,
        state=_state(found.config, document, now),
    )


def _role(config: PartnerConfig, *, suspended: bool) -> DesiredRole:
    allowed = permissions_policy(config, resources_of(config), AWS_ENVIRONMENT)
    permissions = suspended_policy() if suspended else allowed
    return desired_role(config, NAMING, trust_policy(config, None, AWS_ENVIRONMENT), permissions)


def _state(config: PartnerConfig, document: dict[str, Any], now: datetime) -> GrantRecord:
    grant = GrantId(config.partner, config.grant)
    return GrantRecord(
        grant.partner,
        grant.grant,
        "active",
        role_arn=NAMING.role_arn(grant, AWS_ENVIRONMENT),
        starts_at=instant(config.starts_at) if config.starts_at else None,
        expires_at=instant(config.ends_at),
        updated_at=instant(now),
        config=json.dumps(document),
    )
