"""What a run leaves a grant allowing, taken from the very policies that it wrote."""

from copy import replace
from typing import Any

import pytest

from latchkey.grant_id import GrantId
from latchkey.grants.change import CreateRole, PutRolePolicy
from latchkey.grants.plan import GrantPlan
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import desired_role
from latchkey.grants.sessions import suspended_policy
from latchkey.history.snapshot import (
    AccessSnapshot,
    Allowed,
    allowed_by,
    principals_in,
    snapshot_after,
)
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    KEY_ARN,
    NAMING,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    config,
    config_bytes,
    resources_of,
)

S3 = "arn:aws:s3:::data-bucket"
HERE = f"us-east-1:{ACCOUNT}"


def _allowed(entry: dict[str, Any], *keys: str) -> tuple[Allowed, ...]:
    asked = config(access=[entry])
    return allowed_by(permissions_policy(asked, resources_of(asked, keys=keys), AWS_ENVIRONMENT))


SERVICES: list[tuple[dict[str, Any], str]] = [
    ({"service": "s3", "bucket": "data-bucket", "allow": "read"}, f"{S3}/*"),
    ({"service": "s3", "bucket": "data-bucket", "prefix": "in", "allow": "write"}, f"{S3}/in/*"),
    (
        {"service": "secretsmanager", "secret": "a/b", "allow": "read"},
        f"arn:aws:secretsmanager:{HERE}:secret:a/b-AbCdEf",
    ),
    ({"service": "sqs", "queue": "jobs", "allow": "consume"}, f"arn:aws:sqs:{HERE}:jobs"),
    ({"service": "sns", "topic": "jobs", "allow": "publish"}, f"arn:aws:sns:{HERE}:jobs"),
    (
        {"service": "dynamodb", "table": "jobs", "allow": "read-write"},
        f"arn:aws:dynamodb:{HERE}:table/jobs",
    ),
    (
        {"service": "lambda", "function": "jobs", "allow": "invoke"},
        f"arn:aws:lambda:{HERE}:function:jobs",
    ),
    (
        {"service": "ssm", "parameter": "/jobs/", "allow": "read"},
        f"arn:aws:ssm:{HERE}:parameter/jobs/*",
    ),
    (
        {"service": "events", "event_bus": "jobs", "allow": "put"},
        f"arn:aws:events:{HERE}:event-bus/jobs",
    ),
    (
        {"service": "kinesis", "stream": "jobs", "allow": "read"},
        f"arn:aws:kinesis:{HERE}:stream/jobs",
    ),
    (
        {"service": "states", "state_machine": "jobs", "allow": "start"},
        f"arn:aws:states:{HERE}:stateMachine:jobs",
    ),
]


@pytest.mark.parametrize(("entry", "resource"), SERVICES, ids=lambda value: str(value)[:40])
def test_entry_is_one_access_to_the_resource_that_it_names(
    entry: dict[str, Any], resource: str
) -> None:
    (allowed,) = _allowed(entry)
    assert allowed.resource == resource


@pytest.mark.parametrize("entry", [entry for entry, _ in SERVICES], ids=str)
def test_every_action_and_arn_of_the_policy_is_in_it(entry: dict[str, Any]) -> None:
    asked = config(access=[entry])
    policy = permissions_policy(asked, resources_of(asked, keys=(KEY_ARN,)), AWS_ENVIRONMENT)
    found = allowed_by(policy)
    for statement in policy["Statement"]:
        for arn in statement["Resource"]:
            (mine,) = [one for one in found if arn in one.arns]
            assert set(statement["Action"]) <= set(mine.actions)


def test_key_behind_a_resource_is_an_access_of_its_own() -> None:
    objects, key = _allowed(SERVICES[0][0], KEY_ARN)
    assert objects.resource == f"{S3}/*"
    assert key == Allowed(KEY_ARN, ("kms:Decrypt",))


def test_each_resource_of_a_custom_statement_is_an_access_of_its_own() -> None:
    statements = [
        {"Action": ["s3:GetObjectVersion", "s3:GetObject"], "Resource": [f"{S3}/b/*", f"{S3}/a/*"]},
        {"Action": "sqs:PurgeQueue", "Resource": f"arn:aws:sqs:{HERE}:jobs"},
    ]
    found = _allowed({"service": "custom", "statements": statements})
    assert found == (
        Allowed(f"{S3}/a/*", ("s3:GetObject", "s3:GetObjectVersion")),
        Allowed(f"{S3}/b/*", ("s3:GetObject", "s3:GetObjectVersion")),
        Allowed(f"arn:aws:sqs:{HERE}:jobs", ("sqs:PurgeQueue",)),
    )


def test_suspended_role_allows_nothing() -> None:
    assert allowed_by(suspended_policy()) == ()


def _plan(**changes: Any) -> GrantPlan:
    asked = config(principals=[OTHER_ACCOUNT, PARTNER_ACCOUNT])
    permissions = permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT)
    role = desired_role(
        asked, NAMING, trust_policy(asked, "secret-id", AWS_ENVIRONMENT), permissions
    )
    state = GrantRecord(
        "acme",
        "main",
        "active",
        role_arn="arn:role",
        expires_at="2030-01-01T00:00:00Z",
        config=config_bytes().decode(),
        owner=asked.owner,
        purpose=asked.purpose,
    )
    plan = GrantPlan(
        "grant",
        "created",
        "2026-01-15T12:00:00.500000Z",
        "the config asks for it",
        grant=GrantId("acme", "main"),
        desired=role,
        state=state,
    )
    return replace(plan, **changes)


def _after(plan: GrantPlan, read_at: str | None = None) -> AccessSnapshot | None:
    applied = {"verified": {"read_at": read_at}} if read_at else {}
    return snapshot_after(plan, applied, "AccessGranted", "run")


def test_snapshot_is_of_the_role_and_its_dates() -> None:
    found = _after(_plan())
    assert found
    assert found.principals == tuple(
        f"arn:aws:iam::{account}:root" for account in (OTHER_ACCOUNT, PARTNER_ACCOUNT)
    )
    assert [one.resource for one in found.allows] == [f"{S3}/in/*"]
    assert (found.starts_at, found.expires_at) == (None, "2030-01-01T00:00:00Z")
    assert (found.purpose, found.owner) == ("Nightly export", "data-platform")
    assert "secret-id" not in str(found)
    assert AccessSnapshot.from_document(found.document()) == found


@pytest.mark.parametrize(
    ("read_at", "expected"),
    [
        (None, "2026-01-15T12:00:00.500000Z"),
        ("2026-01-15T12:00:07Z", "2026-01-15T12:00:07.000000Z"),
        ("2026-01-15T12:00:00Z", "2026-01-15T12:00:00.500000Z"),
    ],
)
def test_time_that_counts_is_that_of_reading_back_and_never_before_the_plan(
    read_at: str | None, expected: str
) -> None:
    found = _after(_plan(), read_at)
    assert found
    assert found.at == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ({"Principal": {"AWS": "AROAEXAMPLE"}}, ("AROAEXAMPLE",)),
        ([{"Principal": {"AWS": ["b", "a"]}}, {"Principal": {"AWS": "c"}}], ("a", "b", "c")),
        ([{"Principal": "*"}, {"Principal": {"Service": "ec2.amazonaws.com"}}, {}], ("*",)),
    ],
)
def test_trust_policy_that_others_wrote_is_read_too(
    statements: Any, expected: tuple[str, ...]
) -> None:
    assert principals_in({"Statement": statements}) == expected


def test_role_that_is_gone_allows_nothing() -> None:
    found = _after(_plan(outcome="revoked", desired=None))
    assert found
    assert (found.allows, found.principals, found.certain) == ((), (), True)


CREATES = (CreateRole("role", "/", "", 3600, "arn:boundary", {}, {}),)
WRITES = (PutRolePolicy("role", "latchkey-access", {}),)
BEGUN = ({"action": "PutRolePolicy"},)


@pytest.mark.parametrize(
    ("changes", "recorded"),
    [
        ({"outcome": "rejected"}, False),
        ({"outcome": "planned"}, False),
        ({"grant": None}, False),
        ({"state": None}, False),
        ({"outcome": "failed"}, False),
        ({"outcome": "failed", "begun": BEGUN}, True),
        ({"outcome": "failed", "begun": BEGUN, "state": GrantRecord("a", "b", "failed")}, False),
        ({"outcome": "failed", "changes": WRITES}, True),
        ({"outcome": "failed", "changes": WRITES, "reason": "PolicyRefused: no"}, False),
        ({"outcome": "failed", "changes": WRITES, "reason": "QuotaExceeded: no"}, True),
        ({"outcome": "failed", "changes": CREATES, "reason": "QuotaExceeded: no"}, False),
        ({"outcome": "failed", "changes": CREATES, "reason": "PrincipalNotFound: x"}, False),
        ({"outcome": "failed", "changes": CREATES, "reason": "PermissionDenied: x"}, True),
        (
            {
                "outcome": "failed",
                "changes": CREATES,
                "reason": "QuotaExceeded: no",
                "begun": BEGUN,
            },
            True,
        ),
        ({"outcome": "unchanged"}, True),
        ({"outcome": "suspended"}, True),
    ],
    ids=str,
)
def test_only_runs_that_may_have_touched_the_role_change_the_history(
    changes: dict[str, Any], recorded: bool
) -> None:
    found = _after(_plan(**changes))
    assert (found is not None) is recorded
    assert found is None or found.certain is (changes.get("outcome") != "failed")
