"""What the drift check asks of AWS with so many roles, a few of which were changed by hand."""

import contextlib
import io
import json
import time
from collections import Counter
from copy import replace
from datetime import timedelta
from typing import Any

from latchkey import wiring
from latchkey.aws.attribute_values import serialize
from latchkey.aws.iam import IamGateway
from latchkey.domain.drift import desired_digest
from latchkey.domain.plan import plan_role
from latchkey.domain.role import DesiredRole
from tests.examples import NOW, policy
from tests.integration.building import built_house
from tests.integration.crowd import schedule_each
from tests.integration.house import TABLE, House, aws

CHANGED = 3
_PAGE = 100
_PAGED = ("ListRoles", "GetAccountAuthorizationDetails", "ListSchedules", "Query")


def measure(roles: int) -> dict[str, Any]:
    """Calls by action, those by the page and those for what was changed."""
    with built_house() as house:
        with contextlib.redirect_stdout(io.StringIO()):
            _fill(house, roles)
        wiring.drift_check.cache_clear()
        for number in range(1, CHANGED + 1):
            aws("iam").put_role_policy(
                RoleName=f"partner-acme.copy-{number}",
                PolicyName="extra",
                PolicyDocument=json.dumps(policy("s3:ListAllMyBuckets")),
            )
        house.calls.clear()
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):  # metrics are lines of it
            found = house.invoke("check_drift", {}, NOW + timedelta(hours=1))
        seconds = time.perf_counter() - started
    assert len(found["changed"]) == CHANGED
    calls = Counter(call.split(":")[1] for call in house.calls)
    pages = sum(calls[name] for name in _PAGED)
    most = 3 * -(-roles // _PAGE) + 1 + roles * 600 // 1_000_000
    return {
        "roles": roles,
        "pages": pages,
        "most_pages": most,
        "started": calls["StartExecution"],
        "others": sum(calls.values()) - pages - calls["StartExecution"],
        "seconds": seconds,
    }


def _fill(house: House, roles: int) -> None:
    """One grant by its file, and copies of it: their roles, their items, their schedules."""
    first = DesiredRole.from_document(house.granted().plan["desired"])
    state = house.grant()
    iam = IamGateway(aws("iam"))
    names = [f"copy-{number}" for number in range(1, roles)]
    for name in names:
        tags = {**first.tags, "latchkey:grant": f"acme.{name}"}
        role = replace(first, name=f"partner-acme.{name}", tags=tags)
        for change in plan_role(role, None):
            iam.apply(change)
        own = {"pk": f"GRANT#acme.{name}", "grant": name, "role_digest": desired_digest(role)}
        item = {key: serialize(value) for key, value in {**state, **own}.items()}
        aws("dynamodb").put_item(TableName=TABLE, Item=item)
    schedule_each([f"acme.{name}" for name in names])
