"""Access that is an AWS-managed policy: it stands alone, and guardrails list it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from latchkey.config.problem import Problem, pointer
from latchkey.services.boundary import kinds_of
from latchkey.services.registry import KNOWN, spec

Fields: TypeAlias = Mapping[str, Any]

CONFIGURATION = (
    "sees the configuration of everything in the account: environments of functions, templates, "
    "user data and task definitions are part of it, so no secrets may stand in them"
)


def managed_problems(fields: Fields) -> Iterator[Problem]:
    """What may not stand beside such an entry: the boundary of its role has no room for it."""
    entries = list(fields.get("access") or [])
    mine = [index for index, one in enumerate(entries) if one and spec(one.service).managed]
    if not mine:
        return
    beside = spec(entries[mine[0]].service).beside
    allowed = " or ".join(
        f"`{name}` with `{level}`" for name, all_ in beside.items() for level in all_
    )
    for index, one in enumerate(entries):
        if one is None or index == mine[0]:
            continue
        if getattr(one, "allow", None) not in beside.get(one.service, ()):
            message = (
                f"an entry of `{entries[mine[0]].service}` stands alone, or beside {allowed}; "
                "move this one to a second `grant`"
            )
            yield Problem(pointer(["access", index, "service"]), message)
    if fields.get("self_assume"):
        message = "a role that reads the configuration of the account has no sessions of its own"
        yield Problem("/self_assume", f"{message}; leave it out, or use a second `grant`")


def not_listed(fields: Fields, allowed: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Where in a config such access is asked for that is not among the allowed, and why not."""
    words = sorted(allowed)
    for index, one in enumerate(fields.get("access") or []):
        if one and spec(one.service).managed and one.allow not in words:
            listed = f"it lists {', '.join(words)}" if words else "it lists none"
            message = (
                f"{one.allow!r} is not among the access to the account that is allowed; {listed}"
            )
            yield pointer(["access", index, "allow"]), message


def kind_change(before: Any, services: Iterable[str]) -> Problem | None:
    """Why a live grant cannot come to or from such access; None where it does not.

    `before` is the config on record as JSON data. The role would have the boundary of one with the
    policies of the other in between.
    """
    entries = before.get("access") if isinstance(before, dict) else None
    named = [one.get("service") for one in entries or () if isinstance(one, dict)]
    was, will = kinds_of(filter(None, named)), kinds_of(services)
    managed = [kind for kind in {*was, *will} if kind in KNOWN and spec(kind).managed]
    if was == will or not managed:
        return None
    return Problem(
        "/access",
        f"a live grant cannot become one of `{managed[0]}`, nor stop being one, since its role has "
        "another permissions boundary; use a second `grant`, or revoke this one and grant anew",
    )
