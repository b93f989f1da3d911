"""Resources in words: what an ARN names, for somebody who does not read ARNs."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import replace

from latchkey.iam.arn import arn_parts
from latchkey.iam.condition import Condition
from latchkey.iam.permit import Permit
from latchkey.services.labels import BUCKET_ACTIONS

_SECRET_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}")
_FOLDER = ("StringLike", "s3:prefix")


class Names:
    """Names for the resources of permits; two resources never have one name."""

    def __init__(self, permits: Iterable[Permit]) -> None:
        arns: dict[str, set[str]] = defaultdict(set)
        for permit in permits:
            arns[_name(permit.resource)].add(permit.resource)
        self._shared = {name for name, found in arns.items() if len(found) > 1}

    def of(self, permit: Permit) -> tuple[str, Permit]:
        """The name of a permit's resource, and the permit without the conditions in the name.

        What may be listed of a bucket is bound to a folder by a condition; it is named as objects
        in that folder are.
        """
        bucket, _, key = permit.resource.removeprefix("arn:").partition(":::")[2].partition("/")
        if permit.action.split(":")[0].lower() != "s3" or not bucket or permit.opaque:
            name = _name(permit.resource)
            return (permit.resource if name in self._shared else name), permit
        if permit.action.lower() in BUCKET_ACTIONS and not key:
            return _listed(bucket, permit)
        if not key:
            return f"bucket {bucket} itself, no objects", permit
        return f"bucket {bucket}{_objects(key)}", permit


def _listed(bucket: str, permit: Permit) -> tuple[str, Permit]:
    bound = [condition for condition in permit.conditions if condition.about == _FOLDER]
    if len(bound) != 1 or not _is_beginning(bound[0]):
        return f"bucket {bucket}", permit
    rest = replace(permit, conditions=permit.conditions - {bound[0]})
    return f"bucket {bucket}{_objects(bound[0].values[0])}", rest


def _is_beginning(condition: Condition) -> bool:
    return len(condition.values) == 1 and re.fullmatch(r"[^*?]*\*", condition.values[0]) is not None


def _objects(key: str) -> str:
    if key == "*":
        return ""
    if not re.fullmatch(r"[^*?]*\*", key):
        return f", object {key}"
    return f", folder {key[:-1]}" if key.endswith("/*") else f", what begins with {key[:-1]}"


def _name(arn: str) -> str:
    parts = arn_parts(arn)
    if parts is None or "?" in arn or "*" in ":".join(parts[:4]):
        return "every resource" if arn == "*" else arn
    name = _NAMES.get(parts[1])
    return (name(parts[4]) if name else None) or arn


def _after(before: str, noun: str) -> Callable[[str], str | None]:
    """Names of one part behind `before`, such as `stream/`."""

    def name(rest: str) -> str | None:
        found = rest.removeprefix(before)
        plain = rest.startswith(before) and found and "*" not in found
        return f"{noun} {found}" if plain else None

    return name


def _secret(rest: str) -> str | None:
    named = _after("secret:", "secret")(rest)
    whole = named is not None and _SECRET_SUFFIX.fullmatch(named[-7:])
    return named[:-7] if named and whole else None


def _table(rest: str) -> str | None:
    table, slash, index = rest.partition("/index/")
    named = _after("table/", "table")(table)
    if named is None or not slash:
        return named
    if index == "*":
        return f"{named}, its indexes"
    return None if "*" in index else f"{named}, index {index}"


def _function(rest: str) -> str | None:
    name, colon, qualifier = rest.removeprefix("function:").partition(":")
    named = _after("function:", "function")(f"function:{name}")
    if not rest.startswith("function:") or "*" in qualifier:
        return None
    return f"{named}, version or alias {qualifier}" if colon and named else named


def _parameter(rest: str) -> str | None:
    if not rest.startswith("parameter/"):
        return None
    path = rest.removeprefix("parameter")
    if path.endswith("/*") and "*" not in path[:-1]:
        return f"parameters below {path[:-1]}"
    name = path if "/" in path[1:] else path[1:]
    return None if "*" in name else f"parameter {name}"


_NAMES: Mapping[str, Callable[[str], str | None]] = {
    "dynamodb": _table,
    "events": _after("event-bus/", "event bus"),
    "kinesis": _after("stream/", "stream"),
    "kms": _after("key/", "key"),
    "lambda": _function,
    "secretsmanager": _secret,
    "sns": _after("", "topic"),
    "sqs": _after("", "queue"),
    "ssm": _parameter,
}
