"""Which tests make runs, and what `make sandbox` starts, and where it listens."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from sandbox import __main__ as sandbox_main
from tests.kit.repository import ROOT


def test_every_folder_of_tests_is_run_by_some_command() -> None:
    """Commands name the folders that they are about, so as not to collect all others as well."""
    folders = {test.relative_to(ROOT).parts[1] for test in ROOT.glob("tests/*/test_*.py")}
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {f"tests/{folder}" for folder in folders} == set(re.findall(r"tests/\w+", text))
    assert set(ROOT.glob("tests/**/test_*.py")) == set(ROOT.glob("tests/*/test_*.py"))


def test_bytecode_is_written_whatever_the_environment_says(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "[$PYTHONDONTWRITEBYTECODE]"\n', encoding="utf-8")
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "-s", "sandbox", f"BIN={tmp_path}", "SANDBOX_READY="],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def _host(folder: Path, **variables: str) -> str:
    """The address that `make sandbox` gives the sandbox, told by a Python that is none."""
    python = folder / "python"
    python.write_text('#!/bin/sh\necho "$SANDBOX_HOST|$@"\n', encoding="utf-8")
    python.chmod(0o755)
    given = {name: text for name, text in os.environ.items() if name != "SANDBOX_HOST"}
    done = subprocess.run(
        ["make", "-s", "sandbox", f"BIN={folder}", "SANDBOX_READY="],
        cwd=ROOT,
        env=given | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    host, _, started = done.stdout.strip().partition("|")
    assert started == "-m sandbox"
    return host


def test_sandbox_listens_on_the_loopback_unless_told_otherwise(tmp_path: Path) -> None:
    assert _host(tmp_path) == "127.0.0.1"
    assert _host(tmp_path, SANDBOX_HOST="0.0.0.0") == "0.0.0.0"  # noqa: S104 (only asked for)


def test_sandbox_that_is_ready_says_what_to_do_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox_main._say_what_is_next(tmp_path / "sandbox.log", "http://127.0.0.1:4599")
    said = capsys.readouterr().out
    assert "next, in another terminal:\n  make samples cli " in said
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:4599" in said
    assert ".venv/bin/latchkey plan events/configs/s3_folder_and_secret.json" in said
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}: " in makefile for target in ("samples", "cli"))
    assert (ROOT / "events/configs/s3_folder_and_secret.json").is_file()
    sandbox_main._say_what_is_next(tmp_path / "sandbox.log", "http://127.0.0.1:4711")
    assert "make samples cli SANDBOX_PORT=4711 " in capsys.readouterr().out


def _fails_to_start() -> None:
    os.write(2, b"noise")
    raise OSError("full")


def test_sandbox_logs_nothing_to_the_terminal_but_why_it_does_not_start(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "logs/sandbox.log"
    with pytest.raises(OSError, match="full"), sandbox_main._logging_in(log):
        _fails_to_start()
    os.write(2, b"no room")
    assert capfd.readouterr().err == "no room"
    assert log.read_text(encoding="utf-8") == "noise"


def test_sandbox_that_make_does_not_start_listens_there_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = []

    class Heard(Exception):
        """Enough is known."""

    def listen(host: str, *_: object) -> None:
        heard.append(host)
        raise Heard

    monkeypatch.delenv("SANDBOX_HOST", raising=False)
    monkeypatch.setattr(sandbox_main, "Server", listen)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(Heard):
        sandbox_main.main()
    assert heard == ["127.0.0.1"]
