"""Every service's resources are looked up: found by name and ARN, or told what may be meant."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey import clients
from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT
from tests.kit.resources import MAKE
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import House

HERE = f"us-east-1:{ACCOUNT}"
NAME = "northwind-data"
# By service: the field, what to allow, how a name is written, and its ARN.
FORMS = {
    "s3": ("bucket", "read", NAME, f"arn:aws:s3:::{NAME}"),
    "secretsmanager": ("secret", "read", NAME, f"arn:aws:secretsmanager:{HERE}:secret:{NAME}-"),
    "sqs": ("queue", "send", NAME, f"arn:aws:sqs:{HERE}:{NAME}"),
    "sns": ("topic", "publish", NAME, f"arn:aws:sns:{HERE}:{NAME}"),
    "dynamodb": ("table", "read", NAME, f"arn:aws:dynamodb:{HERE}:table/{NAME}"),
    "lambda": ("function", "invoke", NAME, f"arn:aws:lambda:{HERE}:function:{NAME}"),
    "ssm": ("parameter", "read", f"/{NAME}/", f"arn:aws:ssm:{HERE}:parameter/{NAME}/"),
    "events": ("event_bus", "put", NAME, f"arn:aws:events:{HERE}:event-bus/{NAME}"),
    "kinesis": ("stream", "read", NAME, f"arn:aws:kinesis:{HERE}:stream/{NAME}"),
}
BY_ARN = ["sqs", "sns", "dynamodb", "lambda", "events", "kinesis"]
# What each service binds a use of the key to, by its documentation.
CONTEXTS: dict[str, dict[str, Any]] = {
    "s3": {"aws:s3:arn": [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"]},
    "secretsmanager": {"SecretARN": "(its ARN ends in six random characters)"},
    "sqs": {"aws:sqs:arn": FORMS["sqs"][3]},
    "sns": {"aws:sns:topicArn": FORMS["sns"][3]},
    "dynamodb": {"aws:dynamodb:tableName": NAME, "aws:dynamodb:subscriberId": ACCOUNT},
    "ssm": {"PARAMETER_ARN": f"{FORMS['ssm'][3]}*"},
    "kinesis": {"aws:kinesis:arn": FORMS["kinesis"][3]},
}
KEYED = list(CONTEXTS)

LOOKUPS = {
    "DescribeEventBus",
    "DescribeParameters",
    "DescribeSecret",
    "DescribeStreamSummary",
    "DescribeTable",
    "GetBucketEncryption",
    "GetFunctionConfiguration",
    "GetQueueAttributes",
    "GetTopicAttributes",
}


def _entry(service: str, name: str | None = None) -> dict[str, Any]:
    field, allow, written, _ = FORMS[service]
    return {"service": service, field: name or written, "allow": allow}


def _key(**policy: Any) -> str:
    return str(aws("kms").create_key(**policy)["KeyMetadata"]["Arn"])


def _resources(house: House) -> list[str]:
    return [arn for statement in house.permissions()["Statement"] for arn in statement["Resource"]]


def _key_statements(house: House) -> list[dict[str, Any]]:
    statements = house.permissions()["Statement"]
    return [statement for statement in statements if statement["Sid"].endswith("Key")]


def _deny(patch: pytest.MonkeyPatch, service: str, operations: set[str]) -> None:
    """Have AWS refuse these operations to Latchkey."""
    client = clients.client(service)
    answer: Any = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
    call = client._make_api_call

    def made(operation: str, parameters: Any) -> Any:
        if operation in operations:
            raise ClientError(answer, operation)
        return call(operation, parameters)

    patch.setattr(client, "_make_api_call", made)


def _rejected(house: House, *access: dict[str, Any]) -> dict[str, str]:
    house.upload(access=list(access))
    run = house.run(FILE)
    assert run.outcome == "rejected", run.result
    assert house.role() is None
    assert len(set(run.paths)) == len(run.paths)
    return {problem["path"]: problem["message"] for problem in run.result["problems"]}


@pytest.mark.parametrize("service", FORMS)
def test_resource_is_found_by_name_and_granted_by_its_arn(house: House, service: str) -> None:
    MAKE[service](aws, NAME, None)
    house.granted(access=[_entry(service)])
    arn = FORMS[service][3]
    assert all(found.startswith(arn.rstrip("/")) for found in _resources(house))
    assert not any(found.startswith("arn:aws:kms") for found in _resources(house))


@pytest.mark.parametrize("service", BY_ARN)
def test_resource_is_found_by_its_arn(house: House, service: str) -> None:
    MAKE[service](aws, NAME, None)
    arn = FORMS[service][3]
    house.granted(access=[_entry(service, arn)])
    assert arn in _resources(house)


@pytest.mark.parametrize("service", KEYED)
def test_customer_managed_key_is_allowed_through_its_service_and_for_its_resource_only(
    house: House, service: str
) -> None:
    key = _key()
    MAKE[service](aws, NAME, key)
    house.granted(access=[_entry(service)])
    (statement,) = _key_statements(house)
    conditions = statement["Condition"]["StringEquals"] | statement["Condition"].get(
        "StringLike", {}
    )
    bound = CONTEXTS[service]
    if service == "secretsmanager":
        bound = {"SecretARN": aws(service).describe_secret(SecretId=NAME)["ARN"]}
    assert statement["Resource"] == [key]
    assert conditions == {
        "kms:ViaService": f"{service}.us-east-1.amazonaws.com",
        **{f"kms:EncryptionContext:{name}": value for name, value in bound.items()},
    }


@pytest.mark.parametrize("service", KEYED)
def test_key_of_aws_needs_no_permission(house: House, service: str) -> None:
    MAKE[service](aws, NAME, f"alias/aws/{service}")
    house.granted(access=[_entry(service)])
    assert _key_statements(house) == []


@pytest.mark.parametrize("service", FORMS)
def test_missing_resource_is_told_with_the_nearest_name(house: House, service: str) -> None:
    MAKE[service](aws, NAME, None)
    field, _, written, _ = FORMS[service]
    near, far = written.replace("wind", "wnid"), written.replace(NAME, "qqq-xxx-zzz")
    found = _rejected(house, _entry(service, near), _entry(service, far))
    assert found[f"/access/0/{field}"].endswith(f"did you mean {written!r}?")
    assert found[f"/access/1/{field}"].endswith("check the name")


def test_missing_arn_is_told_with_the_nearest_name(house: House) -> None:
    arns = {service: FORMS[service][3].replace("wind", "wnid") for service in BY_ARN}
    for service in BY_ARN:
        MAKE[service](aws, NAME, None)
    found = _rejected(house, *(_entry(service, arn) for service, arn in arns.items()))
    assert len(found) == len(BY_ARN)
    assert all(message.endswith(f"did you mean {NAME!r}?") for message in found.values())


def test_names_that_may_not_be_listed_leave_out_the_hint(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    MAKE["sqs"](aws, NAME, None)
    _deny(monkeypatch, "sqs", {"ListQueues"})
    (message,) = _rejected(house, _entry("sqs", f"{NAME}s")).values()
    assert message.endswith("check the name")


@pytest.mark.parametrize("elsewhere", [f"us-east-1:{OTHER_ACCOUNT}", f"eu-west-1:{ACCOUNT}"])
@pytest.mark.parametrize("service", [*BY_ARN, "secretsmanager"])
def test_arn_of_another_account_or_region_is_a_problem(
    house: House, service: str, elsewhere: str
) -> None:
    field, _, _, arn = FORMS[service]
    MAKE[service](aws, NAME, None)  # one of the same name is here
    there = arn.replace(HERE, elsewhere) + ("AbCdEf" if service == "secretsmanager" else "")
    found = _rejected(house, _entry(service, there))
    assert list(found) == [f"/access/0/{field}"]
    assert "grant it from a stack there" in found[f"/access/0/{field}"]


def test_all_that_is_missing_is_told_at_once(house: House) -> None:
    found = _rejected(house, *(_entry(service) for service in FORMS))
    assert sorted(found) == sorted(
        f"/access/{index}/{FORMS[service][0]}" for index, service in enumerate(FORMS)
    )


@pytest.mark.parametrize("service", FORMS)
def test_resource_that_may_not_be_read_is_a_problem_and_no_failure(
    house: House, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    MAKE[service](aws, NAME, None)
    _deny(monkeypatch, service, LOOKUPS)
    (message,) = _rejected(house, _entry(service)).values()
    assert "cannot be read by Latchkey" in message


def test_parameters_below_a_path_bring_all_their_keys(house: House) -> None:
    keys = sorted([_key(), _key()])
    for number, key in enumerate(keys):
        aws("ssm").put_parameter(
            Name=f"/{NAME}/{number}", Value="1", Type="SecureString", KeyId=key
        )
    house.granted(access=[_entry("ssm")])
    (statement,) = _key_statements(house)
    assert sorted(statement["Resource"]) == keys


@pytest.mark.parametrize("name", ["db", "/db"])
@pytest.mark.parametrize("written", ["db", "/db"])
def test_parameter_at_the_top_is_found_with_and_without_its_slash(
    house: House, name: str, written: str
) -> None:
    aws("ssm").put_parameter(Name=name, Value="1", Type="String")
    house.granted(access=[_entry("ssm", written)])
    assert _resources(house) == [f"arn:aws:ssm:{HERE}:parameter/db"]


def test_path_does_not_reach_its_neighbour(house: House) -> None:
    aws("ssm").put_parameter(Name=f"/{NAME}2/a", Value="1", Type="String")
    (message,) = _rejected(house, _entry("ssm")).values()
    assert f"/{NAME}2/" in message


def test_function_is_found_by_its_alias_only_when_that_is_there(house: House) -> None:
    MAKE["lambda"](aws, NAME, None)
    (message,) = _rejected(house, _entry("lambda", f"{NAME}:live")).values()
    assert "there is no function" in message


OWN_ONLY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}


def test_key_whose_policy_leaves_out_iam_is_told_with_the_statement_that_mends_it(
    house: House,
) -> None:
    key = _key(Policy=json.dumps(OWN_ONLY))
    MAKE["sqs"](aws, NAME, key)
    (message,) = _rejected(house, _entry("sqs")).values()
    assert "leaves out IAM" in message
    statement = json.loads(message[message.index("{") :])
    mended = {**OWN_ONLY, "Statement": [*OWN_ONLY["Statement"], statement]}
    aws("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(mended))
    house.upload(access=[_entry("sqs")])
    assert house.run(FILE).outcome == "created"


@pytest.mark.parametrize("denied", ["DescribeKey", "GetKeyPolicy"])
def test_key_that_is_closed_to_latchkey_too_is_told_with_the_statement_that_opens_it(
    house: House, denied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on AWS, where a policy that leaves out IAM leaves out Latchkey's own role."""
    MAKE["sqs"](aws, NAME, _key())
    _deny(monkeypatch, "kms", {denied})
    (message,) = _rejected(house, _entry("sqs")).values()
    assert f"kms:{denied}" in json.loads(message[message.index("{") :])["Action"]


def test_key_that_is_open_to_another_service_only_is_told(house: House) -> None:
    (own,) = OWN_ONLY["Statement"]
    via = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    for_s3 = {**own, "Principal": {"AWS": "*"}, "Condition": via}
    key = _key(Policy=json.dumps({**OWN_ONLY, "Statement": [for_s3]}))
    MAKE["sqs"](aws, NAME, key)
    (message,) = _rejected(house, _entry("sqs")).values()
    assert "leaves out IAM" in message


def test_key_of_another_account_is_told_with_the_statement_for_its_owner(house: House) -> None:
    key = f"arn:aws:kms:us-east-1:{OTHER_ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
    MAKE["sqs"](aws, NAME, key)
    (message,) = _rejected(house, _entry("sqs")).values()
    assert "another account's" in message
    statement = json.loads(message[message.index("{") :])
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert statement["Action"] == ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]


@pytest.mark.parametrize(
    ("end", "told"), [("disable_key", "Disabled"), ("schedule_key_deletion", "PendingDeletion")]
)
def test_key_that_cannot_be_used_is_told(house: House, end: str, told: str) -> None:
    key = _key()
    MAKE["sns"](aws, NAME, key)
    getattr(aws("kms"), end)(KeyId=key.rpartition("/")[2])
    (message,) = _rejected(house, _entry("sns")).values()
    assert told in message


def test_key_that_does_not_exist_is_told(house: House) -> None:
    MAKE["sqs"](aws, NAME, "11111111-2222-3333-4444-555555555555")
    (message,) = _rejected(house, _entry("sqs")).values()
    assert "does not exist any more" in message


def test_resources_of_custom_statements_are_looked_up_too(house: House) -> None:
    house.guard(allow_custom=True)
    statement = {
        "Action": "s3:GetObjectTagging",
        "Resource": ["arn:aws:s3:::data-bucket/*", "arn:aws:s3:::no-such-bucket/*"],
    }
    found = _rejected(house, {"service": "custom", "statements": [statement]})
    assert list(found) == ["/access/0/statements/0/Resource"]
    assert "no-such-bucket" in found["/access/0/statements/0/Resource"]
    statement["Resource"] = ["arn:aws:s3:::data-bucket/*"]
    house.upload(access=[{"service": "custom", "statements": [statement]}])
    assert house.run(FILE).outcome == "created"


def test_custom_statement_brings_the_keys_of_its_resources(house: House) -> None:
    house.guard(allow_custom=True)
    key = _key()
    MAKE["sqs"](aws, NAME, key)
    statement = {"Action": "sqs:ReceiveMessage", "Resource": FORMS["sqs"][3]}
    house.granted(access=[{"service": "custom", "statements": [statement]}])
    (found,) = _key_statements(house)
    assert (found["Action"], found["Resource"]) == (["kms:Decrypt"], [key])
