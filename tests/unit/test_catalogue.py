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
    s3_entry,
    secret_entry,
)
from tests.unit.catalogue_entries import ENTRIES, SEARCH, entry_of, label_of

HERE = f"us-east-1:{ACCOUNT}"


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


NAMES: list[tuple[dict[str, Any], str, list[str]]] = [
    (s3_entry(bucket="data", prefix="in"), "arn:aws:s3:::data/in/a", ["arn:aws:s3:::data/inbox/a"]),
    (
        s3_entry(bucket="data"),
        "arn:aws:s3:::data/a/b",
        ["arn:aws:s3:::database/a", "arn:aws:s3:::database"],
    ),
    (
        secret_entry(secret="api"),
        f"arn:aws:secretsmanager:{HERE}:secret:api-AbCdEf",
        [
            f"arn:aws:secretsmanager:{HERE}:secret:api-AbCdEg",
            f"arn:aws:secretsmanager:{HERE}:secret:api-second-AbCdEf",
        ],
    ),
    (
        entry_of("sqs", queue="orders", allow="send"),
        f"arn:aws:sqs:{HERE}:orders",
        [f"arn:aws:sqs:{HERE}:orders2", f"arn:aws:sqs:{HERE}:orders.fifo"],
    ),
    (
        entry_of("sns", topic="news", allow="publish"),
        f"arn:aws:sns:{HERE}:news",
        [f"arn:aws:sns:{HERE}:news2"],
    ),
    (
        entry_of("dynamodb", table="items", allow="read-write"),
        f"arn:aws:dynamodb:{HERE}:table/items/index/by-name",
        [
            f"arn:aws:dynamodb:{HERE}:table/items2",
            f"arn:aws:dynamodb:{HERE}:table/items2/index/by-name",
            f"arn:aws:dynamodb:{HERE}:table/items/stream/1",
            f"arn:aws:dynamodb:{HERE}:table/items/backup/1",
        ],
    ),
    (
        entry_of("lambda", function="quote", allow="invoke"),
        f"arn:aws:lambda:{HERE}:function:quote",
        [
            f"arn:aws:lambda:{HERE}:function:quote2",
            f"arn:aws:lambda:{HERE}:function:quote:live",
        ],
    ),
    (
        entry_of("lambda", function="quote:live", allow="invoke"),
        f"arn:aws:lambda:{HERE}:function:quote:live",
        [f"arn:aws:lambda:{HERE}:function:quote", f"arn:aws:lambda:{HERE}:function:quote:next"],
    ),
    (
        entry_of("ssm", parameter="/app/host", allow="read"),
        f"arn:aws:ssm:{HERE}:parameter/app/host",
        [f"arn:aws:ssm:{HERE}:parameter/app/hostname", f"arn:aws:ssm:{HERE}:parameter/app"],
    ),
    (
        entry_of("ssm", parameter="/app/", allow="read"),
        f"arn:aws:ssm:{HERE}:parameter/app/host",
        [f"arn:aws:ssm:{HERE}:parameter/apple/host", f"arn:aws:ssm:{HERE}:parameter/other"],
    ),
    (
        entry_of("events", event_bus="bus", allow="put"),
        f"arn:aws:events:{HERE}:event-bus/bus",
        [f"arn:aws:events:{HERE}:event-bus/bus2", f"arn:aws:events:{HERE}:event-bus/default"],
    ),
    (
        entry_of("kinesis", stream="clicks", allow="read"),
        f"arn:aws:kinesis:{HERE}:stream/clicks",
        [f"arn:aws:kinesis:{HERE}:stream/clicks2"],
    ),
    (
        entry_of("states", state_machine="intake", allow="start"),
        f"arn:aws:states:{HERE}:stateMachine:intake",
        [
            f"arn:aws:states:{HERE}:stateMachine:intake2",
            f"arn:aws:states:{HERE}:execution:intake:1",
        ],
    ),
    (
        entry_of("logs", log_group="/app/import", allow="read"),
        f"arn:aws:logs:{HERE}:log-group:/app/import:log-stream:a/b",
        [
            f"arn:aws:logs:{HERE}:log-group:/app/import2:log-stream:a",
            f"arn:aws:logs:{HERE}:log-group:/app/import/x:log-stream:a",
            f"arn:aws:logs:{HERE}:log-group:/app:log-stream:a",
        ],
    ),
    (
        s3_entry(bucket="data", prefix="in", bucket_owner_full_control=True, versions=True),
        "arn:aws:s3:::data/in/a",
        ["arn:aws:s3:::data/inbox/a", "arn:aws:s3:::data/other"],
    ),
    (
        entry_of("dynamodb", table="items", allow="read", stream=True),
        f"arn:aws:dynamodb:{HERE}:table/items/stream/1",
        [f"arn:aws:dynamodb:{HERE}:table/items2/stream/1"],
    ),
    (
        entry_of("kinesis", stream="clicks", allow="read", fan_out=True),
        f"arn:aws:kinesis:{HERE}:stream/clicks/consumer/theirs:1",
        [f"arn:aws:kinesis:{HERE}:stream/clicks2/consumer/theirs:1"],
    ),
    (
        entry_of("execute-api", api="a1b2c3d4e5", stage="prod", allow="invoke"),
        f"arn:aws:execute-api:{HERE}:a1b2c3d4e5/prod/GET/orders/1",
        [
            f"arn:aws:execute-api:{HERE}:a1b2c3d4e5/production/GET/orders",
            f"arn:aws:execute-api:{HERE}:a1b2c3d4e5/test/GET/orders",
            f"arn:aws:execute-api:{HERE}:b1b2c3d4e5/prod/GET/orders",
        ],
    ),
    (
        entry_of("firehose", stream="to-lake", allow="put"),
        f"arn:aws:firehose:{HERE}:deliverystream/to-lake",
        [f"arn:aws:firehose:{HERE}:deliverystream/to-lake2"],
    ),
    (
        entry_of("sagemaker", endpoint="Score", allow="invoke"),
        f"arn:aws:sagemaker:{HERE}:endpoint/score",
        [f"arn:aws:sagemaker:{HERE}:endpoint/score2", f"arn:aws:sagemaker:{HERE}:model/score"],
    ),
    (
        entry_of("ses", identity="news.example", allow="send"),
        f"arn:aws:ses:{HERE}:identity/news.example",
        [
            f"arn:aws:ses:{HERE}:identity/old.news.example",
            f"arn:aws:ses:{HERE}:identity/news.example2",
            f"arn:aws:ses:{HERE}:configuration-set/other",
        ],
    ),
]


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
