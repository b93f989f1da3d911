"""The names of the services that a config may name, for whoever needs no more of them."""

SERVICES = (
    "s3",
    "secretsmanager",
    "sqs",
    "sns",
    "dynamodb",
    "lambda",
    "ssm",
    "events",
    "kinesis",
    "custom",
)
"""In the catalogue's order; a test holds the two together."""
