"""Metrics: what has no ARN, in configs, guardrails, words, histories and imports."""

from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails
from latchkey.config.reach_rules import resource_problems
from latchkey.grants.policies import permissions_policy
from latchkey.history.resource_query import kept_under, resource_queries, shown
from latchkey.history.snapshot import allowed_by
from latchkey.iam.permit import permits
from latchkey.reports.handoff.trying import calls, command
from latchkey.reports.summary.allows import allows
from latchkey.services.rows import rows_of
from tests.kit.examples import AWS_ENVIRONMENT, config, read
from tests.unit.catalogue_entries import entry_of

READ, PUT = entry_of("cloudwatch", allow="read"), entry_of("cloudwatch", allow="put")
ONE = {**PUT, "namespace": "Northwind/Orders"}


def _policy(entry: dict[str, Any]) -> dict[str, Any]:
    return permissions_policy(config(access=[entry]), [()], AWS_ENVIRONMENT)


@pytest.mark.parametrize(
    ("entry", "path", "says"),
    [
        ({**PUT, "namespace": "AWS/EC2"}, "/access/0/namespace", "belong to AWS"),
        ({**PUT, "namespace": "Latchkey"}, "/access/0/namespace", "of Latchkey itself"),
        ({**PUT, "namespace": "Northwind/*"}, "/access/0/namespace", "Northwind"),
        ({**PUT, "namespace": ""}, "/access/0/namespace", ""),
        ({**PUT, "namespace": "a\n"}, "/access/0/namespace", ""),
        ({**READ, "namespace": "Northwind"}, "/access/0", "narrows `put` only"),
        ({**PUT, "allow": "read-write"}, "/access/0/allow", "put"),
    ],
)
def test_entry_that_cannot_be_is_a_problem_where_it_stands(
    entry: dict[str, Any], path: str, says: str
) -> None:
    (problem,) = read(access=[entry]).problems
    assert problem.path == path
    assert says in problem.message


@pytest.mark.parametrize(
    ("entry", "condition"),
    [
        (READ, {}),
        (PUT, {"StringNotLike": {"cloudwatch:namespace": ["AWS/*", "Latchkey"]}}),
        (ONE, {"StringEquals": {"cloudwatch:namespace": "Northwind/Orders"}}),
    ],
)
def test_statement_is_bound_to_the_namespace(
    entry: dict[str, Any], condition: dict[str, Any]
) -> None:
    (statement,) = _policy(entry)["Statement"]
    dates = {"DateLessThan", "DateGreaterThanEquals"}
    assert {op: keys for op, keys in statement["Condition"].items() if op not in dates} == condition
    assert statement["Resource"] == ["*"]
    assert "DateLessThan" in statement["Condition"]


@pytest.mark.parametrize(
    ("entry", "name", "may"),
    [
        (READ, "every metric", ["read metrics", "list metrics"]),
        (PUT, "metrics of any namespace of your own", ["put metrics"]),
        (ONE, "metrics of namespace Northwind/Orders", ["put metrics"]),
    ],
)
def test_words(entry: dict[str, Any], name: str, may: list[str]) -> None:
    (row,) = allows(permits(_policy(entry)))
    assert (row["resource"], row["may"]) == (name, may)
    assert not any("namespace" in text for text in row["conditions"])


def test_register_names_the_namespace() -> None:
    (one,), (every,) = rows_of(ONE), rows_of(READ)
    assert (one.service, one.name, one.may) == ("cloudwatch", "Northwind/Orders", "put")
    assert (every.service, every.name, every.may) == ("cloudwatch", "", "read")


@pytest.mark.parametrize("entry", [READ, PUT, ONE])
def test_history_is_asked_for_metrics(entry: dict[str, Any]) -> None:
    (found,) = allowed_by(_policy(entry))
    assert shown(found.resource) == ("cloudwatch", "metrics")
    assert kept_under(found.resource) == "cloudwatch:metrics"
    (query,) = resource_queries("cloudwatch:metrics")
    assert query.concerns(found.resource)


@pytest.mark.parametrize("entry", [READ, PUT, ONE])
@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        ({}, False),
        ({"allowed_resources": ["arn:aws:cloudwatch:*"]}, False),
        ({"allowed_resources": ["arn:aws:s3:::*"]}, True),
        ({"allowed_resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"]}, True),
        ({"denied_resources": ["arn:aws:cloudwatch:*"]}, True),
        ({"denied_resources": ["arn:aws:s3:::secret*"]}, False),
    ],
)
def test_guardrails_take_it_for_all_of_the_service(
    entry: dict[str, Any], rules: dict[str, Any], refused: bool
) -> None:
    asked, told = config(access=[entry]).access, Guardrails.model_validate({"version": 1, **rules})
    found = list(resource_problems(asked, [()], told, AWS_ENVIRONMENT))
    assert [problem.path for problem in found] == ["/access/0"] * refused


@pytest.mark.parametrize(
    "action", ["cloudwatch:PutMetricData", "cloudwatch:GetMetricData", "cloudwatch:DeleteAlarms"]
)
def test_custom_statements_cannot_have_metrics(action: str) -> None:
    for resource in ("*", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"):
        statement = {"Action": action, "Resource": resource}
        assert read(access=[{"service": "custom", "statements": [statement]}]).problems


@pytest.mark.parametrize(
    ("entry", "operation", "given"),
    [
        (READ, "list-metrics", {}),
        (PUT, "put-metric-data", {"Namespace": "latchkey-test"}),
        (ONE, "put-metric-data", {"Namespace": "Northwind/Orders"}),
    ],
)
def test_sheet_has_a_call_that_the_entry_allows(
    entry: dict[str, Any], operation: str, given: dict[str, str]
) -> None:
    (call,) = calls(config(access=[entry]).access, AWS_ENVIRONMENT)
    (statement,) = _policy(entry)["Statement"]
    assert call.operation == operation
    assert call.parameters.items() >= given.items()
    assert call.all_needs("cloudwatch") <= {*statement["Action"]}
    assert bool(call.leaves) == (entry["allow"] == "put")
    assert "cloudwatch" in command(call, "acme")
