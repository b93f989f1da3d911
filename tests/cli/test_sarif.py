"""`latchkey validate --output sarif`: a report for code scanning."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from latchkey_cli.main import cli
from tests.kit.documented.sarif import SARIF
from tests.kit.examples import config_bytes, config_document

_BAD = b'{\n  "version": 1,\n  "partnr": "acme",\n  "owner": "\xf0\x9f\x94\x91", "access": []\n}\n'


def _report(*files: str) -> tuple[int, dict[str, Any]]:
    found = CliRunner(mix_stderr=False).invoke(cli, ["validate", *files, "--output", "sarif"])
    report: dict[str, Any] = json.loads(found.stdout)
    Draft202012Validator(SARIF).validate(report)
    return found.exit_code, report["runs"][0]


def _write(folder: Path, name: str, body: bytes) -> str:
    path = folder / name
    path.write_bytes(body)
    return str(path)


def test_each_problem_is_a_result_at_its_line_and_column(tmp_path: Path) -> None:
    status, run = _report(_write(tmp_path, "a.json", _BAD))
    at = {result["message"]["text"].partition(":")[0]: result for result in run["results"]}
    region = at["/access"]["locations"][0]["physicalLocation"]["region"]
    assert (status, region, run["columnKind"]) == (
        1,
        {"startLine": 4, "startColumn": 27},
        "unicodeCodePoints",
    )
    assert {result["level"] for result in run["results"]} == {"error"}
    assert at["/access"]["ruleId"] == "config/access"
    assert at["/partnr"]["ruleId"] == "config", "the name of an unknown field is anybody's text"
    named = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert named == {result["ruleId"] for result in run["results"]}


def test_valid_files_make_a_report_without_results(tmp_path: Path) -> None:
    status, run = _report(_write(tmp_path, "a.json", config_bytes()))
    assert (status, run["results"]) == (0, [])


@pytest.mark.parametrize(
    "name", ["a b.json", "-x.json", "a\nb.json", "a:b%20[x](y).json", "é.json", "$(id)`x`.json"]
)
def test_a_file_of_any_name_is_found_by_its_uri(tmp_path: Path, name: str) -> None:
    path = _write(tmp_path, name, b"{")
    _, run = _report(path)
    (location,) = run["results"][0]["locations"]
    assert unquote(location["physicalLocation"]["artifactLocation"]["uri"]) == path


def test_messages_quote_no_external_id_and_no_link(tmp_path: Path) -> None:
    config = config_document(external_id="very-secret-4711", purpose=7)
    config["owner [x](https://evil.example) very-secret-4711"] = 1
    _, run = _report(_write(tmp_path, "a.json", json.dumps(config).encode()))
    text = json.dumps(run)
    assert run["results"] and "very-secret-4711" not in text and "](" not in text
