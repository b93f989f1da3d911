"""A desk for each test, in front of a stack of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.desk import Desk, make_stack, uploads_are_run
from tests.cli.healthy import make_well
from tests.kit.stack.approvals import ApprovalDesk
from tests.kit.stack.build import built_stack


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The command line in front of an empty stack on moto."""
    with built_stack() as stack:
        make_stack()
        made = Desk(stack, tmp_path, monkeypatch)
        with uploads_are_run(made):
            yield made


@pytest.fixture
def well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A stack with a grant, as healthy as moto can tell."""
    make_well(desk, monkeypatch)
    return desk


@pytest.fixture
def asked(desk: Desk) -> ApprovalDesk:
    """Something waits, since an hour ago."""
    approvals = ApprovalDesk(desk.stack)
    approvals.now = datetime.now(UTC) - timedelta(hours=1)
    assert approvals.asks().outcome == "pending_approval"
    approvals.now = datetime.now(UTC)
    return approvals
