"""One random history: the rules by which it goes on, and the look at it when all is quiet."""

import io
import sys
import threading
from contextlib import AbstractContextManager, ExitStack, redirect_stdout
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from latchkey.aws.leases import DURATION
from latchkey.times import instant, parse_instant
from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT, config_bytes
from tests.kit.stack.aws import CONFIG_BUCKET
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Call, Killed
from tests.kit.stack.world import World
from tools.faults.expected import Expected
from tools.faults.places import PLACES, spread_stack
from tools.faults.snapshot import differences, schedules, snapshot
from tools.faults.turns import Turns

FILES = ("partners/a.json", "partners/b.json")
GRANTS = ("main", "second")

_CALL = 0.02  # seconds that a call takes


class Histories(RuleBasedStateMachine):
    """One history; `run_so_far` counts them. `spread` has one of the grants in another account."""

    run_so_far = 0
    spread = False

    def __init__(self) -> None:
        super().__init__()
        Histories.run_so_far += 1
        self.exits = ExitStack()
        self.exits.enter_context(redirect_stdout(io.StringIO()))
        self.world = World(self.exits.enter_context(self._stack()))
        self.files: dict[str, dict[str, Any]] = {}
        self.ordered: dict[str, str] = {}  # the grant, by the name of the run
        self.last: dict[str, str] = {}
        self.freezing = False

    def _stack(self) -> AbstractContextManager[StackDriver]:
        """The stack, whose grants may be spread over accounts."""
        return spread_stack() if self.spread else built_stack()

    @initialize(random=st.randoms(use_true_random=False))
    def begin(self, random: Random) -> None:
        """The order of turns is drawn once and for all."""
        world = self.world
        self.turns = Turns(random, self._clock, world.advance)
        world.passing = self.turns.yield_turn
        world.taps.before = self._before

    def _clock(self) -> float:
        return (self.world.now - NOW).total_seconds()

    @rule(
        key=st.sampled_from(FILES),
        grant=st.sampled_from(GRANTS),
        account=st.sampled_from((PARTNER_ACCOUNT, OTHER_ACCOUNT)),
        status=st.sampled_from(("active", "active", "suspended", "revoked")),
        minutes=st.sampled_from((30, 60, 600)),
        purpose=st.sampled_from(("Export", "Export", "Export", "")),
    )
    def upload(
        self, key: str, grant: str, account: str, status: str, minutes: int, purpose: str
    ) -> None:
        """A new version of a file, which may be an invalid one."""
        expires_at = instant(self.world.now + timedelta(minutes=minutes))
        asked = {
            "grant": grant,
            "principals": [account],
            "status": status,
            "expires_at": expires_at,
            "purpose": purpose,
        }
        self._restart(key, grant)
        where = PLACES[grant] if self.spread else {}
        version = self.world.upload(key, body=config_bytes(**asked, **where))
        self.files[key] = {**asked, "version": version}

    @rule(key=st.sampled_from(FILES))
    def remove(self, key: str) -> None:
        """A file is removed, or a removal is notified once more."""
        self._restart(key)
        self.files.pop(key, None)
        self.world.remove(key)

    @rule(key=st.sampled_from(FILES), direct=st.booleans())
    def look_again(self, key: str, *, direct: bool) -> None:
        """A duplicate of a notification, or a direct start of the workflow."""
        if direct:
            self.world.order({"bucket": CONFIG_BUCKET, "key": key})
        else:
            self.world.notify(*FILES)

    @rule(
        grant=st.sampled_from(GRANTS),
        action=st.sampled_from(("suspend", "resume", "revoke", "check")),
    )
    def order(self, grant: str, action: str) -> None:
        """An operator's order; the last one for a version holds."""
        order = {"action": action, "partner": "acme", "grant": grant, "reason": "why"}
        name = self.world.order(order)
        if action != "check":
            self.ordered[name] = grant
            self.last[grant] = "several" if grant in self.last else action

    def _restart(self, key: str, *grants: str) -> None:
        """Orders for a file's grants end with a new version, but those that wait for their turn."""
        ended = {run.name for run in self.world.executions if run.status != "RUNNING"}
        waiting = {grant for name, grant in self.ordered.items() if name not in ended}
        for grant in {*grants, self.files.get(key, {}).get("grant", "")} & self.last.keys():
            if grant in waiting:
                self.last[grant] = "several"
            else:
                del self.last[grant]

    @rule()
    def sweep(self) -> None:
        """The sweep begins."""
        self.turns.start("sweep", self.world.sweep)

    @rule(turns=st.integers(1, 60))
    def proceed(self, turns: int) -> None:
        """So many calls of AWS by the runs at work."""
        for _ in range(turns):
            self.world.pump(self.turns.start)
            if not self.turns.running:
                return
            self.turns.give()

    @rule()
    def freeze(self) -> None:
        """Whoever calls next stands still until its lease has run out, and dies."""
        self.freezing = True

    @rule()
    def nearly_expire(self) -> None:
        """All quiet, until a second before the next schedule fires."""
        self._settle()
        times = [parse_instant(f"{at[3:-1]}Z") for at in schedules(self.world).values()]
        if times:
            self.world.now = max(self.world.now, min(times) - timedelta(seconds=1))

    def teardown(self) -> None:
        """What must be true when all is quiet."""
        try:
            if hasattr(self, "turns") and sys.exc_info()[0] is None:
                self._settle()
                self._check()
        finally:
            self.world.taps.disarm()
            self.exits.close()

    def _settle(self) -> None:
        self.freezing = False
        while self.world.pump(self.turns.start) or self.turns.running:
            self.turns.give()

    def _before(self, call: Call) -> None:
        name = threading.current_thread().name
        if self.freezing and name.startswith("arn:"):
            self.freezing = False
            self.turns.yield_turn(DURATION.total_seconds() + 20)
            raise Killed
        self.turns.yield_turn(_CALL)
        grant = _written(call)
        if grant and name.startswith("arn:"):
            lease = self.world.stack.item(f"LEASE#{grant}", "LEASE") or {}
            assert lease.get("lease_owner") == name, f"{call} of {grant} by {name}, with {lease}"

    def _check(self) -> None:
        lost = [(run.name, run.output) for run in self.world.executions if run.failed]
        assert not lost, f"failed: {lost}"
        assert not self.world.dead, "dead letters"
        for grant in GRANTS:
            Expected(self.world, self.files, self.last).check(grant)
        self._look_at_all()
        found = snapshot(self.world)
        self._look_at_all()
        again = snapshot(self.world)
        for part in ("roles", "schedules"):
            wrong = differences(found[part], again[part], part)
            assert not wrong, f"not quiet: {wrong}"

    def _look_at_all(self) -> None:
        self.world.notify(*FILES)
        for grant in GRANTS:
            if self.world.stack.item(f"GRANT#acme.{grant}"):
                self.world.order({"action": "check", "partner": "acme", "grant": grant})
        self._settle()


def _written(call: Call) -> str | None:
    """The grant whose role or schedule a call changes."""
    if call.operation.startswith(("Get", "List")):
        return None
    if call.service == "scheduler":
        return str(call.parameters["Name"])
    if call.service == "iam":
        return str(call.parameters["RoleName"]).removeprefix("partner-")
    return None
