"""One example of each service, and what preflight would find of its resource."""

from typing import Any

from latchkey.services.entry import ResourceInfo

_HERE = "us-east-1:123456789012"
_KEY = (f"arn:aws:kms:{_HERE}:key/11111111-2222-3333-4444-555555555555",)

EXAMPLES: dict[str, dict[str, Any]] = {
    "s3": {"bucket": "reports", "prefix": "in", "allow": "read-write"},
    "secretsmanager": {"secret": "partners/northwind/api", "allow": "read"},
    "sqs": {"queue": "orders", "allow": "send"},
    "sns": {"topic": "order-events", "allow": "publish"},
    "dynamodb": {"table": "catalogue", "allow": "read"},
    "lambda": {"function": "quote-price", "allow": "invoke"},
    "ssm": {"parameter": "/partners/northwind/", "allow": "read"},
    "events": {"event_bus": "partner-events", "allow": "put"},
    "kinesis": {"stream": "clicks", "allow": "read"},
}
FACTS = {
    "s3": ResourceInfo("arn:aws:s3:::reports", _KEY),
    "secretsmanager": ResourceInfo(
        f"arn:aws:secretsmanager:{_HERE}:secret:partners/northwind/api-AbCdEf", _KEY
    ),
    "sqs": ResourceInfo(f"arn:aws:sqs:{_HERE}:orders", _KEY),
    "sns": ResourceInfo(f"arn:aws:sns:{_HERE}:order-events", _KEY),
    "dynamodb": ResourceInfo(f"arn:aws:dynamodb:{_HERE}:table/catalogue", _KEY),
    "lambda": ResourceInfo(f"arn:aws:lambda:{_HERE}:function:quote-price"),
    "ssm": ResourceInfo(f"arn:aws:ssm:{_HERE}:parameter/partners/northwind/", _KEY),
    "events": ResourceInfo(f"arn:aws:events:{_HERE}:event-bus/partner-events"),
    "kinesis": ResourceInfo(f"arn:aws:kinesis:{_HERE}:stream/clicks", _KEY),
}
CUSTOM: dict[str, Any] = {
    "service": "custom",
    "statements": [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObjectTagging", "s3:GetObjectVersion"],
            "Resource": ["arn:aws:s3:::reports/in/*"],
        }
    ],
}
