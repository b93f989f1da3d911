"""The map over accounts: what fails in one stops no other, and the run fails for it in the end."""

from typing import Any

from tests.kit.repository import ROOT
from tests.kit.template import properties, workflow

STATES: dict[str, Any] = workflow("reconcile")["States"]
MAP: dict[str, Any] = STATES["CheckAccounts"]
ITEM: dict[str, Any] = MAP["ItemProcessor"]["States"]
MORE_THAN_LISTED = 10_000
AT_ONCE_BY_LAMBDA = {
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
}
"""What Lambda says before a function runs; nobody in an account brings it about."""
"""Guardrails have no room for as many: a parameter holds 8 KB."""


def test_whatever_fails_in_an_account_is_caught_there_and_keeps_its_name() -> None:
    check = ITEM["CheckAccount"]
    (caught,) = check["Catch"]
    assert caught == {
        "ErrorEquals": ["States.ALL"],
        "ResultPath": "$.failed",
        "Next": "AccountNotChecked",
    }
    assert ITEM["AccountNotChecked"]["Parameters"] == {
        "account.$": "$.account",
        "error.$": "$.failed.Error",
    }
    assert "SpokeUnreachable" in [name for one in check["Retry"] for name in one["ErrorEquals"]]


def test_no_number_of_failures_ends_the_map() -> None:
    """An execution of an item may be stopped by a person, or outrun its history."""
    assert MAP["ToleratedFailureCount"] >= MORE_THAN_LISTED
    assert "ToleratedFailurePercentage" not in MAP


def test_each_account_is_an_execution_of_its_own_and_told_no_more_than_which_it_is() -> None:
    assert MAP["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert MAP["ItemSelector"] == {"account.$": "$$.Map.Item.Value"}
    assert ITEM["CheckAccount"]["Parameters"] == {"check_account.$": "$.account"}


def test_the_run_fails_by_the_accounts_that_were_not_checked() -> None:
    assert (MAP["ItemsPath"], MAP["ResultPath"]) == ("$.accounts", "$.outcomes")
    last = STATES[MAP["Next"]]
    assert last["Parameters"] == {
        "checked_accounts.$": "$.accounts",
        "outcomes.$": "$.outcomes",
    }
    assert "Catch" not in last, "its error is the run's"


def test_a_slow_account_holds_up_the_others_for_no_longer_than_the_page_says() -> None:
    """Whatever an account may bring about by taking its time: errors that come late, or none."""
    check = ITEM["CheckAccount"]
    assert check["TimeoutSeconds"] > properties("CheckDriftFunction")["Timeout"]
    late = [one for one in check["Retry"] if not AT_ONCE_BY_LAMBDA.issuperset(one["ErrorEquals"])]
    waits = sum(one["MaxDelaySeconds"] * one["MaxAttempts"] for one in late)
    attempts = 1 + sum(one["MaxAttempts"] for one in late)
    held = attempts * check["TimeoutSeconds"] + waits
    page = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    assert f"for {-(-held // 60)} minutes at most" in page


def test_what_takes_too_long_is_not_tried_again() -> None:
    retried = {name for one in ITEM["CheckAccount"]["Retry"] for name in one["ErrorEquals"]}
    assert not retried & {"States.ALL", "States.Timeout", "States.TaskFailed", "Lambda.Unknown"}
    assert not {name for name in retried if name.startswith(("Runtime.", "Sandbox."))}
