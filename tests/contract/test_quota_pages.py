"""What the pages say of AWS's quotas: the same everywhere, dated, and as the code has it."""

import re
from math import ceil

import pytest

from latchkey.grants.sizes import INLINE_LIMIT, TRUST_LIMIT
from latchkey.iam.environment import AwsEnvironment
from tests.kit.repository import ROOT
from tests.kit.template import template
from tools.bench.quotas import ROLES_DEFAULT, ROLES_MOST, SHARE

PAGES = {
    name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("runbook.md", "scale.md")
}


def _row(page: str, begins: str) -> str:
    """The row of a page's table of quotas that begins with a quota."""
    rows = [line for line in PAGES[page].splitlines() if line.startswith("|") and begins in line]
    assert rows, f"{page} has no row of {begins}"
    return rows[0]


def _accounts(grants: int, quota: int) -> int:
    return ceil(grants / (quota * SHARE))


@pytest.mark.parametrize("page", PAGES)
def test_quotas_are_dated(page: str) -> None:
    assert re.search(r"^\| quota \(read on 20\d\d-\d\d-\d\d\) \|", PAGES[page], re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_roles_and_schedules_of_an_account_are_the_same_on_every_page(page: str) -> None:
    row = _row(page, "roles per account")
    assert f"{ROLES_DEFAULT:,} by default" in row
    assert f"({ROLES_MOST:,} when it was read)" in row, "AWS may raise it further"
    assert "10,000,000" in _row(page, "chedules")
    assert not re.search(r"(?<![\d,])5,000 roles", PAGES[page])


def test_accounts_are_counted_with_the_quota_raised_and_without() -> None:
    row = _row("scale.md", "roles per account")
    most, least = (_accounts(10_000, quota) for quota in (ROLES_MOST, ROLES_DEFAULT))
    assert f"{most} accounts at {ROLES_MOST:,} each, {least} at {ROLES_DEFAULT:,}" in row
    most, least = (_accounts(1_000_000, quota) for quota in (ROLES_MOST, ROLES_DEFAULT))
    assert f"{most} accounts, or {least:,}" in row


def test_sizes_of_policies_are_those_that_the_code_holds_to() -> None:
    trust, inline = _row("runbook.md", "trust policy"), _row("runbook.md", "inline policies")
    parameter = template()["Parameters"]["TrustPolicyLimit"]
    assert f"{TRUST_LIMIT:,} characters, up to {parameter['MaxValue']:,}" in trust
    assert (parameter["Default"], parameter["MinValue"]) == (TRUST_LIMIT, TRUST_LIMIT)
    assert AwsEnvironment("aws", "r", "a").trust_policy_limit == TRUST_LIMIT
    assert f"{INLINE_LIMIT:,} characters" in inline


def test_every_put_parameter_of_the_docs_takes_guardrails_of_any_length() -> None:
    """A standard parameter holds 4 KB (Systems Manager guide, "Managing parameter tiers")."""
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    calls = [
        line
        for page in pages
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("aws ssm put-parameter")
    ]
    assert calls
    assert [line for line in calls if "--tier Intelligent-Tiering" not in line] == []
