"""What the file check asks of AWS with so many files and grants, a few of which nobody read."""

import contextlib
import io
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from latchkey.runtime.wiring import jobs as wiring
from latchkey.times import stamp
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import CONFIG_BUCKET, TABLE, aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.many_grants import crowd

MISSED = 3
_LISTED, _AT_ONCE = 1000, 100  # Amazon S3 and DynamoDB API references


def measure(files: int) -> dict[str, Any]:
    """Calls by action: pages of the listing and of records, and the runs that were started."""
    with built_stack() as stack:
        crowd(files, due=0)
        for number in range(files):
            aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=_key(number), Body=b"{}")
        later = datetime.now(UTC) + timedelta(hours=1)
        for number in range(MISSED, files):
            _read(_key(number), later)
        wiring.file_check.cache_clear()
        stack.calls.clear()
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):  # metrics are lines of it
            found = stack.invoke("check_files", {}, later)
        seconds = time.perf_counter() - started
    assert len(found["unread"]) == MISSED
    calls = Counter(call.split(":")[1] for call in stack.calls)
    return {
        "listed": calls["ListObjectsV2"],
        "most_listed": -(-files // _LISTED),
        "records": calls["BatchGetItem"],
        "most_records": 2 * -(-files // _AT_ONCE),
        "started": calls["StartExecution"],
        "seconds": seconds,
    }


def _key(number: int) -> str:
    return f"partners/p{number:06}.json"


def _read(key: str, at: datetime) -> None:
    values = {"pk": f"CONFIG#{key}", "sk": "STATE", "updated_at": stamp(at)}
    attributes = {name: {"S": value} for name, value in values.items()}
    items = dynamodb_backends[ACCOUNT]["us-east-1"].tables[TABLE].items
    partition, sort = DynamoType(attributes["pk"]), DynamoType(attributes["sk"])
    items[partition] = {sort: Item(partition, sort, attributes)}
