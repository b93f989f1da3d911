"""`latchkey reconcile`: a grant is made as its file says, through the workflow."""

import json

from tests.cli.desk import Desk
from tests.kit.stack.aws import aws

ROLE = "partner-acme.main"


def _session_length() -> int:
    return int(aws("iam").get_role(RoleName=ROLE)["Role"]["MaxSessionDuration"])


def _widen() -> None:
    aws("iam").update_role(RoleName=ROLE, MaxSessionDuration=43_200)


def test_what_differs_is_put_right_and_recorded_with_who_asked(desk: Desk) -> None:
    desk.ok("apply", desk.file(), "--yes")
    assert "unchanged" in desk.ok("reconcile", "acme")
    _widen()
    planned = desk.ok("reconcile", "acme.main", "--dry-run")
    assert "none of which widens access" in planned
    assert "sessions may last 1 hour instead of 12 hours" in planned
    assert _session_length() == 43_200
    desk.ok("reconcile", "acme.main", "--reason", "ticket 4711")
    assert _session_length() == 3600
    last = desk.json("show", "acme.main")["history"][-1]
    assert last["event"] == "DriftRepaired"
    assert "ticket 4711" in json.dumps(last)
    assert {request["action"] for request in desk.requests if "action" in request} == {"check"}


def test_what_was_suspended_stays_so(desk: Desk) -> None:
    desk.ok("apply", desk.file(), "--yes")
    desk.ok("suspend", "acme", "--reason", "incident 1234")
    desk.ok("reconcile", "acme")
    assert desk.json("show", "acme")["status"] == "suspended"


def test_one_grant_that_there_is(desk: Desk) -> None:
    found = desk("reconcile", "acme.*")
    assert found.exit_code == 2
    assert "name one grant; the stack looks at all of them every hour" in found.stderr
    assert desk.requests == []
