"""Calls by which a partner sees that its access works: one for each resource that it was given."""

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from latchkey.frozen import Frozen
from latchkey.services.entry import Entry

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
TEST_OBJECT = "latchkey-test"
"""The object that is put to try a drop box, which cannot be listed."""


class Try(Frozen):
    """One call of AWS; `shown` is what of the answer is worth showing, as a JMESPath query.

    `leaves` says in words what the call leaves behind, where there is no call that leaves nothing.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    shown: str
    leaves: str = ""

    def command(self) -> str:
        """The call as a command of the AWS CLI, without the program's name and the profile."""
        program = "s3api" if self.service == "s3" else self.service
        words = [program, self.operation]
        for name, value in self.parameters.items():
            words += [f"--{_kebab(name)}", *([] if value is True else [_text(value)])]
        words += ["--query", self.shown]
        outfile = [] if self.service != "lambda" else ["/dev/null"]
        return shlex.join([*words, *outfile])

    def python(self) -> str:
        """The call as an expression in Python, on boto3's `session`."""
        method = self.operation.replace("-", "_")
        given = ", ".join(f"{name}={_literal(value)}" for name, value in self.parameters.items())
        return f'session.client("{self.service}").{method}({given})'


def tries(access: Iterable[Entry], topics: str) -> tuple[Try, ...]:
    """The calls for a config's `access`; custom statements have none, since any may be in them.

    `topics` is what an SNS topic's ARN has between `arn:` and its name.
    """
    return tuple(one for entry in access for one in _tries(entry, topics))


def _tries(entry: Entry, topics: str) -> Iterator[Try]:
    if entry.service in _TRIES:
        yield _TRIES[entry.service](entry.model_dump(), topics)


def _s3(entry: Mapping[str, Any], _: str) -> Try:
    bucket, prefix = {"Bucket": entry["bucket"]}, entry["prefix"] or ""
    if entry["allow"] == "write":
        key = {"Key": f"{prefix}{TEST_OBJECT}"}
        return Try("s3", "put-object", bucket | key, "ETag", "an empty object of that name")
    folder = {"Prefix": prefix} if prefix else {}
    return Try("s3", "list-objects-v2", {**bucket, **folder, "MaxKeys": 1}, "KeyCount")


def _secret(entry: Mapping[str, Any], _: str) -> Try:
    return Try("secretsmanager", "get-secret-value", {"SecretId": entry["secret"]}, "VersionId")


def _queue(entry: Mapping[str, Any], _: str) -> Try:
    return Try("sqs", "get-queue-url", {"QueueName": _last(entry["queue"])}, "QueueUrl")


def _topic(entry: Mapping[str, Any], topics: str) -> Try:
    topic = entry["topic"]
    arn = topic if topic.startswith("arn:") else f"arn:{topics}:{topic}"
    given = {"TopicArn": arn, "Message": TEST_OBJECT}
    return Try("sns", "publish", given, "MessageId", "a test message to all subscribers")


def _table(entry: Mapping[str, Any], _: str) -> Try:
    return Try("dynamodb", "describe-table", {"TableName": entry["table"]}, "Table.TableStatus")


def _function(entry: Mapping[str, Any], _: str) -> Try:
    given = {"FunctionName": entry["function"], "InvocationType": "DryRun"}
    return Try("lambda", "invoke", given, "StatusCode")


def _parameter(entry: Mapping[str, Any], _: str) -> Try:
    name = entry["parameter"]
    if name.endswith("/"):
        given = {"Path": name, "Recursive": True, "MaxResults": 1}
        return Try("ssm", "get-parameters-by-path", given, "Parameters[].Name")
    given = {"Name": name, "WithDecryption": True}
    return Try("ssm", "get-parameter", given, "Parameter.Version")


def _bus(entry: Mapping[str, Any], _: str) -> Try:
    event = {"Source": TEST_OBJECT, "DetailType": TEST_OBJECT, "Detail": "{}"}
    given = {"Entries": [{**event, "EventBusName": entry["event_bus"]}]}
    return Try("events", "put-events", given, "FailedEntryCount", "a test event on the bus")


def _stream(entry: Mapping[str, Any], _: str) -> Try:
    status = "StreamDescriptionSummary.StreamStatus"
    given = {"StreamName": _last(entry["stream"])}
    return Try("kinesis", "describe-stream-summary", given, status)


_TRIES: Mapping[str, Callable[[Mapping[str, Any], str], Try]] = {
    "s3": _s3,
    "secretsmanager": _secret,
    "sqs": _queue,
    "sns": _topic,
    "dynamodb": _table,
    "lambda": _function,
    "ssm": _parameter,
    "events": _bus,
    "kinesis": _stream,
}


def _last(name: str) -> str:
    """The plain name at the end of an ARN."""
    return re.split(r"[:/]", name)[-1]


def _kebab(name: str) -> str:
    return _WORDS.sub("-", name).lower()


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, list) else str(value)


def _literal(value: Any) -> str:
    """A value as Python writes it; strings of a config hold nothing that JSON writes otherwise."""
    return repr(value) if isinstance(value, bool | int) else json.dumps(value)
