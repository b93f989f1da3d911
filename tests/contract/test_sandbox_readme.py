"""The sandbox's README lists every refusal, and every refusal names its document."""

import re
import sys

import pytest

from sandbox.refusals.check import CHECKS
from tests.kit.repository import ROOT

PAGE = (ROOT / "sandbox/README.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("| call | refused | error | document |")[2].partition("\n\n")[0]
CHECKED = list(dict.fromkeys(check for found in CHECKS.values() for check in found))
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TABLE.splitlines()[2:]]


@pytest.mark.parametrize("operation", sorted({operation for _, operation in CHECKS}))
def test_every_operation_has_a_row_for_each_of_its_checks(operation: str) -> None:
    checks = {check for (_, name), found in CHECKS.items() if name == operation for check in found}
    rows = [row for row in ROWS if f"`{operation}`" in row[0]]
    assert len(rows) >= len(checks) > 0


def test_every_row_has_an_error_and_a_document() -> None:
    assert len(ROWS) > 10
    for call, refused, error, document in ROWS:
        assert call and refused, (call, refused)
        assert re.fullmatch(r"(`\w+`(, )?)+", error), error
        assert re.search(r"guide|reference|model", document), document


@pytest.mark.parametrize("check", CHECKED, ids=lambda check: check.__name__)
def test_every_refusal_names_the_document_that_it_follows(check: object) -> None:
    module = sys.modules[check.__module__]
    assert "https://docs.aws.amazon.com/" in f"{check.__doc__}{module.__doc__}"
