"""All that anybody can see of the stack, without what differs from one good run to the next."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from latchkey.aws.grants_by_expiry import TROUBLED
from latchkey.aws.iam import IamGateway
from latchkey.grant_id import GrantId
from latchkey.grants.drift import observed_digest
from latchkey.grants.role import ObservedRole
from latchkey.grants.state_digest import state_digest
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import RESULTS_BUCKET, aws
from tests.kit.stack.chains import broken_chains
from tests.kit.stack.world import World

Snapshot = dict[str, Any]
Item = dict[str, Any]

_PASSING = {
    "active_since",
    "began",
    "updated_at",
    "recorded_at",
    "planned_at",
    "execution",
    "lease_until",
    "since",  # an account is granted in
}
_OF_THE_ATTEMPT = {
    "changes",
    "verified",
    "checks",
    "ended_by",
    "late_seconds",
    "summary",
    "widens",
    "policy_difference",
}
"""What a result says of the last attempt alone."""

_ALLOWED = ("allows", "principals", "starts_at", "expires_at", "certain", "role_arn")

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CUT_OFF = re.compile(r'("(?:aws:TokenIssueTime|issued_before)": ")[^"]*')
_SECRET = re.compile(r"secret:acme/api-\w{6}")


def snapshot(world: World) -> Snapshot:
    """Roles, schedules, items, history and result files, comparable with another run's."""
    accounts = world.stack.accounts
    kept = sorted(world.stack.items(), key=lambda item: (item["pk"], item["sk"]))
    found = {
        "roles": {f"{name} in {a}": role for a in accounts for name, role in roles(a).items()},
        "schedules": schedules(world),
        "items": _items(kept, accounts),
        "history": _history(kept),
        "access": _access(kept),
        "results": _results(),
        "chains": broken_chains(kept),
    }
    text = json.dumps(found, sort_keys=True, default=_plain)
    for version, name in world.versions().items():
        text = text.replace(version, name)
    for made, name in _made(kept, accounts):
        text = text.replace(made, name)
    text = _SECRET.sub("secret:acme/api", text)
    text = _CUT_OFF.sub(r"\1then", text)
    read: Snapshot = json.loads(text)
    return read


def _plain(value: Any) -> Any:
    """Numbers and sets of the table, as JSON has them."""
    return int(value) if isinstance(value, Decimal) else sorted(value)


def roles(account: str = ACCOUNT) -> dict[str, Any]:
    """All partner roles of an account with all that belongs to them; a call per page."""
    iam = aws("iam", account)
    pages = iam.get_paginator("get_account_authorization_details").paginate(Filter=["Role"])
    found = [role for page in pages for role in page["RoleDetailList"]]
    return {role["RoleName"]: _role(iam, role) for role in found if role["Path"] == "/partners/"}


def _role(iam: Any, role: dict[str, Any]) -> dict[str, Any]:
    more = iam.get_role(RoleName=role["RoleName"])["Role"]
    return {
        "trust": role["AssumeRolePolicyDocument"],
        "inline": {item["PolicyName"]: item["PolicyDocument"] for item in role["RolePolicyList"]},
        "attached": role["AttachedManagedPolicies"],
        "boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": {tag["Key"]: tag["Value"] for tag in role["Tags"]},
        "description": more.get("Description"),
        "duration": more.get("MaxSessionDuration"),
    }


def schedules(world: World) -> dict[str, str]:
    """When each schedule fires, as Scheduler writes it."""
    return {
        name: aws("scheduler").get_schedule(Name=name, GroupName="latchkey-grants")[
            "ScheduleExpression"
        ]
        for name in world.stack.schedules()
    }


def _items(kept: list[Item], accounts: set[str]) -> dict[str, Any]:
    """Every item but the history and its chain; a lease that is still there shows as well.

    Of the role's digest it matters whether it is that of the role as it stands.
    """
    found = [*_observed(accounts)]
    digests = {observed_digest(role): "of the role" for role in found}
    ids = {role.role_id for role in found}
    items = [dict(i) for i in kept if not i["sk"].startswith(("EVENT#", "ACCESS#", "CHAIN"))]
    for item in items:
        if digest := item.get("role_digest"):
            item["role_digest"] = digests.get(digest, "of no role")
        if item.get("role_id"):
            item["role_id"] = "of the role" if item["role_id"] in ids else "of no role"
        if item.get("written"):
            item["written"] = sorted({one.partition(":")[0] for one in item["written"]})
        if item.get("live") == TROUBLED:
            item["expires_at"] = "since when"
    return {_key(item): {k: v for k, v in item.items() if k not in _PASSING} for item in items}


def _observed(accounts: set[str]) -> Iterator[ObservedRole]:
    """The partner roles of accounts, as Latchkey reads them."""
    for account in accounts:
        yield from IamGateway(aws("iam", account)).roles("/partners/")


def _key(item: dict[str, Any]) -> str:
    """A key with a digest of an ARN, which may be another in each world, shows the ARN instead."""
    if item["pk"].startswith("RESOURCE#"):
        item["sk"] = item["sk"].rpartition("#")[0] + f"#{item['arn']}"
    if item["pk"].startswith("EXTERNAL_ID#"):  # a digest; one that is made differs each time
        item["pk"] = f"EXTERNAL_ID of {item.get('partner')} {sorted(item.get('grants', ()))}"
    return f"{item['pk']} {item['sk']}"


def _history(kept: list[Item]) -> dict[str, list[str]]:
    """Every event of every grant and file, in order."""
    events: dict[str, list[str]] = {}
    for item in kept:
        if item["sk"].startswith("EVENT#"):
            events.setdefault(item["pk"], []).append(f"{item['event']}: {item['outcome']}")
    return events


def _access(kept: list[Item]) -> dict[str, list[Any]]:
    """What each grant allowed, as often as that changed, in order; not when, nor by which run."""
    histories: dict[str, list[Any]] = {}
    for item in kept:
        if item["sk"].startswith("ACCESS#"):
            shown = {name: item.get(name) for name in _ALLOWED}
            before = histories.setdefault(item["pk"], [])
            before.extend([shown] if before[-1:] != [shown] else [])
    return histories


def _results() -> dict[str, Any]:
    s3 = aws("s3")
    found = s3.list_objects_v2(Bucket=RESULTS_BUCKET).get("Contents", [])
    read = {
        item["Key"]: s3.get_object(Bucket=RESULTS_BUCKET, Key=item["Key"])["Body"].read().decode()
        for item in found
    }
    left_out = _PASSING | _OF_THE_ATTEMPT
    return {
        key: {k: v for k, v in json.loads(text).items() if k not in left_out}
        if key.endswith(".json")
        else _lasting(key, text)
        for key, text in read.items()
    }


def _lasting(key: str, text: str) -> str:
    """A sheet says when a grant was suspended or ended; a result for people, what the JSON says."""
    return _TIME.sub("then", text) if ".handoff." in key else "told"


def _made(kept: list[Item], accounts: set[str]) -> Iterator[tuple[str, str]]:
    """The external IDs that Latchkey made, and digests of states that have them, with a name each.

    Of such a digest it matters whether it is that of the role as it stands; any other one stays.
    """
    found = {role.arn: role for role in _observed(accounts)}
    for state in kept:
        if state["sk"] != "STATE" or not state.get("config") or not state.get("external_id"):
            continue
        config = json.loads(state["config"])
        if config.get("generate_external_id"):
            yield str(state["external_id"]), "made"
            if role := found.get(str(state.get("role_arn"))):
                grant, account = GrantId(state["partner"], state["grant"]), role.arn.split(":")[4]
                days = config.get("confirm_every_days")
                yield state_digest(role, grant, account, days), "digest of the role"


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Where two snapshots differ, in words."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for key in sorted({*expected, *found})
            for line in differences(
                expected.get(key, "(nothing)"), found.get(key, "(nothing)"), f"{path}/{key}"
            )
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for i, (one, two) in pairs for line in differences(one, two, f"{path}/{i}")]
    if expected == found:
        return []
    return [f"{path} is {_short(found)} and not {_short(expected)}"]


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 200 else f"{text[:200]}…"
