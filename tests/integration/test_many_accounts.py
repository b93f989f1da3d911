"""What is read of many accounts grows with accounts, and with what is due or changed, not else."""

import pytest
from moto.iam.models import iam_backends

from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from latchkey.times import stamp
from tests.kit.examples import NOW
from tests.kit.stack.aws import TABLE, aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.many_spokes import spokes
from tests.kit.stack.spokes import SPOKES
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


def test_the_check_of_an_account_reads_the_last_uses_of_its_own_grants_only() -> None:
    with built_stack(account=SPOKES[0]) as stack:
        account, other = spokes(stack, 2, 2)
        grants = LiveGrants(Table(aws("dynamodb"), TABLE))
        for number in range(2):
            grants.used(GrantId("acme", f"g{other[-6:]}-{number}"), stamp(NOW))
        for role in iam_backends[account]["aws"].roles.values():
            role.last_used = NOW
        for puts in (2, 0):
            stack.calls.clear()
            stack.invoke("check_drift", {"check_account": account}, NOW)
            made = [call for call in stack.calls if call.startswith("dynamodb:")]
            assert made.count("dynamodb:Query") == 1
            assert made.count("dynamodb:BatchGetItem") == 1
            assert made.count("dynamodb:PutItem") == puts
        assert len(grants.last_used()) == 4
