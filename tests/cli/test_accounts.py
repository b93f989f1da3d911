"""Grants in other accounts on the command line: they are told apart, and chosen by `--account`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from latchkey_cli.aws.target import Target
from latchkey_cli.teardown.leftovers import leftovers
from tests.cli.desk import Desk
from tests.cli.other_accounts import OTHER, SPOKE, allow, checked, client, move, profile
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import GUARDRAILS, aws


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Two grants, of which one is on record in another account."""
    desk.stack.granted()
    desk.stack.granted(partner="globex", external_id="globex-1234")
    move("globex.main")
    checked()
    allow(SPOKE)
    return desk


def _columns(text: str) -> list[str]:
    return re.split(r"  +", text.splitlines()[0].strip())


@pytest.mark.parametrize(
    ("accounts", "grants"),
    [
        ((), ["acme", "globex"]),
        ((SPOKE,), ["globex"]),
        ((ACCOUNT,), ["acme"]),
        ((SPOKE, ACCOUNT), ["acme", "globex"]),
        ((f"{SPOKE},{ACCOUNT}",), ["acme", "globex"]),
        ((OTHER,), []),
    ],
)
def test_grants_are_chosen_by_account(
    two: Desk, accounts: tuple[str, ...], grants: list[str]
) -> None:
    words = [word for account in accounts for word in ("--account", account)]
    found = two.json("grants", *words)
    assert sorted(one["partner"] for one in found) == grants
    assert {one["account"] for one in found} <= {SPOKE, ACCOUNT}


def test_the_account_is_a_column_where_one_is_in_another(two: Desk) -> None:
    table = two.ok("grants")
    assert _columns(table)[:2] == ["GRANT", "ACCOUNT"]
    assert re.search(rf"globex.main +{SPOKE}", table) and re.search(rf"acme.main +{ACCOUNT}", table)
    assert "ACCOUNT" not in two.ok("grants", "--account", ACCOUNT)
    assert f"globex.main,{SPOKE}," in two.ok("grants", "--output", "csv")
    assert two("grants", "--account", "12").exit_code == 2


def test_a_register_may_be_of_one_account_and_the_published_one_is_of_all(two: Desk) -> None:
    path = two.folder / "register.html"
    two.ok("register", "-o", str(path), "--account", SPOKE)
    page = path.read_text(encoding="utf-8")
    assert ('"id":"globex.main"' in page, '"id":"acme.main"' in page) == (True, False)
    assert two("register", "--publish", "--account", SPOKE).exit_code == 2
    two.ok("register", "-o", str(path))
    assert '"id":"acme.main"' in path.read_text(encoding="utf-8")


def test_teardown_names_grants_and_stacks_in_other_accounts(two: Desk) -> None:
    stack = Target("latchkey", None, None, None, debug=False).open()
    lines = [*leftovers(stack).lines()]
    assert f"grant globex.main in account {SPOKE} is live; `latchkey show globex.main`" in lines[1]
    assert lines[0].startswith("grant acme.main is live;")


def test_teardown_says_that_stacks_elsewhere_stay(desk: Desk) -> None:
    allow(SPOKE)
    said = desk.ok("teardown", "--reason", "x", "--confirm", "latchkey")
    assert f"stays: the stack in account {SPOKE}; delete it there, or in its stack set: " in said
    assert "aws cloudformation delete-stack --stack-name latchkey-spoke" in said


def test_one_grant_says_its_account_if_it_is_another(two: Desk) -> None:
    assert re.search(rf"account +{SPOKE}", two.ok("show", "globex"))
    assert not re.search(r"^ +account ", two.ok("show", "acme"), re.MULTILINE)
    assert [two.json("show", name)["account"] for name in ("acme", "globex")] == [ACCOUNT, SPOKE]


def test_who_had_access_is_asked_of_the_roles_account(two: Desk) -> None:
    """The history has the role as it was written: in the stack's own account."""
    words = ("who-had-access", "data-bucket")
    assert {row["account"] for row in two.json(*words)} == {ACCOUNT}
    assert "ACCOUNT" not in two.ok(*words)
    assert len(two.json(*words, "--in-account", ACCOUNT)) == len(two.json(*words))
    assert two.json(*words, "--in-account", SPOKE) == []
    nobody = two(*words, "--in-account", SPOKE)
    assert f"in account {SPOKE} at " in nobody.stdout + nobody.stderr


def _elsewhere(desk: Desk) -> str:
    return desk.file("globex.json", partner="globex", account=SPOKE, external_id="globex-1234")


def test_a_file_for_another_account_says_so_wherever_it_is_looked_at(two: Desk) -> None:
    path = _elsewhere(two)
    aws("ssm", SPOKE).put_parameter(Name=GUARDRAILS, Type="String", Value='{"version": 1}')
    assert f"{path}: in account {SPOKE}" in two("validate", path).stderr
    assert f"In account {SPOKE}." in two("plan", path).stdout
    assert f"In account {SPOKE}." in two("plan", path, "--output", "markdown").stdout
    assert f"{path} is for account {SPOKE}" in two("diff", path).stderr
    own = two.file()
    assert "account" not in two("validate", own).stderr + two("diff", own).stderr


NEW = (
    *("new", "acme.reports", "--purpose", "x", "--owner", "data", "--principal", "444455556666"),
    *("--external-id", "acme-7f3b2c91", "--access", "s3:theirs/in:read"),
)


def test_a_new_file_names_its_account_and_resources_there_are_not_looked_up(desk: Desk) -> None:
    found = desk(*NEW, "--account", SPOKE)
    assert f"resources in account {SPOKE} are not looked up now" in found.stderr
    assert "there is no bucket" in desk(*NEW).stderr or desk(*NEW).exit_code == 1
    assert desk(*NEW, "--account", "1").exit_code == 2


@pytest.mark.parametrize(("typed", "account"), [("\n", None), (f"12\n{SPOKE}\n", SPOKE)])
def test_the_account_is_asked_for_where_there_is_a_choice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, account: str | None
) -> None:
    from latchkey_cli.config_files.interview import Interview

    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("latchkey_cli.output.terminal.interactive", lambda: True)
    real = Interview.hold

    def hold(self: Interview) -> dict[str, Any]:
        asked.append(real(self))
        return asked[-1]

    monkeypatch.setattr(Interview, "hold", hold)
    words = [word if word != "s3:theirs/in:read" else "s3:data-bucket/in:read" for word in NEW]
    allow(SPOKE)
    end = "90d\n"
    found = desk(*words, typed=f"{typed}{end}")
    assert f"Account to grant in ({SPOKE}; Enter for the stack's own)" in found.stderr
    assert asked[0]["account"] == account
    allow()
    assert "Account to grant in" not in desk(*words, typed=end).stderr


def _role(iam: Any, name: str, principal: str) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": [trust]}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(policy))
    reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::theirs/*"}
    policy = {"Version": "2012-10-17", "Statement": [reads]}
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=json.dumps(policy))


@pytest.fixture
def there(two: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Another account with a role by hand, and one of spoke.yaml's that lets in its hub."""
    by = profile(tmp_path, monkeypatch)
    iam = client(by, "iam")
    _role(iam, "vendor-acme", "arn:aws:iam::444455556666:root")
    _role(iam, "latchkey-spoke-check", f"arn:aws:iam::{ACCOUNT}:root")
    _role(iam, "latchkey-spoke-plan", "arn:aws:iam::444455556666:root")
    return "--account", SPOKE, "--profile-of-spoke", by


def test_another_account_is_audited_with_a_profile_of_it(two: Desk, there: tuple[str, ...]) -> None:
    found = two.json("audit", *there)
    assert {role["arn"].split(":")[4] for role in found} == {SPOKE}
    assert [role["role"] for role in found] == ["latchkey-spoke-plan", "vendor-acme"]
    shown = two.ok("audit", *there)
    assert f"latchkey import vendor-acme {' '.join(there)} -o vendor-acme.json" in shown


def test_a_role_of_another_account_is_imported_with_its_account(
    two: Desk, there: tuple[str, ...]
) -> None:
    words = ("import", "vendor-acme", "--owner", "ops", "--expires-at", "2030-01-01T00:00:00Z")
    path = two.folder / "vendor.json"
    written = two(*words, *there, "-o", str(path)).stderr
    assert f"written to {path}; next: latchkey plan {path}\n" in written
    assert json.loads(path.read_text(encoding="utf-8"))["account"] == SPOKE
    assert f"there is no role vendor-acme in account {ACCOUNT}; --account" in two(*words).stderr


@pytest.mark.parametrize("words", [("audit",), ("import", "vendor-acme")])
def test_credentials_of_another_account_read_nothing(
    two: Desk, there: tuple[str, ...], words: tuple[str, ...]
) -> None:
    for given, status, text in (
        (("--account", OTHER, *there[2:]), 1, f"for account {SPOKE}, not {OTHER}"),
        (("--account", SPOKE), 1, f"these credentials are for account {ACCOUNT}, not {SPOKE}"),
        (there[2:], 2, "is for the account of --account"),
    ):
        found = two(*words, *given)
        assert (found.exit_code, text in found.stderr) == (status, True), found.stderr
