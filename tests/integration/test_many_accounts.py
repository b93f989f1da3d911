"""What is read of many accounts grows with accounts, and with what is due or changed, not else."""

import pytest

from tools.bench.spokes import CHANGED, CHECK, drift, sweep


@pytest.mark.parametrize(
    ("accounts", "live", "due"), [(5, 50, 3), (5, 500, 3), (5, 50, 30), (10, 50, 3)]
)
def test_the_sweep_reads_what_is_due_and_each_account_once(
    accounts: int, live: int, due: int
) -> None:
    found = sweep(accounts, live, due)
    assert (found["items"], found["queries"]) == (accounts + due, accounts + 1)


@pytest.mark.parametrize(("accounts", "each"), [(2, 4), (4, 4), (2, 40)])
def test_the_check_of_an_account_makes_the_same_calls_whatever_others_have(
    accounts: int, each: int
) -> None:
    found = drift(accounts, each)
    assert found["unchanged"] == CHECK
    assert found["changed"] == {**CHECK, "stepfunctions:StartExecution": CHANGED}
    assert found["started"] == CHANGED
    assert found["home_queries"] == accounts + 2
