"""`latchkey validate` as editors and CI systems use it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from latchkey_cli.main import cli
from tests.kit.examples import config_bytes, config_document, s3_entry, secret_entry

_BAD = b'{\n  "version": 1,\n  "partnr": "acme",\n  "access": []\n}\n'


def validate(*words: str, typed: bytes | None = None) -> Result:
    """Run the command."""
    return CliRunner(mix_stderr=False).invoke(cli, ["validate", *words], input=typed)


def _write(folder: Path, name: str, body: bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return str(path)


def test_fine_file_is_fine(tmp_path: Path) -> None:
    found = validate(_write(tmp_path, "a.json", config_bytes()))
    assert (found.exit_code, found.stdout, found.stderr) == (0, "", "1 file checked, no problems\n")


def test_problems_are_reported_as_editors_know_them_in_the_order_of_the_text(
    tmp_path: Path,
) -> None:
    path = _write(tmp_path, "a.json", _BAD)
    found = validate(path)
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert f"{path}:3:3: /partnr: unknown field; did you mean 'partner'?" in lines
    assert any(line.startswith(f"{path}:4:13: /access: too few") for line in lines)
    assert any(line.startswith(f"{path}:1:1: /partner: missing") for line in lines)
    places = [tuple(map(int, line.removeprefix(path).split(":")[1:3])) for line in lines]
    assert places == sorted(places)


def test_folders_are_searched_and_files_are_named(tmp_path: Path) -> None:
    _write(tmp_path, "fine.json", config_bytes())
    bad = _write(tmp_path, "deep/er/bad.json", b"{")
    _write(tmp_path, "notes.txt", b"no config")
    found = validate(str(tmp_path))
    assert found.exit_code == 1
    assert found.stdout.startswith(f"{bad}:1:2: not JSON")
    assert found.stderr == "1 problem in 1 of 2 files\n"


def test_standard_input_is_read() -> None:
    found = validate("-", typed=b"\xef\xbb\xbf{}")
    assert found.exit_code == 1
    assert found.stdout.startswith("<stdin>:1:1: the file starts with a byte order mark")


def test_json_is_for_programs(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.json", config_bytes(version=2))
    found = validate(path, "--format", "json")
    (file,) = json.loads(found.stdout)
    (problem,) = file["problems"]
    assert file["file"] == path
    assert (problem["path"], problem["line"], problem["column"]) == ("/version", 1, 13)


def test_github_gets_annotations_with_nothing_that_breaks_them(tmp_path: Path) -> None:
    path = _write(tmp_path, "a,b.json", config_bytes(**{"100%": 1}))
    found = validate(path, "--format", "github")
    escaped = path.replace(",", "%2C")
    line = next(line for line in found.stdout.splitlines() if "100%25" in line)
    assert line.startswith(f"::error file={escaped},line=1,col=")


def test_control_characters_of_a_file_reach_no_terminal(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.json", config_bytes(**{"\x1b[31m\n": 1}))
    found = validate(path)
    assert "\x1b" not in found.stdout
    assert len(found.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nowhere.json"],
        ["-", "--format", "xml"],
        ["-", "--account", "123456789012"],
        ["-", "--guardrails", "nowhere.json"],
    ],
)
def test_command_line_that_makes_no_sense_exits_with_2(words: list[str]) -> None:
    assert validate(*words, typed=config_bytes()).exit_code == 2


def test_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    assert validate(str(tmp_path)).exit_code == 2


def test_what_only_a_stack_knows_is_checked_when_it_is_stated(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.json", config_bytes("external_id"))
    assert "/external_id: missing" in validate(path).stdout
    assert validate(path, "--first-party", "444455556666").exit_code == 0
    stated = ["--account", "444455556666", "--in-region", "eu-west-1"]
    assert "/principals/0: 444455556666 is this account" in validate(path, *stated).stdout


def test_stack_must_be_where_the_first_arn_is(tmp_path: Path) -> None:
    arns = [
        f"arn:aws-cn:sqs:cn-north-1:{account}:orders"
        for account in ("111122223333", "123456789012")
    ]
    entries = [{"service": "sqs", "queue": arn, "allow": "send"} for arn in arns]
    principals = ["arn:aws:iam::444455556666:root", "111122223333"]
    path = _write(tmp_path, "a.json", config_bytes(access=entries, principals=principals))
    lines = validate(path).stdout.splitlines()
    pointers = [line.split(": ")[1] for line in lines]
    assert pointers == ["/principals/0", "/principals/1", "/access/1/queue"]


def test_guardrails_are_held_to_as_far_as_is_known_offline(tmp_path: Path) -> None:
    rules = {
        "version": 1,
        "denied_resources": ["arn:aws:s3:::finance-*"],
        "required_tags": ["team"],
        "max_grant_days": 1,
    }
    guardrails = _write(tmp_path, "rules.txt", json.dumps(rules).encode())
    access = [s3_entry(bucket="finance-2026"), secret_entry()]
    path = _write(tmp_path, "a.json", config_bytes(access=access))
    assert validate(path).exit_code == 0
    found = validate(path, "--guardrails", guardrails)
    assert found.exit_code == 1
    told = [line.split(": ", 2)[1:] for line in found.stdout.splitlines()]
    assert [(path, text.split(":")[0]) for path, text in told] == [
        ("/tags", "guardrail required_tags"),
        ("/expires_at", "guardrail max_grant_days"),
        ("/access/0", "guardrail denied_resources"),
    ]


def test_account_that_guardrails_do_not_list_is_a_problem_where_the_own_is_known(
    tmp_path: Path,
) -> None:
    listed = {"version": 1, "allowed_accounts": ["222233334444"]}
    rules = ["--guardrails", _write(tmp_path, "rules.txt", json.dumps(listed).encode())]
    own = ["--account", "123456789012", "--in-region", "us-east-1"]
    for account, given, wrong in (
        ("222233334444", [*rules, *own], False),
        ("123456789012", [*rules, *own], False),
        ("555566667777", [*rules, *own], True),
        ("555566667777", rules, False),
        ("555566667777", own, False),
    ):
        found = validate(_write(tmp_path, "a.json", config_bytes(account=account)), *given)
        assert (found.exit_code, "guardrail allowed_accounts" in found.stdout) == (wrong, wrong)


def test_invalid_guardrails_are_no_problem_of_the_config(tmp_path: Path) -> None:
    guardrails = _write(tmp_path, "rules.txt", b'{"version": 7}')
    path = _write(tmp_path, "a.json", config_bytes())
    found = validate(path, "--guardrails", guardrails)
    assert found.exit_code == 2
    assert "not a guardrails document" in found.stderr


def test_no_more_is_read_than_the_functions_read(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.json", json.dumps(config_document()).encode() + b" " * 3_000_000)
    found = validate(path)
    assert found.stdout.startswith(f"{path}:1:65537: the file has 65537 bytes")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["validate", "--help"]])
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    assert _loaded(words) == []


def test_validation_needs_no_aws_and_no_tables(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.json", config_bytes())
    assert _loaded(["validate", path]) == ["pydantic"]


def _loaded(words: list[str]) -> list[str]:
    """Which heavy modules a command line loads."""
    code = (
        "import sys\nfrom latchkey_cli.main import cli\n"
        f"try:\n    cli({words!r})\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = ('boto3', 'botocore.session', 'rich', 'pydantic')\n"
        "print('loaded', *[name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1].split()[1:]


def test_scope_of_a_file_follows_from_its_path_or_the_key(tmp_path: Path) -> None:
    scopes = [
        {"name": "team-a", "prefixes": ["partners/team-a/"], "partners": ["acme"]},
        {"name": "team-b", "prefixes": ["partners/team-b/"], "partners": ["globex"]},
    ]
    rules = json.dumps({"version": 1, "scopes": scopes}).encode()
    guardrails = _write(tmp_path, "rules.txt", rules)
    (tmp_path / "partners/team-a").mkdir(parents=True)
    (tmp_path / "partners/team-b").mkdir(parents=True)
    body = config_bytes()
    good = _write(tmp_path, "partners/team-a/x.json", body)
    bad = _write(tmp_path, "partners/team-b/x.json", body)
    plain = _write(tmp_path, "x.json", body)
    assert validate(good, "--guardrails", guardrails).exit_code == 0
    assert validate(plain, "--guardrails", guardrails).exit_code == 0  # one scope allows it
    for words in ([bad], [plain, "--key", "partners/team-b/x.json"]):
        found = validate(*words, "--guardrails", guardrails)
        assert found.exit_code == 1
        assert "the partner acme is none of globex (scope team-b)" in found.stdout
        assert "allowed in the scope team-a (partners/team-a/)" in found.stdout
    several = validate(good, bad, "--key", "partners/x.json", "--guardrails", guardrails)
    assert several.exit_code == 2
