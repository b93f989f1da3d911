"""The permissions boundary: wide enough for the catalogue, and for nothing else."""

import json
import re
from typing import Any

import pytest

from latchkey.grants.policies import permissions_policy
from latchkey.services.registry import CUSTOM, KNOWN
from latchkey.services.resource_info import ResourceInfo
from tests.kit.examples import AWS_ENVIRONMENT, KEY_ARN, SECRET_ARN, config, s3_entry, secret_entry
from tests.kit.template import listed, properties

MANAGED_POLICY_LIMIT = 6_144
STATEMENTS: list[dict[str, Any]] = properties("PermissionsBoundary")["PolicyDocument"]["Statement"]
ALLOWED = {a for s in STATEMENTS if s["Effect"] == "Allow" for a in listed(s["Action"])}


def test_boundary_is_a_list_of_actions_on_data_of_the_catalogues_services() -> None:
    assert {action.split(":")[0] for action in ALLOWED} == {*KNOWN} - {CUSTOM}
    assert not [action for action in ALLOWED if "*" in action or "?" in action]
    assert not [statement for statement in STATEMENTS if "NotAction" in statement]


def test_nothing_in_the_boundary_changes_who_may_do_what() -> None:
    words = r":(Create|Attach|Tag|Untag|Add|.*Policy|.*Acl|.*Permission|.*Grant|PutBucket)"
    assert not [action for action in ALLOWED if re.search(words, action)]


def test_keys_are_used_through_services_only() -> None:
    (statement,) = [s for s in STATEMENTS if any("kms:" in a for a in listed(s["Action"]))]
    assert statement["Condition"] == {"Null": {"kms:ViaService": "false"}}


def test_boundary_fits_into_a_managed_policy_with_room_for_long_names() -> None:
    document = _resolved(properties("PermissionsBoundary")["PolicyDocument"])
    assert len(json.dumps(document, separators=(",", ":"))) < MANAGED_POLICY_LIMIT


def _resolved(found: Any) -> Any:
    """A part of the template with the longest values that its references can have.

    Function names have 64 characters at most, so a stack's name has 47; of ARNs none is longer
    than a table's with such a name, 150 characters in all.
    """
    match found:
        case {"Fn::Sub": [str() as text, dict() as names]}:
            return _filled(re.sub("|".join(rf"\$\{{{name}}}" for name in names), "x" * 64, text))
        case {"Fn::Sub": text}:
            return _filled(text)
        case {"Ref": _} | {"Fn::GetAtt": _}:
            return "x" * 150
        case dict():
            return {name: _resolved(value) for name, value in found.items()}
        case list():
            return [_resolved(value) for value in found]
        case _:
            return found


def _filled(text: str) -> str:
    known = {"Partition": "aws-us-gov", "Region": "ap-southeast-1", "AccountId": "1" * 12}
    for name, value in {**known, "StackName": "s" * 47}.items():
        text = text.replace(f"${{AWS::{name}}}", value)
    return re.sub(r"\$\{\w+\.Arn\}", "x" * 150, text)


@pytest.mark.parametrize("allow", ["read", "write", "read-write"])
def test_every_action_that_the_catalogue_renders_is_within_the_boundary(allow: str) -> None:
    entries = [s3_entry(allow=allow, prefix="in"), secret_entry()]
    resources = [
        (ResourceInfo("arn:aws:s3:::data-bucket", (KEY_ARN,)),),
        (ResourceInfo(SECRET_ARN, (KEY_ARN,)),),
    ]
    document = permissions_policy(config(access=entries), resources, AWS_ENVIRONMENT)
    rendered = {a for statement in document["Statement"] for a in listed(statement["Action"])}
    assert rendered <= ALLOWED


def test_latchkeys_own_buckets_and_table_are_never_for_partners() -> None:
    (deny,) = [statement for statement in STATEMENTS if statement["Effect"] == "Deny"]
    assert listed(deny["Action"]) == ["*"]
    text = json.dumps(deny["Resource"])
    for resource in ("ConfigBucket", "ResultsBucket", "GrantTable"):
        assert f'"Fn::GetAtt": "{resource}.Arn"' in text
        assert f"${{{resource}.Arn}}/" in text
    assert {"Fn::GetAtt": "EventBus.Arn"} in deny["Resource"]
    assert {"Ref": "NoticesTopic"} in deny["Resource"]
    assert "Condition" not in deny
