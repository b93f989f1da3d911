"""Whatever the order, the duplicates and the failures in between: all runs end in the same place."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.house import CONFIG_BUCKET, TABLE, House, aws

FILES = ("partners/a.json", "partners/b.json")
GRANTS = ("main", "second")

_uploads = st.tuples(
    st.just("upload"),
    st.sampled_from(FILES),
    st.sampled_from(GRANTS),
    st.sampled_from(["active", "active", "suspended", "invalid"]),
)
_removals = st.tuples(st.just("remove"), st.sampled_from(FILES))
_runs = st.tuples(st.sampled_from(["run", "run", "fail"]), st.sampled_from(FILES))
_steps = st.lists(st.one_of(_uploads, _removals, _runs, _runs), min_size=2, max_size=9)


@dataclass
class World:
    """The files as they are, and the runs that are still to come."""

    house: House
    files: dict[str, tuple[str, str]] = field(default_factory=dict)

    def do(self, step: Any) -> None:
        match step:
            case ("upload", key, grant, status):
                bad = {"purpose": ""} if status == "invalid" else {"status": status}
                self.house.upload(None, key, grant=grant, **bad)
                self.files[key] = (grant, status)
            case ("remove", key):
                self.house.remove(key)
                self.files.pop(key, None)
            case ("run", key):
                self.house.run({"bucket": CONFIG_BUCKET, "key": key})
            case ("fail", key):
                state = self.house.state({"bucket": CONFIG_BUCKET, "key": key})
                state["error"] = {"Error": "Throttled", "Cause": "{}"}
                self.house.invoke("record_outcome", state)

    def settle(self) -> None:
        """What was started is run, and each file is looked at again, until nothing changes."""
        for _ in range(4):
            done = len(self.house.started())
            for key in FILES:
                self.do(("run", key))
            for request in self.house.started()[:-done] if done else self.house.started():
                self.house.run(request)


def _empty(house: House) -> None:
    for item in house.items():
        key = {name: {"S": item[name]} for name in ("pk", "sk")}
        aws("dynamodb").delete_item(TableName=TABLE, Key=key)
    for key in FILES:
        house.remove(key)
    for grant in GRANTS:
        if house.role(name := f"partner-acme.{grant}"):
            aws("iam").delete_role_policy(RoleName=name, PolicyName="latchkey-access")
            aws("iam").delete_role(RoleName=name)


@pytest.mark.timeout(600)
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(steps=_steps)
def test_runs_converge(house: House, steps: list[Any]) -> None:
    _empty(house)
    world = World(house)
    for step in steps:
        world.do(step)
    world.settle()
    for grant in GRANTS:
        role = house.role(f"partner-acme.{grant}")
        sound = [key for key, (named, s) in world.files.items() if named == grant and s != "invalid"]
        broken = [key for key, (_, status) in world.files.items() if status == "invalid"]
        if role:
            assert sound or broken, f"{grant}: access that no file asks for"
        if sound and not broken:
            assert role, f"{grant}: no role although {sound} asks for it"
            holder = house.grant(f"acme.{grant}")["config_key"]
            suspended = world.files[holder][1] == "suspended"
            effects = {s["Effect"] for s in house.permissions(f"partner-acme.{grant}")["Statement"]}
            assert effects == ({"Deny"} if suspended else {"Allow"}), json.dumps(list(effects))
