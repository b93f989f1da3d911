"""Live grants are held to other guardrails, whatever number their parameter's version has."""

from datetime import timedelta

from latchkey.grant_id import GrantId
from latchkey.keys import grant_run
from tests.kit.examples import NOW
from tests.kit.stack.aws import GUARDRAILS, aws
from tests.kit.stack.driver import StackDriver

TOMORROW = NOW + timedelta(days=1)


def _others(stack: StackDriver, now: object = NOW) -> list[str]:
    found: list[str] = stack.invoke("check_drift", {}, now)["other_guardrails"]  # type: ignore[arg-type]
    return found


def test_another_parameter_with_the_same_version_number_counts(stack: StackDriver) -> None:
    stack.granted()
    before = aws("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]["Version"]
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    for _ in range(before):
        stack.guard(allowed_partner_accounts=[])
    assert aws("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]["Version"] == before
    assert _others(stack) == ["acme.main"]


def test_the_same_guardrails_under_another_number_are_the_same(stack: StackDriver) -> None:
    stack.granted()
    text = aws("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    aws("ssm").put_parameter(Name=GUARDRAILS, Value=text, Overwrite=True)
    assert _others(stack) == []


def test_run_that_failed_is_started_again_the_next_day(stack: StackDriver) -> None:
    stack.granted()
    stack.guard(allowed_partner_accounts=[])
    assert _others(stack) == ["acme.main"]
    stack.end_runs()
    assert _others(stack) == [], "its name is taken for 90 days"
    assert _others(stack, TOMORROW) == ["acme.main"]


def test_name_of_the_run_of_the_longest_grant_fits(stack: StackDriver) -> None:
    longest = GrantId("a" * 22, "b" * 22)
    once = f"{'0' * 12}-{NOW:%Y%m%d}"
    assert len(grant_run("guardrails", longest, once)) <= 80
    stack.granted()
    stack.guard(max_grant_days=5000)
    _others(stack)
    (name,) = [run for run in stack.executions() if run.startswith("guardrails-")]
    assert len(name) == len(grant_run("guardrails", GrantId("acme", "main"), once))
