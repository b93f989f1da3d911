"""Two policies with all that policies may have, each way to change them, and each to spell them."""

import copy
import json
from collections.abc import Callable, Iterator
from copy import replace
from typing import Any

from latchkey.grant_id import GrantId
from latchkey.grants.role import DesiredRole
from latchkey.grants.state_digest import state_digest
from tests.kit.examples import ACCOUNT

TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Partner",
            "Effect": "Allow",
            "Principal": {
                "AWS": ["444455556666", "arn:aws:iam::111122223333:role/App/reports"],
                "Federated": "arn:aws:iam::123456789012:oidc-provider/partner.example",
            },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {
                    "sts:ExternalId": ["acme-One", "acme-two"],
                    "aws:PrincipalOrgID": "o-a1b2c3d4e5",
                },
                "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
            },
        },
        {
            "Effect": "Deny",
            "NotPrincipal": {"AWS": ["444455556666", "arn:aws:iam::111122223333:user/Ada"]},
            "Action": "sts:AssumeRole",
            "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["red", "blue"]}},
        },
    ],
}
PERMISSIONS: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Objects",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": ["arn:aws:s3:::b/In/*", "arn:aws:s3:::b/out/*"],
            "Condition": {
                "IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]},
                "NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.7/32"},
                "Bool": {"aws:SecureTransport": "true"},
            },
        },
        {
            "Effect": "Allow",
            "NotAction": ["iam:PassRole", "sts:AssumeRole"],
            "Resource": "arn:aws:sqs:us-east-1:123456789012:orders",
        },
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "NotResource": ["arn:aws:s3:::b/In/*", "arn:aws:s3:::b/out/*"],
        },
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}},
        },
    ],
}
_OPPOSITES = {
    name: other
    for element in ("Action", "Resource", "Principal")
    for name, other in ((element, f"Not{element}"), (f"Not{element}", element))
}
_IGNORED = ("Sid", "Id")


def digest(role: Any) -> str:
    """The digest of a role of the grant acme.main."""
    return state_digest(role, GrantId("acme", "main"), ACCOUNT)


def with_document(role: DesiredRole, field: str, document: Any) -> DesiredRole:
    """The role with a policy in one of its fields."""
    change: dict[str, Any] = {field: {"extra": document} if field == "others" else document}
    return replace(role, **change)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """All that a document holds, with where it stands."""
    yield path, value
    parts: Any = value.items() if isinstance(value, dict) else ()
    for name, part in enumerate(value) if isinstance(value, list) else parts:
        yield from _places(part, (*path, name))


def _with(document: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """A copy in which what holds the place was changed."""
    made = copy.deepcopy(document)
    change(_at(made, path[:-1]), path[-1])
    return made


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        document = document[name]
    return document


def _named(to: str) -> Callable[[Any, Any], None]:
    return lambda holder, name: holder.__setitem__(to, holder.pop(name))


def _set(value: Any) -> Callable[[Any, Any], None]:
    return lambda holder, name: holder.__setitem__(name, value)


def _removed(holder: Any, name: Any) -> None:
    del holder[name]


def edits(document: Any) -> Iterator[Any]:
    """The document with one thing changed that means something, for each thing and each way."""
    for path, value in _places(document):
        if not path or path[-1] in _IGNORED:
            continue
        one_of_many = "Condition" in path and len(_at(document, path[:-1])) > 1
        if isinstance(path[-1], int) or path[-1] in ("Version", "Condition") or one_of_many:
            yield _with(document, path, _removed)
        if isinstance(value, str) and path[-1] == "Effect":
            yield _with(document, path, _set({"Allow": "Deny", "Deny": "Allow"}[value]))
        elif isinstance(value, str):
            yield _with(document, path, _set(f"{value}x"))
        for name in _other_names(path):
            yield _with(document, path, _named(name))


def _other_names(path: tuple[Any, ...]) -> Iterator[str]:
    """What else the element, operator, condition key or kind of principal could be called."""
    name = path[-1]
    if name in _OPPOSITES:
        yield _OPPOSITES[name]
    if path[-2:-1] == ("Condition",):
        bare = name.removesuffix("IfExists").removeprefix("ForAnyValue:")
        others = {bare, f"{bare}IfExists", f"ForAnyValue:{bare}", f"ForAllValues:{bare}", "Null"}
        yield from sorted({*others, f"Not{bare}"} - {name})
    if path[-3:-2] == ("Condition",):
        yield f"{name}x"
    if path[-2:-1] in (("Principal",), ("NotPrincipal",)):
        yield "Service"


def in_other_case(document: Any) -> Iterator[Any]:
    """The document with one text in the other case, where IAM tells the cases apart."""
    for path, value in _places(document):
        listed = path[-2] if path and isinstance(path[-1], int) else path[-1:] and path[-1]
        told_apart = listed not in ("Version", "Action", "NotAction", "Effect", *_IGNORED)
        if isinstance(value, str) and told_apart and value != value.swapcase():
            yield _with(document, path, _set(value.swapcase()))


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _reversed(part) for name, part in reversed(value.items())}
    return [_reversed(one) for one in reversed(value)] if isinstance(value, list) else value


def _repeated(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _repeated(part) for name, part in value.items()}
    return [_repeated(one) for one in value] * 2 if isinstance(value, list) else value


def _listed(value: Any, inside: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _listed(part, name) for name, part in value.items()}
    if isinstance(value, str) and inside not in ("Version", "Effect", *_IGNORED):
        return [value]
    return (
        [_listed(one) if isinstance(one, dict) else one for one in value]
        if (isinstance(value, list))
        else value
    )


def _without_sids(document: Any) -> Any:
    kept = [{k: v for k, v in one.items() if k != "Sid"} for one in document["Statement"]]
    return {"Id": "another", **document, "Statement": kept}


def _in_upper_case(document: Any) -> Any:
    """Actions and condition keys, of which the case means nothing."""
    made = copy.deepcopy(document)
    for one in made["Statement"]:
        for name in ("Action", "NotAction"):
            if name in one:
                actions = one[name] if isinstance(one[name], list) else [one[name]]
                one[name] = [action.upper() for action in actions]
        for operator, keys in one.get("Condition", {}).items():
            one["Condition"][operator] = {key.upper(): value for key, value in keys.items()}
    return made


def _by_root(document: Any) -> Any:
    root = "arn:aws:iam::444455556666:root"
    return json.loads(json.dumps(document).replace('"444455556666"', f'"{root}"'))


def _split(document: Any) -> Any:
    """Each action and each resource in a statement of its own."""
    found = []
    for one in document["Statement"]:
        for name in ("Action", "Resource"):
            parts = one.get(name)
            if isinstance(parts, list):
                found += [{**one, name: part} for part in parts]
        found.append(one)
    return {**document, "Statement": found}


SPELLINGS = [_reversed, _repeated, _listed, _without_sids, _in_upper_case, _by_root, _split]
