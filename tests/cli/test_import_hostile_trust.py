"""`latchkey import` of trust policies of any kind: exact, refused, or told as wider.

What the imported config lets in is held against what the role lets in, request by request, by the
sandbox's evaluation of policies, which the import knows nothing of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from latchkey.config.reader import read_document
from latchkey.config.schema import PartnerConfig
from latchkey.grants.policies import trust_policy
from latchkey_cli.importing.config import ImportedConfig, import_role
from sandbox.iam.authorisation import may_assume
from tests.cli.hand_made import GRANTED, SAID, hand_made
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, NOW, STACK_CONTEXT
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT

PARTNER = "444455556666"
OTHER = "111122223333"
APP = f"arn:aws:iam::{PARTNER}:role/app"
ALICE = f"arn:aws:iam::{PARTNER}:user/alice"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Acme_ReadRole"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
ID, ID_2 = "acme-7f3b2c91", "acme-2d4e6f80"

PRINCIPALS: list[Any] = [
    {"AWS": PARTNER},
    {"AWS": f"arn:aws:iam::{PARTNER}:root"},
    {"AWS": APP},
    {"AWS": [APP, ALICE]},
    {"AWS": [APP, OTHER]},
    {"AWS": OTHER},
    {"AWS": ROLE},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    {"AWS": "*"},
    "*",
    {"AWS": "AROAEXAMPLEEXAMPLE11"},
    {"Service": "ec2.amazonaws.com"},
    {"Service": "s3.amazonaws.com", "AWS": APP},
    {"Federated": OIDC},
    {"Federated": SAML},
    {"Federated": [OIDC, SAML]},
    {"Federated": OIDC, "AWS": APP},
]
ACTIONS: list[Any] = [
    "sts:AssumeRole",
    "sts:AssumeRole",
    ["sts:AssumeRole", "sts:TagSession"],
    ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:AssumeRoleWithWebIdentity",
    ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    "sts:AssumeRoleWithSAML",
    "STS:assume*",
    "sts:*",
    "*",
]
TIMES = ["2026-03-01T00:00:00Z", "2026-08-01T00:00:00Z", "2029-01-01T00:00:00Z"]
KEYS: dict[str, list[str]] = {
    "sts:ExternalId": [ID, ID_2, "acme-*", "*", "${aws:username}"],
    "aws:PrincipalArn": [APP, ALICE, f"arn:aws:iam::{PARTNER}:*", ROLE, "*"],
    "aws:PrincipalAccount": [PARTNER, OTHER],
    "aws:PrincipalOrgID": ["o-abcdefghij", "o-zzzzzzzzzz", "o-*"],
    "aws:PrincipalTag/team": ["data", "*"],
    "aws:SourceIp": ["198.51.100.0/24", "198.51.100.7", "203.0.113.0/24"],
    "aws:SourceAccount": [ACCOUNT],
    "aws:SourceArn": ["arn:aws:s3:::b-b-b"],
    "aws:MultiFactorAuthPresent": ["true", "false"],
    "aws:SecureTransport": ["true", "false"],
    "aws:ResourceAccount": [ACCOUNT, OTHER],
    "aws:CurrentTime": TIMES,
    "aws:TagKeys": ["team", "te*", "cost", "latchkey:*"],
    "aws:RequestTag/team": ["data"],
    "sts:SourceIdentity": ["alice", "*"],
    "sts:RoleSessionName": ["${aws:username}", "nightly"],
    f"{GITHUB}:aud": [AUDIENCE, "other"],
    f"{GITHUB}:sub": [SUBJECT, "repo:acme/*", "repo:*", "*"],
    f"{GITHUB}:actor": ["alice"],
    "saml:aud": ["https://signin.aws.amazon.com/saml"],
    "made:up": ["x"],
}
_TEXT = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase")
_ARN = ("ArnEquals", "ArnLike", "ArnNotEquals", "StringEquals", "StringLike", "StringNotLike")
_DATE = ("DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals")
_OF_KEYS: dict[str, tuple[str, ...]] = {
    "aws:PrincipalArn": _ARN,
    "aws:SourceArn": _ARN,
    "aws:SourceIp": ("IpAddress", "NotIpAddress"),
    "aws:CurrentTime": _DATE,
    "aws:MultiFactorAuthPresent": ("Bool",),
    "aws:SecureTransport": ("Bool",),
}


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Up to three conditions, each with a key of the catalogue, in one of the forms of IAM."""
    found: dict[str, dict[str, Any]] = {}
    for key in draw(st.lists(st.sampled_from([*KEYS]), max_size=3, unique=True)):
        values = draw(st.lists(st.sampled_from(KEYS[key]), min_size=1, max_size=2, unique=True))
        if draw(st.integers(0, 9)) == 0:
            found.setdefault("Null", {})[key] = draw(st.sampled_from(["true", "false"]))
            continue
        operator = draw(st.sampled_from(_OF_KEYS.get(key, _TEXT)))
        before = draw(st.sampled_from(["", "", "", "", "ForAnyValue:", "ForAllValues:"]))
        after = draw(st.sampled_from(["", "", "", "", "IfExists"]))
        one = values[0] if len(values) == 1 else values
        found.setdefault(f"{before}{operator}{after}", {})[key] = one
    return found


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A trust statement of any kind."""
    effect = draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))
    who = draw(st.sampled_from(["Principal"] * 9 + ["NotPrincipal"]))
    what = draw(st.sampled_from(["Action"] * 9 + ["NotAction"]))
    found = {
        "Effect": effect,
        who: draw(st.sampled_from(PRINCIPALS)),
        what: draw(st.sampled_from(ACTIONS)),
    }
    asked = draw(conditions())
    return {**found, "Condition": asked} if asked else found


def _callers() -> Iterator[tuple[set[str], dict[str, Any]]]:
    """Who calls: the names by which policies know them, and what IAM knows of them."""
    for account, arn in [
        (PARTNER, APP),
        (PARTNER, ALICE),
        (PARTNER, f"arn:aws:iam::{PARTNER}:role/other"),
        (OTHER, f"arn:aws:iam::{OTHER}:role/app"),
        (ACCOUNT, ROLE),
    ]:
        names = {arn, account, f"arn:aws:iam::{account}:root"}
        yield names, {"aws:PrincipalArn": arn, "aws:PrincipalAccount": account}


_MORE: list[dict[str, Any]] = [
    {},
    {"aws:PrincipalOrgID": "o-abcdefghij", "aws:PrincipalTag/team": "data"},
    {"aws:MultiFactorAuthPresent": "true"},
    {"aws:TagKeys": ["team"], "aws:RequestTag/team": "data"},
    {"aws:TagKeys": ["cost", "test"], "sts:SourceIdentity": "alice"},
    {"aws:TagKeys": ["team"], "aws:RequestTag/team": "x", "sts:SourceIdentity": "bob"},
    {"sts:RoleSessionName": "nightly", "aws:PrincipalOrgID": "o-zzzzzzzzzz"},
]
_AT = ["2026-02-28T00:00:00Z", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z"]
_IPS = ["198.51.100.7", "203.0.113.9"]
_ALWAYS = {"aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT}
Asked = tuple[str, set[str], Mapping[str, Any]]
"""The action, the caller's names, and what IAM knows of the request."""


def _requests() -> Iterator[Asked]:
    for (names, known), more, ip, at in product(_callers(), _MORE, _IPS, _AT):
        seen = {"aws:SourceIp": ip, "aws:CurrentTime": at, "aws:MultiFactorAuthPresent": "false"}
        yield "sts:AssumeRole", names, {**_ALWAYS, **seen, **known, **more}
    subjects = [SUBJECT, "repo:acme/other:ref:x", "repo:evil/app:ref:x"]
    brought: list[dict[str, Any]] = [{}, {"aws:TagKeys": ["team"], "aws:RequestTag/team": "x"}]
    for subject, audience, ip, more in product(subjects, [AUDIENCE, "other"], _IPS, brought):
        token = {f"{GITHUB}:sub": subject, f"{GITHUB}:aud": audience}
        seen = {"aws:SourceIp": ip, "aws:CurrentTime": _AT[1], **more}
        yield "sts:AssumeRoleWithWebIdentity", {OIDC}, {**_ALWAYS, **seen, **token}


REQUESTS = list(_requests())
EXTERNAL_IDS = [ID, ID_2, "acme-", "someone-else", None]


def _let_in(trust: Any, request: Asked) -> set[str | None]:
    """The external IDs with which a request passes: all that it brings has to be allowed, too."""
    action, names, context = request
    actions = [action]
    actions += ["sts:TagSession"] if "aws:TagKeys" in context else []
    actions += ["sts:SetSourceIdentity"] if "sts:SourceIdentity" in context else []
    found = set[str | None]()
    for external_id in EXTERNAL_IDS:
        sent = {"sts:ExternalId": external_id} if external_id else {}
        if all(may_assume(trust, names, {**context, **sent}, one) for one in actions):
            found.add(external_id)
    return found


def described(trust: Any) -> tuple[ImportedConfig, PartnerConfig | None]:
    """What the import says of a role with a trust policy, and the config if it is valid."""
    role = replace(hand_made(GRANTED, trust=trust), arn=ROLE)
    found = import_role(role, SAID, STACK_CONTEXT, NOW)
    return found, read_document(found.config, STACK_CONTEXT, NOW).config


def wider_requests(trust: Any, config: PartnerConfig) -> Iterator[Asked]:
    """The requests that the config lets in and the role does not.

    An external ID that is generated takes the place of whatever the role asked for: it is told to
    the partner, and to nobody else.
    """
    asks = bool(config.external_id or config.generate_external_id)
    written = trust_policy(
        config, config.external_id or ID if asks else None, AWS_ENVIRONMENT, ROLE
    )
    for request in REQUESTS:
        now, before = _let_in(written, request), _let_in(trust, request)
        if now and not (before if config.generate_external_id else now <= before):
            yield request


@given(st.lists(statements(), min_size=1, max_size=3))
def test_nothing_gets_wider_in_silence(statements_of_role: Any) -> None:
    trust = {"Version": "2012-10-17", "Statement": statements_of_role}
    found, config = described(trust)
    if config is None or any(note.kind == "wider" for note in found.notes):
        return
    assert next(wider_requests(trust, config), None) is None, (found.config, found.notes)
