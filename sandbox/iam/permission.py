"""A permission that IAM requires for a call."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RequiredPermission:
    """An action on a resource; `context` holds the condition keys that policies may test."""

    action: str
    resource: str
    context: dict[str, str] = field(default_factory=dict)
