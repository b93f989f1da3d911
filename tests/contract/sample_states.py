"""The sample events of the workflow's later steps, made by the code that makes them in earnest.

Each refers to a plan under `events/plans`, which `sandbox.samples` stores as planning would have.
`python -m tests.contract.sample_states` writes them anew; a test holds that they are as they are.
"""

import json
from datetime import UTC, datetime
from typing import Any

from latchkey.aws.run_documents import RunDocuments
from latchkey.aws.table import Table
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.config.schema import PartnerConfig
from latchkey.grant_id import GrantId
from latchkey.grants.change import Change, DeleteSchedule
from latchkey.grants.config_reference import reference_to
from latchkey.grants.plan import GrantPlan, Source, Step
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole, RoleNaming, desired_role
from latchkey.grants.role_changes import plan_removal, plan_role, plan_schedule
from latchkey.grants.role_view import view
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.resource_info import ResourceInfo
from latchkey.times import instant, stamp
from latchkey.workflow.events import Applied
from latchkey.workflow.result import result_key, result_of
from latchkey.workflow.run_data import RunData, recorded
from tests.kit.repository import ROOT
from tests.kit.stack.aws import WORKFLOW

EVENTS = ROOT / "events"
ENVIRONMENT: dict[str, str] = json.loads((EVENTS / "env.json").read_text())["Parameters"]
AWS_ENVIRONMENT = AwsEnvironment("aws", "us-east-1", ENVIRONMENT["ACCOUNT_ID"])
NAMING = RoleNaming(
    ENVIRONMENT["STACK_NAME"],
    ENVIRONMENT["ROLE_PATH"],
    ENVIRONMENT["ROLE_NAME_PREFIX"],
    ENVIRONMENT["PERMISSIONS_BOUNDARY_ARN"],
)
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
VERIFIED = {"role": "as planned", "role_id": "AROAEXAMPLE", "read_at": instant(NOW)}
_PLANS: dict[str, tuple[Step, GrantId]] = {
    "sample-granted": ("grant", GrantId("acme", "sample-new")),
    "sample-revoked": ("revoke", GrantId("acme", "sample-old")),
    "sample-failed": ("grant", GrantId("acme", "sample-failed")),
    "sample-told": ("grant", GrantId("acme", "sample-told")),
}
"""What the plans of the samples do, by the names of their runs; each is about a grant of its own.
"""
_SECRET = (
    f"arn:aws:secretsmanager:us-east-1:{AWS_ENVIRONMENT.account}:secret:acme/reports-api-AbCdEf"
)


def samples() -> dict[str, dict[str, Any]]:
    """The samples by file name."""
    states = {name: _state(name, _planned(name)) for name in _PLANS}
    granted, revoked = states["sample-granted"], states["sample-revoked"]
    applied = Applied(VERIFIED).document()
    failed, told = states["sample-failed"], states["sample-told"]
    cause = {"errorMessage": "PutRolePolicy: AccessDenied", "errorType": "PermissionDenied"}
    error = {"Error": "PermissionDenied", "Cause": json.dumps(cause)}
    return {
        "grant_access__new_grant.json": granted,
        "revoke_access__expired_grant.json": revoked,
        "record_outcome__access_granted.json": {**granted, "applied": applied},
        "record_outcome__step_failed.json": {**failed, "error": error},
        "notify_outcome__access_granted.json": {
            **told,
            "applied": applied,
            "result": _result(_planned("sample-told")),
        },
        **{f"plans/{name}.json": _planned(name).document() for name in _PLANS},
    }


def _state(name: str, plan: GrantPlan) -> dict[str, Any]:
    """The state behind Plan."""
    arn = WORKFLOW.replace("stateMachine", "execution")
    planned, _ = RunData(RunDocuments(Table(None, ""))).plan_items(plan, name, NOW)  # type: ignore[arg-type]
    return {
        "execution": {"id": f"{arn}:{name}", "name": name, "start_time": stamp(NOW)},
        "plan": planned.document(),
    }


def _planned(name: str) -> GrantPlan:
    step, grant = _PLANS[name]
    document = json.loads((EVENTS / "configs/s3_folder_and_secret.json").read_text())
    config = read_document(
        {**document, "grant": grant.grant}, StackContext(AWS_ENVIRONMENT), NOW
    ).config
    assert config is not None
    key = f"partners/acme/{grant.grant}.json"
    text = json.dumps({**document, "grant": grant.grant})
    return _plan(step, grant, config, key, text)


def _result(plan: GrantPlan) -> dict[str, Any]:
    result = result_of(plan, {"verified": VERIFIED})
    return recorded(result, ENVIRONMENT["RESULTS_BUCKET"], result_key(plan), None).document()


def _plan(step: Step, grant: GrantId, config: PartnerConfig, key: str, text: str) -> GrantPlan:
    resources = [(ResourceInfo("arn:aws:s3:::northwind-reports"),), (ResourceInfo(_SECRET),)]
    trust = trust_policy(config, config.external_id, AWS_ENVIRONMENT)
    desired = desired_role(
        config, NAMING, trust, permissions_policy(config, resources, AWS_ENVIRONMENT)
    )
    source = Source(ENVIRONMENT["CONFIG_BUCKET"], key, "sample-version")
    expires_at = instant(config.ends_at)
    changes: tuple[Change, ...] = (
        *plan_schedule(str(grant), expires_at, None),
        *plan_role(desired, None),
    )
    if step == "revoke":
        removal = plan_removal(_as_desired(desired), NAMING.stack, str(grant))
        changes = (*removal, DeleteSchedule(str(grant)))
    return GrantPlan(
        step=step,
        outcome="created" if step == "grant" else "expired",
        planned_at=stamp(NOW),
        reason="the config asks for it" if step == "grant" else f"expired at {expires_at}",
        source=source,
        grant=grant,
        changes=changes,
        desired=desired if step == "grant" else None,
        before=None if step == "grant" else view(_as_desired(desired)),
        role=NAMING.role_name(grant),
        stack=NAMING.stack,
        state=GrantRecord(
            partner=grant.partner,
            grant=grant.grant,
            status="active" if step == "grant" else "expired",
            role_arn=NAMING.role_arn(grant, AWS_ENVIRONMENT),
            external_id=config.external_ids[0],
            expires_at=expires_at,
            config_bucket=source.bucket,
            config_key=source.key,
            config_version=source.version,
            updated_at=instant(NOW),
            guardrails="1",
            config=text,
            config_object=reference_to(str(source.key), str(source.version), text),
            owner=config.owner,
            purpose=config.purpose,
        ),
        by="file" if step == "grant" else "schedule",
    )


def _as_desired(role: DesiredRole) -> ObservedRole:
    return ObservedRole(
        name=role.name,
        arn=f"arn:aws:iam::{AWS_ENVIRONMENT.account}:role{role.path}{role.name}",
        path=role.path,
        role_id="AROAEXAMPLE",
        description=role.description,
        max_session_duration=role.max_session_duration,
        boundary_arn=role.boundary_arn,
        tags=role.tags,
        trust_policy=role.trust_policy,
        inline_policies=(POLICY_NAME,),
        permissions_policy=role.permissions_policy,
    )


def main() -> None:
    """Write the samples."""
    for name, document in samples().items():
        text = json.dumps(document, indent=2, ensure_ascii=False)
        (EVENTS / name).parent.mkdir(exist_ok=True)
        (EVENTS / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
