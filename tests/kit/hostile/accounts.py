"""Entries that would see all of the account, or more than its configuration."""

from collections.abc import Iterator

from tests.kit.documented.access import EXAMPLES, OF_RESOURCES
from tests.kit.hostile.case import Hostile, bad

_AUDIT = {"service": "account", "allow": "audit"}


def cases() -> Iterator[Hostile]:
    """All of them."""
    for word in (
        *("ReadOnlyAccess", "AdministratorAccess", "SecurityAudit", "PowerUserAccess", "Audit"),
        *("read", "write", "all", "*", "", "audit,billing", "audit ", "arn:aws:iam::aws:policy/x"),
        *(None, True, 1, ["audit"], {"audit": True}),
    ):
        yield bad(f"account: allow {word!r}", "/access/0/allow", access=[{**_AUDIT, "allow": word}])
    for field in (
        "policy",
        "policy_arn",
        "resource",
        "bucket",
        "discover",
        "statements",
        "regions",
    ):
        access = [{**_AUDIT, field: "arn:aws:iam::aws:policy/ReadOnlyAccess"}]
        yield bad(f"account: with {field}", f"/access/0/{field}", access=access)
    for name in OF_RESOURCES:
        beside = {"service": name, **EXAMPLES[name]}
        if beside.get("allow") != "read" or name != "s3":
            yield bad(f"account: beside {name}", "/access", access=[_AUDIT, beside])
            yield bad(f"account: after {name}", "/access", access=[beside, _AUDIT])
    yield bad("account: twice", "/access/1/service", access=[_AUDIT, _AUDIT])
    yield bad("account: assumes itself", "/self_assume", access=[_AUDIT], self_assume=True)
