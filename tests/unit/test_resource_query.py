"""Resources as people name them, against the ARNs in policies."""

import pytest

from latchkey.errors import ResourceUnclear
from latchkey.history.resource_query import kept_under, resource_queries, shown
from tests.kit.examples import ACCOUNT, KEY_ARN, SECRET_ARN

HERE = f"us-east-1:{ACCOUNT}"
S3 = "arn:aws:s3:::"
QUEUE = f"arn:aws:sqs:{HERE}:jobs"
TABLE = f"arn:aws:dynamodb:{HERE}:table/orders"
FUNCTION = f"arn:aws:lambda:{HERE}:function:export"
PARAMETER = f"arn:aws:ssm:{HERE}:parameter"
MACHINE = f"arn:aws:states:{HERE}:stateMachine:intake"
BUS = f"arn:aws:events:{HERE}:event-bus/jobs"

CASES = [
    ("data", f"{S3}data/in/*", True),
    ("data", f"{S3}data/*", True),
    ("data", f"{S3}data", True),
    ("data", f"{S3}database/*", False),
    ("s3://data", f"{S3}data/in/*", True),
    ("s3://data/", f"{S3}data", True),
    ("s3:data/in/x.csv", f"{S3}data/in/*", True),
    ("data/in/x.csv", f"{S3}data/*", True),
    ("data/in/x.csv", f"{S3}data", False),
    ("data/in/", f"{S3}data/in/deep/*", True),
    ("data/in/", f"{S3}data/in/*", True),
    ("data/in/", f"{S3}data/inbox/*", False),
    ("data/in", f"{S3}data/in/*", True),
    ("data/in", f"{S3}data/inbox/*", False),
    ("data/inbox/x", f"{S3}data/in/*", False),
    ("data/what?/x", f"{S3}data/what?/*", True),
    (f"{S3}data", f"{S3}data/in/*", True),
    (f"{S3}data/in/x", f"{S3}data/in/*", True),
    (f"{S3}data/*", f"{S3}data/in/*", True),
    ("acme/api", SECRET_ARN, True),
    ("secretsmanager:acme/api", SECRET_ARN, True),
    ("acme/ap", SECRET_ARN, False),
    (SECRET_ARN, SECRET_ARN, True),
    (SECRET_ARN.removesuffix("-AbCdEf"), SECRET_ARN, True),
    (SECRET_ARN.replace("AbCdEf", "GhIjKl"), SECRET_ARN, False),
    ("jobs", QUEUE, True),
    ("sqs:jobs", QUEUE, True),
    ("sns:jobs", QUEUE, False),
    ("jobs", BUS, True),
    ("events:jobs", BUS, True),
    (QUEUE, QUEUE, True),
    (QUEUE.replace("us-east-1", "eu-west-1"), QUEUE, False),
    (QUEUE.replace(ACCOUNT, "111122223333"), QUEUE, False),
    ("orders", TABLE, True),
    (TABLE, TABLE, True),
    (f"{TABLE}/index/by-day", f"{TABLE}/index/*", True),
    (f"{TABLE}/index/by-day", TABLE, False),
    ("orders", f"{TABLE}/index/*", True),
    ("export", FUNCTION, True),
    ("export", f"{FUNCTION}:prod", True),
    ("export:prod", f"{FUNCTION}:prod", True),
    ("export:prod", FUNCTION, False),
    ("lambda:export:prod", f"{FUNCTION}:prod", True),
    ("states:intake", MACHINE, True),
    ("states:intake2", MACHINE, False),
    (MACHINE, MACHINE, True),
    (f"{MACHINE}:prod", MACHINE, True),
    (f"{MACHINE}2:prod", MACHINE, False),
    ("/app/db/host", f"{PARAMETER}/app/db/host", True),
    ("/app/db/host", f"{PARAMETER}/app/*", True),
    ("/app/db/host", f"{PARAMETER}/app/db", False),
    ("/app/", f"{PARAMETER}/app/db/host", True),
    ("/app", f"{PARAMETER}/app/db/host", True),
    ("ssm:/app/", f"{PARAMETER}/app", False),
    ("/app/", f"{PARAMETER}/apple/*", False),
    ("db-host", f"{PARAMETER}/db-host", True),
    (f"{PARAMETER}/app/db", f"{PARAMETER}/app/*", True),
    ("11111111-2222-3333-4444-555555555555", KEY_ARN, True),
    (KEY_ARN, KEY_ARN, True),
]


@pytest.mark.parametrize(("text", "arn", "concerned"), CASES)
def test_question_concerns_an_arn_or_not(text: str, arn: str, concerned: bool) -> None:
    assert any(one.concerns(arn) for one in resource_queries(text)) is concerned


@pytest.mark.parametrize(("text", "arn", "concerned"), [case for case in CASES if case[2]])
def test_what_concerns_a_question_is_kept_where_the_question_looks(
    text: str, arn: str, concerned: bool
) -> None:
    assert any(kept_under(arn) in one.names for one in resource_queries(text) if one.concerns(arn))


@pytest.mark.parametrize(
    "text",
    ["", " ", " data", "data ", "data\n", "*", "data*", "dat?", "arn:aws:s3", "arn:", "s3:", "s3://",
     "sqs:", "/", "s3:/in/x", "x" * 2_049],
)  # fmt: skip
def test_what_names_no_resource_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ResourceUnclear, match="write a name, like northwind-reports"):
        resource_queries(text)


def test_service_that_latchkey_does_not_know_is_asked_for_by_arn() -> None:
    arn = f"arn:aws:kafka:{HERE}:cluster/a/b"
    (one,) = resource_queries(arn)
    assert one.concerns(arn)
    assert kept_under(arn) in one.names


@pytest.mark.parametrize("text", [f"{S3}data/{'long/' * 300}", "ä" * 1_500])
def test_names_of_any_length_make_keys_that_dynamodb_takes(text: str) -> None:
    names = [name for one in resource_queries(text) for name in one.names]
    assert max(len(f"RESOURCE#{name}".encode()) for name in names) <= 2_048


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (f"{S3}data/in/*", ("s3", "data/in/")),
        (f"{S3}data/*", ("s3", "data/")),
        (SECRET_ARN, ("secretsmanager", "acme/api")),
        (QUEUE, ("sqs", "jobs")),
        (TABLE, ("dynamodb", "orders")),
        (f"{FUNCTION}:prod", ("lambda", "export:prod")),
        (f"{PARAMETER}/app/*", ("ssm", "/app/")),
        (f"{PARAMETER}/app/db", ("ssm", "/app/db")),
        (f"{PARAMETER}/db-host", ("ssm", "db-host")),
        (BUS, ("events", "jobs")),
        (KEY_ARN, ("kms", "11111111-2222-3333-4444-555555555555")),
    ],
)
def test_resource_is_shown_as_configs_name_it(arn: str, expected: tuple[str, str]) -> None:
    assert shown(arn) == expected
    service, name = expected
    assert any(one.concerns(arn) for one in resource_queries(f"{service}:{name}")), (
        "and can be asked for"
    )
