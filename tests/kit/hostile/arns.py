"""What looks like the ARN of a principal or of a resource here, and is none."""

from collections.abc import Iterator

from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT, PARTNER_ACCOUNT, s3_entry
from tests.kit.hostile.case import Hostile, bad
from tests.kit.hostile.names import ARNS, ENTRIES, field_of

_ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role"


def cases() -> Iterator[Hostile]:
    """All of them."""
    yield from _principals()
    yield from _resources()
    yield from _names()


def _principals() -> Iterator[Hostile]:
    for text in (
        "*",
        "",
        ACCOUNT,
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:iam::{ACCOUNT}:role/own",
        PARTNER_ACCOUNT[:-1],
        f"{PARTNER_ACCOUNT}0",
        f" {PARTNER_ACCOUNT}",
        f"{PARTNER_ACCOUNT},{OTHER_ACCOUNT}",
        "4444-5555-6666",
        "\u0664" * 12,
        "\uff14" * 12,
        "arn:aws:iam::*:root",
        "arn:aws:iam:::root",
        f"arn:*:iam::{PARTNER_ACCOUNT}:root",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:*",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:root/x",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:Root",
        f"arn:aws:iam:us-east-1:{PARTNER_ACCOUNT}:root",
        f"ARN:aws:iam::{PARTNER_ACCOUNT}:root",
        f"arn:aws:IAM::{PARTNER_ACCOUNT}:root",
        f"arn:aws-cn:iam::{PARTNER_ACCOUNT}:root",
        f"arn:aws-us-gov:iam::{PARTNER_ACCOUNT}:role/x",
        f"arn:aws-x:iam::{PARTNER_ACCOUNT}:root",
        f"arn:aws:sts::{PARTNER_ACCOUNT}:assumed-role/x/session",
        f"arn:aws:sts::{PARTNER_ACCOUNT}:federated-user/x",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:group/x",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:policy/x",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:saml-provider/x",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:oidc-provider/x",
        f"{_ROLE}",
        f"{_ROLE}/",
        f"{_ROLE}//x",
        f"{_ROLE}/*",
        f"{_ROLE}/x/*",
        f"{_ROLE}/x y",
        f"{_ROLE}/x:y",
        f"{_ROLE}/" + "x" * 65,
        f"{_ROLE}/" + "x/" * 9 + "x",
        f"{_ROLE}/${{aws:PrincipalTag/role}}",
        f'{_ROLE}/x","*","y',
        "AROAEXAMPLEEXAMPLE",
        "AIDAEXAMPLEEXAMPLE",
        "ec2.amazonaws.com",
        "cognito-identity.amazonaws.com",
        "anonymous",
        "root",
        '{"AWS": "*"}',
    ):
        yield bad(f"principal {text!a}", "/principals/0", principals=[text])
    behind = [PARTNER_ACCOUNT, f"{_ROLE}/x", "*"]
    yield bad("the third principal is everybody", "/principals/2", principals=behind)


def _resources() -> Iterator[Hostile]:
    for field, arn in ARNS.items():
        _, partition, service, region, account, rest = arn.split(":", 5)
        for number, text in enumerate(
            (
                arn.replace("arn:", "ARN:", 1),
                arn.replace("arn:", "arn:arn:", 1),
                arn.replace(f":{partition}:", ":aws-cn:"),
                arn.replace(f":{partition}:", ":aws-x:"),
                arn.replace(f":{partition}:", "::"),
                arn.replace(f":{service}:", ":iam:"),
                arn.replace(f":{service}:", "::"),
                arn.replace(region, ""),
                arn.replace(region, "*"),
                arn.replace(region, "us-west-2"),
                arn.replace(region, "US-EAST-1"),
                arn.replace(account, ""),
                arn.replace(account, "*"),
                arn.replace(account, OTHER_ACCOUNT),
                arn.replace(account, account[:-1]),
                arn.replace(account, f"{account}0"),
                arn.replace(account, "\u0661" * 12),
                arn.removesuffix(rest),
                arn.removesuffix(rest) + "*",
                f"{arn}/*",
                f"{arn}:*",
                f"{arn} ",
                f" {arn}",
                f"{arn},{arn}",
                arn.replace(":", "\uff1a"),
                arn.replace(":", "%3A"),
                "*",
                "arn:aws:s3:::data-bucket",
                f"arn:aws:iam::{ACCOUNT}:role/admin",
            )
        ):
            path, entry = f"/access/0/{field_of(field)}", ENTRIES[field]
            name = f"{field} ({number}) {text!a}"
            yield bad(name, path, access=[entry | {field_of(field): text}])


def _names() -> Iterator[Hostile]:
    for field, texts in {
        "bucket": (
            "arn:aws:s3:::data-bucket",
            "s3://data-bucket",
            "data-bucket/in",
            "Data-Bucket",
            "data..bucket",
            "-data",
            "data-",
            ".data",
            "ab",
            "a" * 64,
            "data_bucket",
            "https://data-bucket.s3.amazonaws.com",
        ),
        "prefix": ("/", "/in", "in//", "//", "..", "../in", "in/..", "in/../..", "x" * 513),
        "secret": ("x" * 513, "acme api", "acme:api", "acme/api?versionId=1"),
        "queue": ("https://sqs.us-east-1.amazonaws.com/1/orders", "a.fifo.fifo", "a.b", "x" * 81),
        "topic": ("a.b", ".fifo", "x" * 257, "a b", f"arn:aws:sns:us-east-1:{ACCOUNT}:a:b-c-d"),
        "table": ("ab", "x" * 256, "a/b", "catalogue/index/x", "cata logue"),
        "function": ("a:$LATEST", "a:b:c", "a.b", "x" * 65, f"{ACCOUNT}:function:a", ":live"),
        "parameter": (
            "/",
            "//a",
            "/a//",
            "a/b",
            "/a/b?label",
            "/a:1",
            "aws",
            "AWS/x",
            "/aws/x",
            "/ssm/x",
            "ssm",
            "/a" * 16,
            "x" * 1_012,
            f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/a",
        ),
        "event_bus": ("aws.partner/x", "a/b", "x" * 257, "default "),
        "stream of kinesis": ("a/b", "x" * 129, "clicks/consumer/x:1", "clicks "),
        "stream": ("a/b", "x" * 65, "clicks "),
        "api": ("orders", "a1b2c3d4e", "A1B2C3D4E5", "a1b2c3d4e5/prod", "https://a1b2c3d4e5"),
        "model": (".a", "a:b:c:d", "a/b", "a_b", "x" * 129),
        "log_group": ("a b", "a:*", "/a:log-stream:b", "x" * 513, "a|b", "a,b"),
        "endpoint": ("a_b", "-a", "a-", "x" * 64, "a.b", "a/b"),
        "repository": ("A", "a", "/a", "a/", "a:latest", "a@sha256:0", "x" * 257),
        "identity": ("a@", "@a.example", "a@b@c.example", "a b@c.example", "a/b", ".example"),
    }.items():
        for text in texts:
            path, entry = f"/access/0/{field_of(field)}", ENTRIES[field]
            yield bad(f"{field} is {text!a:.60}", path, access=[entry | {field_of(field): text}])
    twice = [s3_entry(), s3_entry(prefix="*")]
    yield bad("the second entry is everything", "/access/1/prefix", access=twice)
