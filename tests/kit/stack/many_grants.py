"""Many live grants at once, put where moto keeps items: a call per grant would take minutes."""

import json
from copy import copy, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.iam.models import iam_backends
from moto.scheduler.models import scheduler_backends

from latchkey.grants.drift import desired_digest
from latchkey.grants.role import DesiredRole
from latchkey.times import instant
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import GROUP, TABLE, aws
from tests.kit.stack.driver import StackDriver

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
"""When those that are due were due: one a second from here on; all others years later."""


def crowd(grants: int, due: int, status: str = "active") -> list[str]:
    """Put that many live grants into the table, the first ones due; answers their names."""
    items = dynamodb_backends[ACCOUNT]["us-east-1"].tables[TABLE].items
    names = [f"p{number:06}.main" for number in range(grants)]
    later = instant(EXPIRY + timedelta(days=365))
    for number, name in enumerate(names):
        expires_at = instant(EXPIRY + timedelta(seconds=number)) if number < due else later
        _put(items, name, expires_at, status)
    return names


def _put(items: Any, name: str, expires_at: str, status: str) -> None:
    partner, grant = name.split(".")
    values = {
        "pk": f"GRANT#{name}",
        "sk": "STATE",
        "live": "LIVE",
        "partner": partner,
        "grant": grant,
        "status": status,
        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/partners/partner-{name}",
        "guardrails": "1",
        "expires_at": expires_at,
    }
    attributes = {key: {"S": value} for key, value in values.items()}
    key, sort = DynamoType(attributes["pk"]), DynamoType(attributes["sk"])
    items[key] = {sort: Item(key, sort, attributes)}


def forget(names: list[str]) -> None:
    """Take grants out of the index, as the record of their end does."""
    for name in names:
        aws("dynamodb").update_item(
            TableName=TABLE,
            Key={"pk": {"S": f"GRANT#{name}"}, "sk": {"S": "STATE"}},
            UpdateExpression="REMOVE live",
        )


def copies(stack: StackDriver, number: int) -> list[str]:
    """Grant `acme.main`, and copy it so often, each copy with a role, a state and a schedule.

    Answers the names of the copies' grants within the partner.
    """
    first = DesiredRole.from_document(stack.granted().plan["desired"])
    roles = iam_backends[ACCOUNT]["aws"].roles
    items = dynamodb_backends[ACCOUNT]["us-east-1"].tables[TABLE].items
    schedules = scheduler_backends[ACCOUNT]["us-east-1"].schedule_groups[GROUP].schedules
    (role,) = (role for role in roles.values() if role.name == first.name)
    state = items[DynamoType({"S": "GRANT#acme.main"})][DynamoType({"S": "STATE"})].attrs
    schedule = schedules["acme.main"]
    names = [f"copy-{each}" for each in range(1, number + 1)]
    for name in names:
        tags = {**first.tags, "latchkey:grant": f"acme.{name}"}
        desired = replace(first, name=f"partner-acme.{name}", tags=tags)
        twin = _role(role, f"AROA{name.upper()}", desired)
        roles[twin.id] = twin
        own = {"pk": f"GRANT#acme.{name}", "grant": name, "role_digest": desired_digest(desired)}
        key, sort = DynamoType({"S": own["pk"]}), DynamoType({"S": "STATE"})
        attributes = {name: value.to_regular_json() for name, value in state.items()}
        told = {each: {"S": text} for each, text in own.items()}
        items[key] = {sort: Item(key, sort, {**attributes, **told})}
        schedules[f"acme.{name}"] = _named(schedule, f"acme.{name}")
    return names


def table_size() -> int:
    """Bytes of all items, by which moto makes pages (DynamoDB: of what the index projects)."""
    items = dynamodb_backends[ACCOUNT]["us-east-1"].tables[TABLE].items
    return sum(item.size() for sorted_by in items.values() for item in sorted_by.values())


def _role(role: Any, role_id: str, desired: DesiredRole) -> Any:
    twin = copy(role)
    twin.id, twin.name = role_id, desired.name
    twin.policies = dict(role.policies)
    twin.tags = [{"Key": key, "Value": value} for key, value in desired.tags.items()]
    return twin


def _named(schedule: Any, name: str) -> Any:
    twin = copy(schedule)
    twin.name, twin.arn = name, schedule.arn.replace(schedule.name, name)
    return twin


def schedule_each(names: list[str]) -> None:
    """Put a schedule for each grant."""
    role = f"arn:aws:iam::{ACCOUNT}:role/schedule"
    target = {"Arn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:w", "RoleArn": role}
    for name in names:
        aws("scheduler").create_schedule(
            Name=name,
            GroupName=GROUP,
            ScheduleExpression="at(2031-01-01T00:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={**target, "Input": json.dumps({})},
        )
