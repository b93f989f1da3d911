"""ARNs taken apart."""

import re

PARTITION = r"aws(?:-[a-z]+)*"
"""The name of a partition, as a pattern: which there are is AWS's to say, and a stack is in one."""


def arn_parts(text: str) -> list[str] | None:
    """Partition, service, region, account and the rest of an ARN; None for what is none."""
    parts = text.split(":", 5)
    return parts[1:] if len(parts) == 6 and parts[0] == "arn" else None


def is_partition(text: str) -> bool:
    """Whether a text has the form of a partition's name."""
    return re.fullmatch(PARTITION, text, re.ASCII) is not None
