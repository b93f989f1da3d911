"""What of AWS's policies fits into `AuditBoundary`, by IAM's own list of actions."""

import json
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase

from moto.iam.aws_managed_policies import aws_managed_policies_data
from policy_sentry.querying.all import get_all_actions

from latchkey.services.managed import known
from tests.kit.reads_data import reads_data
from tests.kit.template import listed, properties


def account_access() -> Iterator[str]:
    """A table of what such roles see, and what of each policy they do not."""
    by_service: defaultdict[str, list[str]] = defaultdict(list)
    for action in get_all_actions():
        by_service[action.partition(":")[0]].append(action.lower())
    boundary = properties("AuditBoundary")["PolicyDocument"]["Statement"][0]["Action"]
    within = _matched(boundary, by_service)
    rows = [
        "| `allow` | AWS's policy | actions | of them seen | services of which nothing is seen |"
    ]
    rows.append("|---|---|---|---|---|")
    policies = json.loads(aws_managed_policies_data)
    for name, access in sorted(known().items(), key=lambda one: one[1]):
        short = name.rpartition("/")[2]
        statements = policies[short]["Document"]["Statement"]
        found = _matched([a for one in statements for a in listed(one["Action"])], by_service)
        seen = {action for action in found & within if not reads_data(action)}
        services = {action.partition(":")[0] for action in found}
        left = sorted(services - {action.partition(":")[0] for action in seen})
        word = access.partition(":")[2]
        rows.append(f"| `{word}` | `{short}` | {len(found)} | {len(seen)} | {', '.join(left)} |")
    yield "\n".join(rows) + "\n"


def _matched(patterns: list[str], by_service: dict[str, list[str]]) -> set[str]:
    low = [pattern.lower() for pattern in patterns]
    return {
        action
        for pattern in low
        for action in by_service.get(pattern.partition(":")[0], ())
        if fnmatchcase(action, pattern)
    }
