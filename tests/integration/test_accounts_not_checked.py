"""What becomes of the checks of all accounts: the run fails, and names those that went wrong."""

from datetime import timedelta

import pytest

from latchkey.aws.spoke_records import SpokeRecords
from latchkey.aws.table import Table
from latchkey.errors import AccountsNotChecked, EventInvalid
from latchkey.runtime.wiring import jobs
from tests.kit.examples import ACCOUNT, NOW
from tests.kit.stack.aws import TABLE, aws
from tests.kit.stack.driver import StackDriver

FIRST, SECOND, THIRD = "111122223333", "222233334444", "555566667777"
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("account", [ACCOUNT, "*", "", "1111222233334", "\u0661" * 12])
def test_what_is_no_other_account_is_not_checked(stack: StackDriver, account: str) -> None:
    jobs.account_check.cache_clear()
    with pytest.raises(EventInvalid):
        stack.invoke("check_drift", {"check_account": account}, LATER)
    assert not [call for call in stack.calls if call.startswith(("sts:", "iam:"))]
    assert SpokeRecords(Table(aws("dynamodb"), TABLE)).all() == []


def test_the_run_fails_once_all_were_checked_and_names_those_that_could_not_be(
    stack: StackDriver, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [{"account": FIRST, "error": "SpokeNotEnrolled"}, {"account": SECOND}]
    asked = {"checked_accounts": [FIRST, SECOND, THIRD], "outcomes": outcomes}
    with pytest.raises(AccountsNotChecked) as raised:
        stack.invoke("check_drift", asked, LATER)
    assert f"2 of 3 accounts could not be checked: {FIRST} (SpokeNotEnrolled), " in str(
        raised.value
    )
    assert f"{THIRD} (no outcome)" in str(raised.value)
    assert SECOND not in str(raised.value)
    assert '"AccountsNotChecked":[2' in capsys.readouterr().out.replace(" ", "")


def test_the_run_succeeds_where_all_were_checked(stack: StackDriver) -> None:
    asked = {"checked_accounts": [FIRST], "outcomes": [{"account": FIRST}]}
    assert stack.invoke("check_drift", asked, LATER) == {"accounts": 1}


def test_a_stack_without_other_accounts_has_nothing_checked_but_its_own(
    stack: StackDriver,
) -> None:
    jobs.drift_check.cache_clear()
    stack.granted()
    stack.calls.clear()
    stack.invoke("check_drift", {}, LATER)
    assert stack.started() == []
    assert [call for call in stack.calls if call == "dynamodb:Query"] == ["dynamodb:Query"]
