"""Access ends on time, and not before; what each layer does alone is in test_layers.py."""

import pytest

from latchkey.times import parse_instant
from tests.e2e.conftest import Case
from tests.kit.outside import Outside

pytestmark = pytest.mark.e2e


@pytest.fixture
def hour(case: Case, outside: Outside) -> Case:
    """A grant that expires in an hour."""
    case.expires_at = outside.in_(hours=1)
    outside.upload(case.key, case.config())
    return case


def test_the_schedule_revokes_at_expiry(outside: Outside, hour: Case) -> None:
    left = parse_instant(hour.expires_at) - outside.box.now()  # an upload takes a while
    outside.box.advance(left.total_seconds() - 10)
    assert outside.role(hour.role) is not None
    outside.box.advance(15)
    assert outside.role(hour.role) is None
    assert outside.state(hour.partner)["status"] == "expired"
    assert outside.events(hour.partner) == ["AccessGranted", "AccessExpired"]


def test_a_renewed_grant_survives_the_old_expiry(outside: Outside, hour: Case) -> None:
    unique_id = outside.role(hour.role)
    outside.upload(hour.key, hour.config(expires_at=outside.in_(hours=3)))
    outside.box.advance(3700)
    role = outside.role(hour.role)
    assert role and unique_id and role["RoleId"] == unique_id["RoleId"]
    assert outside.state(hour.partner)["status"] == "active"
