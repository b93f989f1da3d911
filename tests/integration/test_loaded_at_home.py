"""What is there for other accounts is loaded by nobody before there is a grant in one."""

import sys

import pytest

from tests.kit.stack.driver import StackDriver
from tests.kit.template import of_type
from tools.bench.cold import BUILDERS, loaded

FOR_SPOKES = {
    "latchkey.aws.spoke_guardrails",
    "latchkey.aws.spoke_records",
    "latchkey.aws.spoke_sessions",
    "latchkey.iam.spoke",
    "latchkey.jobs.account_check",
    "latchkey.runtime.wiring.spokes",
}


@pytest.mark.parametrize("function", BUILDERS)
def test_a_function_starts_without_what_is_for_other_accounts(function: str) -> None:
    modules, clients = loaded(function)
    assert "latchkey.runtime.clients" in modules
    assert sorted(modules & FOR_SPOKES) == []
    assert "sts" not in clients


def test_every_function_is_looked_at() -> None:
    assert BUILDERS.keys() == {*of_type("AWS::Serverless::Function")}


def test_a_grant_in_the_own_account_loads_none_of_it(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FOR_SPOKES & sys.modules.keys():
        monkeypatch.delitem(sys.modules, name)
    grant = {"partner": "acme", "grant": "main"}
    stack.granted()
    for action in ("check", "suspend", "resume", "revoke"):
        assert stack.run({"action": action, **grant}).error is None
    stack.invoke("sweep_grants", {})
    stack.invoke("check_drift", {})
    assert sorted(FOR_SPOKES & sys.modules.keys()) == []
