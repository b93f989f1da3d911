"""Each fix of moto is still needed: plain moto has the defect. Where a test fails, delete the fix.

Fixes for speed have no defect to see; their tests hold the source of what they replace, so that
somebody looks at them when moto changes it. `test_sandbox_moto_requests`, `…_stepfunctions` and
`…_cloudformation` have the others.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction
from moto.iam.access_control import PermissionResult
from moto.s3.models import s3_backends
from moto.sns.models import Subscription
from moto.sqs.models import SQSBackend
from moto.sqs.responses import SQSResponse
from moto.sts.models import sts_backends

from sandbox.account import ACCOUNT, PARTITION, REGION
from sandbox.moto_fixes import registry
from sandbox.moto_fixes.bedrock import have_no_models
from sandbox.moto_fixes.replacing import plain_moto, replace_member
from sandbox.moto_fixes.s3 import read_contents_one_at_a_time
from tests.unit import test_sandbox_moto_cloudtrail as cloudtrail
from tests.unit import test_sandbox_moto_delete_markers as delete_markers
from tests.unit import test_sandbox_moto_requests as requests
from tests.unit import test_sandbox_moto_stepfunctions as stepfunctions
from tests.unit.moto_source import digest


@pytest.fixture(autouse=True)
def aws() -> Iterator[Callable[[str], Any]]:
    """Clients of moto without fixes, which other tests of the same process may have applied."""
    with plain_moto(), mock_aws():
        yield lambda service: boto3.client(service, region_name=REGION)  # type: ignore[call-overload]


def test_every_fix_has_a_test() -> None:
    fixes = (*registry.FIXES, *registry.FIXES_WITH_RUNTIME)
    tests = globals() | vars(stepfunctions) | vars(delete_markers) | vars(requests)
    tests |= vars(cloudtrail)
    assert {f"test_{fix.__name__}" for fix in fixes} <= tests.keys()


def test_every_fix_says_what_it_mends() -> None:
    for fix in (*registry.FIXES, *registry.FIXES_WITH_RUNTIME):
        assert fix.__doc__, fix
        assert "moto/" in fix.__doc__, fix


class _Base:
    def told(self) -> str:
        return "by moto"

    @staticmethod
    def parsed() -> str:
        return "by moto"


class _Child(_Base):
    pass


def test_replacements_are_taken_back_for_a_while() -> None:
    replace_member(_Base, "parsed", staticmethod(lambda: "by us"))
    replace_member(_Child, "told", lambda _: "by us")
    with plain_moto():
        assert (_Base.parsed(), _Child().told()) == ("by moto", "by moto")
    assert (_Base.parsed(), _Child().told()) == ("by us", "by us")


# --- IAM, S3, SQS, Lambda, Bedrock


_MODEL = "amazon.nova-pro-v1:0"
_OF_BEDROCK: dict[str, dict[str, str]] = {
    "get_foundation_model": {"modelIdentifier": _MODEL},
    "get_inference_profile": {"inferenceProfileIdentifier": f"us.{_MODEL}"},
    "list_foundation_models": {},
    "list_inference_profiles": {},
}


def test_have_no_models(aws: Callable[[str], Any]) -> None:
    for call, parameters in _OF_BEDROCK.items():
        with pytest.raises(NotImplementedError):
            getattr(aws("bedrock"), call)(**parameters)


def test_without_models_each_call_says_so(aws: Callable[[str], Any]) -> None:
    have_no_models()
    client = aws("bedrock")
    for call, parameters in _OF_BEDROCK.items():
        if call.startswith("get"):
            with pytest.raises(client.exceptions.ResourceNotFoundException):
                getattr(client, call)(**parameters)
        else:
            answer = getattr(client, call)(**parameters)
            assert [found for found in answer.values() if isinstance(found, list)] == [[]]


def test_page_account_details(aws: Callable[[str], Any]) -> None:
    iam = aws("iam")
    for name in ("a", "b"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    page = iam.get_account_authorization_details(Filter=["Role"], MaxItems=1)
    assert (len(page["RoleDetailList"]), page["IsTruncated"]) == (2, False)


def test_remember_issue(aws: Callable[[str], Any]) -> None:
    aws("iam").create_role(RoleName="a", AssumeRolePolicyDocument="{}")
    arn = f"arn:aws:iam::{ACCOUNT}:role/a"
    aws("sts").assume_role(RoleArn=arn, RoleSessionName="session")
    (session,) = sts_backends[ACCOUNT][PARTITION].assumed_roles
    assert not {"issued", "role_id"} & vars(session).keys()


def test_have_policies_of_aws(aws: Callable[[str], Any]) -> None:
    with pytest.raises(aws("iam").exceptions.NoSuchEntityException):
        aws("iam").get_policy(PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")


def test_store_bucket_policies_only(aws: Callable[[str], Any]) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::bucket/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("s3").create_bucket(Bucket="bucket")
    aws("s3").put_bucket_policy(Bucket="bucket", Policy=policy)
    bucket = s3_backends[ACCOUNT][PARTITION].buckets["bucket"]
    found = bucket.get_permission("s3:GetObject", "arn:aws:s3:::bucket/key")
    assert found == PermissionResult.DENIED


def test_read_contents_one_at_a_time(aws: Callable[[str], Any]) -> None:
    aws("s3").create_bucket(Bucket="bucket")
    aws("s3").put_object(Bucket="bucket", Key="key", Body=b"{}")
    key = s3_backends[ACCOUNT][PARTITION].buckets["bucket"].keys["key"]
    told = key.etag

    def waits() -> bool:
        key._etag = None
        with key.lock:
            asks = Thread(target=lambda: key.etag, daemon=True)
            asks.start()
            asks.join(0.3)
            waited = asks.is_alive()
        asks.join()
        return waited

    assert not waits()
    read_contents_one_at_a_time()
    assert waits()
    assert key.etag == told


@pytest.fixture
def events(aws: Callable[[str], Any]) -> Callable[[], list[dict[str, Any]]]:
    """What a versioned bucket has notified a queue of since the last time."""
    s3, sqs = aws("s3"), aws("sqs")
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    s3.create_bucket(Bucket="bucket")
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    queue = {
        "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:events",
        "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
    }
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"QueueConfigurations": [queue]}
    )
    sqs.purge_queue(QueueUrl=url)

    def received() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"])["Records"][0] for message in found]

    return received


def test_notify_of_deletes_in_versioned_buckets(
    aws: Callable[[str], Any], events: Callable[[], list[dict[str, Any]]]
) -> None:
    s3 = aws("s3")
    older = s3.put_object(Bucket="bucket", Key="key", Body=b"1")["VersionId"]
    s3.put_object(Bucket="bucket", Key="key", Body=b"2")
    assert len(events()) == 2
    s3.delete_object(Bucket="bucket", Key="key")
    s3.delete_object(Bucket="bucket", Key="key", VersionId=older)
    assert events() == []


def test_describe_events_as_s3_does(
    aws: Callable[[str], Any], events: Callable[[], list[dict[str, Any]]]
) -> None:
    aws("s3").put_object(Bucket="bucket", Key="key", Body=b"1")
    (event,) = events()
    assert not event["s3"]["object"].keys() & {"sequencer", "versionId"}
    assert "userIdentity" not in event


def test_add_message_move_tasks() -> None:
    assert not hasattr(SQSResponse, "start_message_move_task")


def test_look_up_retention_alone() -> None:
    replaced = SQSBackend.is_message_valid_based_on_retention_period
    assert digest(replaced) == "cca23b94a5f3"


def test_run_functions_in_processes() -> None:
    """There may be a Docker here, so the source has to tell."""
    assert "_invoke_lambda" in inspect.getsource(LambdaFunction.invoke)
    assert "containers.run" in inspect.getsource(LambdaFunction._invoke_lambda)


def test_sign_with_one_key() -> None:
    assert digest(Subscription.private_key) == "193c7b8df85d"
