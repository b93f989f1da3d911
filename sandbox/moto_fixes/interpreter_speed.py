"""Fixes of moto's Step Functions for speed, so that a thousand executions have room at once."""

import json
import threading
import time
from collections import deque
from functools import cache
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback as waiting,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (
    WaitFunction,
)
from moto.stepfunctions.parser.asl.eval import states
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend import execution_worker

from sandbox.moto_fixes.replacing import replace_member

LONGEST_RETRY_WAIT = 1.0  # seconds; nobody wants to wait for minutes in a sandbox
LONGEST_WAIT_STATE = 1
MOST_RETRIES = 10  # in a second: when many executions wait, each waits for longer
KEEPERS = (execution_worker, program, execute_state, inline_iteration_component)


def parse_each_definition_once() -> None:
    """For speed: moto parses the definition of a workflow for each execution.

    Mends `AmazonStateLanguageParser.parse`, moto/stepfunctions/parser/asl/parse/asl_parser.py:52.
    """
    parse = cache(AmazonStateLanguageParser.parse)
    replace_member(AmazonStateLanguageParser, "parse", staticmethod(parse))


def shorten_waits_between_retries() -> None:
    """For speed: moto waits between two attempts for as long as AWS would.

    Mends `RetrierDecl._eval_body`, moto/stepfunctions/parser/asl/component/common/retry/
    retrier_decl.py:82.
    """
    replace_member(retrier_decl, "time", _ShortWaits())


def shorten_wait_states() -> None:
    """For speed: moto waits in a Wait state for as long as AWS would, and the clock with it.

    Mends `WaitFunction._wait_interval`, moto/stepfunctions/parser/asl/component/state/wait/
    wait_function/wait_function.py:15.
    """
    wait = WaitFunction._wait_interval  # noqa: SLF001 (moto's own way)

    def waits(self: Any, env: Any, wait_seconds: int) -> None:
        wait(self, env, min(wait_seconds, LONGEST_WAIT_STATE))

    replace_member(WaitFunction, "_wait_interval", waits)


def copy_data_as_json() -> None:
    """For speed: moto copies the data of a state with `copy.deepcopy`, though it is only JSON.

    Mends `copy` as imported in moto/stepfunctions/parser/asl/eval/states.py:1.
    """
    replace_member(states, "copy", _Copies)


def let_go_of_threads() -> None:
    """For room: moto keeps each thread of each step for good, with all that it worked on.

    Mends `TMP_THREADS`, moto/stepfunctions/parser/utils.py. A thousand executions would leave the
    process without memory maps for another thread.
    """
    for keeper in KEEPERS:
        replace_member(keeper, "TMP_THREADS", deque(maxlen=0))


def look_at_nested_executions_often() -> None:
    """For speed: moto looks every half second whether an execution that it waits for is over.

    Mends `_DELAY_SECONDS_SYNC_CONDITION_CHECK`, moto/stepfunctions/parser/asl/component/state/exec/
    state_task/service/state_task_service_callback.py:49.
    """
    replace_member(waiting, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", 0.1)


class _Copies:
    """Stands for the module `copy`; the data of states is JSON only."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """A copy, without looking for what JSON cannot hold."""
        return json.loads(json.dumps(value))


class _ShortWaits:
    """Stands for the module `time` where retries wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0

    def sleep(self, seconds: float) -> None:
        """Wait for a second at most or, when many wait, their turn; never longer than on AWS."""
        self._count(1)
        time.sleep(min(seconds, max(LONGEST_RETRY_WAIT, self._waiting / MOST_RETRIES)))
        self._count(-1)

    def _count(self, step: int) -> None:
        with self._lock:
            self._waiting += step


FIXES = (
    parse_each_definition_once,
    shorten_waits_between_retries,
    shorten_wait_states,
    copy_data_as_json,
    let_go_of_threads,
    look_at_nested_executions_often,
)
