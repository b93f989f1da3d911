"""Several stacks in one account, one in another region: none reports or reaches another.

The stack in the other region has the name of the first one, and its prefix of role names: they can
be told apart by their permissions boundaries only.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import permutations
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.account import ACCOUNT, REGION
from sandbox.connection import connect
from sandbox.demo.people import refusal
from tests.e2e.conftest import Case, new_partner
from tests.kit.outside import Outside, eventually
from tests.kit.repository import ROOT
from tests.kit.resources import make_queue, make_secret

pytestmark = pytest.mark.e2e
EU = "eu-west-1"


@dataclass(frozen=True)
class Stack:
    """One of the stacks, as its own ops see it; `names` is what its resources' names begin with."""

    box: Sandbox
    name: str
    region: str
    prefix: str
    names: str

    @cached_property
    def outputs(self) -> dict[str, str]:
        return self.box.outputs_of(self.name, self.region)

    def client(self, service: str) -> Any:
        return self.box.client(service, self.region)

    def put(self, key: str, config: dict[str, Any]) -> None:
        bucket = self.outputs["ConfigBucketName"]
        self.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(config))

    def upload(self, key: str, config: dict[str, Any]) -> dict[str, Any]:
        """Upload a config; answers the result of that version."""
        before = self._result(key)
        self.put(key, config)
        found: dict[str, Any] = eventually(lambda: self._result(key), lambda r: r and r != before)
        return found

    def _result(self, key: str) -> dict[str, Any]:
        s3, name = self.client("s3"), key.replace(".json", ".result.json")
        try:
            answer = s3.get_object(Bucket=self.outputs["ResultsBucketName"], Key=name)
        except s3.exceptions.NoSuchKey:
            return {}
        found: dict[str, Any] = json.load(answer["Body"])
        return found

    def status(self, partner: str) -> str | None:
        """The status of a partner's grant in this stack's table."""
        key = {"pk": {"S": f"GRANT#{partner}.main"}, "sk": {"S": "STATE"}}
        table = self.outputs["GrantTableName"]
        item = self.client("dynamodb").get_item(TableName=table, Key=key).get("Item")
        return item["status"]["S"] if item else None

    def drift(self) -> dict[str, Any]:
        """What a drift check finds, but for what differs by itself."""
        function = f"{self.names}-check-drift"
        answer = self.client("lambda").invoke(FunctionName=function, Payload=b"{}")
        found: dict[str, Any] = json.load(answer["Payload"])
        return {name: what for name, what in found.items() if what}

    def arns(self) -> list[dict[str, Any]]:
        """Access entries that name what is this stack's own, one of each kind that can."""
        here = f"{self.region}:{ACCOUNT}"
        out, names = self.outputs, self.names
        return [
            {"service": "s3", "bucket": out["ConfigBucketName"], "allow": "write"},
            {"service": "s3", "bucket": out["ResultsBucketName"], "allow": "read"},
            {
                "service": "sqs",
                "queue": f"arn:aws:sqs:{here}:{names}-config-events",
                "allow": "send",
            },
            {"service": "sns", "topic": out["NoticesTopicArn"], "allow": "publish"},
            {"service": "dynamodb", "table": f"arn:aws:dynamodb:{here}:table/{names}-grants"},
            {
                "service": "lambda",
                "function": f"arn:aws:lambda:{here}:function:{names}-plan-grant",
                "allow": "invoke",
            },
            {"service": "ssm", "parameter": f"/{names.replace('latchkey-', 'latchkey/')}/"},
            {"service": "events", "event_bus": out["EventBusName"], "allow": "put"},
            {"service": "states", "state_machine": out["GrantWorkflowArn"], "allow": "start"},
        ]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox with a second stack beside the first, and a third in another region."""
    with Sandbox(others={"dev": "partner-dev-", f"latchkey@{EU}": "partner-"}) as running:
        yield running


@pytest.fixture(scope="module")
def stacks(box: Sandbox) -> tuple[Stack, Stack, Stack]:
    return (
        Stack(box, "latchkey", REGION, "partner-", "latchkey"),
        Stack(box, "dev", REGION, "partner-dev-", "latchkey-dev"),
        Stack(box, "latchkey", EU, "partner-", "latchkey"),
    )


@pytest.fixture(scope="module")
def outside(box: Sandbox) -> Outside:
    return Outside(box)


def _granted(stack: Stack, outside: Outside) -> Case:
    """A grant of a stack; its resources are in the first region but for the secret."""
    case = new_partner(outside)
    if stack.region != REGION:
        make_secret(stack.client, case.secret, None)
    result = stack.upload(case.key, case.config())
    assert result["outcome"] == "created", result
    return case


def test_stacks_leave_each_other_alone(
    box: Sandbox, stacks: tuple[Stack, ...], outside: Outside
) -> None:
    cases = {stack: _granted(stack, outside) for stack in stacks}
    roles = {f"{stack.prefix}{case.partner}.main" for stack, case in cases.items()}
    for stack in stacks:
        assert stack.drift() == {}
    box.advance(seconds=7200)  # sweep and drift check of all
    found = outside.iam.list_roles(PathPrefix="/partners/")["Roles"]
    assert {role["RoleName"] for role in found} == roles
    for stack in stacks:
        assert stack.drift() == {}
        known = {case.partner for case in cases.values() if stack.status(case.partner)}
        assert known == {cases[stack].partner}


def test_event_of_a_role_whose_name_begins_alike_is_nobodys_business_here(
    box: Sandbox, stacks: tuple[Stack, Stack, Stack], outside: Outside
) -> None:
    """`partner-dev-acme.main` could be the grant `dev-acme.main` of the stack with `partner-`."""
    first, dev, _ = stacks
    case = _granted(dev, outside)
    role = f"{dev.prefix}{case.partner}.main"
    before = outside.role(role)
    event = json.loads((ROOT / "events/cloudtrail__policy_attached.json").read_text())
    event["detail"]["requestParameters"]["roleName"] = role
    functions = first.client("lambda")
    heard = functions.invoke(FunctionName="latchkey-check-drift", Payload=json.dumps(event))
    assert "FunctionError" not in heard
    box.advance(seconds=60)
    assert outside.role(role) == before
    assert outside.history(f"dev-{case.partner}.main") == []
    assert dev.status(case.partner) == "active"


def test_no_stack_can_name_what_is_another_s(stacks: tuple[Stack, ...], outside: Outside) -> None:
    for mine, other in permutations(stacks, 2):
        case = new_partner(outside)
        entries = [{"allow": "read", **entry} for entry in other.arns()]
        result = mine.upload(case.key, case.config(access=entries))
        assert result["outcome"] == "rejected"
        named = {problem["path"].split("/")[2] for problem in result["problems"]}
        assert named == {str(number) for number in range(len(entries))}, (mine, other, result)


def test_same_name_and_prefix_in_another_region_takes_no_role_over(
    stacks: tuple[Stack, Stack, Stack], outside: Outside
) -> None:
    first, _, elsewhere = stacks
    case = _granted(first, outside)
    before = outside.role(case.role)
    make_secret(elsewhere.client, case.secret, None)
    result = elsewhere.upload(case.key, case.config(expires_at=outside.in_(hours=2)))
    assert result["outcome"] == "failed"
    assert "another stack's" in json.dumps(result)
    assert outside.role(case.role) == before

    order = {"action": "revoke", "partner": case.partner, "grant": "main", "reason": "try"}
    elsewhere.client("stepfunctions").start_execution(
        stateMachineArn=elsewhere.outputs["GrantWorkflowArn"],
        input=json.dumps({**order, "requested_by": "eu"}),
    )
    eventually(lambda: elsewhere.status(case.partner), lambda found: found == "revoked")
    elsewhere.box.advance(seconds=3 * 3600)
    assert outside.role(case.role) == before
    assert first.status(case.partner) == "active"
    assert first.drift() == elsewhere.drift() == {}


def test_partner_of_the_other_region_works_there_and_its_access_ends(
    box: Sandbox, stacks: tuple[Stack, Stack, Stack], outside: Outside
) -> None:
    stack = stacks[2]
    case = new_partner(outside)
    name = f"{case.partner}-eu"
    key = str(stack.client("kms").create_key()["KeyMetadata"]["Arn"])
    for make in (make_queue, make_secret):
        make(stack.client, name, key)
        make(box.client, name, None)  # a namesake in the first region
    place = {"LocationConstraint": EU}
    stack.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    access = [
        {"service": "s3", "bucket": name, "allow": "read-write"},
        {"service": "sqs", "queue": name, "allow": "send"},
        {"service": "secretsmanager", "secret": name, "allow": "read"},
    ]
    ends = outside.in_(hours=3)
    result = stack.upload(case.key, case.config(access=access, expires_at=ends))
    assert result["outcome"] == "created", result

    asked = {"RoleArn": result["role_arn"], "RoleSessionName": "eu"}
    sts = connect(box.url, "sts", "444455556666", region=EU)
    keys = sts.assume_role(**asked, ExternalId=f"external-{case.partner}")["Credentials"]

    def session(service: str, region: str) -> Any:
        held = keys["AccessKeyId"], keys["SessionToken"]
        return connect(box.url, service, held[0], token=held[1], region=region)

    def send(region: str) -> Any:
        url = f"{box.url}/{ACCOUNT}/{name}"
        return session("sqs", region).send_message(QueueUrl=url, MessageBody="text")

    def read(region: str) -> Any:
        return session("secretsmanager", region).get_secret_value(SecretId=name)

    session("s3", EU).put_object(Bucket=name, Key="a", Body=b"text")
    send(EU)
    assert read(EU)["SecretString"] == "value"
    for there in (send, read):
        assert refusal(partial(there, REGION)) == "AccessDeniedException"

    box.advance(seconds=3 * 3600 + 120)  # its schedule is in the other region, too
    assert outside.role(case.role) is None
    assert stack.status(case.partner) == "expired"
