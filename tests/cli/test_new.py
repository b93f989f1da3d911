"""`latchkey new`: a valid file from flags, from answers, or as a template."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from latchkey.config.reader import read_config
from latchkey.services.registry import CUSTOM, NAMES, spec
from latchkey_cli.config_files.draft import entry_of, levels_of, named
from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT, STACK_CONTEXT

FLAGS = (
    *("new", "acme.reports", "--purpose", "Nightly export", "--owner", "data-platform"),
    *("--principal", "444455556666", "--access", "s3:data-bucket/in:read-write"),
    *("--external-id", "acme-7f3b2c91"),
)


def _at_a_terminal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("latchkey_cli.output.terminal.interactive", lambda: True)


def test_flags_alone_make_a_file_that_can_be_planned(desk: Desk) -> None:
    path = desk.folder / "new.json"
    said = desk(*FLAGS, "--for", "30d", "-o", str(path))
    assert said.exit_code == 0, said.stderr
    assert f"next: latchkey plan {path}" in said.stderr
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["access"] == [
        {"service": "s3", "bucket": "data-bucket", "prefix": "in", "allow": "read-write"}
    ]
    left = datetime.fromisoformat(document["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "changes would be made" in desk.ok("plan", str(path))
    again = desk(*FLAGS, "-o", str(path))
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)


def test_without_a_file_it_is_printed_with_an_end_in_ninety_days(desk: Desk) -> None:
    document = json.loads(desk.ok(*FLAGS))
    days = (datetime.fromisoformat(document["expires_at"]) - datetime.now(UTC)).days
    assert 88 <= days <= 90
    assert document["expires_at"].endswith("T00:00:00Z")


def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(desk: Desk) -> None:
    path = desk.folder / "new.json"
    found = desk("new", "acme", "--purpose", "x", "--principal", "4444-5555-6666", "-o", str(path))
    assert found.exit_code == 1
    assert "/owner: missing" in found.stdout
    given = "give --owner, --access, --external-id or --generate-external-id too"
    assert given in found.stderr
    assert '"444455556666"' in found.stdout
    assert not path.exists()


def test_a_name_that_is_not_there_has_a_near_one(desk: Desk) -> None:
    wrong = [word.replace("data-bucket", "data-bukket") for word in FLAGS]
    found = desk(*wrong)
    assert found.exit_code == 1
    assert "there is no bucket 'data-bukket'" in found.stderr
    assert "did you mean 'data-bucket'?" in found.stderr
    assert json.loads(desk.ok(*wrong, "--offline"))["access"][0]["bucket"] == "data-bukket"


def test_where_nobody_answers_the_file_is_made_all_the_same(desk: Desk) -> None:
    found = desk(*FLAGS, "--stack", "nowhere")
    assert found.exit_code == 0
    assert (
        "whether these resources exist is not checked: there is no stack 'nowhere'" in found.stderr
    )
    assert json.loads(found.stdout)["partner"] == "acme"


def test_answers_are_checked_one_by_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _at_a_terminal(monkeypatch)
    path = desk.folder / "new.json"
    typed = (
        *("Acme", "acme", "", "Nightly export", "data-platform"),
        *("4444-5555-6666", "444455556666", "x", "acme-7f3b2c91", "soon", "30d"),
        *("s3:data-bukket:read", "s3:data-bucket/in:get", "s3:data-bucket/in:read", ""),
    )
    found = desk("new", "-o", str(path), typed="\n".join(typed) + "\n")
    assert found.exit_code == 0, found.stderr
    for said in (
        'here, write "acme"',
        'here, write "444455556666"',
        "IAM takes external IDs of 2 to 1,224",
        "'soon' is no end of access",
        "did you mean 'data-bucket'?",
        "(read, write, read-write)",
    ):
        assert said in found.stderr
    document = json.loads(path.read_text(encoding="utf-8"))
    assert (document["partner"], document["grant"]) == ("acme", "main")
    assert document["access"][0]["prefix"] == "in"


def test_a_first_answer_that_is_no_access_is_asked_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_a_terminal(monkeypatch)
    given = [*FLAGS[: FLAGS.index("--access")], *FLAGS[FLAGS.index("--access") + 2 :]]
    found = desk(*given, typed="90d\nthe reports\ns3:data-bucket:read\n\n")
    assert found.exit_code == 0, found.stderr
    assert "'the reports': begin with one of " in found.stderr


def test_nobody_answers_for_a_file_that_will_not_be_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with all of the file, or its place, is said before the next question."""
    _at_a_terminal(monkeypatch)
    for path in (desk.file(), str(desk.folder / "nowhere/new.json")):
        found = desk("new", "-o", path, typed="")
        assert (found.exit_code, "nothing was written" in found.stderr) == (2, True)
        assert "Partner's name" not in found.stderr
    given = [word for word in FLAGS if word not in ("--external-id", "acme-7f3b2c91")]
    found = desk(*given, typed="acme-47\nacme-7f3b2c91\n90d\n")
    assert found.exit_code == 0, found.stderr
    assert "has 7 characters, where 8 are the least" in found.stderr


def test_texts_are_written_as_they_were_typed(desk: Desk) -> None:
    words = ["Prüfung für Zürich" if word == "Nightly export" else word for word in FLAGS]
    assert '"purpose": "Prüfung für Zürich"' in desk.ok(*words)


def test_an_external_id_can_be_generated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _at_a_terminal(monkeypatch)
    given = [word for word in FLAGS if word not in ("--external-id", "acme-7f3b2c91")]
    path = desk.folder / "new.json"
    assert desk(*given, "-o", str(path), typed="-\n\n").exit_code == 0
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["generate_external_id"] is True
    assert "external_id" not in document


def test_the_template_is_valid_and_asks_nobody(desk: Desk) -> None:
    body = desk.ok("new", "--template", "--stack", "nowhere").encode()
    found = read_config(body, STACK_CONTEXT, datetime.now(UTC))
    assert found.problems == ()


def test_every_service_can_be_written_in_one_text() -> None:
    for service in NAMES:
        if service == CUSTOM:
            continue
        field = spec(service).field
        example = dict(spec(service).example)
        for level in levels_of(service):
            if not field:
                assert entry_of(f"{service}::{level}") == {"service": service, "allow": level}
                continue
            entry = entry_of(f"{service}:{example[field]}:{level}")
            assert entry == {"service": service, field: example[field], "allow": level}
            assert json.dumps(entry)
    assert named("sqs", f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/orders") == {
        "queue": "orders"
    }
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
    assert entry_of(f"sqs:{arn}:send")["queue"] == arn


@pytest.mark.parametrize("text", ["s3", "s3:reports", "s3:reports:look", "ec2:i-1:start", ":"])
def test_an_access_that_is_none_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"write s3:|begin with one of"):
        entry_of(text)


def test_no_file_of_somebody_else_is_written_over(desk: Desk, tmp_path: Path) -> None:
    there = tmp_path / "mine.json"
    there.write_text("mine")
    assert desk("new", "--template", "-o", str(there)).exit_code == 2
    assert there.read_text() == "mine"
    assert re.search("nothing was written", desk("new", "--template", "-o", str(there)).stderr)
