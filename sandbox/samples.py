"""Puts a running sandbox into the state that the sample events are about.

The later steps of the workflow act only for the execution that holds a grant's lease, so the
samples of those steps need the lease that planning would have left.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from sandbox.connection import connect

EVENTS = Path(__file__).parents[1] / "events"
BUCKET, SECRET = "northwind-reports", "acme/reports-api"
_NEVER = "2999-01-01T00:00:00Z"


def prepare(url: str) -> None:
    """Create what the sample configs name, and the leases of the sample executions."""

    def client(service: str) -> Any:
        return connect(url, service, "samples")

    client("s3").create_bucket(Bucket=BUCKET)
    secrets = client("secretsmanager")
    with contextlib.suppress(secrets.exceptions.ResourceExistsException):
        secrets.create_secret(Name=SECRET, SecretString="sample value")
    environment = json.loads((EVENTS / "env.json").read_text())["Parameters"]
    for grant, execution in _executions():
        item = {"pk": f"GRANT#{grant}", "sk": "LEASE", "lease_owner": execution}
        client("dynamodb").put_item(
            TableName=environment["GRANT_TABLE"],
            Item={name: {"S": text} for name, text in {**item, "lease_until": _NEVER}.items()},
        )


def _executions() -> Iterator[tuple[str, str]]:
    """The grants of the samples that carry a plan, each with the execution that it is of."""
    for path in sorted(EVENTS.glob("*.json")):
        event = json.loads(path.read_text())
        if "plan" in event:
            grant = event["plan"]["grant"]
            yield f"{grant['partner']}.{grant['grant']}", event["execution"]["id"]


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
