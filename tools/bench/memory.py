"""Memory sizes of the functions: what each would take and cost, from processor time as measured.

Lambda gives processor time in proportion to memory, one whole vCPU at 1,769 MB (Lambda guide,
"Configure Lambda function memory"). So a call takes the time that it waits for AWS, and its
processor time divided by that share; a cold start likewise, and it is billed too. The model assumes
that Lambda's vCPU is as fast as this machine's, that a call of AWS takes 80 ms, and that one
invocation in ten is cold. A function may use one whole vCPU at most: it is Python.
"""

import contextlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.kit.examples import config_document, s3_entry, secret_entry
from tests.kit.stack.aws import CONFIG_BUCKET
from tests.kit.stack.build import stack_on
from tools.bench import aws
from tools.bench.cost import PRICES

SIZES = (256, 512, 768, 1024, 1280, 1769)
WHOLE = 1769
COLD = 0.1
WAITS_MS = {"plan_grant": 320, "grant_access": 400, "record_outcome": 240}
"""What the steps of a new grant wait for AWS: so many calls one after another, 80 ms each."""


def steps(url: str, rounds: int) -> dict[str, float]:
    """The least processor milliseconds of each step of a new grant, warm."""
    least: dict[str, float] = {}
    with stack_on(url) as stack:
        for number in range(rounds):
            partner = f"memory-{number}"
            key = f"partners/{partner}.json"
            access = [s3_entry(prefix="in"), secret_entry()]
            body = config_document(partner=partner, external_id=f"{partner}-id", access=access)
            stack.upload(json.dumps(body).encode(), key)
            state = stack.state({"bucket": CONFIG_BUCKET, "key": key})
            for step, field in (
                ("plan_grant", "plan"),
                ("grant_access", "applied"),
                ("record_outcome", "result"),
            ):
                started = time.process_time()
                state[field] = stack.invoke(step, state)
                took = (time.process_time() - started) * 1000
                least[step] = min(took, least.get(step, took))
    return least


def measured(rounds: int) -> dict[str, float]:
    """The same, in a process of its own."""
    with aws.running() as url:
        command = [sys.executable, "-m", "tools.bench.memory", url, str(rounds)]
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def table(warm: dict[str, float], cold: dict[str, float]) -> Iterator[dict[str, Any]]:
    """For each step and size: milliseconds warm and cold, and the cost of 1,000 invocations."""
    for step, cpu in warm.items():
        for size in SIZES:
            slower = WHOLE / min(size, WHOLE)
            took, start = WAITS_MS[step] + cpu * slower, cold[step] * slower
            seconds = (took + COLD * start) / 1000
            yield {
                "step": step,
                "memory_mb": size,
                "ms": took,
                "cold_ms": took + start,
                "usd_per_1000": 1000 * seconds * size / 1024 * PRICES["lambda_gb_second"],
            }


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):  # metrics are lines of it
        result = steps(sys.argv[1], int(sys.argv[2]))
    print(json.dumps(result))
