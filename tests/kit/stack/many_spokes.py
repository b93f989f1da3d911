"""Many accounts beside a stack on moto with many grants in them, put where moto keeps things."""

import json
from copy import copy
from datetime import timedelta
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.iam.models import iam_backends
from moto.scheduler.models import scheduler_backends

from latchkey.aws.grants_by_expiry import live_in, marker_keys
from latchkey.grants.drift import desired_digest
from latchkey.grants.role import DesiredRole
from latchkey.iam.spoke import SpokeRole
from latchkey.times import instant
from tests.kit.examples import ACCOUNT, STACK, policy
from tests.kit.stack.aws import GROUP, GUARDRAILS, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import EXPIRY

EXTRA = {"extra": json.dumps(policy("s3:ListAllMyBuckets"))}
"""A policy that nobody granted."""


def accounts(number: int) -> list[str]:
    """So many account IDs."""
    return [f"2{each:011}" for each in range(number)]


def spokes(stack: StackDriver, number: int, grants_each: int) -> list[str]:
    """Enrol that many accounts with that many grants each, all like one; answers the accounts.

    The stack is one of an account that is enrolled (`built_stack(account=…)`), which stays without
    a grant: the one that is copied is taken out of it.
    """
    found = accounts(number)
    stack.guard(allowed_accounts=[stack.account, *found])
    plan = stack.granted().plan
    first = DesiredRole.from_document(plan["desired"])
    there = iam_backends[stack.account]["aws"].roles
    by_name = {role.name: role for role in there.values()}
    check = by_name[SpokeRole.CHECK.name_for(STACK)]
    items = dynamodb_backends[ACCOUNT]["us-east-1"].tables[TABLE].items
    schedules = scheduler_backends[ACCOUNT]["us-east-1"].schedule_groups[GROUP].schedules
    state = items.pop(DynamoType({"S": "GRANT#acme.main"}))[DynamoType({"S": "STATE"})].attrs
    attributes = {name: value.to_regular_json() for name, value in state.items()}
    schedule = schedules.pop("acme.main")
    guardrails = aws("ssm", stack.account).get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    for account in found:
        stack.spokes.guard(account, guardrails)
        roles = iam_backends[account]["aws"].roles
        _add(roles, _moved(check, account, f"AROACHECK{account}", check.name))
        _put(items, {name: {"S": value} for name, value in marker_keys(account).items()})
        for each in range(grants_each):
            grant = f"g{account[-6:]}-{each}"
            name = f"partner-acme.{grant}"
            tags = {**first.tags, "latchkey:grant": f"acme.{grant}"}
            desired = _desired(first, stack.account, account, name, tags)
            twin = _moved(by_name[first.name], account, f"AROA{account}{each:05}", name)
            twin.tags = [{"Key": key, "Value": value} for key, value in tags.items()]
            _add(roles, twin)
            told = {
                "pk": f"GRANT#acme.{grant}",
                "grant": grant,
                "live": live_in(account),
                "role_arn": twin.arn,
                "role_digest": desired_digest(desired),
            }
            _put(items, {**attributes, **{key: {"S": text} for key, text in told.items()}})
            its = copy(schedule)
            its.name, its.arn = f"acme.{grant}", schedule.arn.replace("acme.main", f"acme.{grant}")
            schedules[its.name] = its
    return found


def change(account: str, roles: int) -> None:
    """Change so many of the partner roles of an account by hand."""
    found = [role for role in iam_backends[account]["aws"].roles.values() if "acme" in role.name]
    for role in found[:roles]:
        role.policies = {**role.policies, **EXTRA}


def crowd_elsewhere(spokes: int, grants: int, due: int) -> None:
    """Put so many live grants into the table, spread over accounts, the first ones due."""
    items = dynamodb_backends[ACCOUNT]["us-east-1"].tables[TABLE].items
    later = instant(EXPIRY + timedelta(days=365))
    found = accounts(spokes)
    for account in found:
        _put(items, {name: {"S": value} for name, value in marker_keys(account).items()})
    for number in range(grants):
        account = found[number % spokes]
        at = instant(EXPIRY + timedelta(seconds=number)) if number < due else later
        values = {
            "pk": f"GRANT#p{number:06}.main",
            "sk": "STATE",
            "live": live_in(account),
            "partner": f"p{number:06}",
            "grant": "main",
            "status": "active",
            "expires_at": at,
        }
        _put(items, {key: {"S": value} for key, value in values.items()})


def _desired(first: DesiredRole, old: str, new: str, name: str, tags: dict[str, str]) -> Any:
    """What would be desired of a twin in another account."""
    text = json.dumps(first.document()).replace(old, new)
    return DesiredRole.from_document({**json.loads(text), "name": name, "tags": tags})


def _moved(role: Any, account: str, role_id: str, name: str) -> Any:
    """The twin of a role in another account, whose ARNs are of that one."""
    old, twin = role.account_id, copy(role)
    twin.account_id, twin.id, twin.name = account, role_id, name
    twin.policies = {key: text.replace(old, account) for key, text in role.policies.items()}
    if role.permissions_boundary_arn:
        twin.permissions_boundary_arn = role.permissions_boundary_arn.replace(old, account)
    return twin


def _add(roles: Any, role: Any) -> None:
    roles[role.id] = role


def _put(items: Any, attributes: dict[str, Any]) -> None:
    key, sort = (DynamoType(attributes[name]) for name in ("pk", "sk"))
    items.setdefault(key, {})[sort] = Item(key, sort, attributes)
