"""Two stacks in one account and region: neither reports or reaches the other."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Sandbox
from tests.e2e.conftest import new_partner
from tests.kit.outside import Outside, eventually

pytestmark = pytest.mark.e2e
DEV = "dev"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox with a second stack, whose prefix begins like the first one's."""
    with Sandbox(others={DEV: "partner-dev-"}) as running:
        yield running


def _drift(box: Sandbox, function: str) -> dict[str, Any]:
    answer = box.client("lambda").invoke(FunctionName=function, Payload=b"{}")
    found: dict[str, Any] = json.load(answer["Payload"])
    return found


def test_two_stacks_leave_each_other_alone(box: Sandbox) -> None:
    outside = Outside(box)
    dev = box.outputs_of(DEV)
    mine, theirs = new_partner(outside), new_partner(outside)
    outside.upload(mine.key, mine.config())
    s3, table = outside.s3, box.client("dynamodb")
    s3.put_object(Bucket=dev["ConfigBucketName"], Key=theirs.key, Body=json.dumps(theirs.config()))
    role = f"partner-dev-{theirs.partner}.main"

    def roles() -> set[str]:
        found = outside.iam.list_roles(PathPrefix="/partners/")["Roles"]
        return {one["RoleName"] for one in found}

    eventually(roles, lambda found: role in found)

    for function in ("latchkey-check-drift", "latchkey-dev-check-drift"):
        found = _drift(box, function)
        assert not any(found[name] for name in ("unowned", "orphaned", "changed", "missing")), found
    box.advance(seconds=7200)  # sweep and drift check of both
    assert {mine.role, role} <= roles()
    assert outside.state(theirs.partner) == {}
    states = table.get_item(
        TableName=dev["GrantTableName"],
        Key={"pk": {"S": f"GRANT#{mine.partner}.main"}, "sk": {"S": "STATE"}},
    )
    assert "Item" not in states

    # dev cannot name what is the other stack's
    bucket = box.outputs["ConfigBucketName"]
    reach = mine.config(access=[{"service": "s3", "bucket": bucket, "allow": "write"}])
    s3.put_object(Bucket=dev["ConfigBucketName"], Key="partners/reach.json", Body=json.dumps(reach))

    def result() -> dict[str, Any]:
        try:
            answer = s3.get_object(
                Bucket=dev["ResultsBucketName"], Key="partners/reach.result.json"
            )
        except s3.exceptions.NoSuchKey:
            return {}
        read: dict[str, Any] = json.load(answer["Body"])
        return read

    refused = eventually(result, bool)
    assert refused["outcome"] == "rejected"
    assert "/access/0/bucket" in {problem["path"] for problem in refused["problems"]}
