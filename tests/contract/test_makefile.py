"""What `make sandbox` starts, and where it listens."""

import os
import subprocess
from pathlib import Path

import pytest

from sandbox import __main__ as sandbox_main
from tests.kit.repository import ROOT


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
