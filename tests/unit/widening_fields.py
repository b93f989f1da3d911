"""For each field of a config, and each of an entry: what asks for less, and what for more."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from latchkey.services.registry import CUSTOM, NAMES, entry_class, spec
from tests.kit.examples import OTHER_ACCOUNT, PARTNER_ACCOUNT, s3_entry

Config = dict[str, Any]
"""Fields of the example config that are changed; those that are None are left out."""

USER = f"arn:aws:iam::{PARTNER_ACCOUNT}:user/app"
ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role/app"
_NETWORK = {"source_ips": ["203.0.113.0/25"]}
_TOKEN = {"oidc_provider": "token.example.com", "audience": "latchkey", "subject": "repo:a"}


def _by_token(*identities: dict[str, Any]) -> Config:
    return {"principals": [*identities], "external_id": None}


FIELDS: dict[str, list[tuple[Config, Config]]] = {
    "principals": [
        ({}, {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]}),
        ({"principals": [ROLE]}, {}),
        ({"principals": [ROLE]}, {"principals": [ROLE, USER]}),
        (_by_token(_TOKEN), _by_token({**_TOKEN, "subject": ["repo:a", "repo:b"]})),
        (_by_token(_TOKEN), _by_token(_TOKEN, {**_TOKEN, "audience": "another"})),
        (
            _by_token(_TOKEN),
            _by_token(_TOKEN, {**_TOKEN, "oidc_provider": "other.example.com"}),
        ),
        (
            _by_token({**_TOKEN, "subject": "repo:a*"}),
            _by_token({**_TOKEN, "subject": "repo:*"}),
        ),
    ],
    "external_id": [
        ({}, {"external_id": ["acme-7f3b2c91", "acme-00000000"]}),
        ({"principals": [ROLE]}, {"principals": [ROLE], "external_id": None}),
    ],
    "starts_at": [
        ({"starts_at": "2027-01-01T00:00:00Z"}, {}),
        ({"starts_at": "2027-01-01T00:00:00Z"}, {"starts_at": "2026-12-31T23:59:59Z"}),
    ],
    "max_session_duration": [({}, {"max_session_duration": 3601})],
    "source_ips": [
        (_NETWORK, {}),
        (_NETWORK, {"source_ips": ["203.0.113.0/24"]}),
        (_NETWORK, {"source_ips": ["203.0.113.0/25", "198.51.100.7/32"]}),
    ],
    "organization_id": [({"organization_id": "o-a1b2c3d4e5"}, {})],
    "require_mfa": [({"principals": [USER], "require_mfa": True}, {"principals": [USER]})],
    "session_tags": [
        ({}, {"session_tags": ["team"]}),
        ({"session_tags": ["team"]}, {"session_tags": ["cost", "team"]}),
        ({"session_tags": ["team"]}, {"session_tags": True}),
    ],
    "source_identity": [({}, {"source_identity": True})],
    "self_assume": [({}, {"self_assume": True})],
    "status": [({"status": "suspended"}, {})],
    "access": [({}, {"access": [s3_entry(prefix="in"), s3_entry(bucket="other-bucket")]})],
}
"""What asks for less, and what for more, of the fields that say who gets in, to what, and how."""

PROLONGS: dict[str, list[tuple[Config, Config]]] = {
    "expires_at": [({}, {"expires_at": "2030-01-01T00:00:01Z"})],
}

ELSEWHERE = {
    "version": "always 1",
    "partner": "another grant",
    "grant": "another grant",
    "account": "another grant: a live one cannot change it",
    "role_name": "fixed while the grant lives; in the digest",
    "purpose": "for people",
    "owner": "for people, and a tag",
    "owner_contact": "for people",
    "generate_external_id": "its value is that of `external_id`",
    "confirm_every_days": "tests/integration/test_approvals_passed_by.py",
    "tags": "where policies go by them: tests/integration/test_approvals_attacked.py",
}
"""Fields that give nothing by themselves, or are compared elsewhere."""


def _entry(name: str, **more: Any) -> Config:
    return {"service": name, **spec(name).example, **more}


def _access(*entries: Config) -> Config:
    return {"access": [*entries]}


def _custom(action: Any, resource: Any, **condition: Any) -> Config:
    statement = {"Action": action, "Resource": resource, "Condition": condition}
    return _access({"service": CUSTOM, "statements": [statement]})


_READ, _ALL = "s3:GetObjectTagging", "arn:aws:s3:::data-bucket/in/*"
_INNER = "arn:aws:s3:::data-bucket/in/deep/*"
_TEAM = "aws:PrincipalTag/team"
PARTS: dict[tuple[str, str], list[tuple[Config, Config]]] = {
    ("s3", "prefix"): [
        (_access(s3_entry(prefix="in")), _access(s3_entry())),
        (_access(s3_entry(prefix="in/a")), _access(s3_entry(prefix="in"))),
    ],
    ("execute-api", "stage"): [
        (_access(_entry("execute-api")), _access(_entry("execute-api", stage=None)))
    ],
    ("glue", "tables"): [
        (_access(_entry("glue", tables=["orders"])), _access(_entry("glue"))),
        (
            _access(_entry("glue", tables=["orders"])),
            _access(_entry("glue", tables=["orders", "people"])),
        ),
    ],
    ("cloudwatch", "namespace"): [],  # below
    (CUSTOM, "statements"): [
        (_custom(_READ, _ALL), _custom([_READ, "s3:GetObject"], _ALL)),
        (_custom(_READ, _INNER), _custom(_READ, _ALL)),
        (_custom(_READ, _ALL), _custom(_READ, [_ALL, "arn:aws:s3:::data-bucket/out/*"])),
        (_custom(_READ, _ALL, StringEquals={_TEAM: "a"}), _custom(_READ, _ALL)),
        *(
            (
                _custom(_READ, _ALL, **{operator: {key: less}}),
                _custom(_READ, _ALL, **{operator: {key: more}}),
            )
            for operator, key, less, more in (
                ("StringEquals", _TEAM, "a", ["a", "b"]),
                ("StringEqualsIfExists", _TEAM, "a", ["a", "b"]),
                ("StringEqualsIgnoreCase", _TEAM, "A", ["a", "b"]),
                ("StringNotEquals", _TEAM, ["a", "b"], "a"),
                ("StringLike", _TEAM, "ab*", "a*"),
                ("StringLike", _TEAM, "${aws:SourceIdentity}", "*"),
                ("StringNotLike", _TEAM, "a*", "ab*"),
                ("ForAnyValue:StringEquals", "aws:TagKeys", "a", ["a", "b"]),
                ("ForAllValues:StringEquals", "aws:TagKeys", "a", ["a", "b"]),
                ("IpAddress", "aws:SourceIp", "203.0.113.0/25", "203.0.113.0/24"),
                ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", "203.0.113.0/25"),
                ("NumericLessThan", "aws:MultiFactorAuthAge", "10", "20"),
                ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "20", "10"),
                (
                    *("DateLessThan", "aws:TokenIssueTime"),
                    *("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"),
                ),
                ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a", "arn:aws:iam::*:role/*"),
            )
        ),
    ],
}
"""What narrows an entry, beside its level and its options."""

ONLY_WIDER: list[tuple[Config, Config]] = [
    (
        _access({"service": "cloudwatch", "allow": "put", "namespace": "Acme"}),
        _access({"service": "cloudwatch", "allow": "put"}),
    ),
    # a variable may stand for any text, which `?` and what stands beside `*` do not
    (
        _custom(_READ, _ALL, StringLike={_TEAM: "?" * len("${aws:SourceIdentity}")}),
        _custom(_READ, _ALL, StringLike={_TEAM: "${aws:SourceIdentity}"}),
    ),
    (
        _custom(_READ, _ALL, StringLike={_TEAM: "*y}"}),
        _custom(_READ, _ALL, StringLike={_TEAM: "${aws:SourceIdentity}"}),
    ),
    (
        _custom(_READ, _ALL, ArnLike={"aws:PrincipalArn": "arn:*:*:*:*:*"}),
        _custom(_READ, _ALL, ArnLike={"aws:PrincipalArn": "arn:${aws:userid}:iam::1:role/x"}),
    ),
    (
        _custom(_READ, _ALL, StringNotEquals={_TEAM: "a"}),
        _custom(_READ, _ALL, StringNotEqualsIfExists={_TEAM: "a"}),
    ),
    (
        _custom(_READ, _ALL, StringLike={_TEAM: "a"}),
        _custom(_READ, _ALL, **{"ForAllValues:StringLike": {_TEAM: "a"}}),
    ),
    (
        _custom(_READ, _ALL, Null={_TEAM: "false"}),
        _custom(_READ, _ALL, Null={_TEAM: "true"}),
    ),
]
"""What gives more; whether the other way round gives less is not shown, and so counts as more."""


def levels() -> Iterator[tuple[str, Config, Config]]:
    """Each level beside one that has all of its actions, of each service."""
    for name in NAMES:
        for low, high in permutations(spec(name).actions, 2):
            actions = spec(name).actions
            if {*actions[low]} < {*actions[high]}:
                yield name, _access(_entry(name, allow=low)), _access(_entry(name, allow=high))


def options() -> Iterator[tuple[str, Config, Config]]:
    """Each option of each service, by each level that it adds something to."""
    for name in NAMES:
        for option in spec(name).options:
            for allow in spec(name).actions:
                if (name, option, allow) not in _REFUSED:
                    one = _entry(name, allow=allow)
                    yield f"{name}:{option}", _access(one), _access({**one, option: True})


_REFUSED = {
    ("s3", "versions", "write"),
    ("s3", "bucket_owner_full_control", "read"),
    ("kinesis", "fan_out", "write"),
}


def renamed() -> Iterator[tuple[str, Config, Config]]:
    """Another resource of each service in the place of the one of its example."""
    for name in NAMES:
        if name not in ("account", CUSTOM) and spec(name).field:
            other = {"kms": "99999999-2222-3333-4444-555555555555", "execute-api": "z1b2c3d4e5"}
            named = str(spec(name).example[spec(name).field])
            another = other.get(name, f"other-{named.strip('/')}")
            another = f"/{another}/" if named.startswith("/") else another
            if name == "bedrock":
                another = "us.amazon.nova-pro-v1:0"
            yield name, _access(_entry(name)), _access(_entry(name, **{spec(name).field: another}))


def added() -> Iterator[tuple[str, Config, Config]]:
    """An entry of each service beside another one."""
    for name in NAMES:
        alone = bool(spec(name).managed or spec(name).bounded_by)
        if name != CUSTOM and not alone:
            yield name, {}, _access(s3_entry(prefix="in"), _entry(name))


def known_fields(name: str) -> set[str]:
    """The fields of a service's entries that something above is about."""
    parts = {field for service, field in PARTS if service == name}
    return {"service", "allow", *spec(name).options, *filter(None, [spec(name).field]), *parts}


def fields_of(name: str) -> set[str]:
    """The fields of a service's entries."""
    return {*entry_class(name).model_fields}
