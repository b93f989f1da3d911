"""Each function's role in the template allows every call that the function makes, and no more.

The calls are made on moto, in one process, over a grant's whole life; the end-to-end tests ask the
same of a deployed stack, of resources and conditions as well.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest

from latchkey import wiring
from tests.contract.role_actions import actions_for, actions_of
from tests.contract.template import FUNCTION, folder, of_type
from tests.examples import policy, s3_entry, secret_entry
from tests.integration.house import CONFIG_BUCKET, FILE, House, aws

OF_THE_PLATFORM = {
    # Lambda itself, with the function's role: logs, traces, polling of the queue.
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
}
UNTOLD = {
    # S3 asks for it to tell a missing key from a forbidden one; no call of its own.
    "s3:ListBucket",
}
ROLE = "partner-acme.main"
_EXTRA = json.dumps(policy("s3:GetObject"))
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}


class Journal:
    """The actions that each function asked for."""

    def __init__(self, house: House) -> None:
        self.needed: dict[str, set[str]] = defaultdict(set)
        self._house = house
        self._invoke = house.invoke
        self._function = ""
        house.invoke = self.invoke  # type: ignore[method-assign, assignment]
        services = ("dynamodb", "iam", "kms", "s3", "scheduler", "secretsmanager", "stepfunctions")
        for service in services:
            events = wiring.client(service).meta.events
            events.unregister("before-parameter-build", unique_id="journal")
            events.register("before-parameter-build", self._note, unique_id="journal")

    def invoke(self, function: str, *event: Any) -> Any:
        """As `House.invoke`."""
        self._function = function
        try:
            return self._invoke(function, *event)
        finally:
            self._function = ""

    def _note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        service = model.service_model.service_name
        self.needed[self._function] |= actions_for(service, model.name, params)


def _live(house: House) -> None:
    """All that functions do to a grant."""

    def record_twice(step: str, state: dict[str, Any]) -> None:
        if step == "record_outcome":
            house.invoke(step, state)

    key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] = key
    aws("s3").put_bucket_encryption(
        Bucket="data-bucket", ServerSideEncryptionConfiguration={"Rules": [rule]}
    )
    house.upload(access=[s3_entry(), secret_entry()], tags={"team": "blue"})
    house.run(FILE, before=_somebody_is_faster)
    house.run(FILE)
    house.upload(expires_at="2031-01-01T00:00:00Z", purpose="Other", external_id="other-12345")
    house.run(FILE, before=record_twice)
    _drift()
    house.run(CHECK)
    house.run({**CHECK, "action": "suspend"})
    house.upload(None, "partners/other.json")
    house.run({**FILE, "key": "partners/other.json"})
    house.upload(b"{")
    house.run(FILE)
    house.upload(grant="second")
    house.run(FILE)
    house.invoke("sweep_grants", {}, EXPIRY)
    _drift()
    house.run(CHECK, before=_somebody_is_faster)
    body = '{"Records":[{"s3":{"bucket":{"name":"%s"},"object":{"key":"partners/a.json"}}}]}'
    record = {"messageId": "1", "eventSource": "aws:sqs", "body": body % CONFIG_BUCKET}
    house.invoke("intake_config", {"Records": [record]})


def _somebody_is_faster(step: str, _: Any) -> None:
    """The role is not as it was planned for when the plan is carried out."""
    iam = aws("iam")
    if step == "grant_access":
        tags = {"latchkey:stack": "latchkey", "latchkey:grant": "acme.main"}
        iam.create_role(
            RoleName=ROLE,
            Path="/partners/",
            AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}',
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
    if step == "revoke_access":
        for attached in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=ROLE, PolicyArn=attached["PolicyArn"])


def _drift() -> None:
    """Somebody changed the role by hand, in every way."""
    iam = aws("iam")
    iam.put_role_policy(RoleName=ROLE, PolicyName="extra", PolicyDocument=_EXTRA)
    iam.tag_role(RoleName=ROLE, Tags=[{"Key": "extra", "Value": "1"}])
    iam.delete_role_permissions_boundary(RoleName=ROLE)
    profile = f"extra-{len(iam.list_instance_profiles()['InstanceProfiles'])}"
    made = iam.create_policy(PolicyName=profile, PolicyDocument=_EXTRA)
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=made["Policy"]["Arn"])
    iam.update_role(RoleName=ROLE, Description="changed")
    iam.create_instance_profile(InstanceProfileName=profile)
    iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=ROLE)


@pytest.fixture
def needed(house: House) -> dict[str, set[str]]:
    """What each function asked for over a life."""
    journal = Journal(house)
    _live(house)
    return journal.needed


def test_roles_allow_what_the_functions_do_and_nothing_else(needed: dict[str, set[str]]) -> None:
    for function in of_type(FUNCTION):
        asked, allowed = needed[folder(function)], actions_of(function)
        assert asked, f"{function} was not exercised"
        assert asked - allowed == set(), f"{function} asks for more than its role allows"
        unused = allowed - asked - OF_THE_PLATFORM - UNTOLD
        assert unused == set(), f"the role of {function} allows more than it needs"
