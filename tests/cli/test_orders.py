"""`latchkey revoke`, `suspend` and `resume`: for one grant, all of a partner's, or all."""

import pytest

from latchkey_cli.aws.workflow_runs import WorkflowRun
from tests.cli.desk import Desk

WHY = ["--reason", "incident 7"]


@pytest.fixture
def granted(desk: Desk) -> Desk:
    """A desk with the example granted."""
    desk.stack.granted()
    return desk


def test_an_order_is_carried_out_with_who_asked_and_why(granted: Desk) -> None:
    assert "acme.main: suspended" in granted.ok("suspend", "acme", *WHY)
    assert granted.stack.grant()["status"] == "suspended"
    (request,) = granted.requests
    assert request["reason"] == "incident 7"
    assert request["requested_by"].startswith("arn:aws:sts::123456789012:")
    assert "updated" in granted.ok("resume", "acme.main", *WHY)
    assert "revoked" in granted.ok("revoke", "acme", *WHY)
    assert granted.stack.role() is None


def test_a_dry_run_changes_nothing(granted: Desk) -> None:
    text = granted.ok("revoke", "acme", *WHY, "--dry-run")
    assert "would be made" in text
    assert "ends: the role is deleted, and all access with it" in text
    assert granted.stack.role()


def test_what_cannot_be_ordered_is_reported(granted: Desk) -> None:
    found = granted("suspend", "nobody", *WHY)
    assert found.exit_code == 1
    assert "there is no grant nobody.main" in found.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["acme"],
        ["acme", "--reason", " "],
        WHY,
        ["acme", "--everything", *WHY],
        ["acme.main", "--all-grants", *WHY],
        ["ACME", *WHY],
        ["acme.*", *WHY],
        ["acme", "--all-grants", *WHY],
        ["--everything", *WHY],
        ["--everything", "--yes", *WHY],
        ["--everything", "--confirm", "yes", *WHY],
    ],
)
def test_orders_that_are_not_meant_are_not_given(granted: Desk, words: list[str]) -> None:
    assert granted("revoke", *words).exit_code == 2
    assert granted.requests == []


REPORT = {"grants": 3, "outcomes": {"suspended": 2, "unchanged": 1}, "failed": []}


@pytest.mark.parametrize("words", [["acme.*"], ["acme", "--all-grants"]])
def test_all_of_a_partner_are_ordered_in_one_run(granted: Desk, words: list[str]) -> None:
    granted.answer = WorkflowRun("SUCCEEDED", REPORT)
    found = granted("suspend", *words, "--yes", *WHY)
    assert found.exit_code == 0
    assert "suspend: ordered for 3 grants" in found.stdout
    assert "suspend 1 grant: acme.main" in found.stderr
    (request,) = granted.requests
    assert (request["partner"], request["grant"]) == ("acme", "*")
    assert "confirm" not in request


@pytest.mark.parametrize(
    ("words", "typed", "given"),
    [
        (["--everything", "--confirm", "all"], None, True),
        (["--everything"], "all\n", True),
        (["--everything"], "yes\n", False),
        (["acme.*"], "y\n", True),
        (["acme.*"], "n\n", False),
    ],
)
def test_many_are_asked_about_on_a_terminal(
    granted: Desk,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    typed: str | None,
    given: bool,
) -> None:
    monkeypatch.setattr("latchkey_cli.output.terminal.interactive", lambda: True)
    granted.answer = WorkflowRun("SUCCEEDED", REPORT)
    found = granted("suspend", *words, *WHY, typed=typed)
    assert (found.exit_code == 0) == given
    assert bool(granted.requests) == given
    if given and words[0] == "--everything":
        request = granted.requests[0]
        assert (request["partner"], request["grant"], request["confirm"]) == ("*", "*", "all")


def test_many_in_a_dry_run_are_not_asked_about(granted: Desk) -> None:
    granted.answer = WorkflowRun("SUCCEEDED", {**REPORT, "outcomes": {"planned": 3}})
    assert "would be ordered for 3 grants" in granted.ok(
        "revoke", "--everything", "--dry-run", *WHY
    )
    assert granted.requests[0]["dry_run"] is True


def test_orders_that_were_not_carried_out_whole_exit_with_1(granted: Desk) -> None:
    granted.answer = WorkflowRun(
        "FAILED", {}, "OrderIncomplete", "suspend: 1 of 3 grants were not done"
    )
    found = granted("suspend", "acme.*", "--yes", *WHY)
    assert found.exit_code == 1
    assert "OrderIncomplete: suspend: 1 of 3" in found.stdout
    assert granted("suspend", "acme.*", "--yes", "--json", *WHY).exit_code == 1


def test_outcome_as_json(granted: Desk) -> None:
    assert granted.json("suspend", "acme", *WHY)["outcome"] == "suspended"


def test_an_order_for_many_that_is_rejected_says_why(granted: Desk) -> None:
    problems = [{"path": "/reason", "message": "too long"}]
    granted.answer = WorkflowRun("SUCCEEDED", {"outcome": "rejected", "problems": problems})
    found = granted("suspend", "acme.*", "--yes", *WHY)
    assert (found.exit_code, found.stdout.splitlines()[0]) == (1, "/reason: too long")
