"""Guardrails cover everything that an entry reaches, and allow nothing that lies outside."""

from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails
from latchkey.config.reach_rules import resource_problems
from latchkey.services.resource_info import ResourceInfo
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, KEY_ARN, config, s3_entry
from tests.unit.catalogue_entries import entry_of

HERE = f"us-east-1:{ACCOUNT}"
BUCKET = "arn:aws:s3:::data-bucket"
TABLE = f"arn:aws:dynamodb:{HERE}:table/items"
FUNCTION = f"arn:aws:lambda:{HERE}:function:pay"
PATH = f"arn:aws:ssm:{HERE}:parameter/app"
RESULTS = "arn:aws:s3:::results"
MACHINE = f"arn:aws:states:{HERE}:stateMachine:intake"
SECRET = f"arn:aws:secretsmanager:{HERE}:secret:prod/db-AbCdEf"
QUEUE = f"arn:aws:sqs:{HERE}:orders"
WORKGROUP = f"arn:aws:athena:{HERE}:workgroup/partners"


def _custom(action: str, arn: str, **more: Any) -> dict[str, Any]:
    return {"service": "custom", "statements": [{"Action": action, "Resource": arn, **more}]}


def _list(prefix: str) -> dict[str, Any]:
    return _custom("s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": prefix}})


def _indexes(name: str) -> dict[str, Any]:
    return _custom("dynamodb:Query", f"{TABLE}/index/{name}")


def _function(name: str) -> dict[str, Any]:
    return entry_of("lambda", function=name, allow="invoke")


TABLE_READ = entry_of("dynamodb", table="items", allow="read")
PATH_READ = entry_of("ssm", parameter="/app/", allow="read")
START = entry_of("states", state_machine="intake", allow="start")
SECRET_READ = entry_of("secretsmanager", secret="prod/db", allow="read")
PUT_SECRET = _custom("secretsmanager:PutSecretValue", SECRET)
FOUND = ResourceInfo(WORKGROUP, implied=(ResourceInfo(f"{RESULTS}/q/*"),))
"""A workgroup with its result location, which nobody names."""

QUERY = entry_of("athena", workgroup="partners", allow="query")

GROUP = f"arn:aws:logs:{HERE}:log-group:/app/import"
READ_LOG = entry_of("logs", log_group="/app/import", allow="read")
REPOSITORY = f"arn:aws:ecr:{HERE}:repository/team/agent"
PULL = entry_of("ecr", repository="team/agent", allow="pull")
SENDS = ResourceInfo(
    f"arn:aws:ses:{HERE}:identity/news.example",
    implied=(ResourceInfo(f"arn:aws:ses:{HERE}:configuration-set/news"),),
)
SEND = entry_of("ses", identity="news.example", allow="send")


ENDPOINT = f"arn:aws:sagemaker:{HERE}:endpoint/score"
SCORE = entry_of("sagemaker", endpoint="Score", allow="invoke")


def _broken(rules: dict[str, list[str]], entry: dict[str, Any], *found: ResourceInfo) -> list[str]:
    guardrails = Guardrails.model_validate({"version": 1, **rules})
    access = config(access=[entry]).access
    return [p.message for p in resource_problems(access, [found], guardrails, AWS_ENVIRONMENT)]


DENIED: list[tuple[str, dict[str, Any], ResourceInfo]] = [
    # a function with its versions and aliases, however it is named
    (FUNCTION, _function("pay"), ResourceInfo(FUNCTION)),
    (FUNCTION, _function("pay:1"), ResourceInfo(f"{FUNCTION}:1")),
    (FUNCTION, _function("pay:live"), ResourceInfo(f"{FUNCTION}:live")),
    (f"{FUNCTION}:*", _function("pay"), ResourceInfo(FUNCTION)),
    (f"{FUNCTION}:7", _function("pay:live"), ResourceInfo(f"{FUNCTION}:live")),
    (f"{FUNCTION}:$LATEST", _function("pay:live"), ResourceInfo(f"{FUNCTION}:live")),
    (
        FUNCTION,
        _custom("lambda:InvokeFunction", f"{FUNCTION}:live"),
        ResourceInfo(f"{FUNCTION}:live"),
    ),
    # keys that are only implied
    (KEY_ARN, s3_entry(), ResourceInfo(BUCKET, (KEY_ARN,))),
    (KEY_ARN, entry_of("sqs", queue="orders", allow="send"), ResourceInfo(QUEUE, (KEY_ARN,))),
    (KEY_ARN, _custom("sqs:PurgeQueue", QUEUE), ResourceInfo(QUEUE, (KEY_ARN,))),
    ("arn:aws:kms:*:*:key/*", TABLE_READ, ResourceInfo(TABLE, (KEY_ARN,))),
    (
        KEY_ARN,
        QUERY,
        ResourceInfo(WORKGROUP, implied=(ResourceInfo("arn:aws:s3:::results/*", (KEY_ARN,)),)),
    ),
    # keys by whatever alias stands for them
    ("arn:aws:kms:*:*:alias/finance", s3_entry(), ResourceInfo(BUCKET, (KEY_ARN,))),
    # endpoints in whatever case their names were written
    (f"arn:aws:sagemaker:{HERE}:endpoint/Score", SCORE, ResourceInfo(ENDPOINT)),
    # what lies within
    (BUCKET, s3_entry(prefix="in"), ResourceInfo(BUCKET)),
    (BUCKET, s3_entry(allow="write"), ResourceInfo(BUCKET)),
    (BUCKET, _custom("s3:GetObjectTagging", f"{BUCKET}/*"), ResourceInfo(BUCKET)),
    (BUCKET, _custom("s3:GetObjectTagging", f"{BUCKET}/in/*"), ResourceInfo(BUCKET)),
    (f"{BUCKET}/in", s3_entry(prefix="in/deep"), ResourceInfo(BUCKET)),
    (TABLE, TABLE_READ, ResourceInfo(TABLE)),
    (TABLE, _indexes("*"), ResourceInfo(TABLE)),
    (TABLE, _indexes("by-name"), ResourceInfo(TABLE)),
    (f"{TABLE}/index/by-name", TABLE_READ, ResourceInfo(TABLE)),
    (RESULTS, QUERY, FOUND),
    # lists of what is denied
    (f"{BUCKET}/pay/*", _custom("s3:ListBucket", BUCKET), ResourceInfo(BUCKET)),
    (f"{BUCKET}/pay/*", _list("${aws:userid}/*"), ResourceInfo(BUCKET)),
    (BUCKET, _custom("s3:GetBucketLocation", BUCKET), ResourceInfo(BUCKET)),
    # parameters, one by one and by path
    (f"{PATH}/key", PATH_READ, ResourceInfo(f"{PATH}/")),
    (PATH, PATH_READ, ResourceInfo(f"{PATH}/")),
    (f"{PATH}/", PATH_READ, ResourceInfo(f"{PATH}/")),
    (f"{PATH}/", entry_of("ssm", parameter="/app/key", allow="read"), ResourceInfo(f"{PATH}/key")),
    (f"{PATH}/deep/key", _custom("ssm:GetParametersByPath", PATH), ResourceInfo(PATH)),
    (f"{PATH}/key", _custom("ssm:GetParametersByPath", f"{PATH}/*"), ResourceInfo(f"{PATH}/")),
    # what is known by more than one ARN
    (f"{MACHINE}:prod", START, ResourceInfo(MACHINE)),
    (SECRET[:-7], SECRET_READ, ResourceInfo(SECRET)),
    (f"{SECRET[:-7]}-??????", PUT_SECRET, ResourceInfo(SECRET)),
    # a log group with its streams, and what an identity of SES sends with
    (GROUP, READ_LOG, ResourceInfo(GROUP)),
    (f"{GROUP}:*", READ_LOG, ResourceInfo(GROUP)),
    (f"{GROUP}:log-stream:a", READ_LOG, ResourceInfo(GROUP)),
    (SENDS.implied[0].arn, SEND, SENDS),
    # wildcards on both sides
    (f"{BUCKET}/*/secret", s3_entry(prefix="in"), ResourceInfo(BUCKET)),
    ("arn:aws:*:*:*:*", s3_entry(prefix="in"), ResourceInfo(BUCKET)),
    ("arn:*", TABLE_READ, ResourceInfo(TABLE)),
    ("arn:aws:lambda:*:function:pay", _function("pay:1"), ResourceInfo(f"{FUNCTION}:1")),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "entry", "found"), DENIED)
def test_denied_is_refused_however_it_is_reached(
    pattern: str, entry: dict[str, Any], found: ResourceInfo
) -> None:
    (message,) = _broken({"denied_resources": [pattern]}, entry, found)
    assert message.startswith("guardrail denied_resources: arn:")
    assert message.endswith(f" touches {pattern}")


BESIDE: list[tuple[str, dict[str, Any], ResourceInfo]] = [
    (FUNCTION, _function("payroll"), ResourceInfo(f"{FUNCTION}roll")),
    (f"{FUNCTION}:1", _function("pay:2"), ResourceInfo(f"{FUNCTION}:2")),
    (f"{FUNCTION}:1", _function("pay"), ResourceInfo(FUNCTION)),
    (f"{FUNCTION}:beta", _function("pay:live"), ResourceInfo(f"{FUNCTION}:live")),
    (KEY_ARN, s3_entry(), ResourceInfo(BUCKET)),
    ("arn:aws:kms:*:999988887777:alias/finance", s3_entry(), ResourceInfo(BUCKET, (KEY_ARN,))),
    (BUCKET, s3_entry(bucket="data-bucket-2"), ResourceInfo(f"{BUCKET}-2")),
    (f"{BUCKET}/in", s3_entry(prefix="inbox"), ResourceInfo(BUCKET)),
    (f"{BUCKET}/pay/*", s3_entry(prefix="in"), ResourceInfo(BUCKET)),
    (f"{BUCKET}/pay/*", s3_entry(prefix="in", allow="write"), ResourceInfo(BUCKET)),
    (f"{BUCKET}/pay/*", _list("in/*"), ResourceInfo(BUCKET)),
    (f"{TABLE}2", TABLE_READ, ResourceInfo(TABLE)),
    (f"{PATH}lication", PATH_READ, ResourceInfo(f"{PATH}/")),
    ("arn:aws:ssm:*:*:parameter/prod/*", PATH_READ, ResourceInfo(f"{PATH}/")),
    ("arn:*:s3:::finance-*", s3_entry(), ResourceInfo(BUCKET)),
    (f"{PATH}/key", _custom("ssm:GetParameterHistory", PATH), ResourceInfo(PATH)),
    (SECRET[:-10], SECRET_READ, ResourceInfo(SECRET)),
    (f"{GROUP}/debug", READ_LOG, ResourceInfo(GROUP)),
    (f"arn:aws:ecr:{HERE}:repository/other", PULL, ResourceInfo(REPOSITORY)),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "entry", "found"), BESIDE)
def test_what_lies_beside_the_denied_is_no_problem(
    pattern: str, entry: dict[str, Any], found: ResourceInfo
) -> None:
    assert _broken({"denied_resources": [pattern]}, entry, found) == []


ALLOWED: list[tuple[list[str], dict[str, Any], ResourceInfo]] = [
    ([f"{BUCKET}/*"], s3_entry(), ResourceInfo(BUCKET)),
    ([f"{BUCKET}/in/*"], s3_entry(prefix="in"), ResourceInfo(BUCKET)),
    ([f"{BUCKET}*"], s3_entry(), ResourceInfo(BUCKET)),
    ([BUCKET], _custom("s3:GetBucketLocation", BUCKET), ResourceInfo(BUCKET)),
    ([f"{BUCKET}/in/*"], _custom("s3:GetBucketLocation", BUCKET), ResourceInfo(BUCKET)),
    ([f"{BUCKET}/*", KEY_ARN], s3_entry(), ResourceInfo(BUCKET, (KEY_ARN,))),
    ([TABLE, f"{TABLE}/index/*"], TABLE_READ, ResourceInfo(TABLE)),
    ([f"{TABLE}*"], TABLE_READ, ResourceInfo(TABLE)),
    ([FUNCTION], _function("pay"), ResourceInfo(FUNCTION)),
    ([f"{FUNCTION}:live"], _function("pay:live"), ResourceInfo(f"{FUNCTION}:live")),
    ([f"{PATH}/*"], PATH_READ, ResourceInfo(f"{PATH}/")),
    ([f"{PATH}/*"], _custom("ssm:GetParametersByPath", PATH), ResourceInfo(PATH)),
    ([MACHINE], START, ResourceInfo(MACHINE)),
    ([f"{GROUP}:*"], READ_LOG, ResourceInfo(GROUP)),
    (["arn:aws:logs:*:*:log-group:/app/*"], READ_LOG, ResourceInfo(GROUP)),
    ([REPOSITORY], PULL, ResourceInfo(REPOSITORY)),
    (
        [WORKGROUP, "arn:aws:s3:::results/*"],
        QUERY,
        ResourceInfo(WORKGROUP, implied=(ResourceInfo("arn:aws:s3:::results/*"),)),
    ),
    (["arn:aws:lambda:*:function:pay"], _function("pay"), ResourceInfo(FUNCTION)),
]


@pytest.mark.parametrize(("patterns", "entry", "found"), ALLOWED)
def test_entry_is_allowed_where_all_that_it_reaches_lies_within(
    patterns: list[str], entry: dict[str, Any], found: ResourceInfo
) -> None:
    assert _broken({"allowed_resources": patterns}, entry, found) == []


OUTSIDE: list[tuple[list[str], dict[str, Any], ResourceInfo, str]] = [
    ([BUCKET], s3_entry(), ResourceInfo(BUCKET), f"{BUCKET}/*"),
    ([BUCKET], s3_entry(prefix="in"), ResourceInfo(BUCKET), f"{BUCKET}/in/*"),
    ([BUCKET], s3_entry(allow="write"), ResourceInfo(BUCKET), f"{BUCKET}/*"),
    ([f"{BUCKET}/in/*"], s3_entry(), ResourceInfo(BUCKET), f"{BUCKET}/*"),
    ([f"{BUCKET}/in/*"], s3_entry(prefix="inbox"), ResourceInfo(BUCKET), f"{BUCKET}/inbox/*"),
    ([BUCKET], _custom("s3:ListBucketVersions", BUCKET), ResourceInfo(BUCKET), f"{BUCKET}/*"),
    ([f"{BUCKET}/*"], s3_entry(), ResourceInfo(BUCKET, (KEY_ARN,)), KEY_ARN),
    ([TABLE], TABLE_READ, ResourceInfo(TABLE), f"{TABLE}/index/*"),
    ([f"{TABLE}/index/*"], TABLE_READ, ResourceInfo(TABLE), TABLE),
    ([TABLE], _indexes("*"), ResourceInfo(TABLE), f"{TABLE}/index/*"),
    ([FUNCTION], _function("pay:live"), ResourceInfo(f"{FUNCTION}:live"), f"{FUNCTION}:live"),
    ([f"{FUNCTION}:live"], _function("pay"), ResourceInfo(FUNCTION), FUNCTION),
    ([PATH], PATH_READ, ResourceInfo(f"{PATH}/"), f"{PATH}/*"),
    ([SENDS.arn], SEND, SENDS, SENDS.implied[0].arn),
    ([f"{GROUP}/*"], READ_LOG, ResourceInfo(GROUP), f"{GROUP}:*"),
    ([PATH], _custom("ssm:GetParametersByPath", PATH), ResourceInfo(PATH), f"{PATH}/*"),
    (
        [WORKGROUP],
        QUERY,
        ResourceInfo(WORKGROUP, implied=(ResourceInfo("arn:aws:s3:::results/*"),)),
        "arn:aws:s3:::results/*",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("patterns", "entry", "found", "outside"), OUTSIDE)
def test_whatever_lies_outside_of_all_patterns_is_refused(
    patterns: list[str], entry: dict[str, Any], found: ResourceInfo, outside: str
) -> None:
    (message,) = _broken({"allowed_resources": patterns}, entry, found)
    assert message.startswith(
        f"guardrail allowed_resources: {outside} lies in none of the allowed patterns"
    )


def test_region_of_a_bucket_in_which_nothing_is_allowed_is_not_told() -> None:
    elsewhere = {"allowed_resources": ["arn:aws:s3:::other/*"]}
    (message,) = _broken(elsewhere, _custom("s3:GetBucketLocation", BUCKET), ResourceInfo(BUCKET))
    assert BUCKET in message
