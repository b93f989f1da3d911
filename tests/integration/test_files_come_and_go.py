"""Files that are renamed, that swap their grants, and that wait for one another."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.kit.examples import OTHER_ACCOUNT
from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run
from tests.kit.stack.taps import Taps, refusal

A, B = "partners/a.json", "partners/b.json"
NOW = datetime.now(UTC) + timedelta(minutes=1)
"""moto's S3 has the clock of the machine."""
ENDS = {"expires_at": "2031-01-01T00:00:00Z"}


def _run(stack: StackDriver, key: str, now: datetime = NOW) -> Run:
    return stack.run({"bucket": CONFIG_BUCKET, "key": key}, now)


def _granted(stack: StackDriver, key: str = A, **changes: Any) -> str:
    stack.upload(None, key, **ENDS, **changes)
    assert _run(stack, key).outcome == "created"
    return _role_id(stack, changes.get("grant", "main"))


def _role_id(stack: StackDriver, grant: str = "main") -> str:
    role = stack.role(f"partner-acme.{grant}")
    return str(role["RoleId"]) if role else ""


def _settle(stack: StackDriver, now: datetime = NOW) -> list[str]:
    """Run what runs start, until nothing is started any more; answers the outcomes."""
    outcomes, done = [], set[str]()
    while waiting := [
        (name, given) for name, given in stack.executions().items() if name not in done
    ]:
        for name, given in waiting:
            done.add(name)
            outcomes.append(stack.run(given, now).outcome)
    return outcomes


def _file_of(stack: StackDriver, grant: str = "main") -> str | None:
    state = stack.item(f"GRANT#acme.{grant}", "STATE")
    assert state
    return state["config_key"] if state["status"] == "active" else None


@pytest.mark.parametrize("copy_read_first", [True, False])
@pytest.mark.parametrize("pause", [0, 3600])
def test_renamed_file_keeps_its_grant_without_an_interruption(
    stack: StackDriver, copy_read_first: bool, pause: int
) -> None:
    role = _granted(stack)
    stack.upload(None, B, **ENDS)
    later = NOW + timedelta(seconds=pause)
    if copy_read_first:
        assert _run(stack, B).outcome == "rejected"
    stack.remove(A)
    run = _run(stack, A, later if copy_read_first else NOW)
    assert run.outcome in ("unchanged", "updated")
    assert not run.iam_writes
    assert (_role_id(stack), _file_of(stack)) == (role, B)
    assert set(_settle(stack, later)) <= {"unchanged"}
    assert _run(stack, B, later).outcome == "unchanged"
    assert (_role_id(stack), _file_of(stack)) == (role, B)
    assert len([item for item in stack.items() if item.get("live") == "LIVE"]) == 1


def test_file_that_was_removed_first_is_granted_by_its_copy(stack: StackDriver) -> None:
    role = _granted(stack)
    stack.remove(A)
    stack.upload(None, B, **ENDS)
    assert _run(stack, B).outcome in ("unchanged", "updated")
    assert _run(stack, A).outcome == "unchanged"
    assert (_role_id(stack), _file_of(stack)) == (role, B)


def test_removal_that_is_read_before_there_is_a_copy_ends_the_grant(stack: StackDriver) -> None:
    role = _granted(stack)
    stack.remove(A)
    assert _run(stack, A).outcome == "revoked"
    stack.upload(None, B, **ENDS)
    assert _run(stack, B).outcome == "created"
    assert _role_id(stack) not in ("", role)


def test_copy_that_cannot_be_granted_keeps_nothing_alive(stack: StackDriver) -> None:
    _granted(stack)
    nowhere = [{"service": "s3", "bucket": "no-such-bucket", "allow": "read"}]
    stack.upload(None, B, **ENDS, access=nowhere)
    _run(stack, B)
    stack.remove(A)
    assert _run(stack, A).outcome == "revoked"
    assert _role_id(stack) == ""
    assert set(_settle(stack)) <= {"rejected"}


def test_copy_that_nobody_can_plan_keeps_nothing_alive(stack: StackDriver) -> None:
    _granted(stack)
    stack.upload(None, B, **ENDS)
    stack.remove(A)
    taps, answer = Taps(), refusal("AccessDenied", "no", 403)
    taps.before = lambda call: answer if call.operation == "GetParameter" else None
    stack.hears_of_clients(taps.tap)
    assert _run(stack, A).outcome == "revoked"
    taps.disarm()
    assert _role_id(stack) == ""


@pytest.mark.parametrize("body", [b"{", b"", b"[]"])
def test_broken_copy_keeps_nothing_alive(stack: StackDriver, body: bytes) -> None:
    _granted(stack)
    stack.upload(body, B)
    stack.remove(A)
    assert _run(stack, A).outcome == "revoked"


def test_copy_for_others_is_another_grant_after_the_end_of_this(stack: StackDriver) -> None:
    role = _granted(stack)
    stack.upload(None, B, **ENDS, principals=[OTHER_ACCOUNT])
    _run(stack, B)
    stack.remove(A)
    assert _run(stack, A).outcome == "revoked"
    assert _settle(stack) == ["created"]
    assert _role_id(stack) not in ("", role)


def test_file_that_waits_is_granted_when_the_grant_expires(stack: StackDriver) -> None:
    stack.upload(None, A, expires_at=(NOW + timedelta(hours=1)).isoformat())
    assert _run(stack, A).outcome == "created"
    stack.upload(None, B, **ENDS)
    assert _run(stack, B).outcome == "rejected"
    later = NOW + timedelta(hours=2)
    check = {"action": "check", "partner": "acme", "grant": "main", "by": "schedule"}
    assert stack.run(check, later).outcome == "expired"
    assert "created" in _settle(stack, later)
    assert _file_of(stack) == B


def test_file_that_waits_gets_nothing_when_an_order_ends_the_grant(stack: StackDriver) -> None:
    _granted(stack)
    stack.upload(None, B, **ENDS)
    _run(stack, B)
    order = {"action": "revoke", "partner": "acme", "grant": "main", "reason": "incident"}
    assert stack.run(order, NOW).outcome == "revoked"
    assert _settle(stack) == []
    assert _role_id(stack) == ""


def test_file_that_names_another_grant_by_now_holds_none(stack: StackDriver) -> None:
    """It was rejected with that, so its earlier version is still what the grant goes by."""
    _granted(stack)
    _granted(stack, B, grant="other")
    stack.upload(None, A, **ENDS, grant="other")
    assert _run(stack, A).outcome == "rejected"
    assert _file_of(stack) == A
    stack.upload(None, "partners/c.json", **ENDS)
    assert _run(stack, "partners/c.json").outcome in ("unchanged", "updated")
    assert _file_of(stack) == "partners/c.json"


@pytest.mark.parametrize("changes", [{}, {"grant": "other"}])
def test_invalid_version_of_the_first_file_still_keeps_others_out(
    stack: StackDriver, changes: dict[str, Any]
) -> None:
    _granted(stack)
    stack.upload(None, A, **ENDS, principals=["*"], **changes)
    stack.upload(None, B, **ENDS)
    assert _run(stack, B).outcome == "rejected"


@pytest.mark.parametrize("order", [*permutations((A, B))])
def test_two_files_swap_their_grants(stack: StackDriver, order: tuple[str, str]) -> None:
    _granted(stack, A, grant="one")
    _granted(stack, B, grant="two")
    stack.upload(None, A, **ENDS, grant="two")
    stack.upload(None, B, **ENDS, grant="one")
    for key in order:
        _run(stack, key)
    _settle(stack)
    assert (_file_of(stack, "one"), _file_of(stack, "two")) == (B, A)
    assert aws("iam").list_roles(PathPrefix="/partners/")["Roles"].__len__() == 2


@pytest.mark.parametrize("order", [*permutations((A, B))])
def test_two_files_swap_their_grants_one_upload_read_after_the_other(
    stack: StackDriver, order: tuple[str, str]
) -> None:
    first, second = order
    own = {A: "one", B: "two"}
    for key in (A, B):
        _granted(stack, key, grant=own[key])
    stack.upload(None, first, **ENDS, grant=own[second])
    assert _run(stack, first).outcome == "rejected"
    stack.upload(None, second, **ENDS, grant=own[first])
    _run(stack, second)
    _settle(stack)
    assert (_file_of(stack, own[first]), _file_of(stack, own[second])) == (second, first)
