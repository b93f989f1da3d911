"""What is off by default, in a stack where it is on: chats, facts, the planner of pull requests."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import jsonschema
import pytest
from botocore.exceptions import ClientError

from sandbox import Sandbox
from sandbox.connection import connect
from tests.e2e.conftest import Case, new_partner
from tests.kit.documented.ocsf import CLASSES
from tests.kit.outside import Outside, eventually
from tests.kit.tokens import AUDIENCE, GITHUB, token

pytestmark = pytest.mark.e2e

PULLS = "repo:northwind/partners:pull_request"
PARAMETERS = {
    "ChatNotices": "on",
    "FactsRetentionDays": "30",
    "PlannerProvider": GITHUB,
    "PlannerSubjects": PULLS,
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox with a second stack, which has all of it."""
    with Sandbox(others={"dev": f"partner-dev-?{urlencode(PARAMETERS)}"}) as running:
        yield running


@pytest.fixture(scope="module")
def outside(box: Sandbox) -> Outside:
    return Outside(box)


@pytest.fixture(scope="module")
def outputs(box: Sandbox) -> dict[str, str]:
    return box.outputs_of("dev", "us-east-1")


@pytest.fixture(scope="module")
def granted(box: Sandbox, outside: Outside, outputs: dict[str, str]) -> tuple[Case, str]:
    """A grant of that stack, and the URL of a queue that gets what the chats get."""
    sqs, case = box.client("sqs"), new_partner(outside)
    url = sqs.create_queue(QueueName="chat")["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = asked["Attributes"]["QueueArn"]
    box.client("sns").subscribe(TopicArn=outputs["ChatTopicArn"], Protocol="sqs", Endpoint=arn)
    body = json.dumps(case.config())
    outside.s3.put_object(Bucket=outputs["ConfigBucketName"], Key=case.key, Body=body)
    return case, url


def test_chats_get_a_message_in_the_form_that_they_show(
    granted: tuple[Case, str], box: Sandbox
) -> None:
    case, url = granted
    (message,) = eventually(
        lambda: box.client("sqs").receive_message(QueueUrl=url).get("Messages", []), bool
    )
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["version"], told["source"]) == ("1.0", "custom")
    assert f"{case.partner}.main" in told["content"]["title"]
    assert f"external-{case.partner}" not in json.dumps(told)


def test_each_fact_is_an_object_that_nobody_can_take_back(
    granted: tuple[Case, str], outside: Outside, outputs: dict[str, str]
) -> None:
    case, _ = granted
    bucket, s3 = outputs["FactsBucketName"], outside.s3
    (one,) = eventually(lambda: s3.list_objects_v2(Bucket=bucket).get("Contents", []), bool)
    found = s3.get_object(Bucket=bucket, Key=one["Key"])
    fact = json.loads(found["Body"].read())
    jsonschema.validate(fact, CLASSES[fact["class_uid"]])
    assert (fact["class_uid"], fact["activity_name"]) == (3005, "Assign Privileges")
    assert fact["user"]["uid"] == f"{case.partner}.main"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=found["VersionId"])


def test_the_planner_plans_with_a_token_of_its_repository_and_grants_nothing(
    box: Sandbox, outside: Outside, outputs: dict[str, str]
) -> None:
    outside.iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=[AUDIENCE], ThumbprintList=[]
    )
    sts = connect(box.url, "sts", "nobody")

    def session(subject: str) -> dict[str, str]:
        web = token(box.now(), sub=subject)
        named = {"RoleArn": outputs["PlannerRoleArn"], "RoleSessionName": "ci"}
        credentials: dict[str, str] = sts.assume_role_with_web_identity(
            **named, WebIdentityToken=web
        )["Credentials"]
        return credentials

    with pytest.raises(ClientError, match="AccessDenied"):
        session("repo:northwind/partners:ref:refs/heads/main")
    key = session(PULLS)
    states = connect(box.url, "stepfunctions", key["AccessKeyId"], token=key["SessionToken"])
    states.start_execution(stateMachineArn=outputs["PlanWorkflowArn"], input="{}")
    with pytest.raises(ClientError, match="AccessDenied"):
        states.start_execution(stateMachineArn=outputs["GrantWorkflowArn"], input="{}")
