"""Resources in words: what an ARN names, for somebody who does not read ARNs."""

from collections import defaultdict
from collections.abc import Iterable

from latchkey.iam.arn import arn_parts
from latchkey.iam.permit import Permit
from latchkey.services.labels import service_of
from latchkey.services.registry import KNOWN, spec


class Names:
    """Names for the resources of permits; two resources never have one name."""

    def __init__(self, permits: Iterable[Permit]) -> None:
        arns: dict[str, set[str]] = defaultdict(set)
        for permit in permits:
            arns[_name(permit.resource)].add(permit.resource)
        self._shared = {name for name, found in arns.items() if len(found) > 1}

    def of(self, permit: Permit) -> tuple[str, Permit]:
        """The name of a permit's resource, and the permit without the conditions in the name."""
        service = service_of(permit.action)
        if permit.resource == "*" and service in KNOWN and permit.action in spec(service).discovers:
            return f"every {spec(service).noun}, by name", permit
        described = spec(service).describe_permit(permit) if service in KNOWN else None
        if described:
            return described
        name = _name(permit.resource)
        return (permit.resource if name in self._shared else name), permit


def _name(arn: str) -> str:
    parts = arn_parts(arn)
    if parts is None or "?" in arn or "*" in ":".join(parts[:4]):
        return "every resource" if arn == "*" else arn
    service, rest = parts[1], parts[4]
    return (spec(service).describe(rest) if service in KNOWN else None) or arn
