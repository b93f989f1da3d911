"""Every service's resources are looked up: found by name and ARN, or a near name is suggested."""

import re

import pytest

from tests.integration.preflight import (
    FORMS,
    HERE,
    NAME,
    deny,
    entry_for,
    key_statements,
    make_key,
    rejected,
    resources_of,
)
from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT
from tests.kit.resources import MAKE
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

NO_NAMES = ("lambda",)
"""Whose names are not listed: what lists them shows what functions have in their environment."""

BY_ARN = [service for service in FORMS if service not in ("s3", "secretsmanager", "ssm")]


IMPLIED = {
    "athena": [f"arn:aws:s3:::{NAME}/out/", f"arn:aws:s3:::{NAME}"],
    "ecr": ["*"],
    "glue": [f"arn:aws:glue:{HERE}:catalog", f"arn:aws:glue:{HERE}:table/{NAME}/*"],
    "ses": [f"arn:aws:ses:{HERE}:configuration-set/{NAME}"],
}
"""What comes with a resource: a result location, a configuration set, signing in."""

LOOKUPS = {
    "DescribeEndpoint",
    "DescribeEventBus",
    "DescribeLogGroups",
    "DescribeParameters",
    "DescribeRepositories",
    "DescribeSecret",
    "DescribeStreamSummary",
    "DescribeTable",
    "GetBucketEncryption",
    "GetDatabase",
    "GetRestApis",
    "GetEmailIdentity",
    "GetQueueAttributes",
    "GetTopicAttributes",
    "GetWorkGroup",
    "ListAliases",
    "ListDeliveryStreams",
    "ListStateMachines",
}


@pytest.mark.parametrize("service", FORMS)
def test_resource_is_found_by_name_and_granted_by_its_arn(stack: StackDriver, service: str) -> None:
    MAKE[service](aws, NAME, None)
    stack.granted(access=[entry_for(service)])
    arns = (FORMS[service][3].rstrip("/"), *IMPLIED.get(service, ()))
    assert all(found.startswith(arns) for found in resources_of(stack))
    assert not any(found.startswith("arn:aws:kms") for found in resources_of(stack))


@pytest.mark.parametrize("service", BY_ARN)
def test_resource_is_found_by_its_arn(stack: StackDriver, service: str) -> None:
    MAKE[service](aws, NAME, None)
    arn = FORMS[service][3]
    stack.granted(access=[entry_for(service, arn)])
    assert any(found.startswith(arn) for found in resources_of(stack))


@pytest.mark.parametrize("service", FORMS)
def test_missing_resource_is_reported_with_the_nearest_name(
    stack: StackDriver, service: str
) -> None:
    MAKE[service](aws, NAME, None)
    field, _, written, _ = FORMS[service]
    near, far = written.replace("wind", "wnid"), re.sub("[a-z]", "q", written)
    found = rejected(stack, entry_for(service, near), entry_for(service, far))
    hint = "check the name" if service in NO_NAMES else f"did you mean {written!r}?"
    assert found[f"/access/0/{field}"].endswith(hint)
    assert found[f"/access/1/{field}"].endswith("check the name")


def test_missing_arn_is_reported_with_the_nearest_name(stack: StackDriver) -> None:
    hinted = [service for service in BY_ARN if service not in NO_NAMES]
    arns = {service: FORMS[service][3].replace("wind", "wnid") for service in hinted}
    for service in hinted:
        MAKE[service](aws, NAME, None)
    found = rejected(stack, *(entry_for(service, arn) for service, arn in arns.items()))
    assert len(found) == len(hinted)
    for index, service in enumerate(hinted):
        field, _, written, _ = FORMS[service]
        assert found[f"/access/{index}/{field}"].endswith(f"did you mean {written!r}?")


def test_names_that_may_not_be_listed_leave_out_the_hint(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    MAKE["sqs"](aws, NAME, None)
    deny(monkeypatch, "sqs", {"ListQueues"})
    (message,) = rejected(stack, entry_for("sqs", f"{NAME}s")).values()
    assert message.endswith("check the name")


@pytest.mark.parametrize("elsewhere", [f"us-east-1:{OTHER_ACCOUNT}", f"eu-west-1:{ACCOUNT}"])
@pytest.mark.parametrize("service", [*BY_ARN, "secretsmanager"])
def test_arn_of_another_account_or_region_is_a_problem(
    stack: StackDriver, service: str, elsewhere: str
) -> None:
    field, _, _, arn = FORMS[service]
    MAKE[service](aws, NAME, None)  # one of the same name is here
    there = arn.replace(HERE, elsewhere) + ("AbCdEf" if service == "secretsmanager" else "")
    found = rejected(stack, entry_for(service, there))
    assert list(found) == [f"/access/0/{field}"]
    assert "grant it from a stack there" in found[f"/access/0/{field}"]


def test_all_that_is_missing_is_reported_at_once(stack: StackDriver) -> None:
    found = rejected(stack, *(entry_for(service) for service in FORMS))
    assert sorted(found) == sorted(
        f"/access/{index}/{FORMS[service][0]}" for index, service in enumerate(FORMS)
    )


@pytest.mark.parametrize("service", FORMS)
def test_resource_that_may_not_be_read_is_a_problem_and_no_failure(
    stack: StackDriver, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    MAKE[service](aws, NAME, None)
    deny(monkeypatch, service, LOOKUPS)
    (message,) = rejected(stack, entry_for(service)).values()
    assert "cannot be read by Latchkey" in message


def test_parameters_below_a_path_bring_all_their_keys(stack: StackDriver) -> None:
    keys = sorted([make_key(), make_key()])
    for number, key in enumerate(keys):
        aws("ssm").put_parameter(
            Name=f"/{NAME}/{number}", Value="1", Type="SecureString", KeyId=key
        )
    stack.granted(access=[entry_for("ssm")])
    (statement,) = key_statements(stack)
    assert sorted(statement["Resource"]) == keys


@pytest.mark.parametrize("name", ["db", "/db"])
@pytest.mark.parametrize("written", ["db", "/db"])
def test_parameter_at_the_top_is_found_with_and_without_its_slash(
    stack: StackDriver, name: str, written: str
) -> None:
    aws("ssm").put_parameter(Name=name, Value="1", Type="String")
    stack.granted(access=[entry_for("ssm", written)])
    assert resources_of(stack) == [f"arn:aws:ssm:{HERE}:parameter/db"]


def test_path_does_not_reach_its_neighbour(stack: StackDriver) -> None:
    aws("ssm").put_parameter(Name=f"/{NAME}2/a", Value="1", Type="String")
    (message,) = rejected(stack, entry_for("ssm")).values()
    assert f"/{NAME}2/" in message


def test_function_is_found_by_its_alias_only_when_that_is_there(stack: StackDriver) -> None:
    MAKE["lambda"](aws, NAME, None)
    (message,) = rejected(stack, entry_for("lambda", f"{NAME}:live")).values()
    assert "there is no function" in message


def test_resources_of_custom_statements_are_looked_up_too(stack: StackDriver) -> None:
    stack.guard(allow_custom=True)
    statement = {
        "Action": "s3:GetObjectTagging",
        "Resource": ["arn:aws:s3:::data-bucket/*", "arn:aws:s3:::no-such-bucket/*"],
    }
    found = rejected(stack, {"service": "custom", "statements": [statement]})
    assert list(found) == ["/access/0/statements/0/Resource"]
    assert "no-such-bucket" in found["/access/0/statements/0/Resource"]
    statement["Resource"] = ["arn:aws:s3:::data-bucket/*"]
    stack.upload(access=[{"service": "custom", "statements": [statement]}])
    assert stack.run(FILE).outcome == "created"


def test_custom_statement_brings_the_keys_of_its_resources(stack: StackDriver) -> None:
    stack.guard(allow_custom=True)
    key = make_key()
    MAKE["sqs"](aws, NAME, key)
    statement = {"Action": "sqs:ReceiveMessage", "Resource": FORMS["sqs"][3]}
    stack.granted(access=[{"service": "custom", "statements": [statement]}])
    (found,) = key_statements(stack)
    assert (found["Action"], found["Resource"]) == (["kms:Decrypt"], [key])


@pytest.mark.parametrize(
    ("qualifier", "outcome"), [("live", "created"), ("7", "created"), ("liv", "rejected")]
)
def test_function_is_looked_up_without_a_look_at_its_environment(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch, qualifier: str, outcome: str
) -> None:
    MAKE["lambda"](aws, NAME, None)
    aws("lambda").create_alias(FunctionName=NAME, Name="live", FunctionVersion="$LATEST")
    shows = {"GetFunction", "GetFunctionConfiguration", "ListFunctions", "ListVersionsByFunction"}
    deny(monkeypatch, "lambda", shows)
    stack.upload(access=[entry_for("lambda", f"{NAME}:{qualifier}")])
    run = stack.run(FILE)
    assert run.outcome == outcome
    if outcome == "created":
        assert resources_of(stack) == [f"{FORMS['lambda'][3]}:{qualifier}"]
