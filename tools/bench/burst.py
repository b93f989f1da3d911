"""Many uploads at once in the sandbox, next to one alone: calls per grant, and time per grant."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

from botocore.exceptions import ClientError

from sandbox import Sandbox
from tools.bench.planning import config_file

_PATIENCE = 1800


def measure(grants: int) -> dict[str, Any]:
    """Calls of AWS and seconds per grant, of uploads one after another and all at once."""
    with Sandbox() as box:
        box.client("s3").create_bucket(Bucket="reports-0")
        for number in range(3):
            upload(box, f"warm-{number}")
            wait_for_results(box, [f"warm-{number}"])
        alone = [_alone(box, f"alone-{number}") for number in range(9)]
        names = [f"burst-{number:04}" for number in range(grants)]
        box.clear_calls()
        started = time.perf_counter()
        with ThreadPoolExecutor(8) as hands:
            list(hands.map(lambda name: upload(box, name), names))
        wait_for_results(box, names)
        seconds = (time.perf_counter() - started) / grants
        calls = _calls(box) / grants
    single_calls = median(calls for calls, _ in alone)
    single_seconds = median(seconds for _, seconds in alone)
    return {
        "grants": grants,
        "calls": calls,
        "floor_calls": single_calls,
        "calls_ratio": calls / single_calls,
        "seconds": seconds,
        "floor_seconds": single_seconds,
        "ratio": seconds / single_seconds,
    }


def _alone(box: Sandbox, name: str) -> tuple[int, float]:
    box.clear_calls()
    started = time.perf_counter()
    upload(box, name)
    wait_for_results(box, [name])
    seconds = time.perf_counter() - started
    return _calls(box), seconds


def upload(box: Sandbox, partner: str, grant: str = "main") -> None:
    """Upload the file of a grant; that of `main` is called after its partner."""
    body = {
        **json.loads(config_file(1)),
        "partner": partner,
        "grant": grant,
        "external_id": f"{partner}-12345",
    }
    name = partner if grant == "main" else f"{partner}.{grant}"
    box.client("s3").put_object(
        Bucket=box.outputs["ConfigBucketName"],
        Key=f"partners/{name}.json",
        Body=json.dumps(body).encode(),
    )


def wait_for_results(box: Sandbox, partners: Sequence[str]) -> None:
    """Until all have their result, looking for one at a time: to look is work for the sandbox."""
    s3, until = box.client("s3"), time.perf_counter() + _PATIENCE
    for number, partner in enumerate(partners):
        key = f"partners/{partner}.result.json"
        while not _exists(s3, box.outputs["ResultsBucketName"], key):
            if time.perf_counter() > until:
                raise SystemExit(f"only {number} of {len(partners)} had their result in time")
            time.sleep(0.02 if len(partners) == 1 else 1)


def _exists(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        return False
    return True


def _calls(box: Sandbox) -> int:
    """The calls that functions made for grants, once all of them are made.

    What polls queues is Lambda's, not theirs; a register is made for a batch of grants.
    """
    box.advance(0)
    aside = ("outside", "PublishRegisterFunction")
    return sum(c["caller"] not in aside and c["service"] != "sqs" for c in box.calls())
