"""AWS-managed policies that are a kind of access, by the specs that have them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from latchkey.services.registry import KNOWN, spec, specs


@cache
def known() -> Mapping[str, str]:
    """Policies by name, with path, and the access that each is, as `<service>:<allow>`."""
    return {
        policy: f"{name}:{allow}"
        for name, service in specs().items()
        for allow, policy in service.managed.items()
    }


def words() -> list[str]:
    """What entries of such access may allow."""
    return sorted(access.partition(":")[2] for access in known().values())


def access_by(policy_arn: str) -> str | None:
    """The access that a policy is, by its ARN, as `<service>:<allow>`; None if it is none."""
    owner, _, name = policy_arn.partition(":policy/")
    return known().get(name) if owner.endswith(":iam::aws") else None


def policies_of(entries: Iterable[Any]) -> tuple[str, ...]:
    """The names of the policies that entries come to, in order and once each."""
    found = {
        spec(one.service).managed[one.allow]
        for one in entries
        if one.service in KNOWN and spec(one.service).managed
    }
    return tuple(sorted(found))


def withheld(entries: Iterable[Any]) -> tuple[str, ...]:
    """Actions on data that the boundary of such access allows, for other entries of the role."""
    found = {a for one in entries if one.service in KNOWN for a in spec(one.service).withheld}
    return tuple(sorted(found))
