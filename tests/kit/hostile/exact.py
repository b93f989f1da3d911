"""Whether a role says exactly what its config says, derived from the config's JSON alone."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from tests.kit.examples import AWS_ENVIRONMENT
from tests.kit.hostile import identities
from tests.kit.hostile.reach import folder, implied, is_model, listed, reach

Policy = dict[str, Any]


_KNOW_NO_RESOURCE = {"ecr:GetAuthorizationToken"}
"""By the Service Authorization Reference, which has no resource types for these."""

_ELEMENTS = {"Sid", "Effect", "Action", "Resource", "Condition"}


def deviations(document: dict[str, Any], trust: Policy, permissions: Policy) -> list[str]:
    """Where the two policies of a role say less, more or other than the config."""
    if isinstance(document["principals"][0], dict):
        found = identities.deviations(document, trust, _dates(document))
    else:
        found = _trust(document, trust)
    return [*found, *_permissions(document, permissions)]


def _trust(document: dict[str, Any], trust: Policy) -> Iterator[str]:
    if json.loads(json.dumps(trust)) != trust:
        yield "the trust policy is no JSON"
    (statement, *others) = trust["Statement"]
    condition = {operator: {**keys} for operator, keys in statement["Condition"].items()}
    ranges = condition.pop("IpAddress", {}).get("aws:SourceIp", [])
    made = bool(document.get("generate_external_id"))
    if made and not condition["StringEquals"].pop("sts:ExternalId", ""):
        yield "no external ID"
    condition = {operator: keys for operator, keys in condition.items() if keys}
    asked = document.get("source_ips") or []
    for what, found, wanted in (
        ("other statements", others, _beside(document, statement)),
        ("effect", statement["Effect"], "Allow"),
        ("action", statement["Action"], "sts:AssumeRole"),
        ("kinds of principals", set(statement["Principal"]), {"AWS"}),
        ("principals", set(statement["Principal"]["AWS"]), _principals(document)),
        ("conditions", condition, _conditions(document)),
        ("ranges", [*map(ip_network, ranges)], [*map(ip_network, asked)]),
        ("elements", set(statement) - {"Sid", "Effect", "Principal", "Action", "Condition"}, set()),
    ):
        if found != wanted:
            yield f"trust: {what} {found!r}, not {wanted!r}"
    if re.search(r"\$\{|[*?]", json.dumps(trust).replace('"latchkey:*"', "")):
        yield "trust: a wildcard or a variable"


def _beside(document: dict[str, Any], assume: Policy) -> list[Policy]:
    """The statements that a config needs beside the one that lets its principals in."""
    kept = ("IpAddress", "DateLessThan", "DateGreaterThanEquals")
    bound = {name: keys for name, keys in assume["Condition"].items() if name in kept}
    tags, found = document.get("session_tags"), []
    if tags is True:
        own = sorted({*(document.get("tags") or ()), *(f"latchkey:{w}" for w in _LATCHKEYS)})
        keys = {
            "ForAllValues:StringNotLike": {"aws:TagKeys": "latchkey:*"},
            "ForAllValues:StringNotEqualsIgnoreCase": {"aws:TagKeys": own},
        }
        found.append(("SessionTags", "sts:TagSession", bound | keys))
    elif tags:
        keys = {"ForAllValues:StringEquals": {"aws:TagKeys": sorted(tags)}}
        found.append(("SessionTags", "sts:TagSession", bound | keys))
    if document.get("source_identity"):
        found.append(("SourceIdentity", "sts:SetSourceIdentity", bound))
    along = [action for _, action, _ in found]
    beside = [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": assume["Principal"],
            "Action": action,
            "Condition": condition,
        }
        for sid, action, condition in found
    ]
    if not document.get("self_assume"):
        return beside
    root = {"AWS": [f"arn:aws:iam::{AWS_ENVIRONMENT.account}:root"]}
    itself = {"ArnEquals": {"aws:PrincipalArn": _role(document)}}
    external = assume["Condition"].get("StringEquals", {}).get("sts:ExternalId")
    known = {"StringEquals": {"sts:ExternalId": external}} if external else {}
    said = {"Effect": "Allow", "Principal": root}
    condition = {**known, **bound, **itself}
    beside.append({"Sid": "SelfAssume", **said, "Action": "sts:AssumeRole", "Condition": condition})
    if along:
        condition = {**bound, **(found[0][2] if tags else {}), **itself}
        beside.append({"Sid": "SelfSession", **said, "Action": along, "Condition": condition})
    return beside


def _role(document: dict[str, Any]) -> str:
    usual = f"partner-{document['partner']}.{document.get('grant') or 'main'}"
    name = document.get("role_name") or usual
    return f"arn:aws:iam::{AWS_ENVIRONMENT.account}:role/partners/{name}"


def _itself(document: dict[str, Any]) -> Policy:
    """By what a role may assume itself."""
    tags = ["sts:TagSession"] if document.get("session_tags") else []
    identity = ["sts:SetSourceIdentity"] if document.get("source_identity") else []
    return {
        "Sid": "SelfAssume",
        "Effect": "Allow",
        "Action": ["sts:AssumeRole", *tags, *identity],
        "Resource": [_role(document)],
        "Condition": _dates(document),
    }


_LATCHKEYS = ("grant", "owner", "stack")


def _principals(document: dict[str, Any]) -> set[str]:
    named = document["principals"]
    return {name if ":" in name else f"arn:aws:iam::{name}:root" for name in named}


def _conditions(document: dict[str, Any]) -> dict[str, Any]:
    """What the trust policy must ask for, networks aside."""
    expected: dict[str, Any] = {"StringEquals": {}, **_dates(document)}
    if given := document.get("external_id"):
        several = sorted({*listed(given)})
        expected["StringEquals"]["sts:ExternalId"] = several[0] if len(several) == 1 else several
    if document.get("organization_id"):
        expected["StringEquals"]["aws:PrincipalOrgID"] = document["organization_id"]
    if document.get("require_mfa"):
        expected["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    return {operator: keys for operator, keys in expected.items() if keys}


def _permissions(document: dict[str, Any], permissions: Policy) -> Iterator[str]:
    if json.loads(json.dumps(permissions)) != permissions:
        yield "the permissions policy is no JSON"
    entries, reached = document["access"], set()
    for statement in permissions["Statement"]:
        if statement["Sid"] == "IssuedBefore":  # ends sessions, and allows nothing
            continue
        if statement["Sid"] == "SelfAssume" and document.get("self_assume"):
            if statement != _itself(document):
                yield f"assumes {statement}"
            continue
        number = int(re.match(r"Access(\d+)", statement["Sid"])[1])  # type: ignore[index]
        reached.add(number)
        for wrong in _statement(document, entries[number], statement):
            yield f"{statement['Sid']}: {wrong}"
    if reached != set(range(len(entries))):
        yield f"entries {sorted(reached)} have statements, of {len(entries)}"


def _statement(document: dict[str, Any], entry: dict[str, Any], said: Policy) -> Iterator[str]:
    if said["Effect"] != "Allow" or set(said) - _ELEMENTS:
        yield f"{said['Effect']} with {sorted(said)}"
    service, within, own = entry["service"], reach(entry), {}
    for resource in said["Resource"]:
        discovers = said["Sid"].endswith("Discover") and entry.get("discover") is True
        if resource == "*" and (discovers or set(said["Action"]) <= _KNOW_NO_RESOURCE):
            continue
        if not any(re.fullmatch(pattern, resource, re.DOTALL) for pattern in within):
            yield f"reaches {resource!r}"
    services = {action.split(":")[0] for action in said["Action"]}
    if service == "custom":
        own = entry["statements"][int(re.search(r"\d+$", said["Sid"])[0])]  # type: ignore[index]
        service = own["Action"].split(":")[0] if isinstance(own["Action"], str) else None
        if not set(said["Action"]) <= set(listed(own["Action"])):
            yield f"does {said['Action']}"
    own_service = {service} | {arn.split(":")[2] for arn in implied(entry)}
    if (service and not (len(services) == 1 and services <= own_service)) or "*" in str(
        said["Action"]
    ):
        yield f"does {said['Action']}"
    yield from _conditions_of(document, entry, own.get("Condition", {}), said["Condition"])


_OWNED = {"aws:ResourceAccount": AWS_ENVIRONMENT.account}


def _conditions_of(
    document: dict[str, Any], entry: dict[str, Any], given: dict[str, Any], said: dict[str, Any]
) -> Iterator[str]:
    """Where the conditions of a statement are not the entry's, its own and the dates."""
    allowed = {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": _OWNED}
    if entry.get("prefix") is not None:
        allowed["StringLike"] = {"s3:prefix": f"{folder(entry)}*"}
    for arn in implied(entry):
        allowed["StringLike"] = {"s3:prefix": arn.partition("/")[2]}
    if entry["service"] == "bedrock" and said.get("StringEquals"):
        (profile,) = said["StringEquals"].values()
        if is_model(entry) or not re.fullmatch(reach(entry)[0], profile):
            yield "is through no profile of the entry"
        allowed["StringEquals"] = {"bedrock:InferenceProfileArn": profile}
    if entry.get("bucket_owner_full_control"):
        allowed["StringEquals"] = {**_OWNED, "s3:x-amz-acl": "bucket-owner-full-control"}
    for operator, keys in said.items():
        dates = _dates(document).get(operator, {})
        known = {**given.get(operator, {}), **allowed.get(operator, {}), **dates}
        if any(known.get(key) != value for key, value in keys.items()):
            yield f"{operator} {keys}"
    for operator, keys in _dates(document).items():
        if not keys.items() <= said.get(operator, {}).items():
            yield "is not bound by the dates"


def _dates(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    dates = {"DateLessThan": {"aws:CurrentTime": _utc(document["expires_at"])}}
    if document.get("starts_at"):
        dates["DateGreaterThanEquals"] = {"aws:CurrentTime": _utc(document["starts_at"])}
    return dates


def _utc(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}Z"
