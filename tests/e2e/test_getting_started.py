"""docs/getting-started.md, from the guardrails to the register, as it stands there."""

import re
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.e2e.commands import Shell, commands
from tests.e2e.conftest import Case
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

TEXT = (ROOT / "docs/getting-started.md").read_text(encoding="utf-8")


def _own(text: str, case: Case) -> str:
    names = {"acme/reports-api": case.secret, "northwind-reports": case.bucket}
    for name, own in {**names, "acme": case.partner}.items():
        text = text.replace(name, own)
    return text


def _of_others(line: str, out: str) -> bool:
    """Whether a check failed by what other tests of this sandbox left: roles, and failed grants."""
    failed = {row.split()[1] for row in out.splitlines() if row.startswith("fail")}
    return line == "latchkey doctor" and failed <= {"roles", "grants", "schedules"}


def test_page_leads_to_a_grant_that_the_register_shows(
    box: Sandbox, outside: Outside, case: Case, tmp_path: Path
) -> None:
    shell, terminal = Shell(box.client), Terminal(box, tmp_path)
    (config,) = re.findall(r"^```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    (tmp_path / "reports.json").write_text(_own(config, case), encoding="utf-8")
    guardrails = box.client("ssm").get_parameter(Name="/latchkey/guardrails")["Parameter"]
    try:
        for line in commands(TEXT):
            if line.startswith("latchkey "):
                done = terminal(_own(line, case))
                assert done.status == 0 or _of_others(line, done.out), (line, done)
            else:
                shell.run(line)
    finally:
        box.client("ssm").put_parameter(
            Name="/latchkey/guardrails", Value=guardrails["Value"], Overwrite=True
        )
    assert f"{case.partner}.reports" in (tmp_path / "register.html").read_text(encoding="utf-8")
    assert "external ID" in (tmp_path / f"{case.partner}.reports.html").read_text(encoding="utf-8")
    assert outside.role(f"partner-{case.partner}.reports")
