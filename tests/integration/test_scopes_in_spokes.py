"""Scopes and accounts: what is of one team's scope is so in every account."""

from typing import Any

import pytest

from tests.integration.in_scopes import SCOPES, A, B, granted_to_a, is_of_a, uploaded
from tests.integration.in_spoke import JOBS, SPOKE, Spoke, spoke, stack
from tests.kit.examples import ACCOUNT
from tests.kit.stack.driver import StackDriver

__all__ = ["spoke", "stack"]

THERE: dict[str, Any] = {"account": SPOKE, "access": [JOBS]}


@pytest.mark.parametrize("grant", ["main", "second"])
def test_partner_is_taken_in_no_other_account(stack: StackDriver, spoke: Spoke, grant: str) -> None:
    granted_to_a(stack, account=ACCOUNT)
    run = uploaded(stack, B, **THERE, grant=grant, external_id="external-of-b")
    assert run.outcome == "rejected"
    assert is_of_a(stack)
    assert spoke.owners("iam").list_roles(PathPrefix="/partners/")["Roles"] == []


def test_partner_of_a_grant_elsewhere_is_not_taken_here(stack: StackDriver, spoke: Spoke) -> None:
    granted_to_a(stack, **THERE)
    stack.run({"action": "revoke", "partner": "acme"})
    run = uploaded(stack, B, account=ACCOUNT, external_id="external-of-b")
    assert (run.outcome, run.paths) == ("rejected", ["/partner"])
    run = uploaded(stack, B, account=ACCOUNT, partner="globex")
    assert (run.outcome, run.paths) == ("rejected", ["/external_id"])
    assert is_of_a(stack)


def test_account_of_another_scope_is_neither_granted_in_nor_called(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.guard(scopes=[{**SCOPES[0], "accounts": [SPOKE]}, {**SCOPES[1], "accounts": [ACCOUNT]}])
    run = uploaded(stack, B, **THERE)
    assert (run.outcome, run.paths) == ("rejected", ["/account"])
    assert "allowed in the scope team-a" in run.result["problems"][0]["message"]
    assert spoke.sessions == []
    assert uploaded(stack, A, **THERE).outcome == "created"
    assert uploaded(stack, A, account=ACCOUNT).paths == ["/account"]
