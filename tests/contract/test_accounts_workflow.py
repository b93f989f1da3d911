"""The map over accounts: what fails in one stops no other, and the run fails for it in the end."""

from typing import Any

from tests.kit.template import workflow

STATES: dict[str, Any] = workflow("reconcile")["States"]
MAP: dict[str, Any] = STATES["CheckAccounts"]
ITEM: dict[str, Any] = MAP["ItemProcessor"]["States"]
MORE_THAN_LISTED = 10_000
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
