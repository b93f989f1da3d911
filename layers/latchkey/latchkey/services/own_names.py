"""What Latchkey's own resources are called: in every stack, by a prefix that no config may name.

The template names them so (its anchor `names`), each service's spec says by which patterns they
are known (`Service.own`), and configs and the permissions boundary go by these.
"""

COMMON = "latchkey"
"""What all names begin with; a stack's name is a part of what follows, unless it is this."""


def own_prefix(stack: str) -> str:
    """What the names of a stack's resources begin with; they go on with a hyphen."""
    return COMMON if stack == COMMON else f"{COMMON}-{stack}"


def own_guardrails(stack: str) -> str:
    """The name of the guardrails parameter that a stack makes for itself."""
    return f"/{COMMON}/guardrails" if stack == COMMON else f"/{COMMON}/{stack}/guardrails"
