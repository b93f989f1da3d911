"""Builds the stack on moto: what the template creates, and every function's real handler."""

import importlib.util
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from moto import mock_aws

import tests.kit.environment  # noqa: F401 (before anything builds a client)
from latchkey import concurrency
from latchkey.aws.grants_by_expiry import INDEXED
from latchkey.runtime import clients
from latchkey.runtime.wiring import jobs, steps
from sandbox.moto_fixes import bedrock, dynamodb, expressions, kms, sns, startup
from sandbox.moto_fixes.iam import have_policies_of_aws, page_account_details
from tests.kit import moto_speed
from tests.kit.examples import ACCOUNT, AUDIT_BOUNDARY, BOUNDARY, KMS_BOUNDARY, STACK
from tests.kit.repository import ROOT
from tests.kit.stack.aws import (
    CONFIG_BUCKET,
    GROUP,
    GUARDRAILS,
    RECONCILE,
    RESULTS_BUCKET,
    TABLE,
    WORKFLOW,
    aws,
)
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spokes import Spokes

ENVIRONMENT = {
    "GRANT_TABLE": TABLE,
    "CONFIG_BUCKET": CONFIG_BUCKET,
    "RESULTS_BUCKET": RESULTS_BUCKET,
    "SCHEDULE_GROUP": GROUP,
    "SCHEDULE_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/{STACK}-schedule",
    "RECONCILE_WORKFLOW_ARN": RECONCILE,
    "START_INTERVAL": "0",
    "POLICY_CHECKS": "off",
    "ROLE_PATH": "/partners/",
    "ROLE_NAME_PREFIX": "partner-",
    "PERMISSIONS_BOUNDARY_ARN": BOUNDARY,
    "KMS_BOUNDARY_ARN": KMS_BOUNDARY,
    "ACCOUNT_BOUNDARY_ARN": AUDIT_BOUNDARY,
    "GUARDRAILS_PARAMETER": GUARDRAILS,
    "STACK_NAME": STACK,
    "FIRST_PARTY_ACCOUNTS": "",
    "ACCOUNT_ID": ACCOUNT,
    "PARTITION": "aws",
    "SPOKE_ROLE": "plan",
    "TRUST_POLICY_LIMIT": "2048",
    "SWEEP_LIMIT": "10",
    "EVENT_BUS": STACK,
    "CHAT_TOPIC": "",
    "FACTS_BUCKET": "",
    "NOTICES_TOPIC": f"arn:aws:sns:us-east-1:{ACCOUNT}:{STACK}-notices",
    "LINKS_URL": "",
}


def _handler(function: str) -> ModuleType:
    path = ROOT / "functions" / function / "app.py"
    spec = importlib.util.spec_from_file_location(f"function_{function}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _functions() -> dict[str, ModuleType]:
    """Every function's module, loaded as Lambda loads it: by path."""
    found = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
    return {function: _handler(function) for function in found}


@contextmanager
def stack_on(url: str, *, at_once: int = concurrency.MOST) -> Iterator[StackDriver]:
    """The same on an AWS at an address, with calls made side by side as when deployed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", url)
        clients.client.cache_clear()
        aws.cache_clear()
        yield _stack(patch, at_once)


@contextmanager
def built_stack(
    *, at_once: int = 1, account: str = ACCOUNT, spokes: Sequence[str] = ()
) -> Iterator[StackDriver]:
    """What the stack has, empty, on moto; calls are made one after another, in their order.

    With an account that is not its own, that one is enrolled, has what configs name, and is named
    by them itself. `spokes` are enrolled besides.
    """
    # Powertools warns of runs without metrics: those that fail before they count anything.
    warnings.filterwarnings("ignore", message="No application metrics")
    _mend_moto()
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        yield _stack(patch, at_once, account, spokes)


@cache
def _mend_moto() -> None:
    of_iam = (page_account_details, have_policies_of_aws)
    for mend in of_iam:
        mend()
    for room in (bedrock, dynamodb, expressions, kms, sns, startup, moto_speed):
        for mend in room.FIXES:
            mend()


def _stack(
    patch: pytest.MonkeyPatch, at_once: int, account: str = ACCOUNT, others: Sequence[str] = ()
) -> StackDriver:
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    patch.setattr(concurrency, "MOST", at_once)
    for built in (*vars(steps).values(), *vars(jobs).values()):
        if hasattr(built, "cache_clear") and built is not clients.client:
            built.cache_clear()
    _create()
    create_data(account)
    if account == ACCOUNT and not others:
        return StackDriver(_functions(), patch)
    spokes = Spokes(patch)
    for one in {account, *others} - {ACCOUNT}:
        spokes.enrol(one)
    stack = StackDriver(_functions(), patch, account, spokes)
    stack.guard()
    return stack


def create_data(account: str) -> None:
    """What configs name, in an account."""
    for bucket in ("data-bucket", "other-bucket"):
        aws("s3", account).create_bucket(Bucket=bucket)
    aws("secretsmanager", account).create_secret(Name="acme/api", SecretString="value")


def _create() -> None:
    s3 = aws("s3")
    for bucket in (CONFIG_BUCKET, RESULTS_BUCKET):
        s3.create_bucket(Bucket=bucket)
    versioned: Any = {"Status": "Enabled"}
    for bucket in (CONFIG_BUCKET, RESULTS_BUCKET):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioned)
    _create_table()
    aws("scheduler").create_schedule_group(Name=GROUP)
    rules = json.dumps({"version": 1})
    aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value=rules)
    _create_listeners()
    for workflow in (WORKFLOW, RECONCILE):
        aws("stepfunctions").create_state_machine(
            name=workflow.rsplit(":", 1)[-1],
            definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/{STACK}-workflow",
        )


def _create_table() -> None:
    """The grant table, with its index of live grants by expiry."""
    names = ("pk", "sk", "live", "expires_at")
    aws("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=_keys("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-expiry",
                "KeySchema": _keys("live", "expires_at"),
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["partner", "grant", *INDEXED],
                },
            }
        ],
    )


def _create_listeners() -> None:
    """Bus and topic, each with a queue that gets all of it."""
    sqs, events, sns = aws("sqs"), aws("events"), aws("sns")
    for queue in ("events", "notices"):
        sqs.create_queue(QueueName=queue)
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:"
    events.create_event_bus(Name=STACK)
    events.put_rule(
        Name="all", EventBusName=STACK, EventPattern=json.dumps({"source": ["latchkey"]})
    )
    events.put_targets(
        Rule="all", EventBusName=STACK, Targets=[{"Id": "queue", "Arn": f"{arn}events"}]
    )
    topic = sns.create_topic(Name=f"{STACK}-notices")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"{arn}notices")


def _keys(partition: str, sort: str) -> Any:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
