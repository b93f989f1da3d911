"""All that the statements of an entry may have as resources, derived from its JSON alone."""

import re
from typing import Any

from latchkey.services.registry import CUSTOM, spec
from tests.kit.documented.access import OF_RESOURCES
from tests.kit.examples import AWS_ENVIRONMENT

_ARNS = {
    name: (spec(name).field, spec(name).resource_arn("{}", AWS_ENVIRONMENT), spec(name).arn.after)
    for name in OF_RESOURCES
}

_AREA = re.compile(r"(global|us|us-gov|eu|apac|jp|au|ca)\.[a-z0-9-]+\.", re.ASCII)
"""How the IDs of Bedrock's inference profiles begin; those of models begin with a provider."""


def reach(entry: dict[str, Any]) -> list[str]:
    """Patterns of all that statements of an entry may have as resources."""
    if entry["service"] == "custom":
        named = (text for own in entry["statements"] for text in listed(own["Resource"]))
        return [re.escape(text) for text in named]
    arn = _arn(entry)
    beside = [one for whole in implied(entry) for one in (whole, whole.partition("/")[0])]
    return [*(_parts(entry, arn) or [arn]), *map(re.escape, beside)]


def _arn(entry: dict[str, Any]) -> str:
    """A pattern of the resource's ARN."""
    field, form, more = _ARNS[entry["service"]]
    name = str(entry[field])
    if name.startswith("arn:"):
        return re.escape(name)
    match entry["service"]:
        case "bedrock":
            profile = f"{AWS_ENVIRONMENT.account}:inference-profile"
            kind = profile if _AREA.match(name) else ":foundation-model"
            return re.escape(f"arn:aws:bedrock:{AWS_ENVIRONMENT.region}:{kind}/{name}")
        case "sagemaker":
            return re.escape(form.format(name).lower())
        case "ssm":
            name = name.removeprefix("/")
    return re.escape(form.format(name)) + str(more)


def _parts(entry: dict[str, Any], arn: str) -> list[str]:
    """What of a resource is allowed, where that is more or less than its ARN."""
    match entry["service"]:
        case "s3":
            return [arn, f"{arn}/{re.escape(folder(entry))}\\*"]
        case "dynamodb":
            return [arn, f"{arn}/index/\\*", *[f"{arn}/stream/\\*"] * bool(entry.get("stream"))]
        case "execute-api":
            return [f"{arn}/{re.escape(entry.get('stage') or '*')}/\\*/\\*"]
        case "glue":
            head, _, name = arn.rpartition("database/")
            tables = (re.escape(one) for one in entry.get("tables") or ["*"])
            return [arn, f"{head}catalog", *(f"{head}table/{name}/{one}" for one in tables)]
        case "kinesis" if entry.get("fan_out"):
            return [arn, f"{arn}/consumer/\\*"]
        case "logs":
            return [f"{arn}:\\*", f"{arn}:log-stream:\\*"]
        case "ssm" if entry["parameter"].endswith("/"):
            return [arn.removesuffix("/"), f"{arn}\\*"]
    return []


def implied(entry: dict[str, Any]) -> tuple[str, ...]:
    """What comes with the resource of an entry, as the lookup would find it."""
    if entry["service"] == CUSTOM or is_model(entry):
        return ()
    return spec(entry["service"]).example_implied


def is_model(entry: dict[str, Any]) -> bool:
    """Whether an entry names one model of Bedrock itself, and no profile with models behind it."""
    return entry["service"] == "bedrock" and ":foundation-model/" in _arn(entry).replace("\\", "")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def folder(entry: dict[str, Any]) -> str:
    return f"{entry['prefix'].rstrip('/')}/" if entry.get("prefix") else ""
