"""Every partition that botocore knows: its ARNs are taken, its domain stands in policies."""

import json
from pathlib import Path
from typing import Any

import botocore
import pytest

from latchkey.aws.partitions import aws_environment, dns_suffix, partition_of
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.services.resource_info import ResourceInfo
from tests.kit.examples import ACCOUNT, NOW, PARTNER_ACCOUNT, config_document

_DATA = Path(botocore.__file__).parent / "data" / "partitions.json"
PARTITIONS: dict[str, Any] = {one["id"]: one for one in json.loads(_DATA.read_text())["partitions"]}


def _region(partition: str) -> str:
    """A Region, and not the pseudo Region of global services."""
    regions: dict[str, str] = PARTITIONS[partition]["regions"]
    return next(name for name in regions if "global" not in name)


def test_there_are_more_than_those_that_were_listed_here() -> None:
    assert PARTITIONS.keys() > {"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b"}


@pytest.mark.parametrize("partition", PARTITIONS)
def test_domain_and_partition_of_a_region_are_botocores(partition: str) -> None:
    outputs = PARTITIONS[partition]["outputs"]
    assert dns_suffix(partition) == outputs["dnsSuffix"]
    for region in PARTITIONS[partition]["regions"]:
        if "global" not in region:
            assert partition_of(region) == partition
            assert aws_environment(partition, region, ACCOUNT).dns_suffix == outputs["dnsSuffix"]


@pytest.mark.parametrize("partition", PARTITIONS)
def test_grant_is_of_its_own_partition_throughout(partition: str) -> None:
    region = _region(partition)
    environment = aws_environment(partition, region, ACCOUNT)
    queue = f"arn:{partition}:sqs:{region}:{ACCOUNT}:orders"
    document = config_document(
        principals=[f"arn:{partition}:iam::{PARTNER_ACCOUNT}:role/app/reader", PARTNER_ACCOUNT],
        access=[
            {"service": "sqs", "queue": queue, "allow": "send"},
            {
                "service": "custom",
                "statements": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue}],
            },
        ],
    )
    found = read_document(document, StackContext(environment), NOW)
    assert list(found.problems) == []
    assert found.config
    key = f"arn:{partition}:kms:{region}:{ACCOUNT}:key/1"
    infos = [(ResourceInfo(queue, (key,)),), (ResourceInfo(queue),)]
    policy = permissions_policy(found.config, infos, environment)
    via = f"sqs.{region}.{PARTITIONS[partition]['outputs']['dnsSuffix']}"
    assert via in json.dumps(policy)
    trust = json.dumps(trust_policy(found.config, "acme-12345678", environment))
    assert f"arn:{partition}:iam::{PARTNER_ACCOUNT}:root" in trust
    others = {f"arn:{name}:" for name in PARTITIONS if name != partition}
    assert not [other for other in others if other in json.dumps([policy, trust])]


@pytest.mark.parametrize("partition", PARTITIONS)
def test_principals_of_another_partition_are_problems(partition: str) -> None:
    stack = StackContext(aws_environment(partition, _region(partition), ACCOUNT))
    for other in [*PARTITIONS.keys() - {partition}, "aws-never"]:
        document = config_document(principals=[f"arn:{other}:iam::{PARTNER_ACCOUNT}:root"])
        paths = [problem.path for problem in read_document(document, stack, NOW).problems]
        assert "/principals/0" in paths, other


@pytest.mark.parametrize(
    "name", ["AWS", "aws-", "aws-cn-", "aws--cn", "azure", "aws*", "aws_cn", ""]
)
def test_what_is_no_name_of_a_partition_is_a_problem(name: str) -> None:
    stack = StackContext(aws_environment("aws", "us-east-1", ACCOUNT))
    document = config_document(principals=[f"arn:{name}:iam::{PARTNER_ACCOUNT}:root"])
    assert read_document(document, stack, NOW).problems


def test_partition_that_botocore_does_not_know_has_the_usual_domain() -> None:
    assert dns_suffix("aws-tomorrow") == "amazonaws.com"
    assert partition_of("moon-base-1") == "aws"
