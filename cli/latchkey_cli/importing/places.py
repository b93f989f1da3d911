"""What the ARNs of policies name, as entries of a config name it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import ResourceInfo

_FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "secretsmanager": ("secret", "secret:"),
        "sqs": ("queue", ""),
        "sns": ("topic", ""),
        "dynamodb": ("table", "table/"),
        "lambda": ("function", "function:"),
        "ssm": ("parameter", "parameter/"),
        "events": ("event_bus", "event-bus/"),
        "kinesis": ("stream", "stream/"),
    }
)
_SUFFIXES = ("-??????", "-*")
"""How policies end that name a secret without its six random characters."""


@dataclass(frozen=True, order=True)
class Named:
    """A resource as an entry names it: `fields` beside `service`, and its ARN for the rules."""

    service: str
    fields: tuple[tuple[str, str], ...]
    arn: str

    def entry(self, allow: str) -> dict[str, str]:
        """An `access` entry for it."""
        return {"service": self.service, **dict(self.fields), "allow": allow}

    @property
    def facts(self) -> ResourceInfo:
        """What the catalogue's rules want to know of it; keys are found when it is granted."""
        return ResourceInfo(self.arn)


def named(arn: str, place: AwsEnvironment) -> Iterator[Named]:
    """The resource that an ARN of a policy is about, if it is one that an entry can name."""
    parts = arn_parts(arn)
    if parts is None:
        return
    partition, service, region, account, rest = parts
    if service == "s3":
        yield from _bucket(partition, rest)
    elif (partition, region, account) == (place.partition, place.region, place.account):
        yield from _other(service, arn, rest)


def _bucket(partition: str, rest: str) -> Iterator[Named]:
    bucket, slash, folder = rest.partition("/")
    if not bucket or set(bucket) & set("*?$"):
        return
    arn = f"arn:{partition}:s3:::{bucket}"
    yield Named("s3", (("bucket", bucket),), arn)
    folder = folder.removesuffix("*")
    if slash and folder.endswith("/") and not set(folder) & set("*?$"):
        yield Named("s3", (("bucket", bucket), ("prefix", folder)), arn)


def _other(service: str, arn: str, rest: str) -> Iterator[Named]:
    field, before = _FIELDS.get(service, ("", ""))
    if not field or not rest.startswith(before):
        return
    name, whole = rest.removeprefix(before), arn
    match service:
        case "secretsmanager":
            name = next((name.removesuffix(s) for s in _SUFFIXES if name.endswith(s)), arn)
        case "dynamodb":
            name, index, _ = name.partition("/index/")
            whole = arn.partition("/index/")[0] if index else arn
        case "ssm":
            whole = arn.removesuffix("*") if arn.endswith("/*") else arn
            name = name.removesuffix("*") if name.endswith("/*") else name
            name = f"/{name}" if "/" in name else name
    if not set(name) & set("*?$"):
        yield Named(service, ((field, name),), whole)
