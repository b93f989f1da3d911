"""template.yaml as data: CloudFormation's short tags become the long form."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.kit.repository import ROOT

FUNCTION = "AWS::Serverless::Function"
OWN_STACK = {"Ref": "AWS::StackName"}


class _Loader(yaml.SafeLoader):
    """A loader that knows `!Ref`, `!Sub` and the rest."""


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _tagged)


@cache
def template(name: str = "template.yaml") -> dict[str, Any]:
    """The whole template."""
    text = (ROOT / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader with tags)
    return loaded


@cache
def workflow(name: str = "grant") -> dict[str, Any]:
    """The definition of a workflow: `grant`, `reconcile` or `plan`."""
    text = (ROOT / "statemachine" / f"{name}_workflow.asl.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def properties(name: str) -> dict[str, Any]:
    """The properties of a resource."""
    found: dict[str, Any] = template()["Resources"][name].get("Properties", {})
    return found


def of_type(kind: str) -> list[str]:
    """The logical IDs of all resources of a type."""
    return [name for name, body in template()["Resources"].items() if body["Type"] == kind]


def bucket_policy(bucket: str) -> dict[str, Any]:
    """The statements of a bucket's policy, by their names."""
    (policy,) = [
        properties(name)
        for name in of_type("AWS::S3::BucketPolicy")
        if properties(name)["Bucket"] == {"Ref": bucket}
    ]
    return {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}


def folder(function: str) -> str:
    """The name of a function's folder."""
    return Path(properties(function)["CodeUri"]).name


def resolved(value: Any, stack: str, region: str = "us-east-1") -> Any:
    """A value as CloudFormation makes it in a stack of that name, without references to others."""
    known = {
        "AWS::StackName": stack,
        "AWS::Region": region,
        "AWS::AccountId": "123456789012",
        "AWS::Partition": "aws",
    }
    match value:
        case {"Fn::Sub": [str() as text, dict() as names]}:
            return _filled(text, known | {k: resolved(v, stack, region) for k, v in names.items()})
        case {"Fn::Sub": text}:
            return _filled(text, known)
        case {"Fn::If": ["IsNamedLatchkey", yes, no]}:
            return resolved(yes if stack == "latchkey" else no, stack, region)
        case {"Fn::If": [_, yes, _]}:
            return resolved(yes, stack, region)
        case {"Ref": name} if name in known:
            return known[name]
        case dict():
            return {name: resolved(each, stack, region) for name, each in value.items()}
        case list():
            return [resolved(each, stack, region) for each in value]
        case _:
            return value


def _filled(text: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", str(value))
    return text


def listed(value: Any) -> list[Any]:
    """A list of one for a scalar, as in policies."""
    return value if isinstance(value, list) else [value]


def sub(text: str) -> dict[str, str]:
    """What `!Sub text` is."""
    return {"Fn::Sub": text}
