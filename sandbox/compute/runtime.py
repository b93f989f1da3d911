"""What runs in a sandbox: its functions and mappings, and whether any of them is busy."""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from sandbox.account import REGION, region_of
from sandbox.compute import targets
from sandbox.compute.function_spec import FunctionSpec
from sandbox.compute.functions import Function
from sandbox.compute.mappings import Mapping, MappingSpec
from sandbox.compute.warm_process import WarmProcess
from sandbox.connection import connect
from sandbox.time.clock import Clock

Assume = Callable[[str, str, str, str], str]
"""How a service assumes a role: service, role, label, source; see `iam.service_roles.assume`."""

OWN_KEY = "SANDBOX"
_LONGEST_WAIT = 60.0  # seconds to wait for the work that the clock started
_LOOK = 0.02  # seconds between two looks whether it is done


class Runtime:
    """The functions and mappings of the stack; one per process, since moto has one state."""

    def __init__(self, url: str, clock: Clock, assume: Assume) -> None:
        self.url, self.clock, self.assume = url, clock, assume
        self.functions: dict[str, Function] = {}  # by ARN
        self.client: Callable[..., Any] = cache(self._client)
        self.layers: dict[str, Path] = {}
        self._mappings: list[Mapping] = []
        self._polling = False
        self._warm = WarmProcess(os.dup(2))

    def add_function(self, spec: FunctionSpec) -> None:
        """Add a function and start its first worker, which warms up during the deployment.

        One that is deployed again takes the place of the one before.
        """
        if before := self.functions.get(spec.arn):
            before.stop()
        self.functions[spec.arn] = Function(spec, self.url, self.clock, self._warm)

    def add_mapping(self, spec: MappingSpec, function_arn: str) -> None:
        """Add a mapping; `start_mappings` starts those that are there before it is ready."""
        function = self.functions[function_arn]
        key = function.spec.access_key  # Lambda polls under its role
        client = self.client("sqs", key, region_of(function_arn))
        self._mappings.append(mapping := Mapping(spec, function, client))
        if self._polling:
            mapping.start()

    def start(self, arn: str, given: str, role_arn: str, source_arn: str) -> None:
        """Start the target of a schedule with its input, a JSON text, under the schedule's role."""
        key = self.assume("scheduler", role_arn, role_arn.rsplit("/", 1)[-1], source_arn)
        targets.start(arn, given, lambda service: self.client(service, key, region_of(arn)))

    def await_ready(self) -> None:
        """Wait until every function has a warm worker."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(Function.await_ready, self.functions.values()))

    def start_mappings(self) -> None:
        """Start polling the queues."""
        self._polling = True
        for mapping in self._mappings:
            mapping.start()

    def await_idle(self) -> None:
        """Wait until the queues are empty, the functions idle and the executions over.

        Checks twice, in the order in which work is passed on, so that none is missed. What is
        gathering a batch need not wait for more. Gives up after a minute, since an execution may
        wait for something that never happens.
        """
        until = time.monotonic() + _LONGEST_WAIT
        quiet = 0
        while quiet < 2:
            queues = [mapping.name for mapping in self._mappings if not mapping.idle()]
            runs = [arn for arn, found in self.functions.items() if found.running]
            runs += _executions_running()
            if (queues or runs) and time.monotonic() > until:
                print(f"sandbox: went on although {queues + runs} are busy", file=sys.stderr)
                return
            if queues and not runs:  # nothing is left that could send more to them
                for mapping in self._mappings:
                    mapping.hurry()
            quiet = 0 if queues or runs else quiet + 1
            time.sleep(_LOOK)

    def stop(self) -> None:
        """Stop all mappings and functions."""
        for mapping in self._mappings:
            mapping.stop()
        for function in self.functions.values():
            function.stop()
        self._warm.stop()

    def _client(self, service: str, key: str = OWN_KEY, region: str = REGION, **config: Any) -> Any:
        wide = {"max_pool_connections": 50, "read_timeout": 900, **config}
        return connect(self.url, service, key, region=region, **wide)


def _executions_running() -> list[str]:
    """The executions that are not over; one that is about to begin has no status yet."""
    return [
        str(execution.execution_arn)
        for account in list(stepfunctions_parser_backends.values())
        for backend in list(account.values())
        for machine in list(backend.state_machines)
        for execution in list(machine.executions)
        if getattr(execution, "exec_status", None) in (None, ExecutionStatus.RUNNING)
    ]
