"""The catalogue: each kind of access has exactly its actions, on exactly what was named."""

import re
from typing import Any

import pytest

from latchkey.domain import services
from latchkey.domain.catalogue import SERVICES
from latchkey.domain.policies import permissions_policy
from tests.kit.examples import (
    ACCOUNT,
    KEY_ARN,
    OTHER_ACCOUNT,
    PLACE,
    config,
    facts_of,
    read,
    s3_entry,
    secret_entry,
)

HERE = f"us-east-1:{ACCOUNT}"
LOOK_AT_QUEUE = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
LOOK_AT_STREAM = ["kinesis:DescribeStreamSummary", "kinesis:ListShards"]
READ_ITEMS = ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem"]
SEARCH = ["dynamodb:Query", "dynamodb:Scan"]
WRITE_ITEMS = [
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
]
READ_OBJECTS = ["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"]
WRITE_OBJECTS = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]
DECRYPT, BOTH = ["kms:Decrypt"], ["kms:Decrypt", "kms:GenerateDataKey"]


def _entry(service: str, **fields: Any) -> dict[str, Any]:
    return {"service": service, **fields}


ENTRIES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    (s3_entry(allow="read"), READ_OBJECTS, DECRYPT),
    (s3_entry(allow="write"), WRITE_OBJECTS, BOTH),
    (s3_entry(), [*READ_OBJECTS, *WRITE_OBJECTS, "s3:DeleteObject"], BOTH),
    (secret_entry(), ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], DECRYPT),
    (_entry("sqs", queue="orders", allow="send"), [*LOOK_AT_QUEUE, "sqs:SendMessage"], BOTH),
    (
        _entry("sqs", queue="orders", allow="consume"),
        [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            *LOOK_AT_QUEUE,
            "sqs:ReceiveMessage",
        ],
        DECRYPT,
    ),
    (_entry("sns", topic="news", allow="publish"), ["sns:Publish"], BOTH),
    (_entry("dynamodb", table="items", allow="read"), [*READ_ITEMS, *SEARCH], DECRYPT),
    (
        _entry("dynamodb", table="items", allow="read-write"),
        [*READ_ITEMS, *SEARCH, *WRITE_ITEMS],
        DECRYPT,
    ),
    (_entry("lambda", function="quote", allow="invoke"), ["lambda:InvokeFunction"], []),
    (
        _entry("ssm", parameter="/app/host", allow="read"),
        ["ssm:GetParameter", "ssm:GetParameters"],
        DECRYPT,
    ),
    (
        _entry("ssm", parameter="/app/", allow="read"),
        ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        DECRYPT,
    ),
    (_entry("events", event_bus="bus", allow="put"), ["events:PutEvents"], []),
    (
        _entry("kinesis", stream="clicks", allow="read"),
        [
            "kinesis:DescribeStream",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            *LOOK_AT_STREAM,
        ],
        DECRYPT,
    ),
    (
        _entry("kinesis", stream="clicks", allow="write"),
        [*LOOK_AT_STREAM, "kinesis:PutRecord", "kinesis:PutRecords"],
        ["kms:GenerateDataKey"],
    ),
]


def _statements(entry: dict[str, Any], *keys: str) -> list[dict[str, Any]]:
    asked = config(access=[entry])
    found: list[dict[str, Any]] = permissions_policy(asked, facts_of(asked, PLACE, keys), PLACE)[
        "Statement"
    ]
    return found


def _label(value: Any) -> str | None:
    return " ".join(map(str, value.values())) if isinstance(value, dict) else None


@pytest.mark.parametrize(("entry", "actions", "key_actions"), ENTRIES, ids=_label)
def test_access_is_exactly_these_actions(
    entry: dict[str, Any], actions: list[str], key_actions: list[str]
) -> None:
    plain = [action for statement in _statements(entry) for action in statement["Action"]]
    assert sorted(plain) == sorted(actions)
    keyed = [a for statement in _statements(entry, KEY_ARN) for a in statement["Action"]]
    assert sorted(keyed) == sorted([*actions, *key_actions])


def test_every_service_is_tried() -> None:
    assert {entry["service"] for entry, _, _ in ENTRIES} == set(SERVICES) - {"custom"}


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
        _entry("sqs", queue="orders", allow="send"),
        f"arn:aws:sqs:{HERE}:orders",
        [f"arn:aws:sqs:{HERE}:orders2", f"arn:aws:sqs:{HERE}:orders.fifo"],
    ),
    (
        _entry("sns", topic="news", allow="publish"),
        f"arn:aws:sns:{HERE}:news",
        [f"arn:aws:sns:{HERE}:news2"],
    ),
    (
        _entry("dynamodb", table="items", allow="read-write"),
        f"arn:aws:dynamodb:{HERE}:table/items/index/by-name",
        [
            f"arn:aws:dynamodb:{HERE}:table/items2",
            f"arn:aws:dynamodb:{HERE}:table/items2/index/by-name",
            f"arn:aws:dynamodb:{HERE}:table/items/stream/1",
            f"arn:aws:dynamodb:{HERE}:table/items/backup/1",
        ],
    ),
    (
        _entry("lambda", function="quote", allow="invoke"),
        f"arn:aws:lambda:{HERE}:function:quote",
        [
            f"arn:aws:lambda:{HERE}:function:quote2",
            f"arn:aws:lambda:{HERE}:function:quote:live",
        ],
    ),
    (
        _entry("lambda", function="quote:live", allow="invoke"),
        f"arn:aws:lambda:{HERE}:function:quote:live",
        [f"arn:aws:lambda:{HERE}:function:quote", f"arn:aws:lambda:{HERE}:function:quote:next"],
    ),
    (
        _entry("ssm", parameter="/app/host", allow="read"),
        f"arn:aws:ssm:{HERE}:parameter/app/host",
        [f"arn:aws:ssm:{HERE}:parameter/app/hostname", f"arn:aws:ssm:{HERE}:parameter/app"],
    ),
    (
        _entry("ssm", parameter="/app/", allow="read"),
        f"arn:aws:ssm:{HERE}:parameter/app/host",
        [f"arn:aws:ssm:{HERE}:parameter/apple/host", f"arn:aws:ssm:{HERE}:parameter/other"],
    ),
    (
        _entry("events", event_bus="bus", allow="put"),
        f"arn:aws:events:{HERE}:event-bus/bus",
        [f"arn:aws:events:{HERE}:event-bus/bus2", f"arn:aws:events:{HERE}:event-bus/default"],
    ),
    (
        _entry("kinesis", stream="clicks", allow="read"),
        f"arn:aws:kinesis:{HERE}:stream/clicks",
        [f"arn:aws:kinesis:{HERE}:stream/clicks2"],
    ),
]


def _matches(pattern: str, arn: str) -> bool:
    """As IAM matches resources: `*` any text, `?` any one character."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), arn) is not None


@pytest.mark.parametrize(("entry", "reached", "beside"), NAMES, ids=_label)
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
    entry = _entry("dynamodb", table="items", allow="read-write")
    for statement in _statements(entry):
        through_index = any("/index/" in resource for resource in statement["Resource"])
        assert through_index == (sorted(statement["Action"]) == SEARCH)


HTTP_TOO = {"dynamodb", "s3", "sns", "sqs"}


@pytest.mark.parametrize(("entry", "actions", "key_actions"), ENTRIES, ids=_label)
def test_https_is_asked_for_where_the_service_answers_without(
    entry: dict[str, Any], actions: list[str], key_actions: list[str]
) -> None:
    assert actions
    assert key_actions is not None
    for statement in _statements(entry):
        secure = statement["Condition"].get("Bool") == {"aws:SecureTransport": "true"}
        assert secure == (entry["service"] in HTTP_TOO)


CONTEXTS: dict[str, dict[str, Any]] = {
    "s3": {"aws:s3:arn": ["arn:aws:s3:::data-bucket", "arn:aws:s3:::data-bucket/*"]},
    "secretsmanager": {"SecretARN": f"arn:aws:secretsmanager:{HERE}:secret:acme/api-AbCdEf"},
    "sqs": {"aws:sqs:arn": f"arn:aws:sqs:{HERE}:orders"},
    "sns": {"aws:sns:topicArn": f"arn:aws:sns:{HERE}:news"},
    "dynamodb": {"aws:dynamodb:tableName": "items", "aws:dynamodb:subscriberId": ACCOUNT},
    "kinesis": {"aws:kinesis:arn": f"arn:aws:kinesis:{HERE}:stream/clicks"},
}


@pytest.mark.parametrize(("entry", "actions", "key_actions"), ENTRIES, ids=_label)
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
        assert bound.pop("kms:ViaService") == f"{entry['service']}.us-east-1.amazonaws.com"
        wanted: dict[str, Any] = CONTEXTS.get(entry["service"], {})
        if entry["service"] == "ssm":
            below = entry["parameter"].removeprefix("/") + "*" * entry["parameter"].endswith("/")
            wanted = {"PARAMETER_ARN": f"arn:aws:ssm:{HERE}:parameter/{below}"}
        assert bound == {f"kms:EncryptionContext:{key}": value for key, value in wanted.items()}


FIELDS = {
    "s3": ("bucket", "read"),
    "secretsmanager": ("secret", "read"),
    "sqs": ("queue", "send"),
    "sns": ("topic", "publish"),
    "dynamodb": ("table", "read"),
    "lambda": ("function", "invoke"),
    "ssm": ("parameter", "read"),
    "events": ("event_bus", "put"),
    "kinesis": ("stream", "read"),
}
BAD_NAMES = [
    "",
    "*",
    "name*",
    "name?",
    "na me",
    "${aws:username}",
    "name\n",
    "näme",
    "n\u0430me",
    "name\x00",
    'na"me',
    "x" * 2_000,
    "arn:aws:iam::123456789012:role/name",
    "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
]


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("service", FIELDS)
def test_name_that_is_no_single_name_is_rejected_where_it_stands(service: str, name: str) -> None:
    field, allow = FIELDS[service]
    found = read(access=[_entry(service, **{field: name, "allow": allow})])
    assert [problem.path for problem in found.problems] == [f"/access/0/{field}"]
    assert re.search(r"not a|write the", found.problems[0].message)


@pytest.mark.parametrize("service", FIELDS)
def test_unknown_kind_of_access_is_told_with_those_that_there_are(service: str) -> None:
    field, allow = FIELDS[service]
    (problem,) = read(access=[_entry(service, **{field: "abc", "allow": "everything"})]).problems
    assert problem.path == "/access/0/allow"
    assert allow in problem.message


ELSEWHERE = [
    ("secretsmanager", "arn:aws:secretsmanager:{}:secret:api-AbCdEf"),
    ("sqs", "arn:aws:sqs:{}:orders"),
    ("sns", "arn:aws:sns:{}:news"),
    ("dynamodb", "arn:aws:dynamodb:{}:table/items"),
    ("lambda", "arn:aws:lambda:{}:function:quote"),
    ("events", "arn:aws:events:{}:event-bus/bus"),
    ("kinesis", "arn:aws:kinesis:{}:stream/clicks"),
]


@pytest.mark.parametrize("where", [f"eu-west-1:{ACCOUNT}", f"us-east-1:{OTHER_ACCOUNT}"])
@pytest.mark.parametrize(("service", "arn"), ELSEWHERE)
def test_resource_of_another_account_or_region_is_rejected(
    service: str, arn: str, where: str
) -> None:
    field, allow = FIELDS[service]
    entry = _entry(service, **{field: arn.format(where), "allow": allow})
    (problem,) = read(access=[entry]).problems
    assert problem.path == f"/access/0/{field}"
    assert "grant it from a stack there" in problem.message


@pytest.mark.parametrize("name", ["/aws/service/x", "ssm-x", "/ssm/x/"])
def test_parameters_of_aws_are_not_ours_to_grant(name: str) -> None:
    if name == "ssm-x":
        assert read(access=[_entry("ssm", parameter=name, allow="read")]).problems == ()
        return
    (problem,) = read(access=[_entry("ssm", parameter=name, allow="read")]).problems
    assert "belong to AWS" in problem.message


def test_names_of_services_are_those_of_the_catalogue() -> None:
    assert services.SERVICES == SERVICES
