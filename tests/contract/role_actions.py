"""What the template's roles allow."""

from dataclasses import dataclass
from typing import Any

from tests.kit.template import listed, properties


@dataclass(frozen=True)
class Allowed:
    """One statement of a role: its actions, where, and under which conditions."""

    actions: frozenset[str]
    resources: tuple[Any, ...]
    condition: dict[str, Any]


def allowed_by(function: str) -> list[Allowed]:
    """Every statement of a function's role. SAM's connectors and templates are not in use."""
    role = properties(function)["Role"]["Fn::GetAtt"].removesuffix(".Arn")
    return statements_of(role)


def statements_of(role: str) -> list[Allowed]:
    """Every Allow of a role in the template, which has no managed policies."""
    found = properties(role)
    assert "ManagedPolicyArns" not in found
    statements = [
        statement
        for policy in found["Policies"]
        for statement in listed(policy["PolicyDocument"]["Statement"])
    ]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    return [
        Allowed(
            frozenset(listed(statement["Action"])),
            tuple(listed(statement["Resource"])),
            statement.get("Condition", {}),
        )
        for statement in statements
    ]


def actions_of(function: str) -> set[str]:
    """All actions that a function's role allows, anywhere."""
    return {action for statement in allowed_by(function) for action in statement.actions}
