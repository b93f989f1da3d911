"""A denial of Latchkey's own function is told from one of the resource's, by AWS's message."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from latchkey.aws.preflight import Preflight
from latchkey.config.problem import ConfigRejected
from latchkey.iam.denial import denied_action, own_denial
from tests.kit.examples import AWS_ENVIRONMENT, STACK_CONTEXT, config, s3_entry

USER = "User: arn:aws:sts::123456789012:assumed-role/latchkey-PlanGrantRole-1/plan-grant"
CALL = f"{USER} is not authorized to perform: {{}} on resource: {{}}"
ENCRYPTION = CALL.format("s3:GetEncryptionConfiguration", '"arn:aws:s3:::data-bucket"')
SCP = "arn:aws:organizations::111122223333:policy/o-exampleorg/service_control_policy/p-example1"

# The ways that the IAM user guide lists ("Troubleshoot access denied error messages").
OWN = [
    "because no identity-based policy allows the s3:GetEncryptionConfiguration action",
    "because no permissions boundary allows the s3:GetEncryptionConfiguration action",
    "because no session policy allows the s3:GetEncryptionConfiguration action",
    "because no VPC endpoint policy allows the s3:GetEncryptionConfiguration action",
    "because no service control policy allows the s3:GetEncryptionConfiguration action",
    "because no resource control policy allows the s3:GetEncryptionConfiguration action",
    "with an explicit deny in an identity-based policy",
    "with an explicit deny in a permissions boundary",
    "with an explicit deny in a session policy",
    "with an explicit deny in a VPC endpoint policy",
    "with an explicit deny in a service control policy",
    f"with an explicit deny in a service control policy: {SCP}",
    "with an explicit deny in a resource control policy",
]
OF_THE_RESOURCE = [
    "Access Denied",
    "",
    f"{ENCRYPTION} because no resource-based policy allows the action",
    f"{ENCRYPTION} with an explicit deny in a resource-based policy",
]


@pytest.mark.parametrize("why", OWN)
def test_denial_of_ones_own_side_is_seen(why: str) -> None:
    assert own_denial(f"{ENCRYPTION} {why}")


@pytest.mark.parametrize("message", OF_THE_RESOURCE)
def test_denial_of_the_resource_or_of_nobody_knows_whom_is_not_ones_own(message: str) -> None:
    assert not own_denial(message)


def test_action_is_read_from_the_message() -> None:
    assert denied_action(ENCRYPTION) == "s3:GetEncryptionConfiguration"
    assert denied_action(CALL.format("sqs:getqueueattributes", "arn")) == "sqs:getqueueattributes"
    assert denied_action("Access Denied") is None


def _problem(service: str, call: str, code: str, message: str, entry: dict[str, Any]) -> str:
    client: Any = boto3.client(service)  # type: ignore[call-overload]
    with Stubber(client) as stub:
        stub.add_client_error(call, code, message, http_status_code=403)
        (parsed,) = config(access=[entry]).access
        with pytest.raises(ConfigRejected) as rejected:
            Preflight(lambda _: client, STACK_CONTEXT).resources(parsed, 0)
    (problem,) = rejected.value.problems
    return problem.message


ASKED = [
    ("s3", "get_bucket_encryption", "AccessDenied", s3_entry(bucket="data-bucket")),
    (
        "secretsmanager",
        "describe_secret",
        "AccessDeniedException",
        {"service": "secretsmanager", "secret": "s", "allow": "read"},
    ),
    ("sqs", "get_queue_url", "AccessDenied", {"service": "sqs", "queue": "q", "allow": "send"}),
]


@pytest.mark.parametrize("why", OWN)
@pytest.mark.parametrize(("service", "call", "code", "entry"), ASKED)
def test_problem_says_that_latchkey_was_denied_and_not_the_file_wrong(
    service: str, call: str, code: str, entry: dict[str, Any], why: str
) -> None:
    message = _problem(service, call, code, f"{CALL.format('x:Look', 'arn')} {why}", entry)
    assert "x:Look is denied to Latchkey's own function, not by the resource" in message
    assert "nothing is wrong with this file" in message
    assert "docs/runbook.md#denied-calls" in message
    assert "another account" not in message


def test_bucket_that_denies_itself_is_said_to_be_anothers_or_closed() -> None:
    for message in OF_THE_RESOURCE:
        told = _problem("s3", "get_bucket_encryption", "AccessDenied", message, ASKED[0][3])
        assert "is another account's, or its policy keeps Latchkey out" in told


def test_key_that_latchkey_may_not_look_at_is_not_said_to_be_closed() -> None:
    from latchkey.aws.kms import customer_key
    from latchkey.iam.key_policy import KeyUse

    kms = boto3.client("kms")
    key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    message = f"{CALL.format('kms:DescribeKey', key)} {OWN[0]}"
    with Stubber(kms) as stub:
        stub.add_client_error("describe_key", "AccessDeniedException", message)
        with pytest.raises(kms.exceptions.ClientError, match="no identity-based policy"):
            customer_key(kms, key, KeyUse("s3", ["kms:Decrypt"]), AWS_ENVIRONMENT)
