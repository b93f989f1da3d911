"""What planning costs without AWS, each as a multiple of parsing the same file as JSON.

A ratio within one run says more than seconds: the machines that this runs on are noisy.
"""

import json
import timeit
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from latchkey.config.reader import read_config
from latchkey.config.rules import StackContext
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.role import POLICY_NAME, ObservedRole, RoleNaming, desired_role
from latchkey.grants.role_changes import plan_role
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.resource_info import ResourceInfo

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AWS_ENVIRONMENT = AwsEnvironment("aws", "us-east-1", "123456789012")
STACK_CONTEXT = StackContext(AWS_ENVIRONMENT)
NAMING = RoleNaming("latchkey", "/partners/", "partner-", "arn:aws:iam::123456789012:policy/b")


def config_file(entries: int) -> bytes:
    """A valid config with that many access entries."""
    access = [
        {"service": "s3", "bucket": f"reports-{n}", "prefix": "in", "allow": "read-write"}
        for n in range(entries)
    ]
    fields = {
        "version": 1,
        "partner": "acme",
        "purpose": "Nightly report exchange",
        "owner": "data-platform",
        "principals": ["444455556666"],
        "external_id": "acme-4711-2026",
        "expires_at": "2030-06-30T18:00:00Z",
        "access": access,
    }
    return json.dumps(fields).encode()


def operations(data: bytes) -> Iterator[tuple[str, Callable[[], object]]]:
    """The things to measure, by name; the first is what the others are compared with."""
    config = read_config(data, STACK_CONTEXT, NOW).config
    assert config is not None
    resources = [(ResourceInfo(f"arn:aws:s3:::reports-{n}"),) for n in range(len(config.access))]
    trust = trust_policy(config, config.external_id, AWS_ENVIRONMENT)
    permissions = permissions_policy(config, resources, AWS_ENVIRONMENT)
    desired = desired_role(config, NAMING, trust, permissions)
    observed = ObservedRole(
        name=desired.name,
        arn="arn:aws:iam::123456789012:role/partners/x",
        path=desired.path,
        role_id="AROAEXAMPLE",
        description=desired.description,
        max_session_duration=desired.max_session_duration,
        boundary_arn=desired.boundary_arn,
        tags=desired.tags,
        trust_policy=trust,
        inline_policies=(POLICY_NAME,),
        permissions_policy=permissions,
        attached_policies=(),
    )
    assert not plan_role(desired, observed)
    yield "json.loads", lambda: json.loads(data)
    yield "read the config", lambda: read_config(data, STACK_CONTEXT, NOW)
    yield "render both policies", lambda: permissions_policy(config, resources, AWS_ENVIRONMENT)
    yield "plan an unchanged role", lambda: plan_role(desired, observed)
    yield "plan a new role", lambda: plan_role(desired, None)


def best(call: Callable[[], object], seconds: float) -> float:
    """The seconds that one call takes, the best of five rounds."""
    timer = timeit.Timer(call)
    number, _ = timer.autorange()
    rounds = max(1, int(number * seconds / 0.5))
    return min(timer.repeat(5, rounds)) / rounds
