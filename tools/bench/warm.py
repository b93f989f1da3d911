"""The warm path: handler code through all steps, next to the same calls made one after another.

Run with an address, a delay and a number of rounds; prints JSON. Each round takes one grant through
its life and records the calls; a bare client then makes the very same calls for a twin of it, with
the twin's names in them.
"""

import contextlib
import copy
import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

from latchkey.runtime import clients
from tests.kit.examples import config_document, s3_entry, secret_entry
from tests.kit.stack.aws import CONFIG_BUCKET
from tests.kit.stack.build import stack_on
from tests.kit.stack.driver import COUNTED, StackDriver
from tools.bench import aws

TWO = [s3_entry(prefix="in"), secret_entry()]
CHANGED = [s3_entry(prefix="in"), s3_entry(bucket="other-bucket", allow="read")]


class Recorder:
    """The calls that Latchkey's clients make, with their parameters."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        for service in COUNTED:
            events = clients.client(service).meta.events
            events.register("before-parameter-build", self._note, unique_id="bench-warm")

    def _note(self, params: Any, model: Any, **_: Any) -> None:
        service = model.service_model.service_name
        self.calls.append((service, model.name, copy.deepcopy(params)))


def _renamed(value: Any, old: str, new: str) -> Any:
    """A call's parameters for another partner; a name in a compressed value stays."""
    match value:
        case str():
            return value.replace(old, new)
        case bytes():
            return value.replace(old.encode(), new.encode())
        case dict():
            return {_renamed(n, old, new): _renamed(v, old, new) for n, v in value.items()}
        case list() | tuple():
            return [_renamed(one, old, new) for one in value]
        case _:
            return value


class Bare:
    """One client for each service, nothing else: the floor."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {
            service: boto3.client(service)  # type: ignore[call-overload]  # any service
            for service in COUNTED
        }

    def replay(self, calls: list[tuple[str, str, Any]]) -> float:
        """Make the calls one after another; the seconds that they took."""
        started = time.perf_counter()
        for service, name, parameters in calls:
            with contextlib.suppress(ClientError):
                answer = getattr(self._clients[service], xform_name(name))(**parameters)
                if service == "s3" and name == "GetObject":
                    answer["Body"].read()
        return time.perf_counter() - started


def operations(stack: StackDriver, partner: str) -> Iterator[tuple[str, Any, Any]]:
    """A grant's life: for each operation its name, what prepares it, and the request."""
    key = f"partners/{partner}.json"
    file, grant = {"bucket": CONFIG_BUCKET, "key": key}, {"partner": partner, "grant": "main"}

    def upload(access: Any) -> None:
        body = config_document(partner=partner, external_id=f"{partner}-id", access=access)
        stack.upload(json.dumps(body).encode(), key)

    yield "create", lambda: upload(TWO), file
    yield "unchanged", lambda: None, file
    yield "update", lambda: upload(CHANGED), file
    yield "suspend", lambda: None, {"action": "suspend", **grant}
    yield "resume", lambda: None, {"action": "resume", **grant}
    yield "revoke", lambda: None, {"action": "revoke", **grant}


def lives(url: str, milliseconds: int, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """For each operation, pairs of seconds: Latchkey's and the floor's."""
    found: dict[str, list[tuple[float, float]]] = {}
    with stack_on(url) as stack:
        bare, recorder = Bare(), Recorder()
        for number in range(-1, rounds):  # the first warms up
            aws.delay(url, milliseconds if number >= 0 else 0)
            mine, twin = f"mine-{number + 1:04}", f"twin-{number + 1:04}"
            pairs = zip(operations(stack, mine), operations(stack, twin), strict=True)
            for (name, prepare, request), (_, prepare_twin, _) in pairs:
                prepare()
                prepare_twin()
                recorder.calls.clear()
                started = time.perf_counter()
                run = stack.run(request)
                took = time.perf_counter() - started
                if run.error:
                    raise run.error
                calls = _renamed(recorder.calls, mine, twin)
                floor = bare.replay(calls)
                if number >= 0:
                    found.setdefault(name, []).append((took, floor))
    return found


def measure(milliseconds: int, rounds: int) -> Iterator[dict[str, Any]]:
    """Each operation, as medians of so many rounds, in a process of its own."""
    with aws.running() as url:
        command = [sys.executable, "-m", "tools.bench.warm", url, str(milliseconds), str(rounds)]
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    for name, pairs in json.loads(ended.stdout).items():
        took = statistics.median(mine for mine, _ in pairs)
        floor = statistics.median(floor for _, floor in pairs)
        yield {
            "operation": name,
            "delay_ms": milliseconds,
            "ms": took * 1000,
            "floor_ms": floor * 1000,
            "ratio": took / floor,
        }


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):  # metrics are lines of it
        result = lives(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps(result))
