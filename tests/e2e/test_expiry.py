"""Access ends on time: by the schedule, by the sweep, and by the documents alone."""

import pytest
from botocore.exceptions import ClientError

from sandbox.demo.people import Partner
from tests.e2e.conftest import Case
from tests.e2e.outside import Outside

pytestmark = pytest.mark.e2e


@pytest.fixture
def hour(case: Case, outside: Outside) -> Case:
    """A grant that expires in an hour."""
    case.expires_at = outside.in_(hours=1)
    outside.upload(case.key, case.config())
    return case


def test_the_schedule_revokes_at_expiry(outside: Outside, hour: Case) -> None:
    outside.box.advance(3590)
    assert outside.role(hour.role) is not None
    outside.box.advance(15)
    assert outside.role(hour.role) is None
    assert outside.state(hour.partner)["status"] == "expired"
    assert outside.events(hour.partner) == ["AccessGranted", "AccessExpired"]


def test_the_sweep_revokes_when_the_schedule_is_lost(outside: Outside, hour: Case) -> None:
    _lose_schedule(outside, hour)
    outside.box.advance(3605)
    outside.box.advance(3600)
    assert outside.role(hour.role) is None
    assert outside.state(hour.partner)["status"] == "expired"


def test_a_renewed_grant_survives_the_old_expiry(outside: Outside, hour: Case) -> None:
    unique_id = outside.role(hour.role)
    outside.upload(hour.key, hour.config(expires_at=outside.in_(hours=3)))
    outside.box.advance(3700)
    role = outside.role(hour.role)
    assert role and unique_id and role["RoleId"] == unique_id["RoleId"]
    assert outside.state(hour.partner)["status"] == "active"


def test_the_documents_alone_deny_after_expiry(outside: Outside, hour: Case) -> None:
    _lose_schedule(outside, hour)
    arn = outside.state(hour.partner)["role_arn"]
    partner = Partner(outside.box.url)
    outside.box.advance(3540)
    session = partner.assume(arn, f"external-{hour.partner}")
    session.write(hour.bucket, "in/a", "b")
    outside.box.advance(61)
    assert outside.role(hour.role) is not None
    with pytest.raises(ClientError, match="AccessDenied"):
        session.read(hour.bucket, "in/a")
    with pytest.raises(ClientError, match="AccessDenied"):
        partner.assume(arn, f"external-{hour.partner}")


def _lose_schedule(outside: Outside, case: Case) -> None:
    for schedule in outside.scheduler.list_schedules(NamePrefix=f"{case.partner}.")["Schedules"]:
        outside.scheduler.delete_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"])
