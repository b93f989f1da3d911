"""A permission that IAM requires for a call."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RequiredPermission:
    """An action on a resource; `context` holds the condition keys that policies may test."""

    action: str
    resource: str
    context: Mapping[str, str | list[str]] = field(default_factory=dict)
