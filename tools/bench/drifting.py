"""What the drift check asks of AWS with so many roles, a few of which were changed by hand."""

import contextlib
import io
import json
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from moto.dynamodb.models.table import RESULT_SIZE_LIMIT

from latchkey.runtime.wiring import jobs as wiring
from tests.kit.examples import NOW, policy
from tests.kit.stack.aws import aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.many_grants import copies, table_size

CHANGED = 3
_PAGE = 100
_PAGED = ("ListRoles", "GetAccountAuthorizationDetails", "ListSchedules", "Query")


def measure(roles: int) -> dict[str, Any]:
    """Calls by action, those by the page and those for what was changed."""
    with built_stack() as stack:
        with contextlib.redirect_stdout(io.StringIO()):
            copies(stack, roles - 1)
        index_pages = 1 + table_size() // RESULT_SIZE_LIMIT
        wiring.drift_check.cache_clear()
        for number in range(1, CHANGED + 1):
            aws("iam").put_role_policy(
                RoleName=f"partner-acme.copy-{number}",
                PolicyName="extra",
                PolicyDocument=json.dumps(policy("s3:ListAllMyBuckets")),
            )
        stack.calls.clear()
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):  # metrics are lines of it
            found = stack.invoke("check_drift", {}, NOW + timedelta(hours=1))
        seconds = time.perf_counter() - started
    assert len(found["changed"]) == CHANGED
    calls = Counter(call.split(":")[1] for call in stack.calls)
    pages = sum(calls[name] for name in _PAGED)
    return {
        "roles": roles,
        "pages": pages,
        "most_pages": 3 * -(-roles // _PAGE) + index_pages,
        "started": calls["StartExecution"],
        "others": sum(calls.values()) - pages - calls["StartExecution"],
        "seconds": seconds,
    }
