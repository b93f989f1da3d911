"""The calls to try: for every kind of access that a config may name, and no more than it allows."""

import ast
import shlex
from typing import Any

import pytest
from pydantic import TypeAdapter

from latchkey.iam.environment import AwsEnvironment
from latchkey.reports.handoff.trying import calls, command, python
from latchkey.services.call import Call
from latchkey.services.catalogue import AccessEntry
from latchkey.services.entry import Entry
from latchkey.services.registry import CUSTOM, spec
from tests.kit.documented.access import AWS_ENVIRONMENT, CUSTOM_EXAMPLE, infos_of
from tests.kit.documented.kinds import KINDS

_READ: TypeAdapter[Entry] = TypeAdapter(AccessEntry)


def _calls(entry: dict[str, Any]) -> tuple[Call, ...]:
    return calls([_READ.validate_python(entry)], AWS_ENVIRONMENT)


def _allowed(entry: dict[str, Any]) -> set[str]:
    read = _READ.validate_python(entry)
    found = list(infos_of(read))
    return {a for one in read.allowances(found, AWS_ENVIRONMENT) for a in one.actions}


@pytest.mark.parametrize("entry", KINDS, ids=lambda e: f"{e['service']} {e['allow']}")
def test_every_kind_of_access_has_calls_that_it_allows(entry: dict[str, Any]) -> None:
    found = _calls(entry)
    assert bool(found) == (entry["service"] != "execute-api")  # its owner knows what it answers
    needs = frozenset[str]().union(*(call.all_needs(entry["service"]) for call in found))
    if not spec(entry["service"]).managed:  # see test_call_models
        assert needs <= _allowed(entry)


@pytest.mark.parametrize(
    ("entry", "operations"),
    [
        ({"allow": "read"}, ["list-objects-v2", "get-object"]),
        ({"allow": "write"}, ["put-object"]),
        (
            {"allow": "read-write"},
            ["list-objects-v2", "put-object", "get-object", "delete-object"],
        ),
    ],
)
def test_objects_are_listed_put_and_got_as_far_as_allowed(
    entry: dict[str, Any], operations: list[str]
) -> None:
    found = _calls({"service": "s3", "bucket": "reports", "prefix": "in", **entry})
    assert [call.operation for call in found] == operations


@pytest.mark.parametrize(
    ("allow", "tagged"),
    [
        ("read", ["get-object-tagging"]),
        ("write", ["put-object-tagging"]),
        ("read-write", ["put-object-tagging", "get-object-tagging"]),
    ],
)
def test_tags_of_objects_are_tried_where_they_are_granted(allow: str, tagged: list[str]) -> None:
    entry = {"service": "s3", "bucket": "reports", "prefix": "in", "allow": allow}
    assert not [call for call in _calls(entry) if "tagging" in call.operation]
    found = _calls({**entry, "object_tags": True})
    assert [call.operation for call in found if "tagging" in call.operation] == tagged
    needs = frozenset[str]().union(*(call.all_needs("s3") for call in found))
    assert needs <= _allowed({**entry, "object_tags": True})


@pytest.mark.parametrize("fifo", [False, True])
@pytest.mark.parametrize(
    "entry",
    [
        {"service": "sqs", "queue": "orders", "allow": "send"},
        {"service": "sns", "topic": "orders", "allow": "publish"},
    ],
)
def test_messages_to_fifo_queues_and_topics_have_a_group(entry: Any, *, fifo: bool) -> None:
    field = "queue" if entry["service"] == "sqs" else "topic"
    named = {**entry, field: "orders.fifo" if fifo else "orders"}
    *_, last = _calls(named)
    assert ("MessageGroupId" in last.parameters) == fifo


def _custom(*actions: str, resource: str = "arn:aws:s3:::reports/in/*") -> tuple[Call, ...]:
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": [resource]}
    return _calls({"service": CUSTOM, "statements": [statement]})


def test_custom_statements_are_tried_by_what_they_allow() -> None:
    assert [call.operation for call in _calls(CUSTOM_EXAMPLE)] == [
        "get-object",
        "get-object-tagging",
    ]
    assert all(call.asks for call in _calls(CUSTOM_EXAMPLE)), "nothing may be listed"
    queue = "arn:aws:sqs:us-east-1:123456789012:orders"
    found = _custom("sqs:GetQueueUrl", "sqs:SendMessage", resource=queue)
    assert [call.operation for call in found] == ["get-queue-url", "send-message"]
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    assert [call.operation for call in _custom("dynamodb:Scan", resource=table)] == ["scan"]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sqs:PurgeQueue", "arn:aws:sqs:us-east-1:123456789012:orders"),
        (
            "secretsmanager:PutSecretValue",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf",
        ),
        ("s3:DeleteObjectVersion", "arn:aws:s3:::reports/in/*"),
    ],
)
def test_nothing_that_destroys_is_for_trying(action: str, resource: str) -> None:
    assert _custom(action, resource=resource) == ()


@pytest.mark.parametrize("entry", KINDS, ids=lambda e: f"{e['service']} {e['allow']}")
def test_calls_are_one_command_and_python_that_compiles(entry: dict[str, Any]) -> None:
    for call in _calls(entry):
        line = command(call, "acme-main")
        assert "\n" not in line
        assert shlex.split(line)[:4] == [
            "aws",
            "--profile",
            "acme-main",
            call.program or call.client,
        ]
        ast.parse("\n".join(python(call)))


def test_values_of_other_answers_are_asked_for_in_place() -> None:
    _, call = _calls({"service": "s3", "bucket": "reports", "prefix": "in", "allow": "read"})
    assert command(call, "p") == (
        'aws --profile p s3api get-object --bucket reports --key "$(aws --profile p s3api '
        "list-objects-v2 --bucket reports --prefix in/ --max-keys 1 --query 'Contents[0].Key' "
        '--output text)" --query ContentLength /dev/null'
    )
    head, body = python(call)
    assert head.startswith("for found in session.client(") and head.endswith("[])[:1]:")
    assert body.endswith('get_object(Bucket="reports", Key=found["Key"])')


def test_urls_of_queues_are_of_the_partition() -> None:
    arn = "arn:aws-cn:sqs:cn-north-1:123456789012:orders"
    china = AwsEnvironment("aws-cn", "cn-north-1", "123456789012", "amazonaws.com.cn")
    values = dict(spec("sqs").pasted({"queue": "orders"}, arn, china))
    assert values["queue URL"] == "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders"
