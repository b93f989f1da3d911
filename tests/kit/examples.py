"""Example configs, resources and roles: the smallest valid ones, for each test to change."""

import copy
import json
import re
from datetime import UTC, datetime
from typing import Any

from latchkey.config.reader import ReadConfig, read_document
from latchkey.config.rules import StackContext
from latchkey.config.schema import PartnerConfig
from latchkey.grant_id import GrantId
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.role import (
    GRANT_TAG,
    STACK_TAG,
    DesiredRole,
    ObservedRole,
    RoleNaming,
    desired_role,
)
from latchkey.grants.sessions import suspended_policy
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.registry import spec
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo

ACCOUNT = "123456789012"
PARTNER_ACCOUNT = "444455556666"
OTHER_ACCOUNT = "111122223333"
STACK = "latchkey"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
AWS_ENVIRONMENT = AwsEnvironment("aws", "us-east-1", ACCOUNT)
STACK_CONTEXT = StackContext(AWS_ENVIRONMENT)
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/latchkey-boundary"
KMS_BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/latchkey-kms-boundary"
AUDIT_BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/latchkey-audit-boundary"
_OTHERS = {"kms": KMS_BOUNDARY, "account": AUDIT_BOUNDARY}
NAMING = RoleNaming(STACK, "/partners/", "partner-", BOUNDARY, _OTHERS)
BUCKET_INFO = ResourceInfo("arn:aws:s3:::data-bucket")
SECRET_ARN = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:acme/api-AbCdEf"
KEY_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"

_CONFIG: dict[str, Any] = {
    "version": 1,
    "partner": "acme",
    "purpose": "Nightly export",
    "owner": "data-platform",
    "principals": [PARTNER_ACCOUNT],
    "external_id": "acme-7f3b2c91",
    "expires_at": "2030-01-01T00:00:00Z",
    "access": [{"service": "s3", "bucket": "data-bucket", "prefix": "in", "allow": "read-write"}],
}


def s3_entry(**changes: Any) -> dict[str, Any]:
    """An `access` entry for S3."""
    return {"service": "s3", "bucket": "data-bucket", "allow": "read-write", **changes}


def secret_entry(**changes: Any) -> dict[str, Any]:
    """An `access` entry for Secrets Manager."""
    return {"service": "secretsmanager", "secret": "acme/api", "allow": "read", **changes}


def config_document(*without: str, **changes: Any) -> dict[str, Any]:
    """A valid config as JSON data, with fields changed, or left out by name."""
    document = copy.deepcopy(_CONFIG) | changes
    return {name: value for name, value in document.items() if name not in without}


def config_bytes(*without: str, **changes: Any) -> bytes:
    """The same as the bytes of a file."""
    return json.dumps(config_document(*without, **changes)).encode()


def read(*without: str, **changes: Any) -> ReadConfig:
    """What reading the changed config gives, here and at `NOW`."""
    return read_document(config_document(*without, **changes), STACK_CONTEXT, NOW)


def config(*without: str, **changes: Any) -> PartnerConfig:
    """The changed config, which has to be valid."""
    found = read(*without, **changes)
    assert found.config is not None, found.problems
    return found.config


def resources_of(
    asked: PartnerConfig, environment: AwsEnvironment = AWS_ENVIRONMENT, keys: tuple[str, ...] = ()
) -> list[tuple[ResourceInfo, ...]]:
    """What preflight would find of all that a config names, under the same keys."""
    return [
        tuple(_info(named, environment, keys) for named in entry.named()) for entry in asked.access
    ]


def _info(named: Named, environment: AwsEnvironment, keys: tuple[str, ...]) -> ResourceInfo:
    service = spec(named.service)
    arn = service.resource_arn(named.name, environment)
    if service.arn.after and not re.search(f"{service.arn.after}$", arn):
        arn = f"{arn}-AbCdEf"
    here = f"arn:{environment.partition}:"
    behind = () if ":foundation-model/" in arn else service.example_implied  # only of profiles
    implied = (ResourceInfo(one.replace("arn:aws:", here), keys) for one in behind)
    return ResourceInfo(arn, keys if service.key_use else (), tuple(implied))


def desired(**changes: Any) -> DesiredRole:
    """A role as it should be."""
    fields: dict[str, Any] = {
        "name": "partner-acme.main",
        "path": "/partners/",
        "description": "Nightly export (owner: data-platform)",
        "max_session_duration": 3600,
        "boundary_arn": BOUNDARY,
        "tags": {GRANT_TAG: "acme.main", STACK_TAG: STACK, "team": "blue"},
        "trust_policy": policy("sts:AssumeRole"),
        "permissions_policy": policy("s3:GetObject"),
    }
    return DesiredRole(**(fields | changes))


def policy(action: str, effect: str = "Allow") -> dict[str, Any]:
    """A policy document of one statement."""
    statement = {"Effect": effect, "Action": [action], "Resource": ["arn:aws:s3:::data-bucket/*"]}
    return {"Version": "2012-10-17", "Statement": [statement]}


def observed(role: DesiredRole | None = None, **changes: Any) -> ObservedRole:
    """A role in IAM exactly as desired, with fields changed."""
    role = role or desired()
    fields: dict[str, Any] = {
        "name": role.name,
        "arn": f"arn:aws:iam::{ACCOUNT}:role{role.path}{role.name}",
        "path": role.path,
        "role_id": "AROAEXAMPLE",
        "description": role.description,
        "max_session_duration": role.max_session_duration,
        "boundary_arn": role.boundary_arn,
        "tags": dict(role.tags),
        "trust_policy": role.trust_policy,
        "inline_policies": ("latchkey-access",),
        "permissions_policy": role.permissions_policy,
    }
    return ObservedRole(**(fields | changes))


def arn_of(asked: PartnerConfig, environment: AwsEnvironment = AWS_ENVIRONMENT) -> str:
    """The ARN of the role of a config's grant."""
    return NAMING.role_arn(GrantId(asked.partner, asked.grant), environment, asked.role_name)


def role_of(*, suspended: bool = False, keys: bool = False, **changes: Any) -> DesiredRole:
    """The role that Latchkey would write for the example config, with changes."""
    asked = config(**changes)
    resources = resources_of(asked, AWS_ENVIRONMENT, (KEY_ARN,) if keys else ())
    arn = arn_of(asked)
    permissions = permissions_policy(asked, resources, AWS_ENVIRONMENT, arn)
    trust = trust_policy(asked, asked.external_id, AWS_ENVIRONMENT, arn)
    return desired_role(asked, NAMING, trust, suspended_policy() if suspended else permissions)
