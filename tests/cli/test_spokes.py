"""`latchkey spokes`: what is listed, and how an account is enrolled, allowed and taken off."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from latchkey_cli.spokes.template import at_first, current_version, home_region, template
from tests.cli.desk import Desk
from tests.cli.other_accounts import OTHER, SPOKE, allow, checked, failed, move
from tests.kit.examples import ACCOUNT
from tests.kit.repository import ROOT
from tests.kit.stack.aws import GUARDRAILS, aws

THIRD = "999988887777"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags, whatever they say."""


_Loader.add_multi_constructor("!", lambda *_: None)


def _rules() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        aws("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    )
    return found


def test_the_template_that_is_shipped_is_the_one_that_is_made() -> None:
    assert template() == (ROOT / "spoke.yaml").read_text(encoding="utf-8")
    found = yaml.load(template(), _Loader)  # noqa: S506 (it is a safe loader)
    assert at_first() == found["Resources"]["Guardrails"]["Properties"]["Value"]
    assert str(current_version()) == found["Outputs"]["SpokeVersion"]["Value"]
    homes = found["Mappings"]["Partitions"]
    assert {name: home_region(name) for name in homes} == {
        name: one["HomeRegion"] for name, one in homes.items()
    }


def test_without_any_it_says_so(desk: Desk) -> None:
    found = desk("spokes")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "none: the guardrails' allowed_accounts names no other account" in found.stderr
    assert desk.json("spokes") == []


def test_accounts_are_listed_with_what_is_known_of_them(desk: Desk) -> None:
    allow(SPOKE, OTHER)
    desk.stack.granted()
    move()
    checked(SPOKE, datetime(2026, 5, 1, tzinfo=UTC), "0")
    checked(THIRD, datetime(2026, 5, 1, tzinfo=UTC))
    rows = [re.split(r"  +", line.strip()) for line in desk.ok("spokes", "--wide").splitlines()]
    assert rows == [
        ["ACCOUNT", "STATUS", "GRANTS", "SINCE", "CHECKED", "VERSION"],
        [SPOKE, "ok", "1", *["2026-05-01T00:00:00Z"] * 2, "0 (newest 1)"],
        [OTHER, "never checked", "0"],
        [THIRD, "not allowed", "0", *["2026-05-01T00:00:00Z"] * 2, "1"],
    ]
    first, second, _ = desk.json("spokes")
    assert (first["since"], second["since"]) == ("2026-05-01T00:00:00Z", None)
    assert (first["grants"], first["outdated"], first["allowed"]) == (["acme.main"], True, True)
    assert (second["status"], second["checked_at"], second["grants"]) == ("never checked", None, [])
    assert desk.ok("spokes", "--output", "csv").splitlines()[1].startswith(f"{SPOKE},ok,1,")


def test_an_account_that_could_not_be_checked_fails_the_command_until_it_can(desk: Desk) -> None:
    allow(SPOKE)
    checked(SPOKE, datetime(2026, 5, 1, tzinfo=UTC))
    failed(SPOKE, "no session of latchkey-spoke-check: AccessDenied")
    found = desk("spokes", "--wide")
    assert found.exit_code == 1
    assert re.search(rf"{SPOKE} +failed .*AccessDenied", found.stdout)
    assert (desk("spokes", "--json").exit_code) == 1
    checked(SPOKE)
    assert desk("spokes").exit_code == 0


def test_an_account_taken_off_the_list_fails_nothing_unless_it_has_grants(desk: Desk) -> None:
    allow()
    failed(SPOKE, "AccessDenied")
    assert (desk("spokes").exit_code, desk.json("spokes")[0]["status"]) == (0, "not allowed")
    desk.stack.granted()
    move()
    assert desk("spokes").exit_code == 1


def test_print_gives_commands_and_runs_none(desk: Desk) -> None:
    found = desk.ok("spokes", "enrol", SPOKE, "--print")
    assert "aws cloudformation deploy --region us-east-1 --stack-name latchkey-spoke" in found
    assert f"HubAccount={ACCOUNT} HubRegion=us-east-1 HubStackName=latchkey" in found
    assert f"Accounts={SPOKE},AccountFilterType=INTERSECTION" in found
    assert found.splitlines()[-1].startswith(f"latchkey spokes allow {SPOKE}")


def test_the_template_is_printed_or_written(desk: Desk) -> None:
    path = desk.folder / "spoke.yaml"
    desk.ok("spokes", "template", "-o", str(path))
    assert path.read_text(encoding="utf-8") == template() == desk.ok("spokes", "template")


def test_an_account_is_put_on_the_list_and_taken_off_and_nothing_else_changes(desk: Desk) -> None:
    allow(OTHER, max_grant_days=30)
    asked = desk("spokes", "allow", SPOKE)
    assert (asked.exit_code, "give --yes" in asked.stderr) == (2, True)
    assert f'+    "{SPOKE}"' in asked.stdout
    dry = desk("spokes", "allow", SPOKE, "--dry-run")
    assert (dry.stdout, dry.stderr) == (asked.stdout, "dry run: nothing was written\n")
    assert _rules()["allowed_accounts"] == [OTHER]
    assert f"written: {GUARDRAILS}, version " in desk.ok("spokes", "allow", SPOKE, "--yes")
    assert _rules() == {"version": 1, "allowed_accounts": [OTHER, SPOKE], "max_grant_days": 30}
    assert f"{SPOKE} is already on allowed_accounts" in desk.ok("spokes", "allow", SPOKE)
    desk.ok("spokes", "allow", OTHER, "--remove", "--yes")
    assert _rules()["allowed_accounts"] == [SPOKE]
    assert desk("spokes", "allow", ACCOUNT, "--yes").exit_code == 2


def test_an_account_with_live_grants_stays_on_the_list(desk: Desk) -> None:
    allow(SPOKE)
    desk.stack.granted()
    move()
    found = desk("spokes", "allow", SPOKE, "--remove", "--yes")
    assert (found.exit_code, "has live grants: acme.main" in found.stderr) == (1, True)
    assert _rules()["allowed_accounts"] == [SPOKE]


def test_nobody_elses_version_of_the_guardrails_is_written_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latchkey_cli.spokes import allowed

    allow(OTHER)
    real = allowed.Change.write

    def meanwhile(change: allowed.Change) -> int:
        allow(OTHER, max_grant_days=5)
        return real(change)

    monkeypatch.setattr(allowed.Change, "write", meanwhile)
    found = desk("spokes", "allow", SPOKE, "--yes")
    assert (found.exit_code, "was changed meanwhile" in found.stderr) == (1, True)
    assert _rules()["max_grant_days"] == 5


def test_two_who_write_at_the_same_moment_are_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.healthy import answers

    allow(OTHER)
    answers(monkeypatch, "ssm", "put_parameter", {"Version": 40})
    found = desk("spokes", "allow", SPOKE, "--yes")
    assert found.exit_code == 1
    assert "version 40 is this one, and has nothing of version 39" in found.stderr


def test_invalid_guardrails_are_not_touched(desk: Desk) -> None:
    allow(SPOKE, max_grant_days="many")
    found = desk("spokes", "allow", OTHER, "--yes")
    assert (found.exit_code, "not valid" in found.stderr) == (1, True)
