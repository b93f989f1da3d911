"""Resources as people name them, held against the ARNs that policies name.

An ARN is kept under the name of the resource that it is in (a bucket, a table, the first part of a
parameter's path), so that a query for the whole, or for a part of it, reads one key.
"""

from collections.abc import Iterator

from latchkey.errors import ResourceUnclear
from latchkey.frozen import Frozen
from latchkey.iam.arn import arn_parts
from latchkey.iam.patterns import overlaps
from latchkey.services.registry import KNOWN, spec

_WILDCARDS = {"*", "?"}
_LONGEST_NAME = 1_000
"""Bytes of a name in a key; what is longer is kept under its beginning."""

_LONGEST = 2_048
_WRITE = (
    "write a name, like northwind-reports; a folder or object, like northwind-reports/acme/; "
    "<service>:<name>, like sqs:jobs; or an ARN"
)


class ResourceQuery(Frozen):
    """One thing that a question may be about.

    `names` are those that it may be kept under. `patterns` are of ARNs' last parts without the
    type; a `*` at the end stands for all that is below. `location` is region and account, if given.
    """

    service: str
    names: tuple[str, ...]
    patterns: tuple[str, ...]
    location: tuple[str, str] = ("", "")

    def concerns(self, arn: str) -> bool:
        """Whether an ARN in a policy, maybe with a `*` at its end, reaches any of it."""
        service, location, local = _split(arn)
        pairs = zip(self.location, location, strict=True)
        if service != self.service or any(mine and mine != its for mine, its in pairs):
            return False
        return any(overlaps(p, form) for p in self.patterns for form in _forms(service, local))


def resource_queries(text: str) -> tuple[ResourceQuery, ...]:
    """All that a question may be about: a plain name may be one of several services.

    A name without a `/` at its end is also taken for a folder or path of that name.

    Raises
    ------
    ResourceUnclear
        When the text names no resource.
    """
    if not text.isprintable() or not 0 < len(text.strip()) == len(text) <= _LONGEST:
        raise ResourceUnclear(f"{text[:60]!r} names no resource; {_WRITE}")
    found = tuple(one for one in _asked(text) if all(map(_names_one, one.names)))
    if not found:
        raise ResourceUnclear(
            f"{text[:60]!r} names no one resource: a '*' may stand only at the end, behind a '/'; "
            f"{_WRITE}"
        )
    return found


def kept_under(arn: str) -> str:
    """The name that an ARN is kept under: `s3:northwind-reports`, `ssm:app`."""
    service, _, local = _split(arn)
    return _key(service, _forms(service, local)[-1])


def shown(arn: str) -> tuple[str, str]:
    """An ARN's service, and the resource as a config names it; a folder or path ends in `/`."""
    service, _, local = _split(arn)
    name = _forms(service, local)[-1]
    shown = spec(service).shown(name) if service in KNOWN else name
    return service, shown.removesuffix("*")


def _names_one(name: str) -> bool:
    _, _, local = name.partition(":")
    return any(map(str.isalnum, local)) and not _WILDCARDS & set(local)


def _asked(text: str) -> Iterator[ResourceQuery]:
    parts = arn_parts(text)
    if parts:
        _, service, region, account, _ = parts
        yield _one(service, _split(text)[2], (region, account))
        return
    service, colon, name = text.partition(":")
    if service == "arn":
        return
    if colon and service in KNOWN:
        yield _one(service, spec(service).bare(name.removeprefix("//")))
        return
    for service in KNOWN:
        local = spec(service).bare(text)
        if local and (spec(service).arn.slashes or "/" not in text):
            yield _one(service, local)


def _one(service: str, local: str, location: tuple[str, str] = ("", "")) -> ResourceQuery:
    names = dict.fromkeys(_key(service, form) for form in _forms(service, local))
    patterns = spec(service).reach(local) if service in KNOWN else (local,)
    return ResourceQuery(service, tuple(names), patterns, location)


def _split(arn: str) -> tuple[str, tuple[str, str], str]:
    """Service, region and account, and the rest of an ARN without the type of the resource."""
    parts = arn_parts(arn)
    assert parts  # policies name ARNs only
    _, service, region, account, rest = parts
    local = spec(service).arn.plain(rest) if service in KNOWN else rest
    return service, (region, account), local


def _forms(service: str, local: str) -> tuple[str, ...]:
    """The names that a resource may be kept under, the plainest last."""
    return spec(service).forms(local) if service in KNOWN else (local,)


def _key(service: str, local: str) -> str:
    below = spec(service).arn.below if service in KNOWN else ""
    name = local.partition(below)[0] if below else local
    cut = name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{service}:{cut}"
