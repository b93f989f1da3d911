"""Files that were not granted: what the command line says of them."""

import json
from datetime import timedelta

import pytest

from latchkey.times import instant
from tests.cli.desk import Desk
from tests.cli.other_accounts import OTHER, SPOKE, allow, checked, failed
from tests.kit.examples import NOW
from tests.kit.registers import data_in
from tests.kit.stack.aws import GUARDRAILS, KEY, aws

MISSPELT = [{"service": "s3", "bucket": "data-bukket", "allow": "read"}]


def _dropped(desk: Desk, body: bytes | None, key: str, **changes: object) -> None:
    """A file that somebody put into the bucket, without the command line."""
    desk.stack.upload(body, key, **changes)
    desk.stack.run({"bucket": "config-bucket", "key": key})


def test_who_drops_a_bad_file_learns_what_is_wrong(desk: Desk) -> None:
    _dropped(desk, None, KEY, access=MISSPELT)
    for name in (KEY, f"s3://config-bucket/{KEY}", "acme.main", "acme"):
        found = desk("result", name)
        assert found.exit_code == 1
        assert found.stdout.startswith("acme.main: rejected\n")
        assert "! /access/0/bucket: there is no bucket 'data-bukket'" in found.stdout
        assert f"file     {KEY}" in found.stdout
    assert json.loads(desk("result", KEY, "--json").stdout)["outcome"] == "rejected"


def test_show_of_a_rejected_grant_says_why_and_no_dates_that_it_has_not(desk: Desk) -> None:
    _dropped(desk, None, KEY, access=MISSPELT)
    text = desk.ok("show", "acme")
    assert text.startswith("acme.main: rejected")
    assert "None" not in text
    assert "It allows nothing: it was never granted." in text
    assert "/access/0/bucket: there is no bucket" in text


def test_show_of_a_live_grant_says_what_is_wrong_with_its_newest_file(desk: Desk) -> None:
    desk.stack.granted()
    assert "newest version" not in desk.ok("show", "acme")
    _dropped(desk, None, KEY, access=MISSPELT)
    text = desk.ok("show", "acme")
    assert text.startswith("acme.main: active")
    assert "The newest version of its file was not granted:" in text
    assert "/access/0/bucket: there is no bucket" in text


def test_problems_are_listed_also_of_files_that_name_no_grant(desk: Desk) -> None:
    assert desk.ok("problems") == ""
    _dropped(desk, b"{", "partners/broken.json")
    _dropped(desk, None, KEY, access=MISSPELT)
    found = desk("problems")
    assert found.exit_code == 1
    assert "partners/broken.json: rejected, 20" in found.stdout
    assert f"{KEY} (acme.main): rejected, 20" in found.stdout
    assert "  /access/0/bucket: there is no bucket" in found.stdout
    assert found.stderr.endswith("2 need a look\n")
    listed = json.loads(desk("problems", "--json").stdout)
    assert {one["grant"] for one in listed} == {None, "acme.main"}


def test_problem_is_over_when_the_file_is_granted_or_removed(desk: Desk) -> None:
    _dropped(desk, b"{", "partners/broken.json")
    _dropped(desk, None, KEY, access=MISSPELT)
    _dropped(desk, None, KEY)
    assert "acme" not in desk("problems").stdout
    desk.stack.remove("partners/broken.json")
    desk.stack.run({"bucket": "config-bucket", "key": "partners/broken.json"})
    assert desk("problems").exit_code == 0


def test_findings_of_live_grants_are_among_the_problems(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latchkey.config.problem import Problem
    from latchkey.grants.record import GrantRecord

    desk.stack.granted()
    real = GrantRecord.from_document
    finding = Problem("/principals/0", "no longer exists")

    def found(item: dict[str, object]) -> object:
        return real({**item, "findings": [finding.document()]})

    monkeypatch.setattr(GrantRecord, "from_document", found)
    said = desk("problems")
    assert (said.exit_code, "findings" in said.stdout) == (1, True)
    assert "  /principals/0: no longer exists" in said.stdout


def test_accounts_that_cannot_be_checked_are_among_the_problems(desk: Desk) -> None:
    allow(SPOKE, OTHER)
    checked(SPOKE, NOW)
    checked(OTHER, NOW)
    assert desk("problems").exit_code == 0
    failed(SPOKE, "SpokeNotEnrolled: no role", NOW + timedelta(hours=1))
    said = desk("problems")
    assert (said.exit_code, said.stdout.splitlines()) == (
        1,
        [
            f"account {SPOKE}: not checked, {instant(NOW + timedelta(hours=1))}",
            f"  SpokeNotEnrolled: no role; the last time it could: {instant(NOW)}",
            "  what to do: `latchkey spokes`; docs/runbook.md#accounts-that-cannot-be-checked",
        ],
    )
    (listed,) = json.loads(desk("problems", "--json").stdout)
    assert (listed["account"], listed["outcome"], listed["key"]) == (SPOKE, "not checked", None)
    assert "latchkey spokes" in listed["remedy"]
    allow(OTHER)
    assert desk("problems").exit_code == 0, "nobody looks there any more"


def test_accounts_are_told_of_though_the_guardrails_may_not_be_read(desk: Desk) -> None:
    failed(SPOKE, "SpokeNotEnrolled: no role")
    aws("ssm").put_parameter(Name=GUARDRAILS, Value="{", Type="String", Overwrite=True)
    assert f"account {SPOKE}: not checked, " in desk("problems").stdout


def test_grants_are_listed_by_every_status(desk: Desk) -> None:
    assert desk.json("grants", "--status", "rejected") == []
    _dropped(desk, None, KEY, access=MISSPELT)
    (found,) = desk.json("grants", "--status", "rejected")
    assert (found["status"], found["partner"]) == ("rejected", "acme")
    assert desk("grants", "--status", "activ").exit_code == 2
    assert desk("grants", "--status", "revoked").exit_code == 2
    _dropped(desk, None, KEY)
    assert desk.json("grants", "--status", "rejected") == []
    desk.ok("revoke", "acme", "--reason", "over")
    (found,) = desk.json("grants", "--status", "revoked", "--partner", "acme")
    assert found["status"] == "revoked"


def test_partner_stands_for_its_only_grant_live_or_not(desk: Desk) -> None:
    _dropped(desk, None, "partners/acme/reports.json", grant="reports", access=MISSPELT)
    assert desk.ok("show", "acme").startswith("acme.reports: rejected")
    _dropped(desk, None, "partners/acme/reports.json", grant="reports")
    desk.ok("revoke", "acme", "--reason", "over")
    assert desk.ok("show", "acme").startswith("acme.reports: revoked")


def test_a_partner_that_is_not_there_comes_with_the_grants_of_a_near_one(desk: Desk) -> None:
    _dropped(desk, None, "partners/acme/weekly.json", grant="weekly-exports")
    found = desk("show", "acmee")
    assert (found.exit_code, "did you mean acme.weekly-exports?" in found.stderr) == (1, True)
    assert "did you mean acme.weekly-exports?" in desk("show", "acme.none").stderr


def test_names_that_are_not_there_come_with_near_ones(desk: Desk) -> None:
    desk.stack.granted()
    assert "did you mean acme.main?" in desk("show", "acne.main").stderr
    assert "there is no result of acne.main" in desk("result", "acne.main").stderr
    found = desk("problem")
    assert (found.exit_code, "did you mean problems?" in found.stderr) == (2, True)
    assert "--help lists them" in desk("frobnicate").stderr


def test_upload_made_elsewhere_is_followed(desk: Desk) -> None:
    _dropped(desk, None, KEY)
    assert "acme.main: created" in desk.ok("apply", "--watch", KEY)
    _dropped(desk, None, KEY, access=MISSPELT)
    found = desk("apply", "--watch", f"s3://config-bucket/{KEY}")
    assert (found.exit_code, "there is no bucket" in found.stdout) == (1, True)
    assert desk("apply", "--watch", "partners/nothing.json").exit_code == 1
    assert desk("apply").exit_code == 2
    assert desk("apply", desk.file(), "--watch", KEY).exit_code == 2


def test_region_of_the_newer_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    from latchkey_cli.aws.stack import Stack

    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    of = {"profile": None, "endpoint_url": None}
    assert Stack("latchkey", region=None, **of).region == "eu-central-1"
    assert Stack("latchkey", region="eu-west-1", **of).region == "eu-west-1"
    monkeypatch.delenv("AWS_REGION")
    assert Stack("latchkey", region=None, **of).region == "us-east-1"


def test_register_counts_files_that_were_not_granted(desk: Desk) -> None:
    desk.stack.granted()
    _dropped(desk, b"{", "partners/broken.json")
    page = desk.folder / "register.html"
    desk.ok("register", "-o", str(page))
    (file,) = data_in(page.read_text(encoding="utf-8"))["files"]
    assert (file["file"], file["grant"]) == ("partners/broken.json", "")
