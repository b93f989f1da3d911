"""What changes around a live grant: resources that go, come back, or have another key."""

from typing import Any

import pytest

from tests.integration.preflight import FORMS, NAME, entry_for, key_statements, make_key
from tests.kit.resources import MAKE
from tests.kit.stack.aws import FILE, TABLE, aws
from tests.kit.stack.driver import StackDriver

CHECK = {"action": "check", "by": "drift", "partner": "acme", "grant": "main"}

GO: dict[str, Any] = {
    "s3": lambda: aws("s3").delete_bucket(Bucket=NAME),
    "secretsmanager": lambda: aws("secretsmanager").delete_secret(
        SecretId=NAME, ForceDeleteWithoutRecovery=True
    ),
    "sqs": lambda: aws("sqs").delete_queue(
        QueueUrl=aws("sqs").get_queue_url(QueueName=NAME)["QueueUrl"]
    ),
    "sns": lambda: aws("sns").delete_topic(TopicArn=FORMS["sns"][3]),
    "dynamodb": lambda: aws("dynamodb").delete_table(TableName=NAME),
    "lambda": lambda: aws("lambda").delete_function(FunctionName=NAME),
    "events": lambda: aws("events").delete_event_bus(Name=NAME),
    "kinesis": lambda: aws("kinesis").delete_stream(StreamName=NAME),
    "states": lambda: aws("stepfunctions").delete_state_machine(stateMachineArn=FORMS["states"][3]),
    "logs": lambda: aws("logs").delete_log_group(logGroupName=NAME),
    "firehose": lambda: aws("firehose").delete_delivery_stream(DeliveryStreamName=NAME),
    "sagemaker": lambda: aws("sagemaker").delete_endpoint(EndpointName=NAME),
    "ecr": lambda: aws("ecr").delete_repository(repositoryName=NAME),
}
"""How a resource goes, by service; a parameter's path and an API have no end of their own here."""


def _granted(stack: StackDriver, service: str, key: str | None = None) -> None:
    MAKE[service](aws, NAME, key)
    stack.granted(access=[entry_for(service)])


@pytest.mark.parametrize("service", GO)
def test_resource_that_is_gone_is_a_finding_once_and_the_role_stays(
    stack: StackDriver, service: str
) -> None:
    _granted(stack, service)
    before = stack.permissions()
    GO[service]()
    run = stack.run(CHECK)
    (problem,) = run.result["problems"]
    assert "is gone" in problem["message"] and problem["path"].startswith("/access/0/")
    assert (run.outcome, stack.history()[-1]) == ("unchanged", "FindingsReported")
    assert stack.permissions() == before
    assert stack.grant()["status"] == "active"
    assert stack.grant()["findings"] == run.result["problems"]
    assert stack.run(CHECK).steps == ["plan_grant"], "told once, not every day"


def test_what_only_a_lookup_tells_goes_with_the_resource_and_comes_back_with_it(
    stack: StackDriver,
) -> None:
    """The configuration set that an identity sends with: no record is believed about it."""
    _granted(stack, "ses")
    before = stack.permissions()
    aws("sesv2").delete_email_identity(EmailIdentity=f"{NAME}.example")
    run = stack.run(CHECK)
    assert "is gone" in run.result["problems"][0]["message"]
    (statement,) = stack.permissions()["Statement"]
    assert statement["Resource"] == [FORMS["ses"][3]]
    aws("sesv2").create_email_identity(EmailIdentity=f"{NAME}.example", ConfigurationSetName=NAME)
    stack.run(CHECK)
    assert stack.permissions() == before


def test_resource_that_comes_back_ends_the_finding_and_that_is_told(stack: StackDriver) -> None:
    _granted(stack, "sqs")
    GO["sqs"]()
    stack.run(CHECK)
    MAKE["sqs"](aws, NAME, None)
    run = stack.run(CHECK)
    assert stack.history()[-1] == "FindingsResolved"
    assert "is gone" in run.result["reason"] and run.result["problems"] == []
    assert stack.grant()["findings"] == []
    assert stack.run(CHECK).steps == ["plan_grant"]


def test_what_is_gone_keeps_no_change_by_hand_from_being_put_right(stack: StackDriver) -> None:
    _granted(stack, "secretsmanager")
    before = stack.permissions()
    GO["secretsmanager"]()
    wide = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    for name in ("latchkey-access", "extra"):
        aws("iam").put_role_policy(
            RoleName="partner-acme.main", PolicyName=name, PolicyDocument=wide
        )
    run = stack.run(CHECK)
    assert stack.history()[-1] == "DriftRepaired"
    assert "is gone" in run.result["problems"][0]["message"]
    kept = [each for each in stack.permissions()["Statement"] if each["Sid"] != "IssuedBefore"]
    assert kept == before["Statement"]


def test_secret_made_anew_is_reached_again_and_told(stack: StackDriver) -> None:
    _granted(stack, "secretsmanager")
    old = aws("secretsmanager").describe_secret(SecretId=NAME)["ARN"]
    GO["secretsmanager"]()
    MAKE["secretsmanager"](aws, NAME, None)
    new = aws("secretsmanager").describe_secret(SecretId=NAME)["ARN"]
    assert new != old
    run = stack.run(CHECK)
    assert run.outcome == "updated" and stack.history()[-1] == "AccessUpdated"
    (statement,) = stack.permissions()["Statement"]
    assert statement["Resource"] == [new]


def test_alias_that_points_elsewhere_is_followed_and_the_key_before_goes(
    stack: StackDriver,
) -> None:
    MAKE["kms"](aws, NAME, None)
    stack.granted(access=[{"service": "kms", "key": f"alias/{NAME}", "allow": "use"}])
    new = make_key()
    aws("kms").update_alias(AliasName=f"alias/{NAME}", TargetKeyId=new)
    assert stack.run(CHECK).outcome == "updated"
    assert {arn for one in stack.permissions()["Statement"] for arn in one["Resource"]} == {new}


REKEY: dict[str, Any] = {
    "s3": lambda key: aws("s3").put_bucket_encryption(
        Bucket=NAME,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": key,
                    }
                }
            ]
        },
    ),
    "secretsmanager": lambda key: aws("secretsmanager").update_secret(SecretId=NAME, KmsKeyId=key),
    "sqs": lambda key: aws("sqs").set_queue_attributes(
        QueueUrl=aws("sqs").get_queue_url(QueueName=NAME)["QueueUrl"],
        Attributes={"KmsMasterKeyId": key},
    ),
    "sns": lambda key: aws("sns").set_topic_attributes(
        TopicArn=FORMS["sns"][3], AttributeName="KmsMasterKeyId", AttributeValue=key
    ),
}


@pytest.mark.parametrize("service", REKEY)
def test_new_key_is_added_and_the_one_before_stays_with_a_finding(
    stack: StackDriver, service: str
) -> None:
    first, second = make_key(), make_key()
    _granted(stack, service, first)
    REKEY[service](second)
    run = stack.run(CHECK)
    (statement,) = key_statements(stack)
    assert run.outcome == "updated"
    assert {*statement["Resource"]} == {first, second}
    (problem,) = run.result["problems"]
    assert first in problem["message"] and "another key before" in problem["message"]
    assert stack.run(CHECK).steps == ["plan_grant"]
    stack.upload(access=[entry_for(service)], purpose="Another")
    stack.run(FILE)
    (statement,) = key_statements(stack)
    assert {*statement["Resource"]} == {first, second}, "old objects after a re-upload, too"


def test_key_before_outlives_a_suspension(stack: StackDriver) -> None:
    first, second = make_key(), make_key()
    _granted(stack, "sqs", first)
    REKEY["sqs"](second)
    stack.run(CHECK)
    for action in ("suspend", "resume"):
        stack.run({"action": action, "partner": "acme", "grant": "main", "reason": "r"})
    (statement,) = key_statements(stack)
    assert {*statement["Resource"]} == {first, second}


def test_key_of_a_queue_that_was_made_anew_is_none_of_the_grants(stack: StackDriver) -> None:
    """It never was its key: a name that another account's administrators reuse."""
    first, second = make_key(), make_key()
    _granted(stack, "secretsmanager", first)
    GO["secretsmanager"]()
    MAKE["secretsmanager"](aws, NAME, second)
    stack.run(CHECK)
    (statement,) = key_statements(stack)
    assert statement["Resource"] == [second]


def test_key_that_is_disabled_later_is_a_finding_and_the_role_stays(stack: StackDriver) -> None:
    key = make_key()
    _granted(stack, "sns", key)
    before = stack.permissions()
    aws("kms").disable_key(KeyId=key.rpartition("/")[2])
    run = stack.run(CHECK)
    assert "Disabled" in run.result["problems"][0]["message"]
    assert stack.history()[-1] == "FindingsReported"
    assert stack.permissions() == before


def test_new_version_that_names_what_is_gone_is_rejected_as_ever(stack: StackDriver) -> None:
    _granted(stack, "sqs")
    GO["sqs"]()
    stack.upload(access=[entry_for("sqs")], purpose="Another")
    run = stack.run(FILE)
    assert run.outcome == "rejected"


def test_record_is_not_believed_where_the_config_names_something_else(stack: StackDriver) -> None:
    """The table is not trusted with what may be granted, when a resource is gone either."""
    _granted(stack, "sqs")
    GO["sqs"]()
    elsewhere = {**stack.grant()["resources"][0], "arn": FORMS["sqs"][3] + "-of-another"}
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET resources[0].arn = :arn",
        ExpressionAttributeValues={":arn": {"S": elsewhere["arn"]}},
    )
    before = stack.permissions()
    assert stack.run(CHECK).outcome == "rejected"
    assert stack.permissions() == before
