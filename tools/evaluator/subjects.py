"""The roles that are judged, with the actions that each is meant to have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from latchkey.grants.policies import permissions_policy
from latchkey.services.registry import CUSTOM, NAMES, spec
from tests.kit.examples import AWS_ENVIRONMENT, KEY_ARN, config, resources_of
from tests.kit.partners import managed_policies
from tests.kit.parts import in_turn
from tests.kit.reads_data import reads_data
from tests.kit.template import listed, of_type, properties, resolved, template

ACCOUNT, STACK = "123456789012", "latchkey"
ROLE = "AWS::IAM::Role"
_HERE = f"us-east-1:{ACCOUNT}"
_ARNS = {
    "AWS::DynamoDB::Table": ("TableName", f"arn:aws:dynamodb:{_HERE}:table/{{}}"),
    "AWS::Events::EventBus": ("Name", f"arn:aws:events:{_HERE}:event-bus/{{}}"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", f"arn:aws:iam::{ACCOUNT}:policy/{{}}"),
    "AWS::IAM::Role": ("RoleName", f"arn:aws:iam::{ACCOUNT}:role/{{}}"),
    "AWS::Logs::LogGroup": ("LogGroupName", f"arn:aws:logs:{_HERE}:log-group:{{}}:*"),
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{}"),
    "AWS::SNS::Topic": ("TopicName", f"arn:aws:sns:{_HERE}:{{}}"),
    "AWS::SQS::Queue": ("QueueName", f"arn:aws:sqs:{_HERE}:{{}}"),
    "AWS::Serverless::Function": ("FunctionName", f"arn:aws:lambda:{_HERE}:function:{{}}"),
}
_REFERENCE = re.compile(r"\$\{(\w+)(?:\.Arn)?\}")
# By the SDK's own design nobody can be denied it (IAM user guide, GetCallerIdentity).
ALWAYS = {"sts:GetCallerIdentity", "sts:GetSessionToken"}


@dataclass(frozen=True)
class Subject:
    """A role: its policies, its boundary if it has one, and the actions that it should have.

    Those of access to the account, a policy of AWS that has patterns, have no list: `sees` are the
    patterns, and nothing beyond them and nothing that reads data is what it should have.
    """

    policies: list[Any]
    meant: frozenset[str]
    boundary: Any = None
    sees: tuple[str, ...] = ()

    def faults(self, allowed: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Those of the allowed actions that it should not have, and those that it lacks."""
        if not self.sees:
            return allowed - ALWAYS - self.meant, self.meant - allowed
        patterns = [pattern.lower() for pattern in self.sees]
        known = {one for one in allowed if any(fnmatchcase(one.lower(), p) for p in patterns)}
        return frozenset({*(allowed - known), *filter(reads_data, allowed)} - ALWAYS), frozenset()

    def document(self) -> dict[str, Any]:
        """As the judge reads it."""
        return {"policies": self.policies, "boundary": self.boundary}


def subjects() -> dict[str, Subject]:
    """Every role of the template, the boundaries, and each kind of partner role within it."""
    return {**_own(), **_of_partners()}


def of_this_part() -> dict[str, Subject]:
    """Those that CI judges: of partners' roles, nine tenths of the work, those whose turn it is.

    The roles of the stack and the boundaries are judged each time.
    """
    partners = _of_partners()
    return {**_own(), **{name: partners[name] for name in in_turn([*partners])}}


def _own() -> dict[str, Subject]:
    return {**dict(_own_roles()), **dict(_boundaries())}


def _of_partners() -> dict[str, Subject]:
    return {**dict(_partners()), **dict(_seeing_the_account())}


def _own_roles() -> Iterator[tuple[str, Subject]]:
    for name in of_type(ROLE):
        documents = [filled(policy["PolicyDocument"]) for policy in properties(name)["Policies"]]
        yield name, Subject(documents, frozenset(_actions(documents)))


def _boundaries() -> Iterator[tuple[str, Subject]]:
    """Those whose actions have names; the one for configuration has patterns.

    `tests/contract/test_audit_boundary.py` judges that over all of IAM's actions.
    """
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    whatever = [{"Version": "2012-10-17", "Statement": [everything]}]
    for name in ("PermissionsBoundary", "KmsBoundary"):
        document = filled(properties(name)["PolicyDocument"])
        yield name, Subject(whatever, frozenset(_actions([document])), document)


def _partners() -> Iterator[tuple[str, Subject]]:
    for service in NAMES:
        if service == CUSTOM or spec(service).managed:
            continue
        boundary = properties(spec(service).bounded_by or "PermissionsBoundary")["PolicyDocument"]
        for allow in spec(service).actions:
            entry = {"service": service, **spec(service).example, "allow": allow}
            asked = config(access=[entry])
            infos = resources_of(asked, AWS_ENVIRONMENT, (KEY_ARN,))
            document = permissions_policy(asked, infos, AWS_ENVIRONMENT)
            meant = frozenset(_actions([document]))
            yield f"partner: {service} {allow}", Subject([document], meant, filled(boundary))


def _seeing_the_account() -> Iterator[tuple[str, Subject]]:
    """Each kind of access to the account: AWS's policy, what the role denies, and its boundary."""
    for service in NAMES:
        boundary = properties(spec(service).bounded_by or "PermissionsBoundary")["PolicyDocument"]
        for allow, name in spec(service).managed.items():
            policy = managed_policies()[name.rpartition("/")[2]]
            asked = config(access=[{"service": service, "allow": allow}])
            denies = permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT)
            sees = tuple(_actions([policy]))
            subject = Subject([policy, denies], frozenset(), filled(boundary), sees)
            yield f"partner: {service} {allow}", subject


def _actions(documents: list[Any]) -> Iterator[str]:
    for document in documents:
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow":
                yield from listed(statement["Action"])


def filled(value: Any) -> Any:
    """A value with names and ARNs in the place of references."""
    match value:
        case {"Ref": "RolePath"} | {"Ref": "RoleNamePrefix"}:
            return template()["Parameters"][value["Ref"]]["Default"]
        case {"Ref": name} if name in template()["Resources"]:
            return _arn(name)
        case {"Fn::GetAtt": name}:
            return _arn(name.removesuffix(".Arn"))
        case {"Fn::Sub": _} | {"Fn::If": _} | {"Ref": _}:
            return _REFERENCE.sub(_named, str(resolved(value, STACK)))
        case dict():
            return {key: filled(each) for key, each in value.items()}
        case list():
            return [filled(each) for each in value]
        case _:
            return value


def _named(found: re.Match[str]) -> str:
    name = found[1]
    if name in template()["Parameters"]:
        return str(template()["Parameters"][name]["Default"])
    return _arn(name)


def _arn(name: str) -> str:
    field, arn = _ARNS[template()["Resources"][name]["Type"]]
    return arn.format(filled(properties(name).get(field, name)))
