"""Cold starts: import and first clients of each function as built, next to a bare module.

The bare module imports boto3 and makes the very same clients. Both have compiled bytecode, and both
are measured in processes of their own, turn by turn, by processor time: on a busy machine the wall
clock says more about the others. The least of all rounds counts.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latchkey.iam.spoke import SpokeRole
from tests.kit.repository import ROOT
from tests.kit.stack.build import ENVIRONMENT
from tests.kit.template import properties

BUILD = Path(".aws-sam/build")
BUILDERS = {
    "IntakeConfigFunction": "jobs.intake",
    "PlanGrantFunction": "steps.planner",
    "PlanOrderFunction": "steps.planner",
    "GrantAccessFunction": "steps.granting_step",
    "SuspendAccessFunction": "steps.granting_step",
    "RevokeAccessFunction": "steps.revoking_step",
    "RecordOutcomeFunction": "steps.record_step",
    "FindGrantsFunction": "jobs.grant_finder",
    "SweepGrantsFunction": "jobs.sweeper",
    "CheckDriftFunction": "jobs.drift_check",
    "CheckFilesFunction": "jobs.file_check",
    "NotifyOutcomeFunction": "steps.notify_step",
    "SendDigestFunction": "jobs.digest_sender",
    "PublishRegisterFunction": "jobs.register_publisher",
}
"""What each function builds of `latchkey.runtime.wiring` when it is first called."""

PARSES = {
    "PlanGrantFunction",
    "PlanOrderFunction",
    "FindGrantsFunction",
    "CheckDriftFunction",
    "NotifyOutcomeFunction",
}
"""Functions that read configs, guardrails or orders, and so need pydantic."""

_ABSENT = ("awscrt", "OpenSSL", "cryptography")
"""Packages of our tools that botocore loads where it finds them; Lambda's runtime has none."""

_OURS = """
import app
from latchkey.runtime.wiring import {module}
from botocore.session import Session
made = []
create = Session.create_client
def create_client(self, name, **options):
    made.append(name)
    return create(self, name, **options)
Session.create_client = create_client
{builder}()
"""
_BARE = """
import boto3
from botocore.config import Config
made = []
config = Config(retries={{"mode": "adaptive", "total_max_attempts": 6}})
for name in {services}:
    boto3.client(name, config=config)
"""
_MEASURED = """
import sys, time
sys.modules.update(dict.fromkeys({absent}))
wall, cpu = time.perf_counter(), time.process_time()
{code}
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
import json
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([wall * 1000, cpu * 1000, int(peak) / 1024, made]))
"""
_LOADED = """
import sys
{code}
import json
print(json.dumps([sorted(sys.modules), made]))
"""


@dataclass(frozen=True)
class Start:
    """One cold start: milliseconds of wall clock and processor, megabytes, and the clients made."""

    wall: float
    cpu: float
    memory: float
    clients: tuple[str, ...]


def path_of(function: str, build: Path = BUILD) -> str:
    """The module search path of a built function, as on Lambda: its code, then its layers."""
    layers = (build / layer / "python" for layer in ("LatchkeyLayer", "DependenciesLayer"))
    return os.pathsep.join(str(part.resolve()) for part in (build / function, *layers))


def source_of(function: str) -> str:
    """The same of a function that is not built, as it is in the repository."""
    code = ROOT / properties(function)["CodeUri"]
    return os.pathsep.join((str(code), str(ROOT / "layers/latchkey")))


def start(code: str, path: str) -> Start:
    """Run code in a fresh process and measure it."""
    wall, cpu, memory, made = json.loads(_run(_MEASURED.format(code=code, absent=_ABSENT), path))
    return Start(wall, cpu, memory, tuple(made))


def loaded(function: str) -> tuple[set[str], set[str]]:
    """The modules that a function has loaded and the clients it has made once it is ready."""
    modules, made = json.loads(_run(_LOADED.format(code=ours(function)), source_of(function)))
    return set(modules), set(made)


def _run(code: str, path: str) -> str:
    """What code prints in a fresh process, as a function has it."""
    environment = {
        **ENVIRONMENT,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "POWERTOOLS_SERVICE_NAME": "latchkey",
        "POWERTOOLS_METRICS_NAMESPACE": "Latchkey",
        "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
        "SPOKE_ROLE": SpokeRole.PLAN,  # each function has its own; what is loaded is the same
    }
    with tempfile.TemporaryDirectory() as folder:
        ended = subprocess.run(  # noqa: S603 (our own interpreter)
            [sys.executable, "-P", "-c", code],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    return ended.stdout


def ours(function: str) -> str:
    """The code that a function runs until it may serve its first event."""
    return _OURS.format(builder=BUILDERS[function], module=BUILDERS[function].split(".")[0])


def bare(services: tuple[str, ...]) -> str:
    """The floor: boto3 and the same clients."""
    return _BARE.format(services=list(services))


def measure(rounds: int) -> Iterator[dict[str, Any]]:
    """Each function's start next to its floor, as the least of so many rounds each."""
    for function in BUILDERS:
        services = start(ours(function), path_of(function)).clients
        pairs = [
            (start(ours(function), path_of(function)), start(bare(services), ""))
            for _ in range(rounds)
        ]
        mine, floor = min(a.cpu for a, _ in pairs), min(b.cpu for _, b in pairs)
        yield {
            "function": function,
            "clients": sorted(services),
            "ms": mine,
            "floor_ms": floor,
            "ratio": mine / floor,
            "limit": 1.30 if function in PARSES else 1.10,
            "memory_mb": min(a.memory for a, _ in pairs),
            "floor_memory_mb": min(b.memory for _, b in pairs),
            "wall_ms": min(a.wall for a, _ in pairs),
            "floor_wall_ms": min(b.wall for _, b in pairs),
        }
