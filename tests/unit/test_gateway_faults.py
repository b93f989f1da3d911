"""Answers of AWS that moto does not give: conflicts, refusals, things that are there already."""

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import ANY, Stubber

from latchkey.aws.config_bucket import ConfigBucket, UnreadableFile
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.iam import IamGateway
from latchkey.aws.leases import Leases
from latchkey.aws.preflight import Preflight
from latchkey.aws.run_record import RunRecord
from latchkey.aws.scheduler import ScheduleGateway
from latchkey.aws.table import Table
from latchkey.aws.workflow import Workflow
from latchkey.config.problem import ConfigRejected
from latchkey.errors import (
    LatchkeyError,
    LeaseLost,
    PermissionDenied,
    PlanStale,
    PrincipalNotFound,
    Throttled,
    UnexpectedAwsError,
)
from latchkey.grant_id import GrantId
from latchkey.grants.change import DeleteSchedule, PutRolePolicy, PutSchedule, UpdateRole
from latchkey.grants.role_changes import plan_role
from tests.kit.examples import NOW, STACK_CONTEXT, config, desired, s3_entry

ACME = GrantId("acme", "main")
EVENT = {"pk": "GRANT#acme.main", "sk": "EVENT#1"}


def _stub(service: str, *, activate: bool = True) -> tuple[Any, Stubber]:
    client: Any = boto3.client(service, region_name="us-east-1")  # type: ignore[call-overload]
    stub = Stubber(client)
    if activate:
        stub.activate()
    return client, stub


REASONS: list[tuple[list[str], type[LatchkeyError]]] = [
    (["None", "ConditionalCheckFailed"], LeaseLost),
    (["TransactionConflict", "None"], Throttled),
    (["ThrottlingError"], Throttled),
    (["None", "ConditionalCheckFailed", "TransactionConflict"], LeaseLost),
    (["ItemCollectionSizeLimitExceeded"], UnexpectedAwsError),
]


@pytest.mark.parametrize(("codes", "kind"), REASONS, ids=str)
def test_cancelled_transaction_is_classified_by_its_reasons(
    codes: list[str], kind: type[LatchkeyError]
) -> None:
    client, stub = _stub("dynamodb")
    fields = {"CancellationReasons": [{"Code": code} for code in codes]}
    stub.add_response("get_item", {})
    stub.add_client_error(
        "transact_write_items", "TransactionCanceledException", modeled_fields=fields
    )
    stub.add_response("get_item", {})
    table = GrantTable(Table(client, "table"), "123456789012")
    with pytest.raises(kind):
        table.record(RunRecord("run", grant=ACME, event=EVENT))


def test_lease_that_a_transaction_is_at_work_on_is_tried_again() -> None:
    client, stub = _stub("dynamodb")
    stub.add_client_error("update_item", "TransactionConflictException")
    with pytest.raises(Throttled):
        Leases(Table(client, "table")).acquire(ACME, "run", NOW)


def test_giving_back_a_lease_that_is_anothers_does_nothing() -> None:
    client, stub = _stub("dynamodb")
    stub.add_client_error("delete_item", "ConditionalCheckFailedException")
    stub.add_client_error("update_item", "ConditionalCheckFailedException")
    Leases(Table(client, "table")).release(ACME, "run")
    stub.assert_no_pending_responses()


def test_execution_that_was_started_already_is_no_error() -> None:
    client, stub = _stub("stepfunctions")
    stub.add_client_error("start_execution", "ExecutionAlreadyExists")
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:w"
    Workflow(client, arn).start("name", {})
    stub.add_client_error("start_execution", "ExecutionLimitExceeded")
    with pytest.raises(UnexpectedAwsError):
        Workflow(client, arn).start("name", {})


PUT = PutSchedule("acme.main", "2030-01-01T00:00:00Z")


def test_schedule_that_exists_is_updated() -> None:
    client, stub = _stub("scheduler")
    stub.add_client_error("create_schedule", "ConflictException")
    stub.add_response("update_schedule", {"ScheduleArn": "arn:schedule"})
    ScheduleGateway(client, "group", "arn:workflow", "arn:role").apply(PUT)
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("answer", ["ConflictException", "ResourceNotFoundException"])
def test_schedule_that_is_being_changed_or_has_just_fired_makes_the_plan_stale(answer: str) -> None:
    client, stub = _stub("scheduler")
    stub.add_client_error("create_schedule", "ConflictException")
    stub.add_client_error("update_schedule", answer)
    with pytest.raises(PlanStale):
        ScheduleGateway(client, "group", "arn:workflow", "arn:role").apply(PUT)


def test_schedule_that_is_gone_is_as_good_as_deleted() -> None:
    client, stub = _stub("scheduler")
    stub.add_client_error("delete_schedule", "ResourceNotFoundException")
    ScheduleGateway(client, "group").apply(DeleteSchedule("acme.main"))
    stub.assert_no_pending_responses()


def test_unknown_principal_is_reported_as_such() -> None:
    client, stub = _stub("iam")
    message = 'Invalid principal in policy: "AWS":"arn:aws:iam::444455556666:role/gone"'
    stub.add_client_error("create_role", "MalformedPolicyDocument", message)
    create, _ = plan_role(desired(), None)
    with pytest.raises(PrincipalNotFound, match="role/gone"):
        IamGateway(client).apply(create)


def test_refusal_for_a_role_that_is_gone_makes_the_plan_stale() -> None:
    client, stub = _stub("iam")
    stub.add_client_error("update_role", "AccessDenied")
    stub.add_client_error("get_role", "NoSuchEntity")
    with pytest.raises(PlanStale):
        IamGateway(client).apply(UpdateRole("partner-acme.main", "text", 3600))


def test_refusal_for_a_role_that_is_there_stays_a_refusal() -> None:
    client, stub = _stub("iam")
    role = {"Path": "/", "RoleName": "r", "RoleId": "AROA" + "X" * 17, "Arn": "arn:" + "x" * 20}
    stub.add_client_error("put_role_policy", "AccessDenied")
    stub.add_response("get_role", {"Role": {**role, "CreateDate": NOW}}, {"RoleName": ANY})
    with pytest.raises(PermissionDenied):
        IamGateway(client).apply(PutRolePolicy("partner-acme.main", "latchkey-access", {}))


def test_config_that_may_not_be_read_is_no_removal() -> None:
    client, stub = _stub("s3")
    stub.add_client_error("get_object", "AccessDenied", http_status_code=403)
    stub.add_client_error("list_object_versions", "AccessDenied", http_status_code=403)
    found = ConfigBucket(client, "bucket").newest("partners/a.json")
    assert isinstance(found, UnreadableFile)


def test_bucket_of_another_account_is_a_problem_of_the_config() -> None:
    client, stub = _stub("s3")
    stub.add_client_error("get_bucket_encryption", "AccessDenied", http_status_code=403)
    (entry,) = config(access=[s3_entry(bucket="theirs")]).access
    with pytest.raises(ConfigRejected, match=r"/access/0/bucket.*another account's"):
        Preflight(lambda _: client, STACK_CONTEXT).resources(entry, 0)


def test_bucket_of_another_region_that_botocore_is_sent_on_to_is_a_problem_of_the_config() -> None:
    client, _ = _stub("s3", activate=False)
    asked: list[str] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        asked.append(request.headers["Authorization"].decode().split("/")[2])
        there = asked[-1] == "eu-west-1"
        headers: Any = {} if there else {"x-amz-bucket-region": "eu-west-1"}
        body = b"<Error><Code>PermanentRedirect</Code></Error>"
        rules = b"<ServerSideEncryptionConfiguration></ServerSideEncryptionConfiguration>"
        raw = SimpleNamespace(stream=lambda **_: iter([rules if there else body]))
        return AWSResponse(request.url, 200 if there else 301, headers, raw)

    client.meta.events.register("before-send.s3", answer)
    (entry,) = config(access=[s3_entry()]).access
    for _ in range(2):  # botocore remembers where it was sent on to
        with pytest.raises(ConfigRejected, match=r"/access/0/bucket.*is in eu-west-1"):
            Preflight(lambda _: client, STACK_CONTEXT).resources(entry, 0)
    assert asked == ["us-east-1", "eu-west-1", "eu-west-1"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({"x-amz-bucket-region": "eu-west-1"}, "eu-west-1"), ({}, "another region")],
)
def test_bucket_of_another_region_that_is_an_error_is_a_problem_of_the_config(
    headers: dict[str, str], expected: str
) -> None:
    client, stub = _stub("s3")
    answer = {"HTTPHeaders": headers}
    for _ in range(2):
        stub.add_client_error(
            "get_bucket_encryption", "PermanentRedirect", "", 301, response_meta=answer
        )
    (entry,) = config(access=[s3_entry()]).access
    with pytest.raises(ConfigRejected, match=rf"/access/0/bucket.*is in {expected}"):
        Preflight(lambda _: client, STACK_CONTEXT).resources(entry, 0)
