"""Trust statements beside the one for the partner: what sessions may bring, and the role itself.

Session tags and source identities have a statement of their own each, for the same principals: an
external ID is a key of AssumeRole only (Service Authorization Reference, "AWS STS"). Neither lets
anybody in by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from latchkey.grants.role import GRANT_TAG, OWNER_TAG, STACK_TAG
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import Statement

if TYPE_CHECKING:
    from latchkey.config.schema import PartnerConfig

ASSUME, TAG, SET_IDENTITY = "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"

SELF_ASSUME = "SelfAssume"
"""The Sid of the statements by which a role may assume itself, in both policies."""
SELF_SIDS = (SELF_ASSUME, "SelfSession")
"""The Sids of the trust statements for the role itself."""

_KEYS = "aws:TagKeys"


def session_statements(
    config: "PartnerConfig", principal: Mapping[str, Sequence[str]], conditions: Mapping[str, Any]
) -> Iterator[Statement]:
    """The statements of a config, under conditions on networks and time."""
    allowed = {"Effect": "Allow", "Principal": principal}
    if config.session_tags:
        bound = {**tag_condition(config), **conditions}
        yield {"Sid": "SessionTags", **allowed, "Action": TAG, "Condition": bound}
    if config.source_identity:
        yield {"Sid": "SourceIdentity", **allowed, "Action": SET_IDENTITY, "Condition": conditions}


def self_statements(
    role_arn: str,
    environment: AwsEnvironment,
    brings: Sequence[str],
    conditions: Mapping[str, Any],
    bringing: Mapping[str, Any],
) -> Iterator[Statement]:
    """That a role may assume itself, under the conditions for a session, and those for the rest.

    A role is not there yet to be named when it is made, so its account is, and the role by
    `aws:PrincipalArn` (IAM user guide, "AWS JSON policy elements: Principal"). Its own policy has
    to allow it as well, as that of any principal of the account.
    """
    account = f"arn:{environment.partition}:iam::{environment.account}:root"
    allowed = {"Effect": "Allow", "Principal": {"AWS": [account]}}
    itself = {"ArnEquals": {"aws:PrincipalArn": role_arn}}
    bound = {**conditions, **itself}
    yield {"Sid": SELF_ASSUME, **allowed, "Action": ASSUME, "Condition": bound}
    if brings:
        bound = {**bringing, **itself}
        yield {"Sid": SELF_SIDS[1], **allowed, "Action": list(brings), "Condition": bound}


def brought(config: "PartnerConfig") -> list[str]:
    """The actions for what sessions may bring with them, also when a role assumes itself.

    A source identity and transitive tags go on to the next session by themselves (IAM user guide,
    "Chaining roles with session tags", "Monitor and control actions taken with assumed roles").
    """
    tags = [TAG] if config.session_tags else []
    return [*tags, *([SET_IDENTITY] if config.source_identity else [])]


def tag_condition(config: "PartnerConfig") -> dict[str, dict[str, Any]]:
    """Which keys session tags may have.

    `ForAllValues` holds of a request without tags, too, which is safe where it adds nothing to
    what the session may do (IAM user guide, "Set operators for multivalued context keys"). Where
    any key is allowed, none may replace a tag of the role: their keys are the same in any case.
    """
    if isinstance(config.session_tags, tuple):
        return {"ForAllValues:StringEquals": {_KEYS: list(config.session_tags)}}
    own = sorted({*config.tags, GRANT_TAG, OWNER_TAG, STACK_TAG})
    return {
        "ForAllValues:StringNotLike": {_KEYS: "latchkey:*"},
        "ForAllValues:StringNotEqualsIgnoreCase": {_KEYS: own},
    }
