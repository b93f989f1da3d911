"""The catalogue: each kind of access has exactly its actions, on exactly what was named."""

import re
from typing import Any

import pytest

from latchkey.grants.policies import permissions_policy
from latchkey.services.registry import NAMES as SERVICES
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    KEY_ARN,
    OTHER_ACCOUNT,
    config,
    resources_of,
)
from tests.unit.catalogue_entries import ENTRIES, SEARCH, entry_of, label_of
from tests.unit.catalogue_neighbours import HERE, NAMES


def _statements(entry: dict[str, Any], *keys: str) -> list[dict[str, Any]]:
    asked = config(access=[entry])
    found: list[dict[str, Any]] = permissions_policy(
        asked, resources_of(asked, AWS_ENVIRONMENT, keys), AWS_ENVIRONMENT
    )["Statement"]
    return found


@pytest.mark.parametrize(("entry", "actions", "key_actions"), ENTRIES, ids=label_of)
def test_access_is_exactly_these_actions(
    entry: dict[str, Any], actions: list[str], key_actions: list[str]
) -> None:
    plain = [action for statement in _statements(entry) for action in statement["Action"]]
    assert sorted(plain) == sorted(actions)
    keyed = [a for statement in _statements(entry, KEY_ARN) for a in statement["Action"]]
    assert sorted(keyed) == sorted([*actions, *key_actions])


def test_every_service_is_tried() -> None:
    assert {entry["service"] for entry, _, _ in ENTRIES} == {*SERVICES} - {"account", "custom"}


def _matches(pattern: str, arn: str) -> bool:
    """As IAM matches resources: `*` any text, `?` any one character."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), arn) is not None


@pytest.mark.parametrize(("entry", "reached", "beside"), NAMES, ids=label_of)
def test_access_reaches_what_was_named_and_no_neighbour(
    entry: dict[str, Any], reached: str, beside: list[str]
) -> None:
    patterns = [p for statement in _statements(entry) for p in statement["Resource"]]
    assert any(_matches(pattern, reached) for pattern in patterns)
    elsewhere = [reached.replace("us-east-1", "eu-west-1"), reached.replace(ACCOUNT, OTHER_ACCOUNT)]
    for neighbour in [*beside, *(arn for arn in elsewhere if arn != reached)]:
        assert not any(_matches(pattern, neighbour) for pattern in patterns), neighbour


def test_items_are_never_addressed_through_an_index() -> None:
    """GetItem and the writes know no index; only the search does."""
    entry = entry_of("dynamodb", table="items", allow="read-write")
    for statement in _statements(entry):
        through_index = any("/index/" in resource for resource in statement["Resource"])
        assert through_index == (sorted(statement["Action"]) == SEARCH)


HTTP_TOO = {"dynamodb", "s3", "sns", "sqs"}


@pytest.mark.parametrize(("entry", "actions", "key_actions"), ENTRIES, ids=label_of)
def test_https_is_asked_for_where_the_service_answers_without(
    entry: dict[str, Any], actions: list[str], key_actions: list[str]
) -> None:
    assert actions
    assert key_actions is not None
    for statement in _statements(entry):
        secure = statement["Condition"].get("Bool") == {"aws:SecureTransport": "true"}
        assert secure == (statement["Action"][0].split(":")[0] in HTTP_TOO)


CONTEXTS: dict[str, dict[str, Any]] = {
    "s3": {"aws:s3:arn": ["arn:aws:s3:::data-bucket", "arn:aws:s3:::data-bucket/*"]},
    "secretsmanager": {"SecretARN": f"arn:aws:secretsmanager:{HERE}:secret:acme/api-AbCdEf"},
    "sqs": {"aws:sqs:arn": f"arn:aws:sqs:{HERE}:orders"},
    "sns": {"aws:sns:topicArn": f"arn:aws:sns:{HERE}:news"},
    "dynamodb": {"aws:dynamodb:tableName": "items", "aws:dynamodb:subscriberId": ACCOUNT},
    "kinesis": {"aws:kinesis:arn": f"arn:aws:kinesis:{HERE}:stream/clicks"},
    "glue": {"glue_catalog_id": ACCOUNT},
    "athena": {
        "aws:s3:arn": ["arn:aws:s3:::query-results", "arn:aws:s3:::query-results/partners/*"]
    },
}
THROUGH = {"athena": "s3"}
"""Whose keys are those of what they imply."""


@pytest.mark.parametrize(("entry", "actions", "key_actions"), ENTRIES, ids=label_of)
def test_key_is_bound_to_service_region_and_encryption_context(
    entry: dict[str, Any], actions: list[str], key_actions: list[str]
) -> None:
    assert actions
    keyed = [s for s in _statements(entry, KEY_ARN) if s["Sid"].endswith("Key")]
    assert bool(keyed) == bool(key_actions)
    for statement in keyed:
        assert statement["Resource"] == [KEY_ARN]
        condition = statement["Condition"]
        bound = condition["StringEquals"] | condition.get("StringLike", {})
        service = THROUGH.get(entry["service"], entry["service"])
        assert bound.pop("kms:ViaService") == f"{service}.us-east-1.amazonaws.com"
        wanted: dict[str, Any] = CONTEXTS.get(entry["service"], {})
        if entry["service"] == "ssm":
            below = entry["parameter"].removeprefix("/") + "*" * entry["parameter"].endswith("/")
            wanted = {"PARAMETER_ARN": f"arn:aws:ssm:{HERE}:parameter/{below}"}
        assert bound == {f"kms:EncryptionContext:{key}": value for key, value in wanted.items()}
