"""An example of a result, made by the code that makes them in earnest."""

from datetime import UTC, datetime
from typing import Any

from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.grant_id import GrantId
from latchkey.grants.plan import GrantPlan, Source
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole, RoleNaming, desired_role
from latchkey.grants.role_changes import plan_role, plan_schedule
from latchkey.grants.role_view import view
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.resource_info import ResourceInfo
from latchkey.times import instant, stamp
from latchkey.workflow.result import result_of

AWS_ENVIRONMENT = AwsEnvironment("aws", "us-east-1", "123456789012")
_NAMING = RoleNaming(
    "latchkey", "/partners/", "partner-", "arn:aws:iam::123456789012:policy/latchkey-boundary"
)
_NOW = datetime(2030, 5, 2, 9, 30, tzinfo=UTC)
_GRANT = GrantId("acme", "reports")
_OLD, _NEW = "2030-06-30T18:00:00Z", "2030-07-30T18:00:00Z"


def example_result() -> dict[str, Any]:
    """The dry run of a renewal that also lets the partner write and delete."""
    before, after = _role(_OLD, "read"), _role(_NEW, "read-write")
    observed = _observed(before)
    changes = (*plan_schedule(str(_GRANT), _NEW, _OLD), *plan_role(after, observed))
    plan = GrantPlan(
        step="record",
        outcome="planned",
        planned_at=stamp(_NOW),
        reason="the config asks for it",
        source=Source("latchkey-config", "partners/acme/reports.json", "3sL4kqtJlcpXroDTDmJ"),
        grant=_GRANT,
        changes=changes,
        desired=after,
        before=view(observed),
        state=_state(),
        dry_run=True,
        by="file",
    )
    return result_of(plan, {}).document()


def _role(expires_at: str, allow: str) -> DesiredRole:
    document = {
        "version": 1,
        "partner": _GRANT.partner,
        "grant": _GRANT.grant,
        "purpose": "Nightly report exchange",
        "owner": "data-platform",
        "principals": ["444455556666"],
        "external_id": "acme-4711-2026",
        "expires_at": expires_at,
        "access": [
            {"service": "s3", "bucket": "northwind-reports", "prefix": "acme", "allow": allow}
        ],
    }
    config = read_document(document, StackContext(AWS_ENVIRONMENT), _NOW).config
    assert config is not None
    permissions = permissions_policy(
        config, [(ResourceInfo("arn:aws:s3:::northwind-reports"),)], AWS_ENVIRONMENT
    )
    trust = trust_policy(config, config.external_id, AWS_ENVIRONMENT)
    return desired_role(config, _NAMING, trust, permissions)


def _observed(role: DesiredRole) -> ObservedRole:
    return ObservedRole(
        role.name,
        _NAMING.role_arn(_GRANT, AWS_ENVIRONMENT),
        role.path,
        "AROAEXAMPLE",
        role.description,
        role.max_session_duration,
        role.boundary_arn,
        role.tags,
        role.trust_policy,
        (POLICY_NAME,),
        role.permissions_policy,
    )


def _state() -> GrantRecord:
    return GrantRecord(
        partner=_GRANT.partner,
        grant=_GRANT.grant,
        status="active",
        role_arn=_NAMING.role_arn(_GRANT, AWS_ENVIRONMENT),
        external_id="acme-4711-2026",
        expires_at=_NEW,
        updated_at=instant(_NOW),
    )
