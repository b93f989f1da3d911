"""The drift check notes when roles were last used, and reads its notes only where it needs them."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from latchkey.aws.grants_by_expiry import LiveGrant
from latchkey.grant_id import GrantId
from latchkey.jobs.roles_compared import RolesCompared

GRANT = GrantId("acme", "main")
ROLE = "partner-acme.main"


def _noted(used: Any, recorded: str, noted: str) -> tuple[int, list[Any]]:
    grants = Mock()
    grants.last_used.return_value = {GRANT: noted} if noted else {}
    live = {ROLE: LiveGrant(id=GRANT, last_used=recorded)}
    roles: Any = {ROLE: SimpleNamespace(last_used=used)}
    naming: Any = None
    RolesCompared(naming, live, roles, frozenset()).note_use(grants)
    return grants.last_used.call_count, grants.used.call_args_list


@pytest.mark.parametrize(
    ("used", "recorded", "noted", "reads", "writes"),
    [
        (None, "", "", 0, 0),
        ("2029-05-02T10:00:00Z", "2029-05-02T09:00:00Z", "", 0, 0),
        ("2029-05-02T10:00:00Z", "2029-05-03T09:00:00Z", "", 0, 0),
        ("2029-05-02T10:00:00Z", "", "", 1, 1),
        ("2029-05-02T10:00:00Z", "2029-05-01T09:00:00Z", "2029-05-02T01:00:00Z", 1, 0),
        ("2029-05-02T10:00:00Z", "2029-05-01T09:00:00Z", "2029-05-01T23:00:00Z", 1, 1),
    ],
)
def test_use_is_noted_once_a_day(
    used: str | None, recorded: str, noted: str, reads: int, writes: int
) -> None:
    asked, written = _noted(used, recorded, noted)
    assert (asked, len(written)) == (reads, writes)
    assert all(call.args == (GRANT, used) for call in written)
