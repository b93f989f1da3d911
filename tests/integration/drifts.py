"""Kinds of change that somebody can make to a partner role by hand, and the words for them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROLE = "partner-acme.main"
POLICY = "latchkey-access"
OWN = {"RoleName": ROLE}
MANAGED = "arn:aws:iam::123456789012:policy/everything"

type Iam = Any
type Edit = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Drift:
    """One kind of change: how it is made, and words that its sentence in history must have."""

    name: str
    make: Callable[[Iam], object]
    words: tuple[str, ...]


def _permissions(name: str, edit: Edit, *words: str) -> Drift:
    def make(iam: Iam) -> None:
        document = iam.get_role_policy(**OWN, PolicyName=POLICY)["PolicyDocument"]
        edit(document)
        iam.put_role_policy(**OWN, PolicyName=POLICY, PolicyDocument=json.dumps(document))

    return Drift(f"permissions: {name}", make, ("permissions policy", *words))


def _trust(name: str, edit: Edit, *words: str) -> Drift:
    def make(iam: Iam) -> None:
        document = iam.get_role(**OWN)["Role"]["AssumeRolePolicyDocument"]
        edit(document)
        iam.update_assume_role_policy(**OWN, PolicyDocument=json.dumps(document))

    return Drift(f"trust: {name}", make, ("trust policy", *words))


def _call(name: str, operation: str, *words: str, **parameters: Any) -> Drift:
    def make(iam: Iam) -> None:
        getattr(iam, operation)(**OWN, **parameters)

    return Drift(name, make, words)


def _first(document: dict[str, Any]) -> Any:
    return document["Statement"][0]


def _set(**elements: Any) -> Edit:
    return lambda document: _first(document).update(elements)


def _drop(*elements: str) -> Edit:
    return lambda document: [_first(document).pop(element) for element in elements]


def _also(element: str, *values: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        found = _first(document)[element]
        _first(document)[element] = [*([found] if isinstance(found, str) else found), *values]

    return edit


def _add(**statement: Any) -> Edit:
    return lambda document: document["Statement"].append(statement)


def _condition(operator: str, key: str, value: Any) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        _first(document)["Condition"].setdefault(operator, {})[key] = value

    return edit


def _unconditioned(operator: str, key: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        condition = _first(document)["Condition"]
        del condition[operator][key]
        if not condition[operator]:
            del condition[operator]

    return edit


def _without_action(document: dict[str, Any]) -> None:
    first = _first(document)
    first["Action"] = [action for action in first["Action"] if action != first["Action"][0]]


def _moved(iam: Iam) -> None:
    """Deleted and made again by hand, with our tags, boundary and trust, but other permissions."""
    role = iam.get_role(**OWN)["Role"]
    _deleted(iam)
    iam.create_role(
        **OWN,
        Path=role["Path"],
        Description=role["Description"],
        AssumeRolePolicyDocument=json.dumps(role["AssumeRolePolicyDocument"]),
        PermissionsBoundary=role["PermissionsBoundary"]["PermissionsBoundaryArn"],
        Tags=role["Tags"],
    )


def _deleted(iam: Iam) -> None:
    iam.delete_role_policy(**OWN, PolicyName=POLICY)
    iam.delete_role(**OWN)


def _document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ANYTHING = _document(Effect="Allow", Action="*", Resource="*")
OTHER = "111122223333"

DRIFTS = (
    _call("boundary: taken off", "delete_role_permissions_boundary", "boundary", "taken off"),
    _call(
        "boundary: replaced",
        "put_role_permissions_boundary",
        "boundary",
        f"replaced by {MANAGED}",
        PermissionsBoundary=MANAGED,
    ),
    _call("managed policy attached", "attach_role_policy", MANAGED, "attached", PolicyArn=MANAGED),
    _call(
        "managed policy of the account attached",
        "attach_role_policy",
        "arn:aws:iam::123456789012:policy/extra",
        "attached",
        PolicyArn="arn:aws:iam::123456789012:policy/extra",
    ),
    _call(
        "inline policy added",
        "put_role_policy",
        "inline policy extra",
        "added",
        PolicyName="extra",
        PolicyDocument=ANYTHING,
    ),
    _call(
        "inline policy added under a like name",
        "put_role_policy",
        "inline policy Latchkey-Access",
        "added",
        PolicyName="Latchkey-Access",
        PolicyDocument=ANYTHING,
    ),
    _call("policy deleted", "delete_role_policy", POLICY, "deleted", PolicyName=POLICY),
    _call(
        "policy replaced",
        "put_role_policy",
        "statement added: Allow * on *",
        PolicyName=POLICY,
        PolicyDocument=ANYTHING,
    ),
    _permissions("action added", _also("Action", "s3:DeleteBucket"), "s3:DeleteBucket added"),
    _permissions("all actions", _set(Action="s3:*"), "s3:* added"),
    _permissions("action removed", _without_action, "Action", "removed"),
    _permissions(
        "resource added", _also("Resource", "arn:aws:s3:::other"), "arn:aws:s3:::other added"
    ),
    _permissions("all resources", _set(Resource="*"), "* added"),
    _permissions("conditions removed", _drop("Condition"), "Condition", "removed"),
    _permissions(
        "expiry later",
        _condition("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"),
        "2099-01-01T00:00:00Z added",
    ),
    _permissions(
        "expiry removed",
        _unconditioned("DateLessThan", "aws:CurrentTime"),
        "DateLessThan",
        "removed",
    ),
    _permissions("effect turned", _set(Effect="Deny"), "Effect", "Deny added", "Allow removed"),
    _permissions(
        "statement added",
        _add(Sid="More", Effect="Allow", Action="iam:*", Resource="*"),
        "statement added: Allow iam:* on *",
    ),
    _permissions(
        "statement without a Sid added",
        _add(Effect="Allow", Action="sqs:*", Resource="*"),
        "statement added: Allow sqs:* on *",
    ),
    _permissions(
        "deny added",
        _add(Effect="Deny", Action="s3:GetObject", Resource="*"),
        "statement added: Deny s3:GetObject",
    ),
    _permissions(
        "statement removed", lambda document: document["Statement"].pop(), "statement", "removed"
    ),
    _permissions(
        "all but an action",
        lambda document: (_drop("Action")(document), _set(NotAction="iam:*")(document)),
        "NotAction changed: iam:* added",
    ),
    _permissions(
        "all but a resource",
        lambda document: (
            _drop("Resource")(document),
            _set(NotResource="arn:aws:s3:::other")(document),
        ),
        "NotResource changed: arn:aws:s3:::other added",
    ),
    _permissions("statement renamed", _set(Sid="Renamed"), "statement added", "removed"),
    _trust("anybody", _set(Principal="*"), "Principal", "* added"),
    _trust("another account", _set(Principal={"AWS": OTHER}), f"AWS {OTHER} added"),
    _trust(
        "a further account",
        _set(Principal={"AWS": ["444455556666", OTHER]}),
        f"AWS {OTHER} added",
    ),
    _trust(
        "a service", _set(Principal={"Service": "ec2.amazonaws.com"}), "Service ec2.amazonaws.com"
    ),
    _trust(
        "an identity provider",
        _set(Principal={"Federated": "cognito-identity.amazonaws.com"}),
        "Federated cognito-identity.amazonaws.com added",
    ),
    _trust(
        "no external ID",
        _unconditioned("StringEquals", "sts:ExternalId"),
        "sts:ExternalId",
        "removed",
    ),
    _trust(
        "another external ID",
        _condition("StringEquals", "sts:ExternalId", "chosen-by-them"),
        "Condition",
    ),
    _trust(
        "expiry later",
        _condition("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"),
        "2099-01-01T00:00:00Z added",
    ),
    _trust("conditions removed", _drop("Condition"), "Condition", "removed"),
    _trust(
        "statement added",
        _add(Effect="Allow", Principal={"AWS": OTHER}, Action="sts:AssumeRole"),
        "statement added: Allow by AWS 111122223333 sts:AssumeRole",
    ),
    _trust(
        "action added", _set(Action=["sts:AssumeRole", "sts:TagSession"]), "sts:TagSession added"
    ),
    _trust("nobody", _set(Effect="Deny"), "Effect", "Deny added"),
    _call(
        "longer session",
        "update_role",
        "longest session",
        "3600 s to 43200 s",
        MaxSessionDuration=43200,
        Description="Nightly export (owner: data-platform)",
    ),
    _call(
        "description", "update_role", "description", "Nothing to see", Description="Nothing to see"
    ),
    _call("tag added", "tag_role", "tag team", "added", Tags=[{"Key": "team", "Value": "red"}]),
    _call(
        "owner's tag changed",
        "tag_role",
        "tag latchkey:owner",
        "somebody",
        Tags=[{"Key": "latchkey:owner", "Value": "somebody"}],
    ),
    _call(
        "owner's tag removed", "untag_role", "latchkey:owner", "removed", TagKeys=["latchkey:owner"]
    ),
    Drift("role deleted", _deleted, ("role partner-acme.main", "deleted")),
    Drift("role made anew by hand", _moved, (POLICY, "deleted")),
)
"""More than forty; each is found by the drift check and put back by the run that it starts."""
