"""AuditBoundary: what reads configuration of AWS's policies, and nothing that reads data."""

import json
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest
from cloudsplaining.shared.constants import READ_ONLY_DATA_EXFILTRATION_ACTIONS
from moto.iam.aws_managed_policies import aws_managed_policies_data
from policy_sentry.querying.actions import get_action_data
from policy_sentry.querying.all import get_all_actions

from latchkey.services.managed import known
from latchkey.services.registry import spec
from tests.kit.reads_data import READS_DATA, reads_data
from tests.kit.template import listed, properties

STATEMENTS: list[Any] = properties("AuditBoundary")["PolicyDocument"]["Statement"]
(CONFIGURATION,) = [s for s in STATEMENTS if s["Sid"] == "Configuration"]
(DATA,) = [s for s in STATEMENTS if s["Sid"] == "Data"]
(KEYS,) = [s for s in STATEMENTS if s["Sid"] == "Keys"]
ALL = {action.lower(): action for action in get_all_actions()}


BY_SERVICE: dict[str, list[str]] = {}
for _action in ALL:
    BY_SERVICE.setdefault(_action.partition(":")[0], []).append(_action)


def _matched(pattern: str) -> set[str]:
    low = pattern.lower()
    return {one for one in BY_SERVICE.get(low.partition(":")[0], ()) if fnmatchcase(one, low)}


@cache
def _useful() -> frozenset[str]:
    return frozenset[str]().union(*map(_of_aws, known()))


@cache
def _of_aws(name: str) -> frozenset[str]:
    """All that an AWS-managed policy allows, in lower case, by IAM's own list of actions."""
    found = json.loads(aws_managed_policies_data)[name.rpartition("/")[2]]["Document"]
    assert all(one["Effect"] == "Allow" for one in found["Statement"])
    patterns = {a for one in found["Statement"] for a in listed(one["Action"])}
    return frozenset(action for pattern in patterns for action in _matched(pattern))


@cache
def _levels(low: str) -> frozenset[str]:
    service, name = ALL[low].split(":")
    return frozenset(row["access_level"] for row in get_action_data(service, name)[service])


def test_list_of_what_reads_data_is_of_actions_that_there_are() -> None:
    assert len(ALL) > 10_000
    for service, patterns in READS_DATA.items():
        for name in patterns:
            assert _matched(f"{service}:{name}"), f"{service}:{name}"
    assert all(reads_data(action) for action in READ_ONLY_DATA_EXFILTRATION_ACTIONS)


@pytest.mark.parametrize("pattern", CONFIGURATION["Action"])
def test_a_pattern_stands_for_actions_that_read_or_list_and_for_none_that_reads_data(
    pattern: str,
) -> None:
    found = _matched(pattern)
    assert found & _useful(), "of no use with any of the policies"
    assert {low: _levels(low) for low in found if not _levels(low) <= {"Read", "List"}} == {}
    assert [low for low in found if reads_data(low)] == []


def test_actions_on_data_are_those_that_the_role_withholds() -> None:
    given = {*DATA["Action"], *listed(KEYS["Action"])}
    assert given == {*spec("account").withheld}
    assert all(reads_data(action) for action in given)
    assert KEYS["Condition"] == {"Null": {"kms:ViaService": "false"}}
    allows = {s["Sid"] for s in STATEMENTS if s["Effect"] == "Allow"}
    assert allows == {"Configuration", "Data", "Keys"}


def test_latchkeys_own_buckets_are_denied() -> None:
    (deny,) = [s for s in STATEMENTS if s["Effect"] == "Deny"]
    assert deny["Action"] == "s3:*"
    assert deny["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::latchkey-*"}


@pytest.mark.parametrize("policy", [name for name in known() if "Bill" not in name])
def test_most_of_what_vendors_look_at_fits(policy: str) -> None:
    within = {low for pattern in CONFIGURATION["Action"] for low in _matched(pattern)}
    assert len(_of_aws(policy) & within) >= 600


def test_nearly_all_of_billing_fits() -> None:
    within = {low for pattern in CONFIGURATION["Action"] for low in _matched(pattern)}
    left = _of_aws("AWSBillingReadOnlyAccess") - within
    assert len(left) <= 5, left
