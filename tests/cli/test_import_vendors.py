"""`latchkey import` of roles that well-known third parties ask for: no more, and all else told."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from policy_sentry.querying.all import get_all_actions

from latchkey.grants.policies import permissions_policy
from latchkey.iam.patterns import covers
from latchkey.iam.statement import statements_of
from sandbox.iam.authorisation import allowed
from tests.kit.arn_formats import fits, formats
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, arn_of, resources_of
from tests.kit.partners import VendorRole, other_roles, vendor_roles

WITH_NAMED_RESOURCES = [role for role in vendor_roles() if not role.managed]
GRANTED = {
    *("BICS", "ClickHouse", "Confluent Tableflow", "Databricks", "Fivetran", "Hightouch"),
    *("MongoDB Atlas Data Federation", "PubNub", "Qlik", "Segment", "Snowflake", "Stitch"),
    *("Trifacta", "a role made by hand, for objects", "a role made by hand, for a secret"),
}
NOT_AT_ALL = {"Rubrik"}
CONTEXTS = [
    {**moment, **asked}
    for moment in [{"aws:CurrentTime": "2027-01-01T00:00:00Z", "aws:SecureTransport": "true"}]
    for asked in (
        {},
        {"s3:prefix": ""},
        {"s3:prefix": "load/x"},
        {"s3:x-amz-acl": "bucket-owner-full-control"},
    )
]


def _title(role: VendorRole) -> str:
    return role.title


@cache
def _actions(service: str) -> tuple[str, ...]:
    return tuple(one for one in get_all_actions() if one.startswith(f"{service}:"))


def _requests(*documents: Any) -> Iterator[tuple[str, str]]:
    """Every action of IAM of all services in some policies, on one resource of each pattern."""
    found = [one for document in documents for one in statements_of(document)]
    patterns = {name.partition(":")[0].lower() for one in found for name in one.actions}
    arns = {arn for one in found for arn in one.resources}
    named = arns - {"*"}
    places = {arn.removesuffix(tail).replace("*", "AbCdEf") for arn in named for tail in ("", "/*")}
    for service in sorted(patterns):
        for action in _actions(service):
            for arn in sorted(places):
                if arn.split(":")[2] == service:
                    yield action, arn
            if "*" in arns:
                yield action, "*"


def _has_effect(action: str, arn: str) -> bool:
    """Whether IAM asks about an action on such a resource."""
    known = {*formats(action)}
    if arn == "*":
        return known <= {"*"}
    return any(fits(arn, one) for one in known - {"*"})


def _may(document: Any, action: str, arn: str, context: Any) -> bool:
    own = {"aws:ResourceAccount": ACCOUNT}
    return allowed([document], None, action, arn, {**own, **context})


def _within(arn: str, implied: tuple[str, ...]) -> bool:
    """Whether a resource is one that comes with what a config names, or what it lies in."""
    places = [one.rstrip("*") for one in implied]
    return any(arn.startswith(one) or one.startswith(f"{arn}/") for one in places)


@pytest.mark.parametrize("role", [*WITH_NAMED_RESOURCES, *other_roles()], ids=_title)
def test_a_vendors_role_is_kept_and_what_is_not_is_told(role: VendorRole) -> None:
    config, described = role.imported
    if config is None:
        assert role.title not in GRANTED, described.problems
        return
    assert role.title not in NOT_AT_ALL
    had = role.policies["vendor"]
    found = resources_of(config)
    implied = tuple(one.arn for infos in found for info in infos for one in info.implied)
    gets = permissions_policy(config, found, AWS_ENVIRONMENT, arn_of(config))
    noted = {kind: [n for n in described.notes if n.kind == kind] for kind in ("added", "lost")}
    added = {action for note in noted["added"] for action in note.actions}
    lost = [pattern for note in noted["lost"] for pattern in note.actions]
    itself = {f"arn:aws:iam::{ACCOUNT}:role/{role.role}", arn_of(config)}
    for action, arn in _requests(had, gets):
        for context in CONTEXTS:
            before, after = _may(had, action, arn, context), _may(gets, action, arn, context)
            if before is after or not _has_effect(action, arn):
                continue
            if after:
                told = action in added or arn in itself or _within(arn, implied)
                assert told, f"wider: {action} on {arn}, {context}"
            else:
                told = any(covers(one.lower(), action.lower()) for one in lost)
                assert told or arn in itself, f"in silence: {action} on {arn}, {context}"


@pytest.mark.parametrize("role", [*vendor_roles(), *other_roles()], ids=_title)
def test_what_is_said_of_a_vendors_role_is_short_and_right(role: VendorRole) -> None:
    _, described = role.imported
    texts = [f"{note.kind}: {note.text}" for note in described.notes]
    assert len(texts) <= 8, texts
    assert len([text for text in texts if "out of scope" in text]) <= 1, texts
    assert not [text for text in texts if "no entry names a resource" in text], texts
    assert not [note for note in described.notes if note.kind == "wider"]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Rubrik", "ec2:CreateSnapshot, ec2:CreateTags, kms:CreateGrant: out of scope"),
        ("Wiz", "ec2:CreateSnapshot, ec2:CopySnapshot, ec2:ModifySnapshotAttribute"),
        ("Databricks", "sqs:CreateQueue"),
        ("Datadog", "logs:PutSubscriptionFilter"),
    ],
)
def test_control_plane_is_named_in_one_line(title: str, words: str) -> None:
    (role,) = [one for one in vendor_roles() if one.title == title]
    _, described = role.imported
    (note,) = [one for one in described.notes if "out of scope" in one.text]
    assert words in f"{', '.join(note.actions)}: out of scope"
    assert "control plane" in note.text
