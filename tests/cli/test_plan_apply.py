"""`latchkey plan` and `latchkey apply` in front of the real functions on moto."""

import json
from pathlib import Path

import pytest

from latchkey_cli.aws.workflow_runs import WorkflowRun
from latchkey_cli.output.plans import show_allows, show_outcome, show_plan
from tests.cli.desk import Desk
from tests.kit.stack.aws import KEY, aws


def test_plan_says_what_would_be_done_and_does_nothing(desk: Desk) -> None:
    text = desk.ok("plan", desk.file())
    listed = [line for line in text.splitlines() if line[:4] in ("  ! ", "  ~ ", "  - ", "    ")]
    assert f"acme.main: {len(listed)} changes would be made" in text
    assert desk.stack.role() is None
    (request,) = desk.requests
    assert (request["dry_run"], request["as_file"]) == (True, "partners/acme/main.json")


def test_plan_of_a_new_grant_has_what_the_partner_may_ask_for_first(desk: Desk) -> None:
    text = desk.ok("plan", desk.file())
    role = "arn:aws:iam::123456789012:role/partners/partner-acme.main"
    for line in (
        f"role ARN             {role}",
        "account ID           123456789012",
        "role name            partner-acme.main",
        "role name with path  partners/partner-acme.main",
        "external ID          the partner's, as in the file",
    ):
        assert f"  {line}\n" in text
    desk.stack.granted()
    changed = desk.ok("plan", desk.file(require_mfa=True))
    assert f"  role     {role}\n" in changed
    assert "may ask for first" not in changed


def test_plan_tells_the_role_before_the_partner_has_told_its_external_id(desk: Desk) -> None:
    path = desk.file()
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    del document["external_id"]
    Path(path).write_text(json.dumps(document), encoding="utf-8")
    found = desk("plan", path)
    assert found.exit_code == 1
    assert "/external_id: missing" in found.stdout
    role = "arn:aws:iam::123456789012:role/partners/partner-acme.main"
    assert f"  role ARN             {role}\n" in found.stdout
    assert "external ID          asked of the partner; write it as `external_id`" in found.stdout
    page = json.loads(desk("plan", path, "--json").stdout)
    assert (page["outcome"], page["role_arn"]) == ("rejected", role)
    generated = desk.json("plan", desk.file(external_id=None, generate_external_id=True))
    origin = {need["what"]: need["value"] for need in generated["partner_needs"]}
    assert origin["external ID"].startswith("made when the file is applied")


def test_plan_shows_problems_where_they_stand(desk: Desk) -> None:
    path = desk.file(access=[{"service": "s3", "bucket": "data-bukket", "allow": "read"}])
    found = desk("plan", path)
    assert found.exit_code == 1
    assert found.stdout.startswith(f"{path}:14:17: /access/0/bucket: there is no bucket")


def test_plan_of_no_json_asks_nobody(desk: Desk) -> None:
    path = desk.folder / "a.json"
    path.write_text('{"partner": }')
    found = desk("plan", str(path))
    assert found.exit_code == 1
    assert found.stdout.startswith(f"{path}:1:13: not JSON")
    assert desk.requests == []


def test_plan_of_a_granted_file_is_of_the_difference(desk: Desk) -> None:
    desk.stack.granted()
    same = desk("plan", desk.file(), "--detailed-exitcode")
    assert (same.exit_code, same.stdout) == (0, "acme.main: nothing would change\n")
    changed = desk("plan", desk.file(require_mfa=True), "--detailed-exitcode")
    assert changed.exit_code == 2
    assert "- needs MFA" in changed.stdout
    assert desk.requests[-1]["as_file"] == KEY


def test_plan_under_another_key_says_whose_the_grant_is(desk: Desk) -> None:
    desk.stack.granted()
    found = desk("plan", desk.file(), "--key", "partners/other.json")
    assert found.exit_code == 1
    assert "already granted by partners/acme.json" in found.stdout
    assert desk("plan", desk.file(), "--key", "elsewhere.json").exit_code == 1


def test_plan_as_json_is_the_result(desk: Desk) -> None:
    result = desk.json("plan", desk.file())
    assert (result["outcome"], result["dry_run"]) == ("planned", True)


def test_plan_whose_run_fails_says_why(desk: Desk) -> None:
    desk.answer = WorkflowRun("FAILED", {}, "Throttled", "too many calls")
    found = desk("plan", desk.file())
    assert (found.exit_code, found.stdout) == (1, "")
    assert "the plan could not be made: Throttled: too many calls" in found.stderr


def test_apply_uploads_and_follows_to_the_outcome(desk: Desk) -> None:
    text = desk.ok("apply", desk.file(), "--yes")
    assert "acme.main: created" in text
    assert desk.stack.role()
    assert desk.stack.grant()["config_key"] == "partners/acme/main.json"


def test_apply_takes_the_key_that_the_grant_has(desk: Desk) -> None:
    desk.stack.granted()
    assert "updated" in desk.ok("apply", desk.file(require_mfa=True), "--yes")
    assert desk.stack.grant()["config_key"] == KEY


def test_apply_of_what_is_there_uploads_nothing(desk: Desk) -> None:
    path = desk.file()
    desk.ok("apply", path, "--yes")
    before = desk.stack.history()
    assert "nothing would change" in desk.ok("apply", path)
    assert json.loads(desk.ok("apply", path, "--json"))["changes"] == []
    assert desk.stack.history() == before


def test_apply_that_widens_needs_somebody_to_say_yes(desk: Desk) -> None:
    found = desk("apply", desk.file(), typed="y\n")
    assert found.exit_code == 2
    assert "--yes" in found.stderr
    assert desk.stack.role() is None


@pytest.mark.parametrize(("typed", "granted"), [("y\n", True), ("n\n", False), ("", False)])
def test_apply_asks_on_a_terminal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, granted: bool
) -> None:
    monkeypatch.setattr("latchkey_cli.output.terminal.interactive", lambda: True)
    found = desk("apply", desk.file(), typed=typed)
    assert (found.exit_code == 0) == granted
    assert bool(desk.stack.role()) == granted


def test_an_unknown_field_is_located_at_its_name_and_others_at_their_values(desk: Desk) -> None:
    path = desk.file(partnr="acme", expires_at="2020-01-01T00:00:00Z")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    found = desk("plan", path)
    assert found.exit_code == 1
    for field, at in {"partnr": '"partnr"', "expires_at": '"2020-01'}.items():
        (number,) = [n for n, line in enumerate(lines) if f'"{field}"' in line]
        column = lines[number].index(at) + 1
        assert f"{path}:{number + 1}:{column}: /{field}: " in found.stdout


def test_apply_of_a_rejected_file_uploads_nothing(desk: Desk) -> None:
    found = desk("apply", desk.file(expires_at="2020-01-01T00:00:00Z"), "--yes")
    assert found.exit_code == 1
    assert "/expires_at: 2020-01-01T00:00:00Z is in the past" in found.stdout
    assert "Contents" not in aws("s3").list_objects_v2(Bucket="config-bucket")


def test_apply_notices_that_somebody_was_faster(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latchkey_cli.config_files import upload as uploading

    real = uploading.upload

    def overtaken(*args: object) -> str:
        version = real(*args)  # type: ignore[arg-type]
        desk.stack.upload(None, "partners/acme/main.json", require_mfa=True)
        return f"before {version}"

    monkeypatch.setattr(uploading, "upload", overtaken)
    found = desk("apply", desk.file(), "--yes")
    assert found.exit_code == 1
    assert "newer version of partners/acme/main.json" in found.stderr


def test_apply_waits_for_no_result_that_nobody_writes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files import upload as uploading

    runs = iter([None, None, "arn:run", "arn:run"])
    looks = iter(
        [None, WorkflowRun("FAILED", {}, "OutcomeNotRecorded", "the table did not answer")]
    )
    monkeypatch.setattr(WorkflowRuns, "newest", lambda *_: next(runs))
    monkeypatch.setattr(WorkflowRuns, "ended", lambda *_: next(looks))
    monkeypatch.setattr(uploading, "upload", lambda *_: "a version that nobody sees")
    found = desk("apply", desk.file(), "--yes")
    assert found.exit_code == 1
    assert "without a result: OutcomeNotRecorded: the table did not answer" in found.stderr


RISKY = {
    "outcome": "planned",
    "partner": "acme",
    "grant": "main",
    "changes": [{"action": "CreateRole", "role": "r"}],
    "widens": True,
    "summary": [
        {"effect": "widens", "text": "adds DELETE on bucket data-bucket"},
        {"effect": "narrows", "text": "ends a day earlier"},
    ],
    "policy_difference": ["--- before", "+++ after", "@@ -1 +1 @@", "-  old [x]", "+  new"],
    "allows": [
        {"service": "s3", "resource": "bucket b", "may": ["list", "put"], "conditions": ["HTTPS"]}
    ],
}


def test_plan_shows_the_risk_first_then_the_difference_then_what_it_allows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_plan(RISKY, policies=True)
    text = capsys.readouterr().out
    assert "WIDENS" in text.splitlines()[0]
    parts = ["! adds DELETE", "- ends a day", "It will allow:", "list, put", "-  old [x]", "+  new"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_policies_of_a_new_grant_are_shown_when_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_plan(RISKY)
    text = capsys.readouterr().out
    assert "It will allow:" in text
    assert "old [x]" not in text
    assert "5 lines of policies, which plan --policies shows" in text


def test_plan_that_only_narrows_is_marked_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_plan({**RISKY, "widens": False, "changes": [{"action": "PutRolePolicy", "role": "r"}]})
    text = capsys.readouterr().out
    assert "none of which widens access" in text
    assert "It will allow" not in text
    assert "-  old [x]" in text
    assert "2 changes would be made" in text, "as many as are listed"


def test_outcome_that_changed_nothing_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    show_allows([])
    show_outcome(
        {"outcome": "failed", "reason": "RoleNotOwned: x", "config_key": "partners/a.json"}
    )
    assert capsys.readouterr().out == "partners/a.json: failed\n  RoleNotOwned: x\n"
