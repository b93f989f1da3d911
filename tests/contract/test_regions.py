"""Regions and partitions that the template is linted for, and what is missing in them."""

import re

import botocore.session
import pytest
from cfnlint.helpers import REGIONS  # type: ignore[import-untyped]

from tests.kit.repository import ROOT
from tests.kit.template import template

SESSION = botocore.session.get_session()
PARTITIONS = {one["id"]: one for one in SESSION.get_data("partitions")["partitions"]}
WITHOUT_ANALYZER = {"aws-iso", "aws-iso-b"}
SERVICES = {
    "CloudWatch": "cloudwatch",
    "DynamoDB": "dynamodb",
    "Events": "events",
    "IAM": "iam",
    "Lambda": "lambda",
    "Logs": "logs",
    "S3": "s3",
    "SNS": "sns",
    "SQS": "sqs",
    "SSM": "ssm",
    "Scheduler": "scheduler",
    "Serverless": "cloudformation",
}
ALSO = ("kms", "secretsmanager", "stepfunctions", "sts", "xray")
"""What is called without a resource in the template, or made by the SAM transform."""


def _partition(region: str) -> str:
    regions = {str(name): one["regionRegex"] for name, one in PARTITIONS.items()}
    return next(name for name, regex in regions.items() if re.fullmatch(regex, region))


def test_lint_asks_for_all_regions_and_they_are_of_every_partition() -> None:
    assert (
        "cfn-lint --regions ALL_REGIONS -- template.yaml spoke.yaml"
        in (ROOT / "Makefile").read_text()
    )
    assert {_partition(region) for region in REGIONS} == PARTITIONS.keys()


def test_services_of_the_template_are_all_looked_at() -> None:
    kinds = {each["Type"].split("::")[1] for each in template()["Resources"].values()}
    assert kinds == SERVICES.keys()


@pytest.mark.parametrize("partition", PARTITIONS)
def test_every_service_of_the_template_is_in_every_partition(partition: str) -> None:
    """By botocore's endpoints; IAM has one for all Regions of a partition."""
    wanted = {*SERVICES.values(), *ALSO} - {"iam"}
    missing = {one for one in wanted if not SESSION.get_available_regions(one, partition)}
    assert missing == set()


def test_partitions_without_access_analyzer_are_those_that_the_page_names() -> None:
    analyzer = {name: SESSION.get_available_regions("accessanalyzer", name) for name in PARTITIONS}
    assert {name for name, regions in analyzer.items() if not regions} == WITHOUT_ANALYZER
    page = (ROOT / "docs/organizations.md").read_text(encoding="utf-8")
    named = " and ".join(f"`{name}`" for name in sorted(WITHOUT_ANALYZER))
    assert (
        f"IAM Access Analyzer has none in {named}: **deploy with `PolicyChecks=off` there**" in page
    )
