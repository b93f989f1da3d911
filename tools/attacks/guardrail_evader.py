"""Somebody who may upload, and tries everything that an entry reaches to get round a guardrail."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT
from tests.kit.resources import make_bucket, make_function, make_parameters, make_table
from tools.attacks.ground import Ground
from tools.attacks.people import Uploader
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

_PLACE = "<account>"
"""Stands for the account of the target."""

_REGION = f"us-east-1:{_PLACE}"


def custom(actions: str | list[str], resources: str | list[str]) -> dict[str, Any]:
    """An entry of one custom statement."""
    given = {"Action": actions, "Resource": resources}
    return {"service": "custom", "statements": [{"Effect": "Allow", **given}]}


def _s3(target: Target, **more: Any) -> dict[str, Any]:
    return {"service": "s3", "bucket": target.partner, "allow": "read", **more}


class Case(NamedTuple):
    """Guardrails, and what a file asks for that they do not allow."""

    rules: dict[str, Any]
    config: Callable[[Target], dict[str, Any]]


def _denied(pattern: str, entry: Callable[[Target], dict[str, Any]]) -> Case:
    """A pattern of `denied_resources`, with `{}` for the target's partner."""
    return Case({"denied_resources": [pattern]}, lambda t: t.config(access=[entry(t)]))


def _custom(pattern: str, actions: str, resource: str) -> Case:
    return _denied(pattern, lambda t: custom(actions, resource.format(t.partner)))


def _secret(target: Target) -> dict[str, Any]:
    return {"service": "secretsmanager", "secret": f"{target.partner}/key", "allow": "read"}


_LAMBDA, _TABLE = f"arn:aws:lambda:{_REGION}:function", f"arn:aws:dynamodb:{_REGION}:table"
_SSM, _SECRET = f"arn:aws:ssm:{_REGION}:parameter", f"arn:aws:secretsmanager:{_REGION}:secret"
_S3 = "arn:aws:s3:::"
_INVOKE, _GET, _QUERY = "lambda:InvokeFunction", "s3:GetObject", "dynamodb:Query"
_READ, _PATH = "secretsmanager:GetSecretValue", "ssm:GetParametersByPath"

DENIED = {
    "a version": _custom(f"{_LAMBDA}:{{}}", _INVOKE, f"{_LAMBDA}:{{}}:1"),
    "an alias": _custom(f"{_LAMBDA}:{{}}", _INVOKE, f"{_LAMBDA}:{{}}:live"),
    "a version by its alias": _custom(f"{_LAMBDA}:{{}}:1", _INVOKE, f"{_LAMBDA}:{{}}:live"),
    "a version by the function": _custom(f"{_LAMBDA}:{{}}:1", _INVOKE, f"{_LAMBDA}:{{}}:*"),
    "all indexes": _custom(f"{_TABLE}/{{}}", _QUERY, f"{_TABLE}/{{}}/index/*"),
    "an index": _custom(f"{_TABLE}/{{}}", _QUERY, f"{_TABLE}/{{}}/index/by-b"),
    "an index by all of them": _custom(
        f"{_TABLE}/{{}}/index/by-b", _QUERY, f"{_TABLE}/{{}}/index/*"
    ),
    "a table of any region": _custom("arn:aws:dynamodb:*:*:table/{}*", _QUERY, f"{_TABLE}/{{}}"),
    "objects": _custom(f"{_S3}{{}}", _GET, f"{_S3}{{}}/*"),
    "one object": _custom(f"{_S3}{{}}", _GET, f"{_S3}{{}}/a.csv"),
    "a folder by its parent": _custom(f"{_S3}{{}}/in/secret/*", _GET, f"{_S3}{{}}/in/*"),
    "keys by a list": _custom(f"{_S3}{{}}/secret/*", "s3:ListBucket", f"{_S3}{{}}"),
    "a folder by its bucket": _denied(f"{_S3}{{}}/secret/*", _s3),
    "a bucket by its folder": _denied(f"{_S3}{{}}", lambda t: _s3(t, prefix="in")),
    "a path above": _custom(f"{_SSM}/{{}}/b/*", _PATH, f"{_SSM}/{{}}"),
    "all of a path above": _custom(f"{_SSM}/{{}}/b/c", _PATH, f"{_SSM}/{{}}/*"),
    "a parameter by the path that it is": _custom(f"{_SSM}/{{}}/b/c", _PATH, f"{_SSM}/{{}}/b"),
    "a path of the catalogue": _denied(
        f"{_SSM}/{{}}/b/c",
        lambda t: {"service": "ssm", "parameter": f"/{t.partner}/", "allow": "read"},
    ),
    "a secret by its name": _denied(f"{_SECRET}:{{}}/key", _secret),
    "a secret by its letters": _denied(f"{_SECRET}:{{}}/key-??????", _secret),
}

ALLOWED = {
    "a bucket's ARN for its objects": f"{_S3}{{}}",
    "a folder beside": f"{_S3}{{}}/inbox/*",
    "a part of a folder": f"{_S3}{{}}/in/a/*",
    "another bucket": f"{_S3}other/*",
}

OWN = {
    "configs": custom("s3:PutObject", f"{_S3}latchkey-configs-{ACCOUNT}-us-east-1/partners/*"),
    "another stack's configs": custom("s3:PutObject", f"{_S3}latchkey-prod-configs-1/partners/*"),
    "results": {"service": "s3", "bucket": f"latchkey-results-{ACCOUNT}-us-east-1"}
    | {"allow": "read"},
    "the table": custom("dynamodb:PutItem", f"{_TABLE}/latchkey-grants"),
    "another stack's table": custom(_QUERY, f"{_TABLE}/latchkey-prod-grants/index/*"),
    "a function": custom(_INVOKE, f"{_LAMBDA}:latchkey-grant-access"),
    "another stack's alias": custom(_INVOKE, f"{_LAMBDA}:latchkey-prod-grant-access:live"),
    "the guardrails": custom("ssm:GetParameter", f"{_SSM}/latchkey/guardrails"),
    "the guardrails by path": custom(_PATH, f"{_SSM}/latchkey"),
    "everything by path": {"service": "ssm", "parameter": "/latchkey/", "allow": "read"},
    "a queue": custom("sqs:SendMessage", f"arn:aws:sqs:{_REGION}:latchkey-config-events"),
    "the topic": custom("sns:Publish", f"arn:aws:sns:{_REGION}:latchkey-notices"),
    "the bus": custom("events:PutEvents", f"arn:aws:events:{_REGION}:event-bus/latchkey"),
    "a workflow": custom(
        "states:StartExecution", f"arn:aws:states:{_REGION}:stateMachine:latchkey-grant-workflow"
    ),
}

RULES = {
    "the whole internet in halves": Case(
        {}, lambda t: t.config(source_ips=["0.0.0.0/1", "128.0.0.0/1"])
    ),
    "an account by a role": Case(
        {"allowed_partner_accounts": ["444455556666"]},
        lambda t: t.config(principals=[f"arn:aws:iam::{OTHER_ACCOUNT}:role/r"]),
    ),
    "days from a later start": Case(
        {"max_grant_days": 10}, lambda t: t.config(starts_at="2026-01-01T00:00:00Z")
    ),
    "a service in a custom statement": Case(
        {"allow_custom": False},
        lambda t: t.config(access=[custom(_GET, f"{_S3}{t.partner}/in/*")]),
    ),
}


@attack(DENIED, short=("an alias", "an index", "a path above"), always=True)
def round_a_denied_resource(ground: Ground, case: Case) -> None:
    """Names what belongs to a denied resource, in any other way."""
    target = ground.target()
    _make(ground, target.partner)
    _refused(ground, case, target)


@attack(ALLOWED, short=("a bucket's ARN for its objects",), always=True)
def beyond_an_allowed_resource(ground: Ground, pattern: str) -> None:
    """Names more than is allowed, beside it or above it."""
    rules = {"allowed_resources": [pattern]}
    _refused(ground, Case(rules, lambda t: t.config(access=[_s3(t, prefix="in")])))


@attack(OWN, short=("another stack's configs", "the guardrails by path"), always=True)
def latchkey_itself(ground: Ground, entry: dict[str, Any]) -> None:
    """Names what is Latchkey's own, of this stack or of another."""
    _refused(ground, Case({}, lambda t: t.config(access=[entry])))


@attack(RULES, short=("the whole internet in halves",), always=True)
def other_rules(ground: Ground, case: Case) -> None:
    """Writes otherwise what another rule does not allow."""
    _refused(ground, case)


@attack(short=True, always=True)
def denied_key_by_implication(ground: Ground) -> None:
    """Names a bucket that a denied key encrypts, so that the key is granted with it."""
    target = ground.target()
    key = ground.client("kms").create_key()["KeyMetadata"]["Arn"]
    bucket = f"{target.partner}-sealed"
    make_bucket(ground.client, bucket, key)
    case = Case({"denied_resources": [key]}, lambda t: t.config(access=[_s3(t, bucket=bucket)]))
    _refused(ground, case, target)


def _make(ground: Ground, name: str) -> None:
    """What the files name: a function with a version and an alias, a table, parameters."""
    client = ground.client
    make_function(client, name, None)
    version = client("lambda").publish_version(FunctionName=name)["Version"]
    client("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    make_table(client, name, None)
    make_parameters(client, name, None)
    for path in (f"/{name}", f"/{name}/b"):
        client("ssm").put_parameter(Name=path, Value="1", Type="String")


def _refused(ground: Ground, case: Case, target: Target | None = None) -> None:
    """A file of a new partner is rejected for what the guardrails say, and there is no role."""
    target = target or ground.target()
    rules = json.dumps({"version": 1, "allow_custom": True, **ground.listed, **case.rules})
    ground.guard(rules.replace("{}", target.partner).replace(_PLACE, ground.account))
    config = json.dumps(case.config(target)).replace(_PLACE, ground.account)
    result = Uploader(ground, target).upload(target.key, json.loads(config))
    problems = [one["message"] for one in result["problems"]]
    assert result["outcome"] == "rejected", f"the file is {result['outcome']}"
    assert any(_of_a_rule(one) for one in problems), f"only by chance: {problems}"
    assert ground.role(target.role) is None, "there is a role"


def _of_a_rule(message: str) -> bool:
    """Whether a problem is that of a rule, and not of a name that is not there."""
    return any(word in message for word in ("guardrail", "Latchkey", "internet", "one resource of"))


run = suite(__name__)
