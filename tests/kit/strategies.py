"""Hypothesis strategies: configs with what preflight finds, and roles as they may be found."""

import json
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from latchkey.aws.partitions import aws_environment
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.config.schema import PartnerConfig
from latchkey.grants.role import GRANT_TAG, STACK_TAG, DesiredRole, ObservedRole
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.registry import CUSTOM, spec
from latchkey.services.resource_info import ResourceInfo
from tests.kit.documented.access import OF_RESOURCES
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    BOUNDARY,
    NOW,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    STACK,
    desired,
    observed,
    policy,
    resources_of,
)

slugs = st.from_regex(r"[a-z][a-z0-9-]{1,21}", fullmatch=True)
accounts = st.sampled_from([PARTNER_ACCOUNT, OTHER_ACCOUNT])
_words = st.text("abcXYZ 019äß", min_size=1, max_size=12).filter(str.strip)
_policies = st.sampled_from([policy(name) for name in ("s3:GetObject", "s3:PutObject", "sqs:Send")])
_names = st.lists(st.from_regex(r"[A-Za-z]{1,6}", fullmatch=True), max_size=3, unique=True)
_tags = st.dictionaries(
    st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.text("ab ", max_size=4), max_size=4
)
_keys = st.sampled_from(["Project", "cost-centre", "d/e"])

_principals = st.one_of(
    accounts,
    accounts.map(lambda account: f"arn:aws:iam::{account}:root"),
    accounts.map(lambda account: f"arn:aws:iam::{account}:role/path/name"),
)
_HERE = f"us-east-1:{ACCOUNT}"


def _entry(service: str, field: str, names: st.SearchStrategy[str], *allow: str) -> Any:
    return st.fixed_dictionaries(
        {"service": st.just(service), field: names, "allow": st.sampled_from(allow)},
        optional={"discover": st.booleans()} if spec(service).discovers else {},
    )


def _of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Entries of a service by its spec: its resource by name or by ARN."""
    service = spec(name)
    names = st.from_regex(re.compile(service.arn.name, re.ASCII), fullmatch=True)
    ends = st.from_regex(re.compile(service.arn.after, re.ASCII), fullmatch=True)
    arns = st.builds(
        lambda plain, end: service.resource_arn(plain, AWS_ENVIRONMENT) + end, names, ends
    )
    found: st.SearchStrategy[dict[str, Any]] = _entry(
        name, service.field, st.one_of(names, arns), *service.actions
    )
    return found


_bucket = st.from_regex(r"[a-z][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)
_folder = st.from_regex(
    r"[A-Za-z0-9!_.'()=,@:;+& -]{1,9}(/[a-z0-9.+]{1,4}){0,2}/?", fullmatch=True
).filter(lambda prefix: ".." not in prefix.split("/"))
_s3 = st.fixed_dictionaries(
    {
        "service": st.just("s3"),
        "bucket": _bucket,
        "allow": st.sampled_from(["read", "write", "read-write"]),
    },
    optional={"prefix": _folder, "object_tags": st.booleans(), "discover": st.booleans()},
)
_parameters = st.from_regex(
    r"[A-Za-z0-9_.-]{1,12}|(/[A-Za-z0-9_.-]{1,6}){1,4}/?", fullmatch=True
).filter(lambda name: not re.match(r"/?(aws|ssm)", name, re.IGNORECASE))
_OWN_ACTIONS = {
    "arn:aws:s3:::{}/in/*": ["s3:GetObjectTagging", "s3:GetObjectVersion"],
    "arn:aws:s3:::{}": ["s3:ListBucketVersions"],
    f"arn:aws:sqs:{_HERE}:{{}}": ["sqs:PurgeQueue"],
    f"arn:aws:dynamodb:{_HERE}:table/{{}}/index/*": ["dynamodb:PartiQLSelect"],
    f"arn:aws:secretsmanager:{_HERE}:secret:{{}}-AbCdEf": ["secretsmanager:PutSecretValue"],
    f"arn:aws:ssm:{_HERE}:parameter/{{}}/*": ["ssm:GetParameterHistory"],
    f"arn:aws:lambda:{_HERE}:function:{{}}:live": ["lambda:InvokeFunction"],
}
_conditions = st.sampled_from(
    [{"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}, {"Bool": {"aws:ViaAWSService": "no"}}]
)


@st.composite
def _statements(draw: st.DrawFn) -> dict[str, Any]:
    form = draw(st.sampled_from(sorted(_OWN_ACTIONS)))
    statement = {"Action": _OWN_ACTIONS[form], "Resource": form.format(draw(_bucket))}
    return statement | ({"Condition": draw(_conditions)} if draw(st.booleans()) else {})


_custom = st.fixed_dictionaries(
    {"service": st.just("custom"), "statements": st.lists(_statements(), min_size=1, max_size=3)}
)
_OTHERWISE = {"s3": _s3, "ssm": _entry("ssm", "parameter", _parameters, "read"), "custom": _custom}
entries: st.SearchStrategy[dict[str, Any]] = st.one_of(
    [_OTHERWISE[name] if name in _OTHERWISE else _of(name) for name in (*OF_RESOURCES, CUSTOM)]
)
"""Valid `access` entries of all services."""

_external_ids = st.from_regex(r"[A-Za-z0-9+=,.@:/_-]{8,40}", fullmatch=True)
_documents: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "partner": slugs,
        "purpose": _words,
        "owner": _words,
        "principals": st.lists(_principals, min_size=1, max_size=5),
        "external_id": st.one_of(_external_ids, st.lists(_external_ids, min_size=1, max_size=5)),
        "expires_at": st.sampled_from(["2030-01-01T00:00:00Z", "2031-05-05T05:05:05+05:00"]),
        "access": st.lists(entries, min_size=1, max_size=6),
    },
    optional={
        "grant": slugs,
        "owner_contact": st.sampled_from(["team@example.com", "https://example.com/team"]),
        "starts_at": st.just("2027-01-01T00:00:00Z"),
        "max_session_duration": st.integers(3600, 43200),
        "source_ips": st.just(["203.0.113.0/24"]),
        "require_mfa": st.booleans(),
        "session_tags": st.one_of(
            st.just(True), st.lists(_keys, min_size=1, max_size=3, unique=True)
        ),
        "source_identity": st.booleans(),
        "self_assume": st.booleans(),
        "account": st.just(ACCOUNT),
        "role_name": st.from_regex(r"[A-Za-z0-9_+=,@-]{1,64}", fullmatch=True),
        "status": st.sampled_from(["active", "suspended", "revoked"]),
        "tags": _tags,
    },
)


def with_mfa_of_users(document: dict[str, Any]) -> dict[str, Any]:
    """Sessions of roles have no MFA."""
    roles = any(":role/" in principal for principal in document["principals"])
    return document | ({"require_mfa": False} if roles and "require_mfa" in document else {})


documents = _documents.map(with_mfa_of_users)
"""Valid configs as JSON data, for a stack in `aws`."""

_ENVIRONMENTS = (
    aws_environment("aws", "us-east-1", ACCOUNT),
    aws_environment("aws-us-gov", "us-gov-west-1", ACCOUNT),
    aws_environment("aws-cn", "cn-north-1", ACCOUNT),
    aws_environment("aws-eusc", "eusc-de-east-1", ACCOUNT),
    aws_environment("aws-iso-b", "us-isob-east-1", ACCOUNT),
)


@dataclass(frozen=True)
class Sample:
    """A valid config, the environment of its stack, and the resources that preflight finds."""

    document: dict[str, Any]
    config: PartnerConfig
    environment: AwsEnvironment
    resources: list[tuple[ResourceInfo, ...]]


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Valid configs in every partition; behind each entry are keys of its own, or none."""
    environment = draw(st.sampled_from(_ENVIRONMENTS))
    text = json.dumps(draw(documents)).replace("arn:aws:", f"arn:{environment.partition}:")
    document = json.loads(text.replace(":us-east-1:", f":{environment.region}:"))
    found = read_document(document, StackContext(environment), NOW)
    assert found.config is not None, found.problems
    here = f"arn:{environment.partition}:kms:{environment.region}:{environment.account}"
    resources = []
    for index in range(len(found.config.access)):
        keys = tuple(f"{here}:key/{index}-{n}" for n in range(draw(st.integers(0, 2))))
        resources.append(resources_of(found.config, environment, keys)[index])
    return Sample(document, found.config, environment, resources)


@st.composite
def desired_roles(draw: st.DrawFn) -> DesiredRole:
    """Roles as they should be, all of one name."""
    ours = {GRANT_TAG: "acme.main", STACK_TAG: STACK}
    return desired(
        description=draw(_words),
        max_session_duration=draw(st.integers(3600, 43200)),
        tags={**draw(_tags), **ours},
        trust_policy=draw(_policies),
        permissions_policy=draw(_policies),
    )


@st.composite
def owned_roles(draw: st.DrawFn) -> ObservedRole:
    """Roles with our tags, drifted in any way."""
    role = draw(desired_roles())
    own = draw(st.booleans())
    extra = [f"extra-{name}" for name in draw(_names)]
    return observed(
        role,
        boundary_arn=draw(st.sampled_from([BOUNDARY, None, "arn:aws:iam::aws:policy/Other"])),
        inline_policies=tuple(sorted(extra + ["latchkey-access"] * own)),
        permissions_policy=role.permissions_policy if own else None,
        attached_policies=tuple(f"arn:aws:iam::aws:policy/{name}" for name in draw(_names)),
        instance_profiles=tuple(draw(_names)),
    )
