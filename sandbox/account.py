"""The AWS account that the stacks are deployed in, and the region of the first of them."""

ACCOUNT = "123456789012"
REGION = "us-east-1"
ORGANIZATION = "o-sandbox0000"  # of every account
PARTITION = "aws"


def region_of(arn: str) -> str:
    """The region of a resource by its ARN; the first stack's where an ARN has none."""
    parts = arn.split(":", 5)
    return (parts[3] if len(parts) == 6 else "") or REGION
