"""One thing that IAM would ask of a call."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Need:
    """One thing that a policy has to allow; `context` holds the keys that conditions may ask."""

    action: str
    resource: str
    context: dict[str, str] = field(default_factory=dict)
