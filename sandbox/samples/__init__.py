"""Puts a running sandbox into the state that the sample events are about.

The later steps of the workflow act only for the execution that holds a grant's lease, and are
handed a reference to its plan: the samples of those steps need the lease and the plan (under
`events/plans`) that planning would have left.
"""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from latchkey.aws.run_documents import RunDocuments
from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from latchkey.keys import LEASE, lease_partition, plan_partition
from sandbox.connection import connect
from sandbox.samples.resources import make

EVENTS = Path(__file__).parents[2] / "events"
_NEVER = "2999-01-01T00:00:00Z"


def prepare(url: str) -> list[str]:
    """Create what the sample configs name, and leases and plans of the sample executions.

    Answers the names of the resources.
    """

    def client(service: str) -> Any:
        return connect(url, service, "samples")

    made = make(client, _configs())
    for arn in sorted(_partner_principals()):
        _create_principal(url, arn)
    environment = json.loads((EVENTS / "env.json").read_text())["Parameters"]
    table = Table(client("dynamodb"), environment["GRANT_TABLE"])
    for path in sorted(EVENTS.glob("*.json")):
        event = json.loads(path.read_text())
        if "plan" not in event:
            continue
        run, grant = event["execution"], GrantId(**event["plan"]["grant"])
        lease = {"pk": lease_partition(grant), "sk": LEASE}
        table.put({**lease, "lease_owner": run["id"], "lease_until": _NEVER})
        plan = json.loads((EVENTS / f"plans/{run['name']}.json").read_text())
        RunDocuments(table).put(plan_partition(run["name"]), plan, datetime.now(UTC))
    return made


def _configs() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(EVENTS.glob("configs/*.json"))]


def _partner_principals() -> set[str]:
    """The roles and users that the sample configs trust: IAM takes only those that exist."""
    named = [name for config in _configs() for name in config.get("principals", [])]
    return {name for name in named if name.startswith("arn:") and ":root" not in name}


def _create_principal(url: str, arn: str) -> None:
    """A role or user in the partner's own account."""
    account, (kind, *folders, name) = arn.split(":")[4], arn.split(":", 5)[5].split("/")
    path = "/".join(("", *folders, ""))
    iam = connect(url, "iam", account)
    trust = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
        if kind == "user":
            iam.create_user(Path=path, UserName=name)
        else:
            iam.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=document)
