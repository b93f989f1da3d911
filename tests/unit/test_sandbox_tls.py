"""Statements that deny requests without TLS are tried, where the sandbox offers TLS."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from sandbox.compute.runtime import OWN_KEY
from tests.kit.local_aws import US, Local, refusal
from tests.kit.template import properties

POLICY = properties("ConfigBucketPolicy")["PolicyDocument"]


@pytest.fixture(autouse=True)
def _moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As the sandbox has it: moto itself takes no decision by bucket policies."""
    monkeypatch.setattr(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
    with mock_aws():
        yield


def _deny(action: str, *resources: str) -> str:
    """The template's own statement, of other resources."""
    (tls_only,) = [s for s in POLICY["Statement"] if s["Sid"] == "TlsOnly"]
    statement = {**tls_only, "Action": action, "Resource": list(resources)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _prepare() -> dict[str, Any]:
    """A bucket, a queue and a topic that take requests over TLS only, and a call of each."""
    local = Local()
    s3, sqs, sns = (local.client(name, OWN_KEY) for name in ("s3", "sqs", "sns"))
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="k", Body=b"x")
    bucket = _deny("s3:*", "arn:aws:s3:::data", "arn:aws:s3:::data/*")
    s3.put_bucket_policy(Bucket="data", Policy=bucket)
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    queue = _deny("sqs:*", f"arn:aws:sqs:us-east-1:{US}:q")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": queue})
    arn = sns.create_topic(Name="t")["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=_deny("sns:Publish", arn)
    )
    return {
        "s3": lambda client: client.get_object(Bucket="data", Key="k"),
        "sqs": lambda client: client.send_message(QueueUrl=url, MessageBody="m"),
        "sns": lambda client: client.publish(TopicArn=arn, Message="m"),
    }


@pytest.mark.parametrize("service", ["s3", "sqs", "sns"])
def test_plain_http_is_denied_where_there_is_tls(service: str) -> None:
    call = _prepare()[service]
    client = Local(tls=True).client(service)
    code, _, message = refusal(lambda: call(client))
    assert code.startswith("AccessDenied")
    assert "explicit deny in a resource-based policy" in message


@pytest.mark.parametrize("service", ["s3", "sqs", "sns"])
def test_https_is_not_denied_nor_plain_http_without_tls_nor_from_inside(service: str) -> None:
    call = _prepare()[service]
    call(Local(tls=True, scheme="https").client(service))
    call(Local().client(service))
    call(Local(tls=True).client(service, OWN_KEY))
