"""What tests of the register do: messages for it, and what it says then."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from latchkey.aws.register_files import PAGE
from latchkey.runtime import clients
from tests.kit.examples import NOW
from tests.kit.registers import data_in
from tests.kit.stack.aws import RESULTS_BUCKET, aws
from tests.kit.stack.driver import StackDriver

LATER = NOW + timedelta(hours=1)


def batch_about(*names: str, **detail: Any) -> dict[str, Any]:
    """A batch of messages as the queue brings them."""
    details = [dict(zip(("partner", "grant"), n.split("."), strict=True)) | detail for n in names]
    bodies = [json.dumps({"source": "latchkey", "detail": each}) for each in details]
    return {"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]}


def published(stack: StackDriver, event: dict[str, Any], now: Any = NOW) -> dict[str, Any]:
    """Make the register; answers its entries by grant."""
    stack.invoke("publish_register", event, now)
    return entries_by_grant()


def entries_by_grant() -> dict[str, Any]:
    return {entry["id"]: entry for entry in data_in(text_of(PAGE))["grants"]}


def text_of(key: str) -> str:
    body = aws("s3").get_object(Bucket=RESULTS_BUCKET, Key=key)["Body"]
    return str(body.read().decode())


@contextmanager
def histories_read() -> Iterator[list[str]]:
    """The grants whose history is read meanwhile."""
    read: list[str] = []
    events = clients.client("dynamodb").meta.events

    def note(params: dict[str, Any], **_: Any) -> None:
        if "IndexName" not in params:
            read.append(params["ExpressionAttributeValues"][":grant"]["S"].removeprefix("GRANT#"))

    events.register("provide-client-params.dynamodb.Query", note, unique_id="register")
    try:
        yield read
    finally:
        events.unregister("provide-client-params.dynamodb.Query", unique_id="register")
