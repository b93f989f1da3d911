"""The AWS account and region that the stack is deployed in."""

ACCOUNT = "123456789012"
REGION = "us-east-1"
PARTITION = "aws"
