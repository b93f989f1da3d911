"""Hypothesis strategies: pairs of roles that differ, and requests that tell them apart."""

from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from latchkey.grants.role import DesiredRole
from sandbox.iam.authorisation import allowed, may_assume
from tests.kit.examples import role_of, s3_entry, secret_entry
from tests.kit.strategies import with_mfa_of_users

_PRINCIPALS = ["444455556666", "111122223333", "arn:aws:iam::444455556666:role/app/reports"]
_TIMES = [f"{year}-01-01T00:00:00Z" for year in (2027, 2028, 2029, 2030, 2031)]
_IPS = ["203.0.113.0/24", "203.0.113.0/25", "198.51.100.7/32"]


def _own(action: str, resource: str, **condition: Any) -> dict[str, Any]:
    statement = {"Action": action, "Resource": resource, "Condition": condition}
    return {"service": "custom", "statements": [statement]}


def _named(service: str, field: str, name: str, *allow: str) -> list[dict[str, Any]]:
    return [{"service": service, field: name, "allow": each} for each in allow]


_ENTRIES: list[dict[str, Any]] = [
    *(
        s3_entry(allow=allow, **where)
        for allow in ("read", "write", "read-write")
        for where in ({}, {"prefix": "in"}, {"prefix": "in/deep"}, {"prefix": "inbox"})
    ),
    s3_entry(bucket="other-bucket"),
    secret_entry(),
    secret_entry(secret="acme/other"),
    *_named("sqs", "queue", "orders", "send", "consume"),
    *_named("dynamodb", "table", "items", "read", "read-write"),
    *_named("ssm", "parameter", "/app/", "read"),
    *_named("ssm", "parameter", "/app/host", "read"),
    *_named("kinesis", "stream", "clicks", "read", "write"),
    *_named("lambda", "function", "quote", "invoke"),
    _own("s3:GetObjectTagging", "arn:aws:s3:::data-bucket/in/*"),
    _own(
        "s3:GetObjectTagging",
        "arn:aws:s3:::data-bucket/in/*",
        StringLike={"aws:PrincipalTag/team": ["red", "b*"]},
    ),
    _own(
        "s3:GetObjectTagging",
        "arn:aws:s3:::data-bucket/in/*",
        StringLike={"aws:PrincipalTag/team": "red"},
        IpAddress={"aws:SourceIp": "203.0.113.0/24"},
    ),
    _own(
        "s3:GetObjectTagging",
        "arn:aws:s3:::data-bucket/in/*",
        NotIpAddress={"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]},
    ),
]
_configs = st.fixed_dictionaries(
    {
        "principals": st.lists(st.sampled_from(_PRINCIPALS), min_size=1, max_size=2, unique=True),
        "external_id": st.sampled_from(["acme-7f3b2c91", "acme-00000000"]),
        "expires_at": st.sampled_from(_TIMES[2:]),
        "access": st.lists(st.sampled_from(_ENTRIES), min_size=1, max_size=4),
    },
    optional={
        "starts_at": st.sampled_from(_TIMES[:2]),
        "source_ips": st.lists(st.sampled_from(_IPS), min_size=1, max_size=2, unique=True),
        "organization_id": st.sampled_from(["o-a1b2c3d4e5", "o-zzzzzzzzzz"]),
        "require_mfa": st.booleans(),
        "session_tags": st.sampled_from([True, ["red"], ["blue"], ["red", "blue"]]),
        "source_identity": st.booleans(),
        "self_assume": st.booleans(),
        "max_session_duration": st.sampled_from([3600, 7200]),
    },
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[DesiredRole, DesiredRole]:
    """Two roles made from the catalogue, of which the second mostly differs in a few fields."""
    one, other = draw(_configs), draw(_configs)
    taken = draw(st.sets(st.sampled_from(sorted(one.keys() | other.keys())), max_size=3))
    changed = {key: value for key, value in one.items() if key not in taken}
    changed |= {key: value for key, value in other.items() if key in taken}
    for needed in ("principals", "external_id", "expires_at", "access"):
        changed.setdefault(needed, one[needed])
    keys = draw(st.booleans())
    suspended = draw(st.sampled_from([(False, False)] * 6 + [(True, False), (False, True)]))
    return (
        role_of(keys=keys, suspended=suspended[0], **with_mfa_of_users(one)),
        role_of(keys=keys, suspended=suspended[1], **with_mfa_of_users(changed)),
    )


_ACTIONS = ["s3:GetObject", "s3:PutObject", "S3:getobject", "s3:Get*", "s3:*Object", "*"]
_RESOURCES = ["arn:aws:s3:::b/in/*", "arn:aws:s3:::b/in/a", "arn:aws:s3:::b/i?/a", "*"]
CONDITIONS = [
    ("StringEquals", "aws:PrincipalTag/team", [["red"], ["blue"], ["red", "blue"]]),
    ("StringLike", "aws:PrincipalTag/team", [["r*"], ["red"], ["r?d", "b*"]]),
    ("StringNotEquals", "aws:PrincipalTag/team", [["red"], ["red", "blue"]]),
    ("StringNotLike", "aws:principaltag/TEAM", [["r*"], ["red"], ["*"]]),
    ("StringEqualsIgnoreCase", "aws:PrincipalTag/team", [["RED"], ["red", "Blue"]]),
    ("StringEqualsIfExists", "aws:PrincipalTag/team", [["red"], ["red", "blue"]]),
    ("ForAllValues:StringEquals", "aws:TagKeys", [["red"], ["red", "blue"]]),
    ("ForAnyValue:StringEquals", "aws:TagKeys", [["red"], ["red", "blue"]]),
    ("Bool", "aws:MultiFactorAuthPresent", [["true"], ["false"]]),
    ("Null", "aws:PrincipalTag/team", [["true"], ["false"]]),
    ("IpAddress", "aws:SourceIp", [[ip] for ip in _IPS] + [_IPS]),
    ("NotIpAddress", "aws:SourceIp", [[ip] for ip in _IPS] + [_IPS]),
    ("ArnLike", "aws:PrincipalArn", [["arn:aws:iam::*:role/*"], [_PRINCIPALS[2]]]),
    ("NumericLessThan", "aws:MultiFactorAuthAge", [["5"], ["10"], ["5", "10"]]),
    ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", [["5"], ["10"]]),
    ("DateLessThan", "aws:CurrentTime", [[time] for time in _TIMES]),
    ("DateGreaterThanEquals", "aws:CurrentTime", [[time] for time in _TIMES]),
    ("NumericLessThanEquals", "aws:MultiFactorAuthAge", [["5"], ["10"]]),
    ("NumericGreaterThan", "aws:MultiFactorAuthAge", [["5"], ["10"], ["10", "5"]]),
    ("NumericNotEquals", "aws:MultiFactorAuthAge", [["5"], ["5", "10"]]),
    ("ArnNotLike", "aws:PrincipalArn", [["arn:aws:iam::*:role/*"], [_PRINCIPALS[2]]]),
    ("DateNotEquals", "aws:CurrentTime", [[time] for time in _TIMES]),
]


VALUES: dict[str, list[Any]] = {
    "aws:currenttime": [*_TIMES, "2027-06-01T00:00:00Z"],
    "aws:securetransport": ["true", "false"],
    "aws:sourceip": ["203.0.113.1", "203.0.113.200", "198.51.100.7", "192.0.2.1"],
    "aws:multifactorauthpresent": ["true", "false"],
    "aws:multifactorauthage": ["1", "5", "7", "10", "20"],
    "aws:principaltag/team": ["red", "blue", "rod", "bad", "green"],
    "aws:tagkeys": [["red"], ["blue"], ["red", "blue"], ["green"]],
    "aws:principalarn": [
        _PRINCIPALS[2],
        "arn:aws:iam::444455556666:role/b",
        "arn:aws:iam::1:user/x",
    ],
    "s3:prefix": ["in/", "in/deep/", "in/x", "inbox/", ""],
}
"""What requests may carry, by condition key."""


@st.composite
def _condition(draw: st.DrawFn) -> dict[str, Any]:
    drawn = draw(st.lists(st.sampled_from(CONDITIONS), max_size=3))
    return {operator: {key: draw(st.sampled_from(values))} for operator, key, values in drawn}


@st.composite
def _by_hand(draw: st.DrawFn, *, trust: bool) -> dict[str, Any]:
    """A statement as somebody may write it outside Latchkey."""
    no = draw(st.sampled_from(["", "", "", "Not"]))
    statement: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        "Condition": draw(_condition()),
    }
    if trust:
        names = draw(st.lists(st.sampled_from([*_PRINCIPALS, "*"]), min_size=1, max_size=2))
        return statement | {"Action": "sts:AssumeRole", f"{no}Principal": {"AWS": names}}
    actions = draw(st.lists(st.sampled_from(_ACTIONS), min_size=1, max_size=2))
    resources = draw(st.lists(st.sampled_from(_RESOURCES), min_size=1, max_size=2))
    which = draw(st.sampled_from(["Action", "Resource"])) if no else ""
    first, second = (f"{no if which == name else ''}{name}" for name in ("Action", "Resource"))
    return statement | {first: actions, second: resources}


@st.composite
def pairs_by_hand(draw: st.DrawFn) -> tuple[DesiredRole, DesiredRole]:
    """Two roles with policies of any form, of which the second keeps some of the first."""
    role = role_of()
    documents = []
    for trust in (True, False):
        old = draw(st.lists(_by_hand(trust=trust), min_size=1, max_size=3))
        more = draw(st.lists(_by_hand(trust=trust), max_size=2))
        kept = [statement for statement in old if draw(st.booleans())]
        documents.append(({"Statement": old}, {"Statement": [*kept, *more]}))
    (trust_before, trust_after), (before, after) = documents
    return (
        replace(role, trust_policy=trust_before, permissions_policy=before),
        replace(role, trust_policy=trust_after, permissions_policy=after),
    )


@dataclass(frozen=True)
class Request:
    """A request: an action on a resource, or one of STS by a principal, in a context."""

    context: dict[str, Any]
    action: str = ""
    resource: str = ""
    principal: str = ""

    def granted(self, role: DesiredRole) -> bool:
        """Whether IAM would let the request through."""
        if self.principal:
            known = {self.principal, "arn:aws:iam::444455556666:root", "444455556666"}
            if "4444" not in self.principal:
                known = {self.principal, f"arn:aws:iam::{self.principal}:root"}
            return may_assume(role.trust_policy, known, self.context, self.action)
        return allowed([role.permissions_policy], None, self.action, self.resource, self.context)


_CONTEXT = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values) for key, values in VALUES.items()}
)


@st.composite
def requests(draw: st.DrawFn, role: DesiredRole) -> Request:
    """A request that is likely to be let through: about what a role's policies say."""
    trust = draw(st.booleans())
    document = role.trust_policy if trust else role.permissions_policy
    statement = draw(st.sampled_from(document["Statement"] or [{}]))
    context = draw(_CONTEXT) | dict(_fulfilled(draw, statement.get("Condition", {})))
    if trust:
        action = draw(st.sampled_from(_listed(statement.get("Action", "sts:AssumeRole"))))
        return Request(context, action, principal=draw(st.sampled_from(_PRINCIPALS)))
    actions = _listed(statement.get("Action", "s3:GetObject"))
    resources = _listed(statement.get("Resource", "arn:aws:s3:::b/in/a"))
    action = _text(draw, draw(st.sampled_from(actions))).replace("*", "s3:GetObject")
    return Request(context, action, _text(draw, draw(st.sampled_from(resources))))


def _fulfilled(draw: st.DrawFn, conditions: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Values by which most of a statement's conditions hold."""
    for operator, keys in conditions.items():
        for key, values in keys.items():
            value = draw(st.sampled_from(_listed(values)))
            if operator.startswith(("String", "Bool")) and draw(st.integers(0, 9)):
                yield key, _text(draw, value)


def _text(draw: st.DrawFn, pattern: str) -> str:
    """A text that a pattern matches."""
    more = draw(st.sampled_from(["", "deep/a", "a", "box/a"]))
    return pattern.replace("?", "n").replace("*", more) if len(pattern) > 1 else pattern


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
