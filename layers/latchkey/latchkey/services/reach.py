"""What an entry reaches: the one place that says so, for guardrails and for Latchkey's own names.

It is taken from the statements that the role gets, so nothing that is granted can be left out:
resources of the catalogue and of custom statements, what is implied, and keys.
"""

from collections.abc import Iterator, Sequence

from latchkey.frozen import Frozen
from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.patterns import arn_covers, arn_overlaps, overlaps
from latchkey.services.allowance import NO_RESOURCE, Allowance
from latchkey.services.entry import Entry
from latchkey.services.registry import KNOWN, spec
from latchkey.services.resource_info import ResourceInfo

_WHOLE = ("service",)
"""The place of an entry that names no resource."""


class Reached(Frozen):
    """Something that an entry reaches.

    `place` is the field in the entry that names it, `arn` a pattern of all that is reached, `also`
    are patterns of other ARNs under which the same is known, or may be.
    `within` is set where only something is told about a container of data, such as the Region of a
    bucket: that is allowed wherever anything of `within`, the data, is. `unnamed` is set where an
    action knows no resource: `arn` then stands for all there is of the service, here.
    """

    place: tuple[str | int, ...]
    service: str
    arn: str
    also: tuple[str, ...] = ()
    within: str = ""
    unnamed: bool = False

    def touched_by(self, pattern: str) -> bool:
        """Whether a denied pattern matches any of it, or a thing that it is a part of."""
        form = spec(self.service).arn
        pattern = pattern.lower() if form.lower else pattern
        whole = (pattern, *_parts(pattern, form.below))
        return any(arn_overlaps(arn, one) for arn in (self.arn, *self.also) for one in whole)

    def lies_in(self, patterns: Sequence[str]) -> bool:
        """Whether one of the allowed patterns matches all of it."""
        told = self.within
        return any(
            arn_covers(pattern, self.arn) or (told and arn_overlaps(pattern, told))
            for pattern in patterns
        )

    @property
    def is_own(self) -> bool:
        """Whether Latchkey's own resources, of any stack, are among it, and not only by the way."""
        if self.unnamed:
            return False
        rests = [arn.split(":", 5)[-1] for arn in (self.arn, *self.also)]
        return any(overlaps(rest, own) for own in spec(self.service).own for rest in rests)


def denied_by(pattern: str, other: str) -> bool:
    """Whether a denied pattern touches all that another one does."""
    service = pattern.split(":", 3)[2:3]
    below = spec(service[0]).arn.below if service and service[0] in KNOWN else ""
    return any(arn_covers(one, other) for one in (pattern, *_parts(pattern, below)))


def reach(
    entry: Entry, found: Sequence[ResourceInfo], environment: AwsEnvironment
) -> tuple[Reached, ...]:
    """All that an entry reaches, once each; `found` is what is known of its resources, in order."""
    return tuple(dict.fromkeys(_reach(entry, found, environment)))


def _reach(
    entry: Entry, found: Sequence[ResourceInfo], environment: AwsEnvironment
) -> Iterator[Reached]:
    for allowance in entry.allowances(found, environment):
        place = allowance.place or (*(named.path for named in entry.named()), _WHOLE)[0]
        for arn in allowance.resources:
            if arn in NO_RESOURCE:
                yield from _unnamed(allowance, place, environment)
                continue
            service = spec(_service(arn))
            for action in allowance.actions:
                told = service.told_of(action, arn)
                for what in service.reached(action, arn, allowance.conditions):
                    yield Reached(place, service.name, what, service.also_known(what), told)


def _unnamed(
    allowance: Allowance, place: tuple[str | int, ...], environment: AwsEnvironment
) -> Iterator[Reached]:
    """What actions without resources reach: whatever there is of their service."""
    for action in allowance.actions:
        service = spec(action.partition(":")[0])
        everything = service.arn.all_of(service.name, environment)
        for what in service.reached(action, everything, allowance.conditions):
            yield Reached(place, service.name, what, unnamed=True)


def _service(arn: str) -> str:
    parts = arn_parts(arn)
    assert parts, arn  # statements name resources by their full ARNs
    assert parts[1] in KNOWN, arn
    return parts[1]


def _parts(pattern: str, below: str) -> tuple[str, ...]:
    """What lies within that which a pattern names: objects, indexes, versions, parameters."""
    return (f"{pattern.removesuffix(below)}{below}*",) if below else ()
