"""ARNs taken apart."""


def arn_parts(text: str) -> list[str] | None:
    """Partition, service, region, account and the rest of an ARN; None for what is none."""
    parts = text.split(":", 5)
    return parts[1:] if len(parts) == 6 and parts[0] == "arn" else None
