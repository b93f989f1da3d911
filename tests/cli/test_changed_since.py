"""`validate`, `plan` and `apply --changed-since`: what the commits of a pull request change."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk import Desk
from tests.kit.actions.repository import Repository, config
from tests.kit.stack.aws import CONFIG_BUCKET, KEY, aws

ACME = "partners/acme.json"
BETA = config(partner="beta", external_id="beta-7f3b2c91")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository in whose top folder commands are given."""
    made = Repository(tmp_path / "repository")
    monkeypatch.chdir(made.folder)
    return made


def _planned(desk: Desk, since: str, *words: str) -> dict[str, Any]:
    found = json.loads(desk("plan", "--changed-since", since, "--json", *words).stdout)
    return {f"{one['change']} {one['file']}": one for one in found}


def test_files_that_are_added_changed_and_removed_are_planned_and_no_others(
    desk: Desk, repository: Repository
) -> None:
    desk.stack.granted()
    base = repository.commit(
        "base", {ACME: config(), "partners/same.json": BETA, "partners/gone.json": b"{}"}
    )
    repository.commit(
        "change",
        {
            ACME: config(require_mfa=True),
            "partners/deep/new one.json": config(grant="two"),
            "partners/gone.json": None,
            "partners/notes.txt": b"no config",
            "elsewhere/x.json": config(grant="three"),
        },
    )
    found = _planned(desk, base)
    assert [*found] == [
        f"changed {ACME}",
        "added partners/deep/new one.json",
        "removed partners/gone.json",
    ]
    assert [one["result"]["outcome"] for one in found.values() if one["result"]] == ["planned"] * 2
    assert found["added partners/deep/new one.json"]["key"] == "partners/deep/new one.json"
    assert "named no grant" in found["removed partners/gone.json"]["note"]
    keys = [request.get("as_file") for request in desk.requests]
    assert keys == [KEY, "partners/deep/new one.json"]
    assert [*_planned(desk, base, "elsewhere")] == ["added elsewhere/x.json"]
    assert _planned(desk, base, "elsewhere")["added elsewhere/x.json"]["key"] == "partners/x.json"
    assert _planned(desk, "HEAD") == {}


def test_the_end_of_a_grant_is_planned_where_its_file_goes_or_names_another_one(
    desk: Desk, repository: Repository
) -> None:
    desk.stack.granted()
    base = repository.commit("base", {ACME: config()})
    repository.commit("removed", {ACME: None})
    removed = _planned(desk, base)[f"removed {ACME}"]
    assert removed["result"]["changes"] and removed["result"]["summary"][0]["effect"] == "ends"
    text = desk.ok("plan", "--changed-since", base)
    assert "ends: the role is deleted, and all access with it" in text
    assert desk("plan", "--changed-since", base, "--detailed-exitcode").exit_code == 2
    repository.commit("another", {ACME: config(grant="other")})
    both = json.loads(desk.ok("plan", "--changed-since", base, "--json"))
    assert [(one["change"], one["grant"]) for one in both] == [
        ("changed", "acme.other"),
        ("changed", "acme.main"),
    ]
    assert both[1]["result"]["summary"][0]["effect"] == "ends"
    assert desk.stack.grant()["status"] == "active"


def test_a_removed_file_that_had_no_grant_ends_none(desk: Desk, repository: Repository) -> None:
    desk.stack.granted()
    base = repository.commit("base", {"partners/other.json": config(), "partners/b.json": BETA})
    repository.commit("removed", {"partners/other.json": None, "partners/b.json": None})
    found = _planned(desk, base)
    assert "no live grant beta.main" in found["removed partners/b.json"]["note"]
    assert "Another file has the grant" in found["removed partners/other.json"]["note"]


def test_a_renamed_file_and_files_that_swap_are_planned_as_the_changes_they_are(
    desk: Desk, repository: Repository
) -> None:
    desk.stack.granted()
    base = repository.commit("base", {ACME: config()})
    repository.commit("renamed", {ACME: None, "partners/x.json": config(require_mfa=True)})
    found = _planned(desk, base)
    assert [*found] == ["added partners/x.json", f"removed {ACME}"]
    assert found[f"removed {ACME}"]["note"] == "Its grant goes over to partners/x.json."
    moved = found["added partners/x.json"]
    assert (moved["moved_from"], moved["result"]["outcome"]) == (KEY, "planned")
    assert "granted anew" in moved["note"]
    assert {change["action"] for change in moved["result"]["changes"]} == {
        "UpdateAssumeRolePolicy",
        "PutRolePolicy",
    }


def test_the_merge_base_counts_for_plans(desk: Desk, repository: Repository) -> None:
    base = repository.commit("base", {ACME: config()})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit("topic", {"partners/b.json": BETA})
    repository.git("checkout", "--quiet", "main")
    repository.commit("meanwhile", {ACME: None})
    repository.git("checkout", "--quiet", "topic")
    assert [*_planned(desk, "main")] == ["added partners/b.json"]
    assert base != repository.head


def test_commits_that_are_not_there_and_refs_that_look_like_options_are_told(
    desk: Desk, repository: Repository
) -> None:
    for ref in ("0" * 40, "--output=/tmp/x", "main\x1b[31m", ""):
        found = desk("plan", "--changed-since", ref)
        assert found.exit_code == 1 and "Traceback" not in found.stderr
        assert "\x1b" not in found.stderr
    assert "fetch-depth" in desk("plan", "--changed-since", "nowhere").stderr
    outside = desk("plan", "--changed-since", "HEAD", "../..")
    assert (outside.exit_code, "is not in the repository" in outside.stderr) == (1, True)


def test_a_link_is_the_text_of_its_target_and_never_what_it_leads_to(
    desk: Desk, repository: Repository, tmp_path: Path
) -> None:
    secret = tmp_path / "credentials.json"
    secret.write_text('{"partner": "very-secret"}', encoding="utf-8")
    base = repository.head
    (repository.folder / "partners").mkdir()
    (repository.folder / "partners/a.json").symlink_to(secret)
    repository.save("link")
    for command in ("plan", "validate"):
        found = desk(command, "--changed-since", base)
        assert (found.exit_code, "very-secret" in found.stdout + found.stderr) == (1, False)
        assert "partners/a.json:1:1: not JSON" in found.stdout


def test_apply_uploads_and_removes_what_the_commits_change(
    desk: Desk, repository: Repository
) -> None:
    desk.stack.granted()
    base = repository.commit("base", {ACME: config(), "partners/b.json": config(grant="zwei")})
    repository.commit("change", {ACME: None, "partners/b.json": config(grant="two")})
    assert desk("apply", "--changed-since", base).exit_code == 2
    out = desk.ok("apply", "--changed-since", base, "--yes")
    assert "acme.two: created" in out and "acme.main: revoked" in out
    assert desk.stack.grant()["status"] == "revoked"
    listed = aws("s3").list_objects_v2(Bucket=CONFIG_BUCKET, Prefix="partners/")
    assert [one["Key"] for one in listed["Contents"]] == ["partners/b.json"]
    again = desk("apply", "--changed-since", base, "--yes")
    assert (again.exit_code, "already uploaded" in again.stderr) == (0, True)


def test_apply_changes_nothing_if_one_file_would_be_rejected(
    desk: Desk, repository: Repository
) -> None:
    desk.stack.granted()
    base = repository.commit("base", {ACME: config()})
    repository.commit("change", {ACME: None, "partners/b.json": b"{"})
    found = desk("apply", "--changed-since", base, "--yes")
    assert (found.exit_code, "nothing was applied" in found.stderr) == (1, True)
    assert desk.stack.grant()["status"] == "active"


def test_apply_of_a_renamed_file_keeps_the_role(desk: Desk, repository: Repository) -> None:
    desk.stack.granted()
    role = desk.stack.role()
    base = repository.commit("base", {ACME: config()})
    repository.commit("renamed", {ACME: None, "partners/x.json": config()})
    desk.ok("apply", "--changed-since", base, "--yes")
    after = desk.stack.role()
    assert role and after and role["RoleId"] == after["RoleId"]
    assert desk.stack.grant()["config_key"] == "partners/x.json"


def test_names_that_act_are_shown_and_none_is_an_option(desk: Desk, repository: Repository) -> None:
    base = repository.head
    names = ["-rf.json", "a\nb.json", "$(touch x)`id`.json", "'\";&|.json", "::error::x.json"]
    repository.commit("names", {f"partners/{name}": b"{" for name in names})
    found = desk("validate", "--changed-since", base)
    assert found.exit_code == 1
    assert len(found.stdout.splitlines()) == len(names)
    plan = desk("plan", "--changed-since", base, "--output", "markdown").stdout
    assert all(name.replace("\n", " ") in plan for name in names if '"' not in name)
    assert not (repository.folder / "x").exists()
    weird = repository.folder / "partners" / os.fsdecode(b"\xff.json")
    weird.write_bytes(b"{}")
    repository.save("not UTF-8")
    refused = desk("plan", "--changed-since", base)
    assert (refused.exit_code, "not UTF-8" in refused.stderr) == (1, True)


def test_a_folder_without_a_repository_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    found = desk("validate", "--changed-since", "HEAD")
    assert (found.exit_code, "is in no git repository" in found.stderr) == (1, True)
