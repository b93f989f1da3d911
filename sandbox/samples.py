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

from botocore.exceptions import ClientError

from latchkey.aws.run_documents import RunDocuments
from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from latchkey.keys import LEASE, grant_partition, plan_partition
from sandbox.connection import connect

EVENTS = Path(__file__).parents[1] / "events"
BUCKET, SECRET = "northwind-reports", "acme/reports-api"
_NEVER = "2999-01-01T00:00:00Z"


def prepare(url: str) -> None:
    """Create what the sample configs name, and leases and plans of the sample executions."""

    def client(service: str) -> Any:
        return connect(url, service, "samples")

    client("s3").create_bucket(Bucket=BUCKET)
    secrets = client("secretsmanager")
    with contextlib.suppress(secrets.exceptions.ResourceExistsException):
        secrets.create_secret(Name=SECRET, SecretString="sample value")
    environment = json.loads((EVENTS / "env.json").read_text())["Parameters"]
    table = Table(client("dynamodb"), environment["GRANT_TABLE"])
    for path in sorted(EVENTS.glob("*.json")):
        event = json.loads(path.read_text())
        if "plan" not in event:
            continue
        run, grant = event["execution"], GrantId(**event["plan"]["grant"])
        lease = {"pk": grant_partition(grant), "sk": LEASE}
        table.put({**lease, "lease_owner": run["id"], "lease_until": _NEVER})
        plan = json.loads((EVENTS / f"plans/{run['name']}.json").read_text())
        RunDocuments(table).put(plan_partition(run["name"]), plan, datetime.now(UTC))


def main() -> None:
    """`python -m sandbox.samples`: prepare the sandbox at the port of SANDBOX_PORT."""
    import os

    url = f"http://127.0.0.1:{os.environ.get('SANDBOX_PORT', '4599')}"
    try:
        prepare(url)
    except (ClientError, OSError) as error:
        raise SystemExit(f"no sandbox at {url} ({error}); start one with `make sandbox`") from error


if __name__ == "__main__":
    main()
