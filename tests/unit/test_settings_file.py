"""The settings file: what it says of stacks, what wins over it, and what is said of a bad one."""

from pathlib import Path

import click
import pytest

from latchkey_cli.aws import settings_file
from latchkey_cli.aws.settings_file import VARIABLE, SettingsFile, StackSettings, read_settings
from latchkey_cli.aws.stack import Stack
from latchkey_cli.aws.target import Target

GOOD = """
default = "prod"

[stacks.prod]
stack_name = "latchkey-prod"
profile = "security"
region = "eu-central-1"
account = "111122223333"

[stacks.sandbox]
endpoint_url = "http://127.0.0.1:4599"
"""


def _read(folder: Path, text: str | bytes) -> SettingsFile:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings({VARIABLE: str(path)})


def test_file_says_each_setting_of_each_stack(tmp_path: Path) -> None:
    found = _read(tmp_path, GOOD)
    assert found.default == "prod"
    assert found.stacks["prod"] == StackSettings(
        "prod", "latchkey-prod", "eu-central-1", "security", None, "111122223333"
    )
    assert found.stacks["sandbox"].stack_name == "sandbox", "its own name, if it has no other"


def test_file_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = settings_file.settings_path
    assert path({}) == tmp_path / ".config/latchkey/config.toml"
    assert path({"XDG_CONFIG_HOME": "relative"}) == tmp_path / ".config/latchkey/config.toml"
    assert path({"XDG_CONFIG_HOME": "/x"}) == Path("/x/latchkey/config.toml")
    assert path({"XDG_CONFIG_HOME": "/x", VARIABLE: "~/a.toml"}) == tmp_path / "a.toml"


def test_no_file_is_no_stacks_but_one_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    assert read_settings({"XDG_CONFIG_HOME": str(tmp_path)}).stacks == {}
    with pytest.raises(click.ClickException, match=f"there is no file .*gone.*{VARIABLE} names"):
        read_settings({VARIABLE: str(tmp_path / "gone.toml")})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[stacks.prod]\nregion = eu-west-1",
            "is not TOML: Invalid value (at line 2, column 10); ",
        ),
        ("[stacks.prod]\nregion = eu-west-1", 'write settings as name = "value", with the quotes'),
        ("[stacks.prod\n", "line 1"),
        (b"default = '\xff'", "is not TOML"),
        ("regoin = 'x'", "the top of the file has no setting 'regoin'; write default, stacks"),
        ("[stack.prod]", "has no setting 'stack'; did you mean 'stacks'?"),
        (
            "[stacks.prod]\nregoin='x'",
            "[stacks.prod] has no setting 'regoin'; did you mean 'region'?",
        ),
        ("[stacks.prod]\nzzz='x'", "write stack_name, region, profile, endpoint_url, account"),
        ("[stacks.prod]\nregion='Frankfurt'", "region = 'Frankfurt': write a region, such as"),
        ("[stacks.prod]\nregion=1", "[stacks.prod] region = 1: write a region"),
        (
            "[stacks.prod]\naccount=111122223333",
            "account = 111122223333: write its 12 digits in quotes",
        ),
        ("[stacks.prod]\naccount='1111-2222-3333'", "write its 12 digits"),
        ("[stacks.prod]\nprofile=' '", "write the name of a profile"),
        (
            "[stacks.prod]\nendpoint_url='127.0.0.1:4599'",
            'write a URL, such as "http://127.0.0.1:4599"',
        ),
        ("[stacks.prod]\nendpoint_url='http://[::1'", "write a URL"),
        ("[stacks.prod]\nstack_name='a_b'", "write its name in CloudFormation"),
        ('[stacks."my prod"]', "is no name; write letters, digits and hyphens"),
        ("stacks = 'prod'", "'stacks' has to hold a table for each stack"),
        ("[stacks]\nprod = 'eu-west-1'", "'stacks' has to hold a table for each stack"),
        (
            "default='prd'\n[stacks.prod]",
            "default = 'prd' is no stack of the file; write the name of one (prod)",
        ),
        ("default='prod'", "(none yet)"),
        ("default=['prod']", "is no stack of the file"),
    ],
)
def test_bad_file_says_where_and_what_to_write(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    with pytest.raises(click.ClickException) as raised:
        _read(tmp_path, text)
    assert raised.value.message.startswith(str(tmp_path / "config.toml"))
    assert says in raised.value.message


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException) as raised:
        _read(tmp_path, "[stacks.a]\nregion='x'\n[stacks.b]\naccount='1'")
    assert "[stacks.a] region" in raised.value.message
    assert "[stacks.b] account" in raised.value.message


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Opened":
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "config.toml"
    path.write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(path))
    monkeypatch.setattr("latchkey_cli.aws.stack.boto3.Session", lambda **given: given)
    return Opened(monkeypatch)


class Opened:
    """Opens targets, and sees what the session is made of."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def __call__(
        self,
        stack: str | None = None,
        region: str | None = None,
        profile: str | None = None,
        endpoint_url: str | None = None,
        **variables: str,
    ) -> tuple[str, str | None, str | None, str | None]:
        for name, text in variables.items():
            self._patch.setenv(name, text)
        found: Stack = Target(stack, region, profile, endpoint_url, debug=False).open()
        session: dict[str, str | None] = found._session  # type: ignore[assignment]
        return found.name, session["region_name"], session["profile_name"], found.endpoint


def test_default_of_the_file_is_used_unless_another_is_chosen(opened: Opened) -> None:
    assert opened() == ("latchkey-prod", "eu-central-1", "security", None)
    assert opened("sandbox") == ("sandbox", None, None, "http://127.0.0.1:4599")
    assert opened("other") == ("other", None, None, None), "as CloudFormation names it"


def test_options_win_over_the_environment_and_that_over_the_file(opened: Opened) -> None:
    assert opened("prod", region="eu-west-1")[1] == "eu-west-1"
    assert opened("prod", profile="mine")[2] == "mine"
    assert opened("prod", endpoint_url="http://x")[3] == "http://x"
    assert opened("prod", AWS_DEFAULT_REGION="us-east-1")[1] is None, "boto3 reads it"
    assert opened("prod", AWS_REGION="us-east-2")[1] == "us-east-2"
    assert opened("prod", region="eu-west-1")[1] == "eu-west-1"
    assert opened("prod", AWS_PROFILE="theirs")[2] is None, "boto3 reads it"
    assert opened("sandbox", AWS_ENDPOINT_URL="http://y")[3] == "http://y"


def test_credentials_in_the_environment_are_not_replaced_by_a_profile(opened: Opened) -> None:
    assert opened("prod", AWS_ACCESS_KEY_ID="testing")[2] is None
