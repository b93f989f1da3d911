"""What all commands have in common: where options go, and how errors look."""

import gc

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from latchkey.errors import GuardrailsUnreadable
from latchkey_cli import main
from latchkey_cli.aws.target import Target
from latchkey_cli.errors import error_message
from latchkey_cli.main import COMMANDS, cli
from latchkey_cli.output.tables import Table, print_table
from tests.cli.desk import Desk, make_stack


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_one_line_and_at_length(command: str, desk: Desk) -> None:
    lines = desk.ok("--help").splitlines()
    short = next(line for line in lines if line.split()[:1] == [command])
    assert not short.endswith("...")
    assert "Usage: cli" in desk.ok(command, "--help")


def test_unknown_command_is_a_usage_error(desk: Desk) -> None:
    assert desk("revoke-all").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--stack", "other", "grants"],
        ["grants", "--stack", "other"],
        ["grants", "--stack=other", "--partner", "acme"],
    ],
)
def test_options_of_all_commands_stand_anywhere(desk: Desk, words: list[str]) -> None:
    assert "there is no stack 'other' in us-east-1" in desk(*words).stderr
    make_stack("other")
    assert desk(*words).exit_code == 0


def test_words_behind_two_dashes_are_no_options(desk: Desk) -> None:
    assert "'--stack'" in desk("show", "--", "--stack").stderr


def test_aws_errors_are_one_line_and_all_of_it_when_asked(desk: Desk) -> None:
    found = desk("show", "acme", "--stack", "nowhere")
    assert found.exit_code == 1
    assert found.stderr.startswith("Error: there is no stack")
    assert found.stderr.count("\n") == 1


def test_bugs_are_one_line_and_raised_with_debug(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Target) -> None:
        raise KeyError("x\ny")

    monkeypatch.setattr(Target, "open", broken)
    found = desk("grants")
    assert (found.exit_code, found.stderr.count("\n")) == (1, 1)
    assert "unexpected KeyError" in found.stderr
    assert isinstance(desk("grants", "--debug").exception, KeyError)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (GuardrailsUnreadable("not\n valid"), "guardrails unreadable: not valid"),
        (NoCredentialsError(), "no AWS credentials"),
        (EndpointConnectionError(endpoint_url="http://x"), "no answer from AWS"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "no\nway"}}, "GetRole"),
            "AWS refused GetRole: AccessDenied: no way",
        ),
        (FileNotFoundError(2, "No such file", "a.json"), "a.json: No such file"),
    ],
)
def test_complaints_are_for_people(error: Exception, expected: str) -> None:
    assert error_message(error).startswith(expected)


def test_an_endpoint_on_this_machine_needs_no_settings(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    target = Target("latchkey", None, None, "http://127.0.0.1:4599", debug=False)
    client = target.open().client("s3")
    assert client.meta.region_name == "us-east-1"
    assert client.meta.endpoint_url == "http://127.0.0.1:4599"


def test_group_is_what_the_entry_point_runs() -> None:
    assert cli.name == "cli"
    assert callable(cli)


def test_start_looks_for_no_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, seen = gc.get_threshold(), list[int]()
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "")  # so that it is put back
    monkeypatch.setattr(main, "cli", lambda **_: seen.append(gc.get_threshold()[0]))
    main.main()
    gc.set_threshold(*usual)
    assert seen == [1_000_000]


def test_tables_cut_nothing_however_narrow_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("latchkey_cli.output.terminal._PIPE_WIDTH", 40)
    long = "northwind-reports/a/very/long/name"
    rows = [["acme.reports", "", long]] * 2
    print_table(Table(["GRANT", "NONE", "ACCESS"], rows, whole=("GRANT",)))
    text = capsys.readouterr().out
    assert text.split()[:3] == ["GRANT", "ACCESS", "acme.reports"]
    assert "…" not in text
    assert "".join(text.split()).count("acme.reports") == 2
