"""Changes of a partner role by hand, of which kinds of drift are made."""

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


def permissions_edited(name: str, edit: Edit, *words: str) -> Drift:
    def make(iam: Iam) -> None:
        document = iam.get_role_policy(**OWN, PolicyName=POLICY)["PolicyDocument"]
        edit(document)
        iam.put_role_policy(**OWN, PolicyName=POLICY, PolicyDocument=json.dumps(document))

    return Drift(f"permissions: {name}", make, ("permissions policy", *words))


def trust_edited(name: str, edit: Edit, *words: str) -> Drift:
    def make(iam: Iam) -> None:
        document = iam.get_role(**OWN)["Role"]["AssumeRolePolicyDocument"]
        edit(document)
        iam.update_assume_role_policy(**OWN, PolicyDocument=json.dumps(document))

    return Drift(f"trust: {name}", make, ("trust policy", *words))


def called(name: str, operation: str, *words: str, **parameters: Any) -> Drift:
    def make(iam: Iam) -> None:
        getattr(iam, operation)(**OWN, **parameters)

    return Drift(name, make, words)


def _first(document: dict[str, Any]) -> Any:
    return document["Statement"][0]


def set_elements(**elements: Any) -> Edit:
    return lambda document: _first(document).update(elements)


def drop_elements(*elements: str) -> Edit:
    return lambda document: [_first(document).pop(element) for element in elements]


def add_values(element: str, *values: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        found = _first(document)[element]
        _first(document)[element] = [*([found] if isinstance(found, str) else found), *values]

    return edit


def add_statement(**statement: Any) -> Edit:
    return lambda document: document["Statement"].append(statement)


def set_condition(operator: str, key: str, value: Any) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        _first(document)["Condition"].setdefault(operator, {})[key] = value

    return edit


def drop_condition(operator: str, key: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        condition = _first(document)["Condition"]
        del condition[operator][key]
        if not condition[operator]:
            del condition[operator]

    return edit


def drop_first_action(document: dict[str, Any]) -> None:
    first = _first(document)
    first["Action"] = [action for action in first["Action"] if action != first["Action"][0]]


def make_anew(iam: Iam) -> None:
    """Deleted and made again by hand, with our tags, boundary and trust, but other permissions."""
    role = iam.get_role(**OWN)["Role"]
    delete_role(iam)
    iam.create_role(
        **OWN,
        Path=role["Path"],
        Description=role["Description"],
        AssumeRolePolicyDocument=json.dumps(role["AssumeRolePolicyDocument"]),
        PermissionsBoundary=role["PermissionsBoundary"]["PermissionsBoundaryArn"],
        Tags=role["Tags"],
    )


def delete_role(iam: Iam) -> None:
    iam.delete_role_policy(**OWN, PolicyName=POLICY)
    iam.delete_role(**OWN)


def _document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ANYTHING = _document(Effect="Allow", Action="*", Resource="*")
