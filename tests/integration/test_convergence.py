"""Whatever the order, the duplicates and the failures between: all runs end in one place."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from latchkey.errors import GrantBusy, LeaseLost
from tests.kit.examples import NOW
from tests.kit.stack.aws import CONFIG_BUCKET, TABLE, aws
from tests.kit.stack.driver import StackDriver

FILES = ("partners/a.json", "partners/b.json")
GRANTS = ("main", "second")

_starts = itertools.count()
_files = st.sampled_from([FILES[0], *FILES])
_uploads = st.tuples(
    _files, st.sampled_from(GRANTS), st.sampled_from(["active", "suspended", "invalid"])
)
_removals = st.tuples(_files)
_then = st.sampled_from(["run", "run", "run twice", "run and follow", "slow", "fail", "later"])
_steps = st.lists(st.tuples(st.one_of(_uploads, _uploads, _removals), _then), max_size=6)


@dataclass
class World:
    """The files as they are, and the runs that are still to come."""

    stack: StackDriver
    now: datetime
    known: set[str]
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    due: list[str] = field(default_factory=list)
    slow: list[dict[str, Any]] = field(default_factory=list)

    def change(self, key: str, *to: str) -> None:
        """Upload a file that names a grant, or remove it."""
        self.files.pop(key, None)
        if not to:
            self.stack.remove(key)
            return
        grant, status = to
        bad = {"purpose": ""} if status == "invalid" else {"status": status}
        self.stack.upload(None, key, grant=grant, **bad)
        self.files[key] = (grant, status)

    def then(self, key: str, how: str) -> None:
        """What becomes of the event about a change."""
        request = {"bucket": CONFIG_BUCKET, "key": key}
        match how:
            case "slow":
                self._start(key, self.stack.state(request))
            case "fail":
                state = self.stack.state(request)
                state["error"] = {"Error": "Throttled", "Cause": "{}"}
                self.stack.invoke("record_outcome", state, self.now)
                self.due.append(key)
            case "later":
                self.due.append(key)
            case _:
                self._run(key)
        if how == "run twice":
            self._run(key)
        if how == "run and follow":
            self._follow()

    def settle(self) -> None:
        """Slow runs end, what failed is run again, and what runs have started is run."""
        for state in self.slow:
            self._finish(state)
        for key in self.due:
            assert self._run(key)
        while self._follow():
            pass

    def _run(self, key: str) -> bool:
        self.now += timedelta(seconds=1)
        done = self.stack.run({"bucket": CONFIG_BUCKET, "key": key}, self.now).error is None
        if not done and key not in self.due:
            self.due.append(key)
        return done

    def _start(self, key: str, state: dict[str, Any]) -> None:
        try:
            state["plan"] = self.stack.invoke("plan_grant", state, self.now)
            self.slow.append(state)
        except GrantBusy:
            self.due.append(key)

    def _finish(self, state: dict[str, Any]) -> None:
        step = state["plan"]["step"]
        if step in ("grant", "revoke"):
            state["applied"] = self.stack.invoke(f"{step}_access", state, self.now)
        if step != "done":
            try:
                self.stack.invoke("record_outcome", state, self.now)
            except LeaseLost:  # the workflow plans anew
                assert self.stack.run(state["request"], self.now).error is None

    def _follow(self) -> bool:
        new = {n: r for n, r in self.stack.executions().items() if n not in self.known}
        for name, request in new.items():
            self.now += timedelta(seconds=1)
            if self.stack.run(request, self.now).error is None:
                self.known.add(name)
        return bool(new.keys() & self.known)


def _empty(stack: StackDriver) -> None:
    for item in stack.items():
        where = {name: {"S": item[name]} for name in ("pk", "sk")}
        aws("dynamodb").delete_item(TableName=TABLE, Key=where)
    for key in FILES:
        stack.remove(key)
    for grant in GRANTS:
        if stack.role(name := f"partner-acme.{grant}"):
            aws("iam").delete_role_policy(RoleName=name, PolicyName="latchkey-access")
            aws("iam").delete_role(RoleName=name)


A, B = FILES
RENAMED_BY_A_REJECTED_VERSION = [
    ((A, "main", "active"), "run"),
    ((A, "second", "invalid"), "run"),
    ((A,), "run"),
]
RENAMED_WHILE_A_RUN_IS_AT_WORK = [
    ((A, "main", "active"), "slow"),
    ((A, "second", "active"), "run"),
]
RENAMED_AND_REMOVED = [
    ((A, "main", "active"), "run"),
    ((A, "second", "active"), "run and follow"),
    ((A,), "run"),
]
REMOVED_WHILE_THE_FIRST_RUN_IS_AT_WORK = [((A, "main", "active"), "slow"), ((A,), "run")]
TAKEN_OVER_AND_RENAMED = [
    ((A, "main", "active"), "run"),
    ((A,), "later"),
    ((B, "main", "active"), "run"),
    ((B, "second", "active"), "run"),
]
FAILED_IN_BETWEEN = [((A, "main", "active"), "run"), ((A,), "fail")]


@pytest.mark.timeout(600)
@example(RENAMED_BY_A_REJECTED_VERSION)
@example(FAILED_IN_BETWEEN)
@example(RENAMED_WHILE_A_RUN_IS_AT_WORK)
@example(RENAMED_AND_REMOVED)
@example(REMOVED_WHILE_THE_FIRST_RUN_IS_AT_WORK)
@example(TAKEN_OVER_AND_RENAMED)
@settings(max_examples=3, suppress_health_check=list(HealthCheck), derandomize=True)
@given(steps=_steps)
def test_runs_converge(stack: StackDriver, steps: list[Any]) -> None:
    _empty(stack)
    world = World(stack, NOW + timedelta(days=next(_starts)), set(stack.executions()))
    for change, then in steps:
        world.change(*change)
        world.then(change[0], then)
    world.settle()
    refused = {key for key in world.files if _outcome(stack, key) == "rejected"}
    for grant in GRANTS:
        role = stack.role(f"partner-acme.{grant}")
        asking = [key for key, (named, _) in world.files.items() if named == grant]
        sound = [key for key in asking if key not in refused]
        assert len(sound) <= 1, f"{grant}: two files have it"
        if role:
            assert sound or refused, f"{grant}: access that no file asks for"
        if sound:
            assert role, f"{grant}: no role although {sound} asks for it"
            suspended = world.files[sound[0]][1] == "suspended"
            statements = stack.permissions(f"partner-acme.{grant}")["Statement"]
            effects = {statement["Effect"] for statement in statements}
            assert effects == ({"Deny"} if suspended else {"Allow"})


def _outcome(stack: StackDriver, key: str) -> str:
    return str((stack.item(f"CONFIG#{key}") or {}).get("outcome"))
