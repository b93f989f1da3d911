"""The most that any partner role may ever do: the actions of the permissions boundaries.

The boundaries themselves are in the template; a contract test holds them to the specs. The usual
one has actions on data only: nothing in it changes who may do what, and nothing reaches IAM, STS,
Organizations or CloudTrail, policies, ACLs, key grants or function code. Which boundary a role has
goes by its kind of access: some services have one of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from latchkey.services.registry import specs

KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt")
"""Only through a service (`kms:ViaService`); never for a config to name."""

OWNER_ACL = "bucket-owner-full-control"
"""The one ACL that partner roles may put, which gives the bucket's owner all rights."""


USUAL = ""
"""The kind of access that all services have but those with a boundary of their own."""


@cache
def kinds() -> Mapping[str, str]:
    """The template's permissions boundaries beside the usual one, by the service that needs it."""
    return {name: service.bounded_by for name, service in specs().items() if service.bounded_by}


def kinds_of(services: Iterable[str]) -> tuple[str, ...]:
    """The kinds of access of entries, by their services; a role can have one of them only."""
    return tuple(sorted(kinds().keys() & {*services})) or (USUAL,)


@cache
def of_kind(kind: str) -> frozenset[str]:
    """What entries of a kind of access may give by its boundary, beside what is conditional."""
    more = specs()[kind].boundary if kind else ()
    return allowed() | {f"{kind}:{action}" for action in more}


def beyond_usual() -> Iterator[str]:
    """What only boundaries of other kinds allow: by the entries that they are for, never else."""
    for kind in kinds():
        yield from of_kind(kind) - allowed()


@cache
def conditional() -> frozenset[str]:
    """What partner roles may do under conditions of the boundary's own; never by `custom`."""
    return frozenset(
        f"{name}:{action}" for name, service in specs().items() for action in service.conditional
    )


@cache
def allowed() -> frozenset[str]:
    """All that partner roles may do; a `custom` statement may have these actions and no others."""
    return frozenset(
        f"{name}:{action}"
        for name, service in specs().items()
        if not service.bounded_by
        for action in service.boundary
    )
