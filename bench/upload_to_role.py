"""How long it takes from an upload to the role and to the result, in a warm sandbox."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.planning import config_file
from sandbox import Sandbox


def measure(grants: int) -> None:
    """Print median and worst over a number of uploads, one after the other."""
    with Sandbox() as box:
        box.client("s3").create_bucket(Bucket="reports-0")
        _upload(box, "warmup")
        times = [_upload(box, f"partner-{n}") for n in range(grants)]
    print(f"upload to role, {grants} uploads in a warm sandbox")
    for name, values in zip(("role", "result file"), zip(*times, strict=True), strict=True):
        print(f"  {name:24} median {statistics.median(values):.2f} s  worst {max(values):.2f} s")


def _upload(box: Sandbox, partner: str) -> tuple[float, float]:
    body = {**json.loads(config_file(1)), "partner": partner, "external_id": f"{partner}-12345"}
    s3, iam = box.client("s3"), box.client("iam")
    key, role_name = f"partners/{partner}", f"partner-{partner}.main"
    started = time.perf_counter()
    s3.put_object(
        Bucket=box.outputs["ConfigBucketName"], Key=f"{key}.json", Body=json.dumps(body).encode()
    )
    role = _until(
        lambda: iam.get_role_policy(RoleName=role_name, PolicyName="latchkey-access"),
        iam.exceptions.NoSuchEntityException,
    )
    results = box.outputs["ResultsBucketName"]
    result = _until(
        lambda: s3.head_object(Bucket=results, Key=f"{key}.result.json"), s3.exceptions.ClientError
    )
    return role - started, result - started


def _until(call: Callable[[], Any], missing: type[Exception]) -> float:
    deadline = time.perf_counter() + 30
    while time.perf_counter() < deadline:
        try:
            call()
        except missing:
            time.sleep(0.02)
        else:
            return time.perf_counter()
    raise SystemExit("nothing came of the upload within 30 s")
