"""Custom statements that are none, or ask for what no partner may have."""

from collections.abc import Iterator
from typing import Any

from tests.kit.examples import ACCOUNT, s3_entry
from tests.kit.hostile.case import Hostile, bad
from tests.kit.hostile.names import custom


def cases() -> Iterator[Hostile]:
    """All of them."""
    path = "/access/0/statements/0"
    for number, (field, value) in enumerate(
        (
            ("Effect", "Deny"),
            ("Effect", "allow"),
            ("Principal", "*"),
            ("NotPrincipal", {"AWS": "*"}),
            ("NotAction", "iam:*"),
            ("NotResource", "*"),
            ("Sid", 7),
            ("Action", []),
            ("Action", "s3:getobjecttagging"),
            ("Action", "S3:GetObjectTagging"),
            ("Action", "iam:CreateUser"),
            ("Action", "sts:AssumeRole"),
            ("Action", "kms:Decrypt"),
            ("Action", "s3:GetObjectTagging "),
            ("Action", ["s3:GetObjectTagging", None]),
            ("Action", {"s3": "GetObjectTagging"}),
            ("Resource", []),
            ("Resource", "arn:aws:s3:::*"),
            ("Resource", "arn:aws:s3:::data-bucket*"),
            ("Resource", "arn:aws:s3:::data-bucket/*/*"),
            ("Resource", "arn:aws:s3:::data-bucket/in*"),
            ("Resource", "arn:*:s3:::data-bucket/*"),
            ("Resource", "arn:aws:*:::data-bucket/*"),
            ("Resource", f"arn:aws:s3:us-east-1:{ACCOUNT}:data-bucket"),
            ("Resource", "arn:aws:iam::123456789012:role/admin"),
            ("Resource", "arn:aws:sqs:us-east-1:111122223333:orders"),
            ("Resource", "arn:aws:sqs:*:*:orders"),
            ("Resource", ["arn:aws:s3:::data-bucket", "arn:aws:sqs:us-east-1:123456789012:q"]),
            ("Condition", []),
            ("Condition", {"StringEquals": {}}),
            ("Condition", {"StringEquals": {"aws:SourceVpc": []}}),
            ("Condition", {"StringEquals": {"aws:SourceVpc": ""}}),
            ("Condition", {"StringEquals": {"aws:SourceVpc": None}}),
            ("Condition", {"StringEquals": {"aws:SourceVpc": [["vpc-1"]]}}),
            ("Condition", {"StringEquals": {"aws:SourceVpc": "vpc\n1"}}),
            ("Condition", {"DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}}),
            ("Condition", {"DateLessThan": {"AWS:currenttime": "2099-01-01T00:00:00Z"}}),
            ("Condition", {"NumericLessThan": {"aws:EpochTime": "9999999999"}}),
            ("Condition", {"Bool": {"aws:SecureTransport": "false"}}),
            ("Condition", {"BoolIfExists": {"aws:securetransport": "false"}}),
            ("Condition", {"stringequals": {"aws:SourceVpc": "vpc-1"}}),
            ("Condition", {"StringEqualsIfExistsIfExists": {"aws:SourceVpc": "vpc-1"}}),
            ("Condition", {"ForAllValues:": {"aws:SourceVpc": "vpc-1"}}),
            ("Condition", {"NullIfExists": {"aws:SourceVpc": "true"}}),
            ("Condition", {"StringEquals": {"aws": "x"}}),
        )
    ):
        access = [custom(**{field: value})]
        at = "/access/0/statements" if ":sqs:" in str(value) else path
        yield bad(f"statement ({number}) {field} {value!a:.40}", at, access=access)
    for value in ([], {}, None, "x", [None], [{}], [{"Action": "s3:GetObject"}]):
        entry: Any = {"service": "custom", "statements": value}
        yield bad(f"statements {value!r}", "/access/0/statements", access=[entry])
    yield bad("a statement of another service", "/access/0", access=[s3_entry(statements=[])])
