"""Our policies by other people's knowledge of IAM: every action exists, and fits its resources."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from policy_sentry.querying.actions import get_action_data
from policy_sentry.querying.all import get_all_actions

from latchkey.grants.policies import permissions_policy
from latchkey.services import boundary
from latchkey.services.catalogue import ENTRIES
from sandbox.iam.authorisation import allowed
from tests.contract.linter import findings
from tests.kit.arn_formats import fits, formats
from tests.kit.documented.access import CUSTOM_EXAMPLE, EXAMPLES, OF_RESOURCES
from tests.kit.examples import AWS_ENVIRONMENT, KEY_ARN, config, resources_of, s3_entry
from tests.kit.template import listed, properties

STATEMENTS: list[dict[str, Any]] = properties("PermissionsBoundary")["PolicyDocument"]["Statement"]


def _entries() -> Iterator[dict[str, Any]]:
    yield CUSTOM_EXAMPLE
    yield s3_entry(allow="read")
    for entry in ENTRIES:
        (service,) = get_args(entry.model_fields["service"].annotation)
        if service in OF_RESOURCES:
            for allow in get_args(entry.model_fields["allow"].annotation):
                yield {"service": service, **EXAMPLES[service], "allow": allow}


CASES = [
    pytest.param(entry, keys, id=f"{entry['service']} {entry.get('allow', '')} {bool(keys)}")
    for entry in _entries()
    for keys in ((), (KEY_ARN,))
]


def _document(entry: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    asked = config(access=[entry], starts_at="2027-01-01T00:00:00Z")
    return permissions_policy(asked, resources_of(asked, AWS_ENVIRONMENT, keys), AWS_ENVIRONMENT)


LINTED = [case for case in CASES if not str(case.id).startswith("bedrock ")]
"""The linter's list wants every kind of model of Bedrock in each statement, and has no profiles."""


@pytest.mark.parametrize(("entry", "keys"), LINTED)
def test_linter_finds_nothing_wrong_with_a_permissions_policy(
    entry: dict[str, Any], keys: tuple[str, ...]
) -> None:
    assert findings(_document(entry, keys)) == []


def test_linter_does_find_what_is_wrong() -> None:
    document = _document(s3_entry(), ())
    document["Statement"][0]["Action"] = ["s3:GetObjekt"]
    assert any("UNKNOWN_ACTION" in finding for finding in findings(document))


@pytest.mark.parametrize(("entry", "keys"), CASES)
def test_every_action_exists_and_applies_to_each_of_its_resources(
    entry: dict[str, Any], keys: tuple[str, ...]
) -> None:
    for statement in _document(entry, keys)["Statement"]:
        for action in statement["Action"]:
            known = formats(action)
            for resource in statement["Resource"]:
                assert any(fits(resource, found) for found in known), (action, resource, known)


@pytest.mark.parametrize("action", sorted(boundary.allowed() | set(boundary.KEY_ACTIONS)))
def test_action_of_the_boundary_exists_and_changes_no_permissions(action: str) -> None:
    service, name = action.split(":")
    levels = {row["access_level"] for row in get_action_data(service, name)[service]}
    assert levels <= {"Read", "List", "Write"} or action == "s3:PutObjectTagging"


def _boundary() -> dict[str, Any]:
    """What the boundary allows on data, with names where the template has references.

    What a role may do to itself is held by tests/contract/test_boundary.py.
    """
    data = [s for s in STATEMENTS if s["Effect"] == "Allow" and s["Sid"] != "PartnerRolesOnly"]
    return {"Statement": data}


def test_boundary_in_the_template_is_the_one_that_configs_are_held_to() -> None:
    found = {action for s in _boundary()["Statement"] for action in listed(s["Action"])}
    assert found == boundary.allowed() | boundary.conditional() | set(boundary.KEY_ACTIONS)


def test_role_that_was_widened_to_everything_can_do_nothing_of_iam_but_the_boundary() -> None:
    widened = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    context = {
        "kms:ViaService": "s3.us-east-1.amazonaws.com",
        "cloudwatch:namespace": "AWS/EC2",
    }
    known = get_all_actions()
    assert len(known) > 10_000
    can = {action for action in known if allowed([widened], _boundary(), action, "arn:x", context)}
    assert {action.lower() for action in can} == {
        action.lower() for action in boundary.allowed() | set(boundary.KEY_ACTIONS)
    }
    never = ("iam:", "sts:", "organizations:", "cloudtrail:", "account:", "kms:Create", "kms:Put")
    assert not [action for action in can if action.startswith(never)]


@pytest.mark.parametrize(
    "action",
    [
        "s3:PutBucketPolicy",
        "s3:PutBucketAcl",
        "s3:PutObjectAcl",
        "kms:PutKeyPolicy",
        "kms:CreateGrant",
        "secretsmanager:PutResourcePolicy",
        "lambda:UpdateFunctionCode",
        "lambda:AddPermission",
        "sqs:AddPermission",
        "sqs:SetQueueAttributes",
        "sns:AddPermission",
        "sns:SetTopicAttributes",
        "sts:AssumeRole",
        "iam:PassRole",
    ],
)
def test_no_widened_role_can_change_who_may_do_what(action: str) -> None:
    assert action in get_all_actions()
    widened = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    context = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    assert not allowed([widened], _boundary(), action, "arn:x", context)


def test_keys_are_never_used_but_through_a_service() -> None:
    widened = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    assert not allowed([widened], _boundary(), "kms:Decrypt", KEY_ARN, {})
