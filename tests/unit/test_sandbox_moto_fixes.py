"""Each fix of moto is still needed: plain moto has the defect. Where a test fails, delete the fix.

Fixes for speed have no defect to see; their tests hold the source of what they replace, so that
somebody looks at them when moto changes it. Those of CloudFormation have a module of their own.
"""

import copy
import hashlib
import inspect
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import backends, mock_aws
from moto.awslambda.models import LambdaFunction
from moto.core.responses import ActionResult
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoResult
from moto.events import utils as events_utils
from moto.iam.access_control import PermissionResult
from moto.s3.models import s3_backends
from moto.sqs.models import SQSBackend
from moto.sqs.responses import SQSResponse
from moto.stepfunctions.parser import utils as interpreter_utils
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import (
    lambda_eval_utils,
    state_task_lambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
    state_task_service_sfn,
)
from moto.stepfunctions.parser.asl.eval import states
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client, json_path

from sandbox.account import ACCOUNT, PARTITION
from sandbox.moto_fixes import interpreter_speed, registry
from sandbox.moto_fixes.replacing import plain_moto, replace_member

REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/workflow"
PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}


@pytest.fixture(autouse=True)
def without_fixes() -> Iterator[None]:
    """Other tests of the same process may have applied some."""
    with plain_moto():
        yield


@pytest.fixture
def aws() -> Iterator[Callable[[str], Any]]:
    """Clients of moto, with the interpreter of workflows switched on."""
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield lambda service: boto3.client(service, region_name=REGION)  # type: ignore[call-overload]


def test_every_fix_has_a_test() -> None:
    fixes = (*registry.FIXES, *registry.FIXES_WITH_RUNTIME)
    assert {f"test_{fix.__name__}" for fix in fixes} <= globals().keys()


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


def _digest(*replaced: Callable[..., Any]) -> str:
    source = "".join(inspect.getsource(member) for member in replaced)
    return hashlib.sha256(source.encode()).hexdigest()[:12]


# --- IAM, S3, SQS, Lambda


def test_page_account_details(aws: Callable[[str], Any]) -> None:
    iam = aws("iam")
    for name in ("a", "b"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    page = iam.get_account_authorization_details(Filter=["Role"], MaxItems=1)
    assert (len(page["RoleDetailList"]), page["IsTruncated"]) == (2, False)


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
    assert _digest(replaced) == "cca23b94a5f3"


def test_run_functions_in_processes() -> None:
    """There may be a Docker here, so the source has to tell."""
    assert "_invoke_lambda" in inspect.getsource(LambdaFunction.invoke)
    assert "containers.run" in inspect.getsource(LambdaFunction._invoke_lambda)


# --- DynamoDB and what is done for every request


def test_copy_only_what_a_transaction_writes() -> None:
    assert _digest(DynamoDBBackend.transact_write_items) == "81db2cb7d94e"


def test_query_one_partition() -> None:
    assert _digest(Table.query) == "002b4d00be6d"


def test_serialise_items_as_they_are() -> None:
    assert DynamoResult.execute_result is ActionResult.execute_result
    assert _digest(ActionResult.execute_result) == "6333faa349b5"


def test_list_moto_modules_once() -> None:
    assert _digest(backends.list_of_moto_modules) == "4f741a10b065"


def test_parse_each_json_path_once() -> None:
    parse = vars(json_path)["parse"]
    assert parse("$.a") is not parse("$.a")
    assert "from jsonpath_ng.ext import parse" in inspect.getsource(events_utils)


# --- Step Functions


@pytest.fixture
def run(aws: Callable[[str], Any]) -> Callable[[Any], dict[str, Any]]:
    """Runs a definition to its end; answers the description of the execution."""
    client = aws("stepfunctions")

    def ran(definition: Any) -> dict[str, Any]:
        name = f"machine-{len(client.list_state_machines()['stateMachines'])}"
        text = json.dumps(definition)
        machine = client.create_state_machine(name=name, definition=text, roleArn=ROLE)
        arn = client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
        until = time.monotonic() + 20
        while time.monotonic() < until:
            found: dict[str, Any] = client.describe_execution(executionArn=arn)
            if found["status"] != "RUNNING":
                return {**found, "machine": machine["stateMachineArn"]}
            time.sleep(0.05)
        raise AssertionError(f"{arn} does not end")

    return ran


def test_name_executions(run: Callable[[Any], dict[str, Any]]) -> None:
    assert run(PASS)["executionArn"].endswith(":None")


def test_write_start_time_as_text(run: Callable[[Any], dict[str, Any]]) -> None:
    only = {"Type": "Pass", "End": True, "Parameters": {"at.$": "$$.Execution.StartTime"}}
    with pytest.raises(TypeError, match="datetime is not JSON serializable"):
        run({"StartAt": "Only", "States": {"Only": only}})


def test_start_executions_from_executions(run: Callable[[Any], dict[str, Any]]) -> None:
    other = run(PASS)["machine"]
    start = {
        "Type": "Task",
        "End": True,
        "Resource": "arn:aws:states:::states:startExecution",
        "Parameters": {"StateMachineArn": other, "Input": {}, "Name": "nested"},
    }
    assert run({"StartAt": "Start", "States": {"Start": start}})["status"] == "FAILED"


def test_invoke_functions_directly() -> None:
    """The function would have to run, in Docker; so the source has to tell of throttling."""
    for module in (lambda_eval_utils, state_task_lambda):
        assert "TooManyRequests" not in inspect.getsource(module)


def test_parse_each_definition_once() -> None:
    parse, text = AmazonStateLanguageParser.parse, json.dumps(PASS)
    assert parse(text) is not parse(text)


def test_shorten_waits_between_retries() -> None:
    assert vars(retrier_decl)["time"] is time
    assert "time.sleep(interval_seconds)" in inspect.getsource(retrier_decl)


def test_copy_data_as_json() -> None:
    assert vars(states)["copy"] is copy
    assert "copy.deepcopy" in inspect.getsource(states)


def test_let_go_of_threads() -> None:
    assert isinstance(interpreter_utils.TMP_THREADS, list)
    for keeper in interpreter_speed.KEEPERS:
        assert keeper.TMP_THREADS is interpreter_utils.TMP_THREADS


def test_share_one_client() -> None:
    assert vars(state_task_service_sfn)["boto_client_for"] is boto_client.boto_client_for
    assert _digest(boto_client.boto_client_for) == "1f44dc2ac8aa"


def test_look_at_nested_executions_often() -> None:
    assert state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK == 0.5
