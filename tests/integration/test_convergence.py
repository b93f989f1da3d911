"""Whatever the order, the duplicates and the failures between: all runs end in one place."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.examples import NOW
from tests.integration.house import CONFIG_BUCKET, TABLE, House, aws

FILES = ("partners/a.json", "partners/b.json")
GRANTS = ("main", "second")

_minutes = itertools.count()
_files = st.sampled_from([FILES[0], *FILES])
_uploads = st.tuples(
    _files, st.sampled_from(GRANTS), st.sampled_from(["active", "suspended", "invalid"])
)
_removals = st.tuples(_files)
_then = st.sampled_from(["run", "run", "run", "run twice", "fail", "nothing"])
_steps = st.lists(st.tuples(st.one_of(_uploads, _uploads, _removals), _then), max_size=6)


@dataclass
class World:
    """The files as they are, and the runs that are still to come."""

    house: House
    before: set[str]
    now: datetime
    files: dict[str, tuple[str, str]] = field(default_factory=dict)

    def change(self, key: str, *to: str) -> None:
        """Upload a file that names a grant, or remove it."""
        if not to:
            self.house.remove(key)
            self.files.pop(key, None)
            return
        grant, status = to
        bad = {"purpose": ""} if status == "invalid" else {"status": status}
        self.house.upload(None, key, grant=grant, **bad)
        self.files[key] = (grant, status)

    def run(self, key: str, how: str = "run") -> None:
        """A run for a file, or one that fails before it has planned anything."""
        request = {"bucket": CONFIG_BUCKET, "key": key}
        for _ in range({"run": 1, "run twice": 2}.get(how, 0)):
            self.house.run(request, self.now)
        if how == "fail":
            state = self.house.state(request)
            state["error"] = {"Error": "Throttled", "Cause": "{}"}
            self.house.invoke("record_outcome", state, self.now)

    def settle(self) -> None:
        """What was started is run, and each file is looked at again, until nothing changes."""
        for _ in range(3):
            for key in FILES:
                self.run(key)
            for name, request in self.house.executions().items():
                if name not in self.before:
                    self.house.run(request, self.now)


def _empty(house: House) -> None:
    for item in house.items():
        where = {name: {"S": item[name]} for name in ("pk", "sk")}
        aws("dynamodb").delete_item(TableName=TABLE, Key=where)
    for key in FILES:
        house.remove(key)
    for grant in GRANTS:
        if house.role(name := f"partner-acme.{grant}"):
            aws("iam").delete_role_policy(RoleName=name, PolicyName="latchkey-access")
            aws("iam").delete_role(RoleName=name)


A, B = FILES
RENAMED_BY_A_REJECTED_VERSION = [
    ((A, "main", "active"), "run"),
    ((A, "second", "invalid"), "run"),
    ((A,), "run"),
]
FAILED_IN_BETWEEN = [((A, "main", "active"), "run"), ((A,), "fail")]
TAKEN_OVER = [((A, "main", "active"), "run"), ((B, "main", "suspended"), "run"), ((A,), "nothing")]


@pytest.mark.timeout(600)
@example(RENAMED_BY_A_REJECTED_VERSION)
@example(FAILED_IN_BETWEEN)
@example(TAKEN_OVER)
@settings(max_examples=4, suppress_health_check=list(HealthCheck), derandomize=True)
@given(steps=_steps)
def test_runs_converge(house: House, steps: list[Any]) -> None:
    _empty(house)
    world = World(house, set(house.executions()), NOW + timedelta(minutes=next(_minutes)))
    for change, then in steps:
        world.change(*change)
        world.run(change[0], then)
    world.settle()
    for grant in GRANTS:
        role = house.role(f"partner-acme.{grant}")
        sound = [
            key for key, (named, s) in world.files.items() if named == grant and s != "invalid"
        ]
        broken = [key for key, (_, status) in world.files.items() if status == "invalid"]
        if role:
            assert sound or broken, f"{grant}: access that no file asks for"
        if sound and not broken:
            assert role, f"{grant}: no role although {sound} asks for it"
            holder = house.grant(f"acme.{grant}")["config_key"]
            suspended = world.files[holder][1] == "suspended"
            effects = {s["Effect"] for s in house.permissions(f"partner-acme.{grant}")["Statement"]}
            assert effects == ({"Deny"} if suspended else {"Allow"}), json.dumps(list(effects))
